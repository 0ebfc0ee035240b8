from odoo.tests import tagged

from ..processes.process_common import CUSTOMERS, ProcessCase
from ..processes.process_provider import ProviderProcess

BY_SERVICE = 2
SECRETS = """
    SELECT url, status_url, api_key, active FROM dunning_provider
     WHERE api_key IS NOT NULL OR active
        OR url NOT LIKE 'https://neutralization.invalid%%'
        OR status_url NOT LIKE 'https://neutralization.invalid%%'"""


@tagged("post_install", "-at_install")
class TestNeutralizedCopy(ProcessCase):
    """An integrator copies a database in which everything is about to leave: e-mails
    and faxes in the queue of mails, text messages in theirs, registered letters for
    their provider, calls and letters for people. Nothing of it leaves from the copy,
    whatever is turned on there."""

    from_ = "neutralized"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = ProviderProcess()
        cls.addClassCleanup(cls.provider.close)

    def _prepare(self, state):
        if state != "neutralized" or state in self.workshop.snapshots:
            super()._prepare(state)
            return
        super()._prepare("planned")
        self.workshop.run("build_services", url=self.provider.url)
        for job in ("plan", "deliver"):
            self._do_job(job)
        # One more waits for its hour.
        self.story.execute(
            "UPDATE dunning_action SET state = 'scheduled' WHERE id ="
            " (SELECT MIN(id) FROM dunning_action WHERE channel = 'letter')"
        )
        self._turn_on_fully()
        waiting = self._get_waiting()
        self.assertGreaterEqual(waiting["mails"], CUSTOMERS)
        self.assertEqual(waiting["submissions"], BY_SERVICE)
        self.assertTrue(waiting["scheduled"])
        self.workshop.neutralize()
        self.workshop.keep(state)

    def _turn_on_fully(self):
        """Give the original what else is secret, and other ways for letters."""
        self.story.execute(
            """UPDATE res_company SET dunning_is_snailmail = true;
               INSERT INTO ir_default (field_id, json_value)
               SELECT id, '"https://provider.example"' FROM ir_model_fields
                WHERE model = 'dunning.provider' AND name = 'url'"""
        )

    def _get_waiting(self):
        """Return what waits in the queues, by what it is."""
        return self.story.execute(
            """SELECT (SELECT COUNT(*) FROM mail_mail
                        WHERE state IN ('outgoing', 'exception')) AS mails,
                      (SELECT COUNT(*) FROM sms_sms
                        WHERE state IN ('outgoing', 'error')) AS texts,
                      (SELECT COUNT(*) FROM dunning_submission
                        WHERE state IN ('queued', 'sending')) AS submissions,
                      (SELECT COUNT(*) FROM dunning_action
                        WHERE state = 'scheduled') AS scheduled"""
        )[0]

    def _run_all_jobs(self):
        """Turn the scheduled actions on again, and let all of them run."""
        self.story.execute(
            "UPDATE ir_cron SET active = true, nextcall = '2020-01-01'"
            " WHERE id IN (SELECT res_id FROM ir_model_data WHERE model = 'ir.cron'"
            " AND module IN ('account_dunning_scenario', 'mail', 'sms'))"
        )
        for job in ("plan", "deliver", "submit", "poll", "sms", "post", "deliver"):
            answer = self._do_job(job)
            self.assertIn("result", answer, job)

    def assertNothingLeft(self):
        self.assertFalse(self.provider.get_log()["requests"])
        self.assertFalse(self.post_office.messages)
        rows = self.story.execute(
            "SELECT state, COUNT(*) AS count FROM dunning_submission GROUP BY state"
        )
        self.assertEqual(rows, [{"state": "cancelled", "count": BY_SERVICE}])
        sent = "SELECT id FROM mail_mail WHERE state IN ('sent', 'outgoing')"
        self.assertFalse(self.story.execute(sent))
        texts = "SELECT id FROM sms_sms WHERE state <> 'canceled'"
        self.assertFalse(self.story.execute(texts))

    def test_nothing_leaves(self):
        self.assertFalse(any(self._get_waiting().values()))
        self._run_all_jobs()
        self.assertNothingLeft()
        self.assertEqual(self._get_states("email"), {"failed": CUSTOMERS})
        self.assertEqual(
            self._get_states("electronic_registered_letter"),
            {"to_confirm": BY_SERVICE},
        )
        done = "SELECT id FROM dunning_delivery WHERE state = 'done'"
        self.assertFalse(self.story.execute(done), "nothing seems to be delivered")

    def test_switched_on_again(self):
        """Somebody tries the follow-up out on the copy, and switches it on: what it
        plans waits, and reaches nobody."""
        self.story.execute("UPDATE res_company SET dunning_is_live = true")
        self._run_all_jobs()
        self.assertNothingLeft()

    def test_no_secret_is_left(self):
        """Who may read the copy reads no key of the original: neither the provider's,
        nor those of the customers' pages."""
        self.assertFalse(self.story.execute(SECRETS))
        for query in (
            "SELECT id FROM dunning_delivery WHERE key_hash IS NOT NULL",
            "SELECT id FROM res_company WHERE dunning_is_live OR dunning_is_snailmail",
            "SELECT id FROM res_company WHERE dunning_fax_gateway IS NOT NULL",
            "SELECT key FROM ir_config_parameter"
            " WHERE key LIKE 'account_dunning_scenario.%%host%%'",
            "SELECT id FROM mail_message WHERE model LIKE 'dunning.%%' AND body ~"
            " '(/my/follow-up/[0-9]+/|/f/|/rate/|access_token=)[A-Za-z0-9_-]{20,}'",
            "SELECT d.id FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id"
            " WHERE f.model = 'dunning.provider'",
        ):
            self.assertFalse(self.story.execute(query), query)
