import re
import subprocess
import sys

from odoo.tests import tagged

from ..processes.process_common import ProcessCase

MODULE = "account_dunning_scenario"
# The stories run as whoever develops, with whatever wkhtmltopdf there is.
KNOWN = re.compile("Running as user 'root'|wkhtmltopdf", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestUninstall(ProcessCase):
    """The company tries the module for a month, and goes without it again."""

    def _fill(self):
        """Letters, calls and e-mails under way, a dispute, a segment of a customer."""
        self._do_job("deliver")
        (claim,) = self.story.execute(
            "SELECT line.move_line_id AS item, action.partner_id, action.company_id,"
            "       (SELECT MIN(id) FROM dunning_dispute_reason) AS reason_id,"
            "       (SELECT MIN(id) FROM dunning_segment) AS segment_id"
            " FROM dunning_action_line line"
            " JOIN dunning_action action ON action.id = line.action_id"
            " WHERE action.channel = 'letter' ORDER BY line.id LIMIT 1"
        )
        dispute = {
            "partner_id": claim["partner_id"],
            "company_id": claim["company_id"],
            "reason_id": claim["reason_id"],
            "claim_ids": [[0, 0, {"move_line_id": claim["item"]}]],
        }
        self._call("dunning.dispute", "create", [], dispute)
        segment = {"dunning_segment_id": claim["segment_id"]}
        self._call("res.partner", "write", [claim["partner_id"]], segment)

    def _call(self, model, method, ids, values):
        self.workshop.run("call", model=model, method=method, ids=ids, args=[values])

    def _uninstall(self):
        """Uninstall as an administrator does; return what the log complains of."""
        settings = self.workshop.folder / "odoo.conf"
        self.workshop.close()
        self.story.disconnect()
        command = [sys.executable, "-m", "odoo", "module", "uninstall", MODULE]
        done = subprocess.run(
            [*command, "-c", settings, "-d", self.story.name],
            capture_output=True,
            text=True,
            check=True,
        )
        lines = (done.stdout + done.stderr).splitlines()
        self.assertTrue([line for line in lines if "Deleting dunning.step" in line])
        return [
            line
            for line in lines
            if re.search(r" (WARNING|ERROR|CRITICAL) ", line) and not KNOWN.search(line)
        ]

    def test_nothing_is_left_and_nothing_is_wrong(self):
        self._fill()
        self.assertEqual(self._uninstall(), [])
        for query in (
            "SELECT name FROM ir_model_data WHERE module LIKE %s",
            "SELECT relname FROM pg_class WHERE relname LIKE %s",
            "SELECT column_name FROM information_schema.columns"
            " WHERE column_name LIKE %s",
            "SELECT key FROM ir_config_parameter WHERE key LIKE %s",
            "SELECT name FROM ir_attachment WHERE res_model LIKE %s",
            "SELECT id FROM mail_message WHERE model LIKE %s",
            "SELECT id FROM ir_ui_view WHERE arch_db::text LIKE %s",
        ):
            with self.subTest(query):
                self.assertEqual(self.story.execute(query, "%dunning%"), [])
