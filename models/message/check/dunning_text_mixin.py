from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError
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

    def _check_access(self, operation):
        """Keep what steps of other companies say from those who do not work there,
        whether or not Odoo lets them edit texts."""
        result = super()._check_access(operation)
        if result or operation not in ("write", "unlink") or self.env.su:
            return result
        for text in self.filtered("id"):
            if companies := text._dunning_get_foreign():
                return text, partial(text._dunning_make_refusal, companies)
        return result

    @api.depends(lambda self: self._get_dunning_text_fields())
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_dunning_findings(self):
        checker = self.env["dunning.message.checker"]
        for text in self:
            found = []
            if text.model == "dunning.action":
                found = text._get_dunning_findings()
            text.dunning_findings = checker._render(found)

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

    def _dunning_get_foreign(self):
        """Return the companies in which the user does not work and whose messages the
        text is in: those of its scenarios; where one is shared, all that are on."""
        # sudo: scenarios of companies that the user does not see use it all the same
        text_sudo = self.sudo().with_context(active_test=False)
        scenarios_sudo = text_sudo._get_dunning_steps().scenario_id
        foreign = scenarios_sudo.company_id - self.env.user.company_ids
        if any(not scenario.company_id for scenario in scenarios_sudo):
            foreign |= self.env["dunning.scenario"]._dunning_get_missing()
        return foreign

    def _dunning_make_refusal(self, companies):
        return AccessError(
            self.env._(
                "The text “%(text)s” is in messages of %(company)s, where you do not "
                "work. Duplicate it, and let the steps of your own scenarios send the "
                "copy.",
                text=self.sudo().display_name,  # sudo: a name, to know which
                company=companies[0].name,
            )
        )

    def _get_dunning_steps(self):
        """Return the steps that use this text."""
        Step = self.env["dunning.step"]
        names = [
            name
            for name, field in Step._fields.items()
            if field.type == "many2one" and field.comodel_name == self._name
        ]
        return Step.search(Domain.OR([(name, "in", self.ids)] for name in names))
