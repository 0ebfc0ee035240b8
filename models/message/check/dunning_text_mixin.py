from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class DunningTextMixin(models.AbstractModel):
    """Template of follow-up messages, with the findings of the message check."""

    _name = "dunning.text.mixin"
    _description = "Text of Follow-Up Messages"

    dunning_findings = fields.Html(
        string="Message Check",
        compute="_compute_dunning_findings",
        sanitize=False,
        help="Problems found in the text, in each of its languages.",
    )

    def _check_access(self, operation):
        """Refuse changes of texts used by other companies' steps to users who do not
        work there, even if Odoo lets them edit templates."""
        result = super()._check_access(operation)
        if result or operation not in ("write", "unlink") or self.env.su:
            return result
        for text in self.filtered("id"):
            if companies := text._dunning_get_foreign_companies():
                return text, partial(text._dunning_get_access_error, companies)
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
        """Return the findings of a text in all its languages, without duplicates."""
        self.ensure_one()
        found = self.env["dunning.message.checker"]._check_text(
            self, self._dunning_is_request()
        )
        return list(dict.fromkeys(f for findings in found.values() for f in findings))

    def _dunning_is_request(self):
        """Return whether a step that requests something uses the text; a text without a
        step counts as such."""
        steps = self._get_dunning_steps()
        return not steps or any(step.request for step in steps if step.kind != "thanks")

    def _dunning_get_foreign_companies(self):
        """Return the companies outside the user's whose messages use the text: those of
        its scenarios; for a shared scenario, all live companies."""
        # sudo: scenarios of companies hidden from the user use it all the same
        text_sudo = self.sudo().with_context(active_test=False)
        scenarios_sudo = text_sudo._get_dunning_steps().scenario_id
        foreign = scenarios_sudo.company_id - self.env.user.company_ids
        if any(not scenario.company_id for scenario in scenarios_sudo):
            foreign |= self.env["dunning.scenario"]._dunning_get_missing()
        return foreign

    def _dunning_get_access_error(self, companies):
        return AccessError(
            self.env._(
                "The text “%(text)s” is used in messages of %(company)s, where you do "
                "not work. Duplicate it, and use the copy in the steps of your own "
                "scenarios.",
                text=self.sudo().display_name,  # sudo: only a name
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
