"""Figures of a history from a file, as `make figures` writes them."""

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, tagged

from ...dev.replaying.figures import FIGURES, compute_figures
from ...dev.replaying.history import COLUMNS, read_history
from ...dev.replaying.ledger import open_company

TOOL = Path(__file__).resolve().parents[2] / "dev" / "figures.py"
ROWS = """
391,1001-ARBOR,,1,1/10/2025,2/9/2025,1000.005,No,2/19/2025,Paper
391,1001-ARBOR,,2,2/10/2025,3/12/2025,600,No,,Paper
391,1002-BIRCH,,3,1/2/2025,1/20/2025,300,Yes,3/4/2025,Paper
391,1002-BIRCH,,4,3/11/2025,4/10/2025,70,No,3/15/2025,Paper
"""


def write_history(folder):
    """Write the history of the stories into a folder; return its path."""
    path = Path(folder, "history.csv")
    path.write_text(",".join(COLUMNS) + ROWS)
    return path


@tagged("post_install", "-at_install")
class TestFiguresTool(TransactionCase):
    """The history booked up to a day, its figures as text."""

    def _compute(self, day):
        with tempfile.TemporaryDirectory() as folder:
            invoices = read_history(write_history(folder))
        return compute_figures(open_company(self.env), day, invoices)

    def test_figures_as_text(self):
        """On 4 March, worked out by hand; the payment of that day counts, the invoice
        of 11 March does not."""
        figures = self._compute(date(2025, 3, 4))
        self.assertEqual(list(figures), list(FIGURES))
        self.assertEqual(
            figures,
            {
                "receivable": "600.00",
                "overdue": "0.00",
                "not_due": "600.00",
                "credits": "0.00",
                "ages": ["600.00", "0.00", "0.00", "0.00", "0.00"],
                # 1,000.005 is rounded half up to the cent when it is read.
                "billed_365": "1900.01",
                "overdue_net": "0.00",
                # 4 days of March, nothing billed in it, and all 28 of February.
                "dso_countback": "32.0000",
                # 600 × 365 / 1900.01 = 115.26255…
                "dso_year": "115.2626",
                "dso_best": "115.2626",
                "days_delinquent": "0.0000",
                # February: 1300.01 + 600 − 900 of 1300.01 + 600 − 600; overdue: 300.
                "cei": "76.9233",
                # 1000.01 × 10 and 300 × 43, of 1300.01.
                "days_late": "17.6153",
                # 1000.01 × 40 and 300 × 61.
                "days_to_pay": "44.8461",
                "paid_within_term": "0.0000",
            },
        )

    def test_before_the_history(self):
        """On a day before the first invoice nothing is owed, and there are no rates."""
        figures = self._compute(date(2024, 12, 31))
        self.assertEqual(figures["receivable"], "0.00")
        self.assertEqual(figures["dso_countback"], "0.0000")
        self.assertIsNone(figures["dso_year"])
        self.assertIsNone(figures["cei"])


@tagged("post_install", "-at_install")
class TestFiguresOptions(BaseCase):
    """What the command refuses before it makes a database."""

    def _refuse(self, *options):
        command = [sys.executable, TOOL, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertTrue(done.returncode)
        return done.stderr

    def test_refused(self):
        """A wrong date, a missing one, a wrong file, a result over the history."""
        with tempfile.TemporaryDirectory() as folder:
            path = write_history(folder)
            self.assertIn("--at", self._refuse(path))
            self.assertIn("YYYY-MM-DD", self._refuse(path, "--at", "31/01/2025"))
            at = ("--at", "2025-01-31")
            missing = Path(folder, "missing.csv")
            self.assertIn("cannot be read", self._refuse(missing, *at))
            self.assertIn("overwrite", self._refuse(path, *at, "--out", path))
            self.assertIn("is a folder", self._refuse(path, *at, "--out", folder))
            path.write_text(path.read_text().replace("600,", "-600,"))
            self.assertIn("not above zero", self._refuse(path, *at))
