from odoo import fields, models


class DunningEntry(models.TransientModel):
    """Extend the dialog with the customer's satisfaction and words."""

    _inherit = "dunning.entry"

    satisfaction = fields.Selection(
        selection=[
            ("0", "No answer"),
            ("1", "Very dissatisfied"),
            ("2", "Dissatisfied"),
            ("3", "Neither satisfied nor dissatisfied"),
            ("4", "Satisfied"),
            ("5", "Very satisfied"),
        ],
        default="0",
    )
    satisfaction_words = fields.Char(string="In the Customer's Words")

    def _get_score(self):
        return int(self.satisfaction or 0)

    def _has_content(self):
        return bool(self._get_score()) or super()._has_content()

    def _apply(self, action, day):
        if score := self._get_score():
            action._register_satisfaction(
                score, self.satisfaction_words, self._get_source()
            )
        return super()._apply(action, day)

    def _get_other_texts(self):
        said = [self._get_satisfaction_text()] if self._get_score() else []
        return said + super()._get_other_texts()

    def _get_satisfaction_text(self):
        score = self._get_score()
        text = self.env._("Satisfaction: %(score)s out of 5.", score=score)
        if words := self.satisfaction_words:
            text += " " + self.env._("“%(words)s”", words=words)
        return text
