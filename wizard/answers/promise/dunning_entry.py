from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class DunningEntry(models.TransientModel):
    """Extend the dialog with promises."""

    _inherit = "dunning.entry"

    has_promise = fields.Boolean(string="Promise")
    promise_amount = fields.Monetary(
        string="Amount Promised",
        compute="_compute_promise_amount",
        store=True,
        readonly=False,
    )
    promise_date = fields.Date(string="To Be Paid By")
    is_reminder_wanted = fields.Boolean(string="Remind the day before")
    is_confirmation_wanted = fields.Boolean(string="Send a confirmation")

    @api.depends("amount_ticked", "has_dispute", "dispute_amount")
    def _compute_promise_amount(self):
        """Propose the ticked amount, less what is disputed already or in this
        dialog."""
        for entry in self:
            disputed = entry.has_dispute and entry.dispute_amount
            left = sum(entry._get_undisputed().values())
            entry.promise_amount = max(left - disputed, 0)

    def action_open_promise(self):
        """Open the form of a promise instead, for a payment plan or an unusual case.
        The values typed become its first payment."""
        self.ensure_one()
        day = self.promise_date or self.company_id._dunning_today()
        first = {"date": day, "amount": self.promise_amount}
        return self._open_full_form(
            "dunning.promise",
            self.env._("Payment plan"),
            default_term_ids=[Command.create(first)],
            default_currency_id=self.currency_id.id,
            default_is_reminder_wanted=self.is_reminder_wanted,
            default_note=self.note,
        )

    def _has_answer(self):
        return self.has_promise or super()._has_answer()

    def _check(self):
        result = super()._check()
        if not self.has_promise:
            return result
        if self.currency_id.compare_amounts(self.promise_amount, 0) <= 0:
            raise UserError(self.env._("Enter the amount that the customer pays."))
        if not self.promise_date:
            raise UserError(self.env._("Enter the day by which the customer pays."))
        return result

    def _apply(self, action, day):
        result = super()._apply(action, day)
        if self.has_promise:
            self._take_promise(action, day)
        return result

    def _take_promise(self, action, day):
        promise = self.env["dunning.promise"].create(
            {
                **self._prepare_answer_values(action),
                "currency_id": self.currency_id.id,
                "term_ids": [
                    Command.create(term) for term in self._prepare_promise_terms()
                ],
                "taken_date": day,
                "is_reminder_wanted": self.is_reminder_wanted,
                "note": self.note,
                "claim_ids": [
                    Command.create({"move_line_id": item.id})
                    for item in self._get_items()
                ],
            }
        )
        promise.sudo(False)._check_manager()
        if self.is_confirmation_wanted:
            promise.action_confirm_by_email()

    def _prepare_promise_terms(self):
        """Return the values of the payments promised."""
        return [{"date": self.promise_date, "amount": self.promise_amount}]

    def _get_claim_texts(self):
        said = super()._get_claim_texts()
        return [*said, self._get_promise_text()] if self.has_promise else said

    def _get_promise_text(self):
        return self.env._(
            "promises %(amount)s by %(day)s.",
            amount=self.currency_id.format(self.promise_amount),
            day=format_date(self.env, self.promise_date),
        )

    def _get_known_texts(self):
        promises = self.env["dunning.promise"].search(
            [*self._get_past_domain(), ("state", "=", "open")]
        )
        return super()._get_known_texts() + [
            self.env._(
                "Promised: %(amount)s by %(day)s",
                amount=promise.currency_id.format(promise.amount),
                day=format_date(self.env, promise.date),
            )
            for promise in promises
        ]
