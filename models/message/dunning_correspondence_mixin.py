from odoo import api, fields, models

from .dunning_message_payment import PAYMENT, REFERENCE_LENGTH, Payment


class DunningCorrespondenceMixin(models.AbstractModel):
    """Correspondence with a customer about a promise or a dispute.

    It goes to the addressees of follow-up messages; answers come back to the record. It
    is no reminder: it does not count for the days between contacts.
    """

    _name = "dunning.correspondence.mixin"
    _description = "Correspondence with a Customer"

    contact_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Recipients",
        compute="_compute_contact_ids",
        compute_sudo=True,
    )
    contact_name = fields.Char(compute="_compute_contact_ids", compute_sudo=True)
    greeting = fields.Char(compute="_compute_greeting", compute_sudo=True)
    contact_lang = fields.Char(
        string="Contact Language", compute="_compute_contact_ids", compute_sudo=True
    )
    sender_email = fields.Char(
        string="Sender E-mail", compute="_compute_sender_email", compute_sudo=True
    )

    @api.depends("partner_id", "company_id")
    def _compute_contact_ids(self):
        Action = self.env["dunning.action"]
        # Addressed like every message of the follow-up; the actions are never saved.
        messages = {
            record: Action.new(
                {"company_id": record.company_id.id, "partner_id": record.partner_id.id}
            )
            for record in self.filtered("partner_id")
        }
        readers = self.env["dunning.envelope"]._get_readers(
            Action.concat(*messages.values())
        )
        for record in self:
            contacts = readers.get(messages.get(record), self.env["res.partner"])
            record.contact_ids = contacts
            reader = contacts[:1] or record.partner_id
            record.contact_lang = reader._dunning_get_lang(record.company_id)
            person = contacts[:1].filtered(lambda contact: not contact.is_company)
            record.contact_name = person.name

    @api.depends("contact_ids")
    @api.depends_context("lang")
    def _compute_greeting(self):
        for record in self:
            reader = record.contact_ids[:1] if len(record.contact_ids) == 1 else None
            greeted = reader if reader else self.env["res.partner"]
            record.greeting = greeted._dunning_get_greeting()

    @api.depends("company_id")
    def _compute_sender_email(self):
        """Compute the sender: whoever looks after the record, and the company."""
        envelope = self.env["dunning.envelope"]
        for record in self:
            record.sender_email = envelope._format_sender(
                record.company_id,
                record._get_correspondent().partner_id,
                self.env.user.partner_id,
            )

    def _get_correspondent(self):
        """Return the user who writes to the customer about this record."""
        return self.env["res.users"]

    def _write_to_customers(self, xmlid):
        """Queue an e-mail per record, in the reader's language, in one batch.

        :param xmlid: xml id of a mail.template of this model, without its module
        :return: the records with a reachable customer
        """
        reached = self.filtered("contact_ids")
        if reached:
            template = self.env.ref(f"account_dunning_scenario.{xmlid}")
            template.send_mail_batch(reached.ids)
        return reached

    # ---- payment ---------------------------------------------------------------------

    def _render_transfer(self, amounts, is_amount_told=True):
        """Return markup of the accounts to pay on, with the reference to quote.

        :param amounts: list of (account.move, res.currency, amount)
        :param is_amount_told: whether each account shows its amount; not where several
            payments are to be made on it
        """
        message = self.env["dunning.action"]
        payments = []
        for account, currency, moves, amount in self._sum_by_account(amounts):
            reference = self._get_transfer_reference(moves)
            payment = Payment(account, currency, amount, moves, reference)
            values = message._prepare_payment(payment)
            payments.append(values if is_amount_told else {**values, "amount": False})
        return self.env["ir.qweb"]._render(
            PAYMENT, {"action": self, "payment_url": False, "payments": payments}
        )

    def _sum_by_account(self, amounts):
        """Return the amounts by account and currency: list of (res.partner.bank,
        res.currency, account.move, amount).

        :param amounts: see `_render_transfer`
        """
        found = {}
        for move, currency, amount in amounts:
            key = move._dunning_get_bank(self.company_id, currency), currency
            moves, before = found.get(key, (self.env["account.move"], 0))
            found[key] = (moves | move, currency.round(before + amount))
        return [(*key, moves, amount) for key, (moves, amount) in found.items()]

    def _get_transfer_reference(self, moves):
        """Return the reference to quote with a transfer: the invoices', or the
        customer's where they are too many to copy."""
        names = [move.payment_reference or move.name or "" for move in moves]
        reference = " ".join(filter(None, names))
        if len(reference) <= REFERENCE_LENGTH:
            return reference
        return self.partner_id.ref or self.partner_id.name
