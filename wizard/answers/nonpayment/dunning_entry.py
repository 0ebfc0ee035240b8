from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.i18n import format_list

from ....models.setup.labels import get_labels


class DunningEntry(models.TransientModel):
    """Extend the dialog with reasons for not paying."""

    _inherit = "dunning.entry"

    has_reason = fields.Boolean(string="Other Reason")
    reason = fields.Selection(
        selection=lambda self: self._selection_reason(), string="Reason for Not Paying"
    )
    paid_date = fields.Date(string="Paid On")
    payment_reference = fields.Char(string="Reference")
    resend_text = fields.Char(compute="_compute_resend_text")

    @api.model
    def _selection_reason(self):
        """Return the reasons except the dispute, which has a block of its own."""
        reason = self.env["dunning.nonpayment"]._fields["reason"]
        return [
            (code, label)
            for code, label in reason._description_selection(self.env)
            if code != "dispute"
        ]

    @api.depends("reason", "partner_id", "company_id")
    def _compute_resend_text(self):
        """Announce to whom an invoice that was not received will be sent again."""
        self.resend_text = False
        for entry in self.filtered(lambda entry: entry.reason == "not_received"):
            emails = entry._get_resend_emails()
            entry.resend_text = (
                self.env._(
                    "Sent again as soon as you save, to %(emails)s; its follow-up "
                    "counts from today.",
                    emails=format_list(self.env, emails),
                )
                if emails
                else self.env._(
                    "No working e-mail address: a task asks the collector to send it."
                )
            )

    def _get_resend_emails(self):
        if not self.partner_id._dunning_may_note(self.company_id):
            return []
        customer = self.partner_id.commercial_partner_id
        reason = self.env["dunning.nonpayment"].new(
            {"partner_id": customer.id, "company_id": self.company_id.id}
        )
        return reason.contact_ids.mapped("email_normalized")

    def _has_answer(self):
        return self.has_reason or super()._has_answer()

    def _check(self):
        result = super()._check()
        if self.has_reason and not self.reason:
            raise UserError(self.env._("Choose the reason for not paying."))
        return result

    def _apply(self, action, day):
        result = super()._apply(action, day)
        if self.has_reason:
            self._note_reason(action)
        return result

    def _note_reason(self, action):
        values = self._prepare_reason_values(action)
        self.env["dunning.nonpayment"]._note(self._get_items(), self.reason, values)

    def _prepare_reason_values(self, action):
        """Return the values of the reason, besides the claim."""
        values = {
            "action_id": action.id,
            "source": self._get_source(),
            "note": self.note,
        }
        if self.reason == "paid":
            values |= {
                "paid_date": self.paid_date,
                "payment_reference": self.payment_reference,
            }
        return values

    def _get_claim_texts(self):
        said = super()._get_claim_texts()
        return [*said, self._get_reason_text()] if self.has_reason else said

    def _get_reason_text(self):
        text = get_labels(self, "reason")[self.reason].lower()
        if self.reason != "paid":
            return self.env._("not paid because: %(reason)s.", reason=text)
        details = (
            self.paid_date and format_date(self.env, self.paid_date),
            self.payment_reference,
        )
        return ", ".join(filter(None, (text, *details))) + "."
