from odoo.tests import Form, tagged

from ..common import day
from .test_entry import EntryCommon


@tagged("post_install", "-at_install")
class TestEntryDetails(EntryCommon):
    """What the dialog hands on is what was typed, in the words of whoever reads it."""

    def test_payment_plan_starts_from_what_was_typed(self):
        dialog = self._open(self._call())
        dialog.has_promise = True
        dialog.promise_amount = 90
        dialog.promise_date = day("03-12")
        action = dialog.save().action_open_promise()
        promises = self.env["dunning.promise"].with_user(self.collector)
        form = Form(promises.with_context(**action["context"]))
        with form.term_ids.new() as term:
            term.date, term.amount = day("03-20"), 80
        promise = form.save()
        self.assertEqual(promise.term_ids.mapped("amount"), [90, 80])
        self.assertEqual((promise.amount, promise.is_plan), (170, True))

    def test_credit_note_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.reason.with_context(lang="fr_FR").name = "Qualité"
        dispute = self._dispute(self.late)
        context = dispute.action_credit()["context"]
        self.assertEqual(context["default_reason"], "Qualité")

    def test_nothing_to_credit(self):
        dispute = self._dispute(self.late)
        self.assertTrue(dispute.is_creditable)
        self._pay(self.late, self.TODAY)
        self.assertFalse(dispute.is_creditable)

    def test_robot_signs_no_invoice(self):
        """What an import left to Odoo's robot is sent by the company."""
        self.late.move_id.invoice_user_id = self.env.ref("base.user_root")
        with self.mock_mail_gateway():
            self._note(
                self.late.move_id,
                has_reason=True,
                reason="not_received",
            )
        self.assertFalse(self.late.move_id.invoice_user_id)

    def test_contact_is_told_in_the_users_words(self):
        """Not that a record of some model was created."""
        self._note(self.customer, note="They called about a pallet.")
        contact = self._get_contact().with_user(self.collector)
        self.assertEqual(contact._creation_message(), "Contact noted by Camille Durand")
