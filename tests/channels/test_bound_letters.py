import io
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from ...models.channels.letter import dunning_binder
from ...models.setup.guard.guard import SEAL
from ..common import day
from ..delivery.test_dispatch import DispatchCommon

NAMES = ("Aube", "Brume", "Ecume", "Foret", "Givre")


@tagged("post_install", "-at_install")
class TestBoundLetters(DispatchCommon):
    """One press of “Send”, one PDF to print, however many batches it takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        codes = ("69001", "13001", "75001", "59000", "33000")
        for name, code in zip(NAMES, codes, strict=True):
            cls._create_late_claim(cls._create_customer(name, zip=code))
        cls.actions |= cls._plan()
        cls.actions.sudo().write(
            {"channel": "letter", "scheduled_at": "2026-03-04 09:00:00"}
        )
        cls.count = len(cls.actions)

    def _get_pdfs(self, actions=None):
        return (actions or self.actions).delivery_ids.batch_attachment_id

    def _get_places(self, pdf):
        """Return the customers in the order in which their letters lie."""
        reader = PdfReader(io.BytesIO(pdf.raw))
        self.assertTrue(reader.pages)
        text = " ".join(self._get_text(pdf.raw))
        names = self.actions.mapped("partner_id.name")
        found = [name for name in names if name in text]
        return sorted(found, key=text.index)

    def test_one_press_makes_one_pdf(self):
        """Eight letters in four transactions: one PDF, one name, by postcode."""
        dispatch = self._press_send()
        self._deliver_in_background(batch_size=2)
        pdf = self._get_pdfs()
        self.assertEqual(len(pdf), 1)
        self.assertEqual(pdf.name, f"Letters 2026-03-04 ({self.count}).pdf")
        self.assertEqual(dispatch.letter_attachment_ids, pdf)
        letters = self.actions.sorted(lambda a: (a.partner_id.zip, a.id))
        self.assertEqual(self._get_places(pdf), letters.mapped("partner_id.name"))
        pages = [
            len(PdfReader(io.BytesIO(letter.raw)).pages)
            for letter in self.actions.delivery_ids.attachment_id
        ]
        self.assertEqual(len(PdfReader(io.BytesIO(pdf.raw)).pages), sum(pages))

    def test_two_presses_make_two(self):
        first, others = self.actions[:2], self.actions[2:]
        self._press_send(active_ids=first.ids)
        self._press_send(active_ids=others.ids)
        self._deliver_in_background(batch_size=3)
        self.assertEqual(len(self._get_pdfs(first)), 1)
        self.assertEqual(len(self._get_pdfs(others)), 1)
        self.assertNotEqual(self._get_pdfs(first), self._get_pdfs(others))

    def test_letters_that_are_still_printed(self):
        """The first batch is printed, the job goes on: whoever opens the letters is
        asked to wait for all of them."""
        self._press_send()
        first = self.actions[:2].with_user(self.collector)
        first.with_context(dunning_binds_later=SEAL)._deliver(datetime(2026, 3, 4, 12))
        self.assertFalse(self._get_pdfs())
        with self.assertRaisesRegex(UserError, "still being printed"):
            first[0].action_open_batch()
        self._deliver_in_background(batch_size=3)
        self.assertEqual(len(self._get_places(self._get_pdfs())), self.count)

    def test_opened_before_the_job_has_bound_them(self):
        """All are printed; the collector presses “Merged Letters” at once."""
        self._press_send()
        mine = self.actions.with_user(self.collector)
        mine.with_context(dunning_binds_later=SEAL)._deliver(datetime(2026, 3, 4, 12))
        mine[0].action_open_batch()
        self.assertEqual(len(self._get_places(self._get_pdfs())), self.count)

    def test_what_is_too_much_for_one_is_numbered(self):
        self._press_send()
        with patch.object(dunning_binder, "MAX_BOUND", 3):
            self._deliver_in_background()
        self.assertEqual(
            sorted(self._get_pdfs().mapped("name")),
            [
                "Letters 2026-03-04 (1-3 of 8).pdf",
                "Letters 2026-03-04 (4-6 of 8).pdf",
                "Letters 2026-03-04 (7-8 of 8).pdf",
            ],
        )

    def test_paid_letter_leaves_the_pdf(self):
        """A large PDF is made anew by the job, not by who enters the payment."""
        self._press_send()
        self._deliver_in_background(batch_size=3)
        paid = self.actions[0]
        with patch.object(dunning_binder, "MAX_REBOUND", 3):
            self._pay(paid.line_ids.move_line_id, day("03-04"))
        self.assertFalse(self._get_pdfs())
        self._deliver_in_background()
        pdf = self._get_pdfs()
        self.assertEqual(len(self._get_places(pdf)), self.count - 1)
        self.assertNotIn(paid.partner_id.name, self._get_places(pdf))

    def test_posted_letters_are_not_bound_again(self):
        """One came back to be printed anew: it is alone in its PDF."""
        self._press_send()
        self._deliver_in_background()
        late, *others = self.actions.sorted("id")
        late.sudo().delivery_ids._refresh(late.line_ids.move_line_id)
        self._deliver_in_background()
        self.assertEqual(self._get_places(self._get_pdfs(late)), [late.partner_id.name])
        rest = self._get_pdfs(self.actions - late)
        self.assertEqual(len(self._get_places(rest)), len(others))

    def test_letter_that_fails_holds_nobody_up(self):
        """One cannot be printed: the others are bound without it."""
        self._press_send()
        self.actions[0].partner_id.street = False
        self._deliver_in_background(batch_size=3)
        self.assertEqual(self.actions[0].state, "failed")
        self.assertEqual(len(self._get_places(self._get_pdfs())), self.count - 1)

    @mute_logger(
        "odoo.addons.account_dunning_scenario.models.channels.letter.dunning_binder"
    )
    def test_pdf_that_cannot_be_made_loses_no_letter(self):
        """The disk is full when the PDF is written: the next run makes it."""
        self._press_send()
        press = self.env.registry["dunning.press"]
        with patch.object(press, "_merge", side_effect=OSError("full")):
            self._deliver_in_background()
        self.assertTrue(all(self.actions.mapped("delivery_ids.attachment_id")))
        self.assertFalse(self._get_pdfs())
        self._deliver_in_background()
        self.assertEqual(len(self._get_places(self._get_pdfs())), self.count)
