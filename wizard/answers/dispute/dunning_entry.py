from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class DunningEntry(models.TransientModel):
    """Extend the dialog with disputes."""

    _inherit = "dunning.entry"

    has_dispute = fields.Boolean(string="Dispute")
    dispute_reason_id = fields.Many2one(
        comodel_name="dunning.dispute.reason",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    dispute_amount = fields.Monetary(
        string="Disputed", compute="_compute_dispute_amount", store=True, readonly=False
    )
    dispute_description = fields.Text(
        string="Customer's Explanation",
        compute="_compute_from_message",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    dispute_attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Files",
        compute="_compute_from_message",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("amount_ticked")
    def _compute_dispute_amount(self):
        """Propose the ticked amount, less what is already disputed."""
        for entry in self:
            entry.dispute_amount = sum(entry._get_undisputed().values())

    def _get_undisputed(self):
        """Return {ticked line: undisputed amount in the currency of the dialog}, the
        oldest first."""
        disputes = self.env["dunning.dispute.claim"]
        parts = disputes._get_undisputed_parts(self._get_items())
        return {
            line: self.currency_id.round(amount * parts.get(line._get_item(), 0))
            for line, amount in self._get_amounts().items()
        }

    @api.depends("message_id", "company_id")
    def _compute_from_message(self):
        result = super()._compute_from_message()
        for entry in self:
            entry.dispute_description = entry._get_message_text()
            entry.dispute_attachment_ids = entry.message_id.attachment_ids
        return result

    def action_open_dispute(self):
        """Open the form of a dispute instead, to choose owner and deadline."""
        return self._open_full_form(
            "dunning.dispute",
            self.env._("Dispute"),
            default_reason_id=self.dispute_reason_id.id,
            default_description=self.dispute_description,
        )

    def _has_answer(self):
        return self.has_dispute or super()._has_answer()

    def _check(self):
        result = super()._check()
        if self.has_dispute and not self.dispute_reason_id:
            raise UserError(self.env._("Choose the reason for the dispute."))
        return result

    def _apply(self, action, day):
        """Open the dispute first, so that only the rest can be promised, and record it
        as the outcome."""
        if not self.has_dispute:
            return super()._apply(action, day)
        dispute = self._open_dispute(action, day)
        result = super()._apply(action, day)
        dispute._register_outcome("dispute", "opened_date")
        return result

    def _open_dispute(self, action, day):
        """Create the dispute and return it."""
        dispute = self.env["dunning.dispute"].create(
            {
                **self._prepare_answer_values(action),
                "reason_id": self.dispute_reason_id.id,
                "description": self.dispute_description,
                "opened_date": day,
                "claim_ids": [
                    Command.create({"move_line_id": item.id, "amount": amount})
                    for item, amount in self._get_disputed().items()
                ],
            }
        )
        self._attach_files(dispute)
        return dispute

    def _get_disputed(self):
        """Return {item: disputed amount in the company's currency}: undisputed parts
        first, the oldest first.

        :raise ValidationError: more than the open amount is disputed
        """
        amounts, left = self._get_amounts(), self.dispute_amount
        parts = dict.fromkeys(amounts, 0)
        for room in (self._get_undisputed(), amounts):
            for line, value in room.items():
                more = max(min(left, value - parts[line]), 0)
                parts[line] += more
                left -= more
        disputed = {
            item: item.company_currency_id.round(
                item.amount_residual * part / amounts[line]
            )
            for line, part in parts.items()
            if self.currency_id.compare_amounts(part, 0) > 0
            for item in line._get_item()
        }
        if self.currency_id.compare_amounts(left, 0) > 0 or not disputed:
            raise ValidationError(
                self.env._(
                    "%(open)s is open on these invoices: enter a disputed amount above "
                    "zero and at most this much.",
                    open=self.currency_id.format(self.amount_ticked),
                )
            )
        return disputed

    def _attach_files(self, dispute):
        """Attach the files to the dispute: uploaded ones, and copies of the
        message's."""
        files = self.dispute_attachment_ids
        if not files:
            return
        files.sudo(False).check_access("read")
        place = {"res_model": dispute._name, "res_id": dispute.id}
        uploaded = files.filtered(lambda file: file.res_model == self._name)
        uploaded.write(place)
        files = uploaded | (files - uploaded).copy(place)
        dispute.message_post(
            body=self.env._("Files of the customer"), attachment_ids=files.ids
        )

    def _get_claim_texts(self):
        said = super()._get_claim_texts()
        return [*said, self._get_dispute_text()] if self.has_dispute else said

    def _get_dispute_text(self):
        return self.env._(
            "disputes %(amount)s (%(reason)s).",
            amount=self.currency_id.format(self.dispute_amount),
            reason=self.dispute_reason_id.name,
        )

    def _get_known_texts(self):
        disputes = self.env["dunning.dispute"].search(
            [*self._get_past_domain(), ("state", "!=", "settled")]
        )
        return super()._get_known_texts() + [
            self.env._(
                "Disputed: %(amount)s, %(reason)s",
                amount=dispute.currency_id.format(dispute.amount),
                reason=dispute.reason_id.name,
            )
            for dispute in disputes
        ]
