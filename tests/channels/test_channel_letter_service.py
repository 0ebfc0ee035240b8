import base64
import contextlib
import json
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from unittest.mock import patch

from odoo.modules import module
from odoo.tests import tagged

from odoo.addons.iap.tools import iap_tools
from odoo.addons.iap.tools.iap_tools import iap_jsonrpc

from .letter_common import LetterCommon


@tagged("post_install", "-at_install")
class TestLetterService(LetterCommon):
    """Letters by Odoo's postal service, which is a process on this machine here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        script = Path(__file__).parents[1] / "processes/process_postal_service.py"
        service = subprocess.Popen([sys.executable, str(script), str(port)])
        cls.addClassCleanup(service.wait)
        cls.addClassCleanup(service.kill)
        cls.url = f"http://127.0.0.1:{port}"
        cls._wait_until_open(port)
        cls.env["ir.config_parameter"].sudo().set_param("snailmail.endpoint", cls.url)
        cls.company.dunning_is_snailmail = True

    @classmethod
    def _wait_until_open(cls, port):
        for _attempt in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            time.sleep(0.05)

    def setUp(self):
        super().setUp()
        self._set_answer(None)

    def _set_answer(self, error):
        request = urllib.request.Request(
            f"{self.url}/answer", data=json.dumps(error).encode(), method="POST"
        )
        urllib.request.urlopen(request).read()

    def _get_received(self, letters):
        with urllib.request.urlopen(f"{self.url}/letters") as answer:
            received = json.load(answer)
        return [letter for letter in received if letter["letter_id"] in letters.ids]

    def _run_queue(self, letters):
        """Send as Odoo's job does, but for its commits; the call itself must not know
        that this is a test, or it calls nobody."""

        def call(*arguments, **options):
            with patch.object(module, "current_test", False):
                return iap_jsonrpc(*arguments, **options)

        with patch.object(iap_tools, "iap_jsonrpc", call):
            waiting = letters.sudo().filtered(lambda letter: letter.state == "pending")
            for letter in waiting:
                letter._snailmail_print(immediate=False)
                letter._snailmail_print_valid_address()

    def _write_one(self, **values):
        self.customer.write(values)
        self._create_euro_claims(1)
        action = self._write_letters()
        return action, action.delivery_ids.snailmail_letter_id

    # ---- sent ------------------------------------------------------------------------

    def test_letter_waits_then_is_performed_when_sent(self):
        action, letter = self._write_one()
        self.assertEqual(letter.state, "pending")
        self.assertEqual(action.state, "in_progress")
        self.assertFalse(action.is_to_post)
        self._run_queue(letter)
        self.assertEqual(letter.state, "sent")
        self.assertEqual(action.state, "done")
        self.assertEqual(action.delivery_ids.performed_date, self.TODAY)
        (received,) = self._get_received(letter)
        self.assertEqual(received["address"]["zip"], "69003")
        pages = self._get_text(base64.b64decode(received["pdf_bin"]))
        self.assertIn("Azur Interior", pages[0])  # the cover page
        self.assertIn("Yours faithfully", " ".join(pages[1:]))

    def test_company_without_the_service_posts_itself(self):
        self.company.dunning_is_snailmail = False
        action, letter = self._write_one()
        self.assertFalse(letter)
        self.assertTrue(action.is_to_post)

    def test_registered_letters_never_go_there(self):
        self._use_channel("registered_letter", fallback_channel=False)
        action, letter = self._write_one()
        self.assertFalse(letter)
        self.assertEqual(action.delivery_ids.channel, "registered_letter")

    # ---- not sent --------------------------------------------------------------------

    def test_incomplete_address_is_seen_beforehand(self):
        """The letter is printed and may be posted; nothing reached the service."""
        action, letter = self._write_one(zip=False)
        self.assertFalse(letter)
        self.assertEqual(action.state, "failed")
        self.assertIn("needs street, postcode, town and country", action.reason)
        self.assertTrue(action.is_postable)

    def test_each_error_is_told_in_the_users_words(self):
        for code, words in (
            ("TRIAL_ERROR", "has no account"),
            ("NO_PRICE_AVAILABLE", "does not deliver to this country"),
            ("FORMAT_ERROR", "layout of the letter"),
            ("MISSING_REQUIRED_FIELDS", "address is not complete"),
            ("UNKNOWN_ERROR", "did not send the letter"),
        ):
            with self.subTest(code), self.env.cr.savepoint() as savepoint:
                self._set_answer(code)
                action, letter = self._write_one()
                self._run_queue(letter)
                self.assertEqual(action.state, "failed")
                self.assertIn(words, action.reason)
                self.assertTrue(action.is_postable)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_returned_letter_is_not_sent_again_by_odoo(self):
        """Odoo's job tries some errors again: the desk has it, it would leave twice."""
        self._set_answer("TRIAL_ERROR")
        _action, letter = self._write_one()
        self._run_queue(letter)
        self.assertEqual(letter.state, "canceled")

    def test_no_credit_brings_all_letters_back(self):
        other = self._create_customer("Borel")
        self._create_euro_claims(1)
        self._create_euro_claims(1, customer=other)
        actions = self._write_letters()
        letters = actions.delivery_ids.snailmail_letter_id
        self._set_answer("CREDIT_ERROR")
        self._run_queue(letters[:1])
        self.assertEqual(set(actions.mapped("state")), {"failed"})
        self.assertEqual(set(letters.mapped("state")), {"canceled"})
        self.assertIn("credit is used up", actions[0].reason)

    def test_returned_letter_is_posted_by_hand(self):
        self._set_answer("FORMAT_ERROR")
        action, letter = self._write_one()
        self._run_queue(letter)
        mine = action.with_user(self.collector)
        mine.action_post_by_hand()
        self.assertTrue(action.is_to_post)
        mine.action_mark_posted()
        self.assertEqual(action.state, "done")

    def test_returned_letter_is_tried_again(self):
        self._set_answer("TRIAL_ERROR")
        action, letter = self._write_one()
        self._run_queue(letter)
        self._set_answer(None)
        action.with_user(self.collector).action_retry()
        self._print(action)
        again = action.delivery_ids.snailmail_letter_id
        self._run_queue(again)
        self.assertEqual(action.state, "done")

    def test_paid_meanwhile_takes_the_letter_out_of_the_queue(self):
        action, letter = self._write_one()
        self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertEqual(letter.state, "canceled")
        self.assertEqual(action.state, "cancelled")
        self._run_queue(letter)
        self.assertFalse(self._get_received(letter))

    def test_figures_that_change_replace_the_letter(self):
        """Half is paid: the letter of before is not sent, the new one is."""
        action, letter = self._write_one()
        self._pay(action.line_ids.move_line_id, self.TODAY, amount=30.0)
        self.assertEqual(letter.state, "canceled")
        self._print(action)
        again = action.delivery_ids.snailmail_letter_id
        self.assertTrue(again)
        self.assertNotEqual(again, letter)

    def test_letter_being_sent_is_not_called_back(self):
        action, letter = self._write_one()
        with self._held_by_another_worker(letter):
            self._pay(action.line_ids.move_line_id, self.TODAY)
        self.assertEqual(letter.state, "pending")

    def test_cancelled_in_odoos_queue_comes_back(self):
        action, letter = self._write_one()
        letter.cancel()
        self.assertEqual(action.state, "failed")
        self.assertIn("cancelled there", action.reason)
