from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class DunningPromiseTerm(models.Model):
    """One amount promised by one day."""

    _name = "dunning.promise.term"
    _description = "Promised Payment"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _new_fields = frozenset({"amount", "date", "promise_id"})
    _order = "date, id"

    promise_id = fields.Many2one(
        comodel_name="dunning.promise", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="promise_id.currency_id")
    date = fields.Date(string="Pay By", required=True, index=True)
    amount = fields.Monetary(required=True)
    state = fields.Selection(
        selection=[("open", "Running"), ("kept", "Kept"), ("missed", "Missed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
    )
    reminded_date = fields.Date(string="Reminded On", readonly=True, copy=False)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "Enter a promised amount above zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create terms, leaving days that are far ahead to managers.

        :raise UserError: a manager is required

        :raise UserError: one has to
        """
        self.env["dunning.promise"]._check_being_taken()
        terms = super().create(vals_list)
        terms.promise_id._check_manager()
        return terms

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken(self):
        """Refuse to delete terms of a promise that has been taken."""
        if not self._holds_journal():
            raise UserError(self._get_refusal(set()))

    @api.model
    def _get_refusal(self, names):
        return self.env["dunning.promise"]._get_refusal(names)

    @api.constrains("date", "promise_id")
    def _check_date(self):
        for term in self:
            if term.date < term.promise_id.taken_date:
                raise ValidationError(
                    self.env._(
                        "%(day)s is in the past: choose today or a later day for a "
                        "promise.",
                        day=format_date(self.env, term.date),
                    )
                )
