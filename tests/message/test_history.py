from odoo import Command
from odoo.tests import tagged

from ..common import day
from ..delivery.common import DeliveryCommon

MODULE = "account_dunning_scenario"


@tagged("post_install", "-at_install")
class TestHistory(DeliveryCommon):
    """A message never denies what the customer knows (S4-16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
        cls.claim = cls._create_late_claim(amount=100.0)

    def _promise(self, on, amount=100.0):
        return self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "amount": amount,
                "date": on,
                "claim_ids": [Command.create({"move_line_id": self.claim.id})],
            }
        )

    def _tell(self, on=None):
        action = self._plan(on)
        self.assertTrue(action)
        return action.with_context(lang="en_US").history_text

    def _tell_in_french(self):
        action = self.env["dunning.action"].search(
            [("partner_id", "=", self.customer.id)], order="id desc", limit=1
        )
        return action.with_context(lang="fr_FR").history_text

    def test_nothing_happened(self):
        self.assertFalse(self._tell())

    def test_last_contact(self):
        self._send(self._confirm(self._plan()))
        text = self._tell(day("03-12"))
        self.assertEqual(
            text, "We contacted you about this by e-mail on 4\u00a0March 2026."
        )

    def _confirm(self, action):
        action.with_user(self.collector).action_confirm()
        return action

    def _contact(self, on, channel, **step_values):
        """Note an earlier contact about the claim."""
        step = self._get_step("reminder_1")
        if step_values:
            step = step.copy({"code": f"earlier_{channel}", **step_values})
        line = self.env["dunning.action.line"]._prepare_step_values(self.claim, step)
        action = (
            self.env["dunning.action"]
            .sudo()
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "step_id": step.id,
                    "channel": channel,
                    "kind": "reminder",
                    "state": "done",
                    "performed_date": on,
                    "line_ids": [
                        Command.create(
                            {
                                **line,
                                "step_code": f"{channel}_{on}",
                                "step_id": False,
                                "state": "done",
                                "performed_date": on,
                            }
                        )
                    ],
                }
            )
        )
        return action

    def _preview(self, lang="en_US"):
        """Return the history in the message of reminder 1 on 4 March."""
        action = (
            self.env["dunning.rehearsal"]
            .sudo()
            ._stage(self.company.id, self.customer.id, self.reminder.id, self.TODAY)
        )
        text = action.with_context(lang=lang).history_text
        action.unlink()
        return text

    def test_earlier_contacts_are_named_in_their_order(self):
        """Letter 4 follows two calls: it says so, with their days."""
        self._contact(day("02-25"), "email")
        self._contact(day("02-27"), "phone")
        self.assertEqual(
            self._preview(),
            "We contacted you about this by e-mail on 25\u00a0February 2026 and by "
            "phone on 27\u00a0February 2026.",
        )
        self.assertEqual(
            self._preview("fr_FR"),
            "Nous vous avons contacté à ce sujet par e-mail le 25\u00a0février 2026 et "
            "par téléphone le 27\u00a0février 2026.",
        )

    def test_colleague_and_committee_are_no_contact(self):
        """The customer heard nothing of them."""
        self._contact(day("02-26"), "committee")
        self._contact(day("02-25"), "email").sudo().step_id = self.reminder.copy(
            {"code": "ask_sales", "recipient": "salesperson"}
        )
        self.assertFalse(self._preview())

    def test_returned_letter_is_told_as_such(self):
        earlier = self._contact(day("02-20"), "letter")
        self.env["dunning.delivery"].sudo().create(
            {
                "action_id": earlier.id,
                "company_id": self.company.id,
                "channel": "letter",
                "role": "first",
                "state": "done",
                "contact_id": self.customer.id,
                "performed_date": day("02-20"),
                "postal_state": "returned",
                "postal_date": day("02-27"),
            }
        )
        self.assertEqual(
            self._preview(),
            "Our letter of 20\u00a0February 2026 was returned to us as undeliverable.",
        )
        self.assertIn("nous est revenu", self._preview("fr_FR"))

    def test_channel_that_reached_the_customer_is_the_one_told(self):
        """The e-mail bounced, the letter arrived."""
        earlier = self._contact(day("02-25"), "email")
        for channel, role, state in (
            ("email", "first", "failed"),
            ("letter", "fallback", "done"),
        ):
            self.env["dunning.delivery"].sudo().create(
                {
                    "action_id": earlier.id,
                    "company_id": self.company.id,
                    "channel": channel,
                    "role": role,
                    "state": state,
                    "contact_id": self.customer.id,
                }
            )
        self.assertIn("by letter on 25", self._preview())

    def test_nobody_supposes_an_oversight_at_a_public_body(self):
        """The town hall pays by procedure."""
        self.customer.dunning_legal_status = "public"
        action = self._plan()
        self.assertFalse(action.is_oversight_possible)
        template = self.env.ref(f"{MODULE}.mail_template_reminder_courteous")
        body = action._render_texts({action: template}, ["body_html"])[action]
        self.assertNotIn("slipped through", body["body_html"])
        self.assertNotIn("mistaken", body["body_html"])

    def test_broken_promise(self):
        """Élise promised to pay: no word of an oversight."""
        promise = self._promise(day("03-05"))
        promise.sudo()._judge(day("03-12"))
        self.assertEqual(promise.state, "broken")
        action = self._plan(day("03-12"))
        text = action.with_context(lang="en_US").history_text
        self.assertIn(
            "You told us that you would pay $\u00a0100.00 by 5\u00a0March", text
        )
        template = self.env.ref(f"{MODULE}.mail_template_reminder_courteous")
        for lang, denial, known in (
            ("en_US", "slipped through", "You told us"),
            ("fr_FR", "oubli", "Vous nous aviez annoncé"),
        ):
            with self.subTest(lang):
                self.customer.lang = lang
                values = action._render_texts({action: template}, ["body_html"])
                body = values[action]["body_html"]
                self.assertNotIn(denial, body)
                self.assertIn(known, body)

    def test_first_message_of_all_may_speak_of_an_oversight(self):
        action = self._plan()
        template = self.env.ref(f"{MODULE}.mail_template_reminder_courteous")
        values = action._render_texts({action: template}, ["body_html"])
        self.assertIn("slipped through", values[action]["body_html"])

    def test_partly_kept_promise(self):
        promise = self._promise(day("03-05"))
        self._pay(self.claim, day("03-04"), 40.0)
        promise.sudo()._judge(day("03-12"))
        self.assertEqual(promise.state, "partly_kept")
        text = self._tell(day("03-12"))
        self.assertIn("Of the $\u00a0100.00 that you announced", text)
        self.assertIn("we have received $\u00a040.00", text)
        self.assertIn("Sur les $\u00a0100,00 que", self._tell_in_french())

    def test_part_payment(self):
        self._pay(self.claim, day("03-02"), 40.0)
        self.assertEqual(
            self._tell(),
            "Thank you for your payment of $\u00a040.00 of 2\u00a0March 2026.",
        )
        self.assertIn("Merci de votre règlement de", self._tell_in_french())

    def test_credit_note_is_no_payment(self):
        note = self._create_credit_note(40.0, day("03-02"))
        (self.claim | note).reconcile()
        self.assertFalse(self._tell())

    def test_settled_dispute(self):
        reason = self.env["dunning.dispute.reason"].search([], limit=1)
        dispute = self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason_id": reason.id,
                "claim_ids": [Command.create({"move_line_id": self.claim.id})],
            }
        )
        dispute.sudo()._journal().write(
            {
                "state": "settled",
                "settled_date": day("03-02"),
                "outcome": "unfounded",
            }
        )
        text = self._tell()
        self.assertIn("The point that you raised about", text)
        self.assertIn("was settled on 2\u00a0March 2026.", text)
        french = self._tell_in_french()
        self.assertIn("soulevé au sujet de la facture INV", french)

    def test_queries_do_not_grow(self):
        customers = [self._create_customer(f"C{number}") for number in range(8)]
        for customer in customers:
            self._create_late_claim(customer)
        actions = self._plan()
        few = self._count_queries(lambda: actions[:2].mapped("history_text"))
        many = self._count_queries(lambda: actions.mapped("history_text"))
        self.assertLessEqual(many, few + 2)
