from odoo.tests import freeze_time

from ..processes.process_provider import ProviderProcess
from .letter_common import LetterCommon


class LreCommon(LetterCommon):
    """A French supplier whose reminders leave as electronic registered letters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(
            "account_dunning_scenario.local_provider_hosts", "127.0.0.1"
        )
        cls._use_channel("electronic_registered_letter", fallback_channel=False)
        cls.submit_job = cls.env.ref(
            "account_dunning_scenario.ir_cron_submit_messages"
        ).sudo()
        cls.poll_job = cls.env.ref(
            "account_dunning_scenario.ir_cron_poll_messages"
        ).sudo()

    @classmethod
    def _create_provider(cls, **values):
        return cls.env["dunning.provider"].create(
            {"name": "Courrier du Port", **values}
        )

    @staticmethod
    def _on(when, hour=10):
        return freeze_time(f"{when} {hour:02d}:00:00")

    @classmethod
    def _send_to(cls, *names):
        """Send electronic letters to customers with these names; return the actions."""
        customers = [cls._create_customer(name) for name in names] or [cls.customer]
        actions = cls._prepare(*customers)
        cls._print(actions)
        return actions.sorted("id")

    def _run(self, job):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()

    def _get_submissions(self, actions):
        return actions.sudo().delivery_ids.submission_ids

    def _add_voice_provider(self):
        """Add a provider of voice messages; return its server."""
        server = ProviderProcess()
        self.addCleanup(server.close)
        self._create_provider(
            service="voice_message",
            adapter="http",
            url=f"{server.url}/calls",
            field_ids=[
                (0, 0, {"direction": "answer", "name": "reference", "external": "id"})
            ],
        )
        return server
