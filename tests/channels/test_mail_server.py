import socket
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import config

from ...models.channels.email import ir_mail_server
from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestMailServer(DeliveryCommon):
    """Who is about to send is told when nothing can leave, and only then."""

    def setUp(self):
        super().setUp()
        self.env["ir.mail_server"].sudo().search([]).active = False
        self.patch(ir_mail_server, "_answers", {})

    @contextmanager
    def _server(self, is_up=True, host="localhost"):
        """Name a mail server in the configuration file; yield its socket."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            settings = {"smtp_server": host, "smtp_port": port}
            if not is_up:
                server.close()
            with patch.dict(config.options, settings):
                yield server

    def _check(self):
        golive = self.env["dunning.golive"].new({"company_id": self.company.id})
        return golive._check("senders")

    def test_server_on_this_machine_is_known(self):
        """Odoo's default is the machine itself: where it answers, all is well."""
        with self._server():
            self.assertEqual(self._check()["state"], "done")

    def test_nothing_on_this_machine(self):
        with self._server(is_up=False):
            answer = self._check()
        self.assertEqual(answer["state"], "todo")
        self.assertIn("No outgoing mail server is set up", answer["text"])

    def test_server_that_does_not_answer(self):
        """One was named in the configuration file, and is down."""
        with self._server(is_up=False, host="127.0.0.1"):
            answer = self._check()
        self.assertEqual(answer["state"], "todo")
        self.assertIn("does not answer", answer["text"])
        self.assertNotIn("127.0.0.1", answer["text"])

    def test_server_is_asked_once(self):
        """A screen that is opened again and again does not knock each time."""
        with (
            self._server(),
            patch.object(
                ir_mail_server, "_try_connection", wraps=ir_mail_server._try_connection
            ) as ask,
        ):
            for _again in range(3):
                self._check()
        self.assertEqual(ask.call_count, 1)

    def test_silence_holds_nobody_up(self):
        """Neither the name nor the address gives an answer: the screen opens."""
        released = threading.Event()
        with (
            self._server(host="mail.example.com"),
            patch.object(ir_mail_server, "CONNECT_SECONDS", 0.01),
            patch.object(ir_mail_server, "_connect", lambda *_args: released.wait(9)),
        ):
            self.assertIn("does not answer", self._check()["text"])
            released.set()

    def test_server_of_the_settings_is_taken_at_its_word(self):
        self.env["ir.mail_server"].sudo().create(
            {"name": "Relay", "smtp_host": "relay.example.com"}
        )
        with patch.object(ir_mail_server, "_try_connection") as ask:
            self.assertEqual(self._check()["state"], "done")
        ask.assert_not_called()

    def _get_summary(self, actions):
        dialog = self.env["dunning.action.confirm"].with_user(self.collector)
        return dialog.create({"action_ids": [Command.set(actions.ids)]}).summary

    def test_whatever_leaves_by_mail_is_told(self):
        """E-mails, those with buttons, faxes: by the first way or beside it."""
        self.company.dunning_fax_gateway = "{number}@fax.example.com"
        self.customer.dunning_fax = "+33 1 02 03 04 05"
        self._create_claim(day("02-20"))
        action = self._plan()
        codes = self.env["dunning.channel"]._get_codes()
        by_mail = {"email", "interactive_email", "fax"}.intersection(codes)
        with self._server(is_up=False):
            for code in codes:
                with self.subTest(first=code):
                    action.sudo().channel = code
                    told = "No outgoing mail server" in self._get_summary(action)
                    self.assertEqual(told, code in by_mail)
            action.sudo().channel = "phone"
            for code in by_mail:
                with self.subTest(second=code):
                    self.env.cr.execute(
                        "UPDATE dunning_step SET second_channel = %s WHERE id = %s",
                        [code, action.step_id.id],
                    )
                    self.env.invalidate_all()
                    self.assertIn("No outgoing mail server", self._get_summary(action))
