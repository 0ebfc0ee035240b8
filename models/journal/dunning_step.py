from odoo import models


class DunningStep(models.Model):
    """Extend steps with the model of their texts, and the check of played ones."""

    _inherit = "dunning.step"
    _text_model = "dunning.action"

    def _filtered_played(self):
        # sudo: companies hidden from the user have a history all the same
        lines = (
            self.env["dunning.action.line"]
            .sudo()
            ._read_group(
                [
                    ("step_id", "in", self.ids),
                    ("state", "in", ("open", "done", "skipped")),
                ],
                ["step_id"],
            )
        )
        played = {step.id for (step,) in lines}
        return super()._filtered_played() | self.filtered(
            lambda step: step.id in played
        )
