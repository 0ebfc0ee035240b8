from odoo import api, fields, models

from .message_advice import ADVICE


class DunningStep(models.Model):
    """Extend steps with the findings of the message check on their texts."""

    _inherit = "dunning.step"

    findings_html = fields.Html(
        string="Message Check", compute="_compute_findings_html", sanitize=False
    )

    @api.depends(
        "channel",
        "second_channel",
        "fallback_channel",
        "letter_template_id",
        "mail_template_id",
        "request",
    )
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_findings_html(self):
        for step in self:
            step.findings_html = step._render_findings()

    def _get_findings(self):
        """Return {text: list of Finding} of the texts that the step uses."""
        self.ensure_one()
        Channel = self.env["dunning.channel"]
        texts = dict.fromkeys(
            Channel._get(code)._get_step_template(self) for code in self._get_channels()
        )
        found = {
            text: [f for f in text._get_dunning_findings() if f.code not in ADVICE]
            for text in texts
            if text
        }
        return {text: findings for text, findings in found.items() if findings}

    def _render_findings(self):
        found = self._get_findings()
        if not found:
            return False
        return self.env["ir.qweb"]._render(
            "account_dunning_scenario.step_findings",
            {"step": self, "found": found},
        )
