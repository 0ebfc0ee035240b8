import importlib.util
from datetime import date

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

SCRIPT = "account_dunning_scenario/migrations/19.0.1.4.0/post-legal-indemnities.py"


@tagged("post_install", "-at_install")
class TestLegalMigration(TransactionCase):
    """Recovery indemnities leave the legal rates for a table of their own."""

    def test_amounts_of_the_user_are_kept(self):
        """50 € from 2027 on, noted by the user beside the delivered 40 €."""
        self.env.cr.execute(
            """INSERT INTO dunning_legal_rate (reference, date_from, value, source)
               VALUES ('indemnity', '2030-01-01', 40, 'A story'),
                      ('indemnity', '2031-01-01', 50, 'A story')
               RETURNING id"""
        )
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        rates = self.env["dunning.legal.rate"].browse(ids)
        spec = importlib.util.spec_from_file_location("moving", file_path(SCRIPT))
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertFalse(rates.exists())
        moved = self.env["dunning.legal.indemnity"].search(
            [("date_from", ">=", "2030-01-01")], order="date_from"
        )
        self.assertEqual(
            [(band.date_from, band.amount) for band in moved],
            [(date(2030, 1, 1), 40), (date(2031, 1, 1), 50)],
        )
        self.assertEqual(moved.currency_id, self.env.ref("base.EUR"))
