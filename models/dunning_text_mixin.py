from odoo import api, fields, models
from odoo.fields import Domain


class DunningTextMixin(models.AbstractModel):
    """A text of follow-up messages, and what the message check says of it."""

    _name = "dunning.text.mixin"
    _description = "Text of Follow-Up Messages"

    dunning_findings = fields.Html(
        string="Message Check",
        compute="_compute_dunning_findings",
        sanitize=False,
        help="What is wrong with a text of the follow-up, in each of its languages.",
    )

    @api.depends(lambda self: self._get_dunning_text_fields())
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_dunning_findings(self):
        checker = self.env["dunning.message.checker"]
        for text in self:
            found = []
            if text.model == "dunning.action":
                found = text._get_dunning_findings()
            text.dunning_findings = checker._render(found)

    @api.model
    def _get_dunning_text_fields(self):
        names = ("model", "subject", "body_html", "body")
        return [name for name in names if name in self._fields]

    def _get_dunning_findings(self):
        """Return the findings of a text in all its languages, each once."""
        self.ensure_one()
        found = self.env["dunning.message.checker"]._check_text(
            self, self._dunning_asks()
        )
        return list(dict.fromkeys(f for findings in found.values() for f in findings))

    def _dunning_asks(self):
        """Tell whether a step that asks for something uses the text; one that no step
        uses yet is taken for such."""
        steps = self._get_dunning_steps()
        return not steps or any(step.request for step in steps if step.kind != "thanks")

    def _get_dunning_steps(self):
        """Return the steps that use this text."""
        Step = self.env["dunning.step"]
        names = [
            name
            for name, field in Step._fields.items()
            if field.type == "many2one" and field.comodel_name == self._name
        ]
        return Step.search(Domain.OR([(name, "in", self.ids)] for name in names))
