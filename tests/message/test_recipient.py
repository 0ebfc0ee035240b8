from odoo import Command
from odoo.tests import tagged

from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestRecipient(DeliveryCommon):
    """Whom a step is addressed to, and who gets a copy (S3-33, S3-41, S3-50)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.env["res.users"].create(
            {
                "name": "Noa Petit",
                "login": "noa",
                "email": "noa@seller.example",
                "group_ids": [Command.set(cls.quick_ref("base.group_user").ids)],
            }
        )
        cls.customer.user_id = cls.salesperson

    def _create_contact(self, name, **values):
        return self.env["res.partner"].create(
            {
                "name": name,
                "parent_id": self.customer.id,
                "email": f"{name.split()[0].lower()}@example.com",
                **values,
            }
        )

    def _use_email(self, **values):
        self._use_channel("email", **values)

    def _get_readers(self, action):
        return action.delivery_ids.mail_mail_id.recipient_ids

    # ---- escalation ----------------------------------------------------------------

    def test_step_escalates_to_the_management(self):
        """A later step writes to the general management instead of accounts payable."""
        self._create_contact("Paul Comptes", type="invoice")
        director = self._create_contact("Dora Chef", dunning_role="management")
        self._use_email(recipient="management")
        self.assertEqual(self._get_readers(self._remind()), director)

    def test_who_stands_in_is_written_to(self):
        """No head of finance is known: the management is."""
        director = self._create_contact("Dora Chef", dunning_role="management")
        self._use_email(recipient="finance")
        self.assertEqual(self._get_readers(self._remind()), director)

    def test_usual_contacts_where_nobody_has_the_role(self):
        payable = self._create_contact("Paul Comptes", type="invoice")
        self._use_email(recipient="legal")
        self.assertEqual(self._get_readers(self._remind()), payable)

    # ---- colleagues ----------------------------------------------------------------

    def test_step_asks_the_salesperson_for_help(self):
        """S3-41: not the customer, but the salesperson gets the message; it stands in
        the action's chatter, and the customer's says so."""
        text = self.env.ref("account_dunning_scenario.mail_template_colleague")
        self._use_email(recipient="salesperson", mail_template_id=text.id)
        action = self._remind()
        mail = action.delivery_ids.mail_mail_id
        self.assertEqual(mail.recipient_ids, self.salesperson.partner_id)
        self.assertIn("Azur Interior", mail.subject)
        self.assertIn("talk to them", mail.body_html)
        self.assertEqual((mail.model, mail.res_id), (action._name, action.id))
        note = mail.mail_message_id.sudo().child_ids
        self.assertEqual((note.model, note.res_id), ("res.partner", self.customer.id))

    def test_step_for_a_salesperson_who_is_not_there(self):
        """Nobody to ask: the action is on the desk and says what to do."""
        self.customer.user_id = False
        self._use_email(recipient="salesperson")
        action = self._remind()
        self.assertEqual(action.state, "failed")
        self.assertIn("give the customer a salesperson", action.reason)

    def test_colleague_is_asked_directly(self):
        """Only the salesperson may contact the customer; the request for help is for
        the salesperson anyway and waits for nobody to pass it on."""
        self.customer.dunning_contact_rule = "salesperson"
        self._use_email(recipient="salesperson")
        self.assertEqual(self._remind().state, "done")

    # ---- copies --------------------------------------------------------------------

    def test_copies_to_buyer_salesperson_and_colleague(self):
        """S3-50: the buyer, the salesperson and a colleague are informed at once."""
        self._create_contact("Bea Achat", dunning_role="purchasing")
        boss = self.collector.copy({"login": "boss", "email": "boss@seller.example"})
        self._use_email(
            copy_role="purchasing",
            is_salesperson_copied=True,
            copy_user_ids=[Command.set(boss.ids)],
        )
        mail = self._remind().delivery_ids.mail_mail_id
        for address in ("bea@example.com", "noa@seller.example", "boss@seller.example"):
            self.assertIn(address, mail.email_cc)

    def test_nobody_gets_the_message_twice(self):
        buyer = self._create_contact(
            "Bea Achat", dunning_role="purchasing", type="invoice"
        )
        self._use_email(copy_role="purchasing")
        mail = self._remind().delivery_ids.mail_mail_id
        self.assertEqual(mail.recipient_ids, buyer)
        self.assertFalse(mail.email_cc)

    def test_refused_copy_keeps_nobody_elses_message_back(self):
        """The mail server refuses the buyer's copy: the message leaves without it, and
        the customer's address is not blamed."""
        self._create_contact("Bea Achat", dunning_role="purchasing")
        self._use_email(copy_role="purchasing")
        delivery = self._remind().delivery_ids
        mail = delivery.mail_mail_id
        mail.write(
            {
                "state": "exception",
                "failure_type": "unknown",
                "failure_reason": "SMTPRecipientsRefused: "
                "{'bea@example.com': (550, b'no such user')}",
            }
        )
        self.env["dunning.delivery"]._settle_mails(self.env.cr.now())
        self.assertEqual((mail.state, mail.email_cc), ("outgoing", ""))
        self.assertEqual(delivery.state, "waiting")
        self.assertFalse(self.customer.dunning_bounced_email)
