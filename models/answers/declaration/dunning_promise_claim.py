from odoo import models

from ..promise.dunning_promise_claim import Standing


class DunningPromiseClaim(models.Model):
    """Extend the promised claim: a promise accepted as declared counts from its
    declaration, so that payments and credits since then reduce it first."""

    _inherit = "dunning.promise.claim"

    def _get_standing(self):
        accepted = self.promise_id.declaration_id.filtered(
            lambda declaration: declaration.state == "accepted"
        )
        declared = accepted.line_ids.filtered(
            lambda line: line.move_line_id == self.move_line_id
        )[:1]
        if not declared:
            return super()._get_standing()
        return Standing(
            declared.residual_before,
            declared.residual_currency_before,
            declared.last_partial_id,
        )
