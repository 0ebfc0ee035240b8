from odoo import Command
from odoo.tests import tagged

from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestHistory(DeliveryCommon):
    """A message never denies what the customer knows (S4-16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
        template = self.env.ref(
            "account_dunning_scenario.mail_template_reminder_courteous"
        )
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
        template = self.env.ref(
            "account_dunning_scenario.mail_template_reminder_courteous"
        )
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

    def test_part_payment(self):
        self._pay(self.claim, day("03-02"), 40.0)
        self.assertEqual(
            self._tell(),
            "Thank you for your payment of $\u00a040.00 of 2\u00a0March 2026.",
        )

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

    def test_queries_do_not_grow(self):
        customers = [self._create_customer(f"C{number}") for number in range(8)]
        for customer in customers:
            self._create_late_claim(customer)
        actions = self._plan()
        few = self._count_queries(lambda: actions[:2].mapped("history_text"))
        many = self._count_queries(lambda: actions.mapped("history_text"))
        self.assertLessEqual(many, few + 2)
