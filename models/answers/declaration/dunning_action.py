from odoo import fields, models

from ..dunning_action import PAYMENT_OUTCOMES


class DunningAction(models.Model):
    """Extend the action with what the customer declared on its page."""

    _inherit = "dunning.action"

    declaration_ids = fields.One2many(
        comodel_name="dunning.declaration", inverse_name="action_id"
    )

    def _register_declared(self, outcome, day):
        """Record a declaration, or what it became, as the outcome of messages. Money
        received says more; calls under way stay as they are.

        :param outcome: of the action
        :param day: the company's day of the declaration
        """
        # sudo: the journal is written by methods only
        unpaid_sudo = self.sudo().filtered(
            lambda action: action.outcome not in PAYMENT_OUTCOMES
        )
        unpaid_sudo.write({"outcome": outcome, "outcome_date": day})

    def _get_answer_outcomes(self):
        """Add the declarations, with what they became."""
        words = super()._get_answer_outcomes()
        # sudo: the outcome does not depend on the reader
        return words + [
            (declaration.declared_date, declaration._get_outcome())
            for declaration in self.sudo().declaration_ids
        ]
