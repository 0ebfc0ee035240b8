from odoo import api, fields, models
from odoo.fields import Command


class DunningEntry(models.TransientModel):
    """Extend the dialog with the correction of a declaration: it starts from what the
    customer declared, and records no contact."""

    _inherit = "dunning.entry"

    declaration_id = fields.Many2one(
        comodel_name="dunning.declaration",
        help="Declaration on the customer's page that is corrected.",
    )

    @api.depends("declaration_id")
    def _compute_from_message(self):
        result = super()._compute_from_message()
        for entry in self.filtered("declaration_id"):
            declaration = entry.declaration_id
            is_dispute = declaration.kind == "dispute"
            entry.contact_date = declaration.declared_date
            entry.note = not is_dispute and declaration.description
            entry.dispute_description = is_dispute and declaration.description
            entry.dispute_attachment_ids = declaration.attachment_ids
        return result

    @api.depends("declaration_id")
    def _compute_promise_amount(self):
        result = super()._compute_promise_amount()
        for entry in self:
            declaration = entry.declaration_id
            if declaration.kind == "promise":
                entry.promise_amount = min(entry.promise_amount, declaration.amount)
        return result

    @api.depends("declaration_id")
    def _compute_dispute_amount(self):
        result = super()._compute_dispute_amount()
        for entry in self:
            declaration = entry.declaration_id
            if declaration.kind == "dispute":
                entry.dispute_amount = min(entry.dispute_amount, declaration.amount)
        return result

    def action_open_promise(self):
        """Open the form of a promise with the payments that the customer announced."""
        action = super().action_open_promise()
        if declaration := self.declaration_id:
            terms = self._prepare_promise_terms()
            context = {
                **action["context"],
                "default_declaration_id": declaration.id,
                "default_taken_date": declaration.declared_date,
                "default_term_ids": [Command.create(term) for term in terms],
            }
            action = {**action, "context": context}
        return action

    def action_open_dispute(self):
        """Open the form of a dispute for the declaration."""
        action = super().action_open_dispute()
        if declaration := self.declaration_id:
            context = {**action["context"], "default_declaration_id": declaration.id}
            action = {**action, "context": context}
        return action

    # ---- saving ----------------------------------------------------------------------

    def _check_subject(self):
        """Check that the declaration is this customer's, and still to be decided.

        :raise AccessError: the user may not decide on it
        :raise UserError: it is decided already
        """
        result = super()._check_subject()
        if declaration := self.declaration_id:
            declaration.check_access("write")
            declaration._check_undecided()
        return result

    def _check_contact(self):
        """Leave the contact out: what is declared on a page is none."""
        if not self.declaration_id:
            return super()._check_contact()
        return None

    def _save(self):
        """Note the corrected answer, without making an action or performing a call."""
        declaration = self.declaration_id
        if not declaration:
            return super()._save()
        declaration._lock_undecided()
        self._apply(self.action_id, declaration.declared_date)
        declaration._conclude_corrected()
        return declaration.message_post(body=self._get_summary())

    def _get_call(self):
        """Return no call under way: the customer answered on their page."""
        if self.declaration_id:
            return self.env["dunning.delivery"]
        return super()._get_call()

    def _get_source(self):
        return "portal" if self.declaration_id else super()._get_source()

    def _prepare_answer_values(self, action):
        values = super()._prepare_answer_values(action)
        if declaration := self.declaration_id:
            values["declaration_id"] = declaration.id
        return values

    def _prepare_reason_values(self, action):
        """Note the reason as of the day declared; its hold counts from today."""
        values = super()._prepare_reason_values(action)
        if declaration := self.declaration_id:
            values |= {
                "declaration_id": declaration.id,
                "noted_date": declaration.declared_date,
                "hold_date": self.company_id._dunning_today(),
            }
        return values

    def _prepare_promise_terms(self):
        """Keep the payments that the customer announced where neither the last day nor
        the amount was changed."""
        declaration = self.declaration_id
        declared = declaration.term_ids.sorted("date")
        is_kept = (
            len(declared) > 1
            and declared[-1].date == self.promise_date
            and not self.currency_id.compare_amounts(
                sum(declared.mapped("amount")), self.promise_amount
            )
        )
        if not is_kept:
            return super()._prepare_promise_terms()
        return [{"date": term.date, "amount": term.amount} for term in declared]
