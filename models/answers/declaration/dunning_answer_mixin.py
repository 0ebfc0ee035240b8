from odoo import models


class DunningAnswerMixin(models.AbstractModel):
    """Extend answers: those that come from a declaration perform no call."""

    _inherit = "dunning.answer.mixin"

    def _register_outcome(self, outcome, date_field):
        """Record what a declaration became as the outcome of the message that it
        answers, without touching any call, and without undoing *paid*."""
        declared = self.browse()
        if "declaration_id" in self._fields:
            declared = self.filtered("declaration_id")
        for day, answers in declared.grouped(date_field).items():
            answers.action_id._register_declared(outcome, day)
        return super(DunningAnswerMixin, self - declared)._register_outcome(
            outcome, date_field
        )
