from odoo.tests import tagged

from ...channels.lre_common import LreCommon
from ...common import day


@tagged("post_install", "-at_install")
class TestQuietProvider(LreCommon):
    """A provider speaks messages; at night it would ring, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel(
            "voice_message",
            fallback_channel=False,
            script="<p>Hello, please call us back about your account.</p>",
        )

    def test_provider_is_not_asked_in_the_quiet_hours(self):
        """It would ring at night: at first, and when it is tried again."""
        server = self._add_voice_provider()
        action = self._send_to()
        with self._on(self.TODAY, 22):
            self._run(self.submit_job)
        self.assertFalse(server.get_log()["requests"])
        self.assertFalse(self._get_submissions(action).attempt_count)
        server.steer(moods=["broken"])
        with self._on(day("03-05"), 18):
            self._run(self.submit_job)
        with self._on(day("03-05"), 23):
            self._run(self.submit_job)
        self.assertEqual(len(server.get_log()["requests"]), 1)
        with self._on(day("03-06"), 9):
            self._run(self.submit_job)
        self.assertEqual(action.state, "done")
