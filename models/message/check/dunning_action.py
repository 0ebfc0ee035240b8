from odoo import api, fields, models


class DunningAction(models.Model):
    """Extend actions with the findings of the message check."""

    _inherit = "dunning.action"

    findings_html = fields.Html(
        string="Message Check",
        compute="_compute_findings_html",
        sanitize=False,
        help="Problems found in the text written by hand.",
    )

    @api.depends("mail_subject", "mail_body")
    @api.depends_context("lang")
    def _compute_findings_html(self):
        checker = self.env["dunning.message.checker"]
        found = self._get_written_findings()
        for action in self:
            action.findings_html = checker._render(found.get(action, []))

    def _get_written_findings(self):
        """Return {action: list of Finding} of the texts that users wrote for these
        actions."""
        written = self.filtered("mail_body")
        texts = {
            action: {
                "subject": action.mail_subject or "",
                "body_html": action.mail_body,
            }
            for action in written
        }
        checker = self.env["dunning.message.checker"]
        found = checker._check(written, texts)
        for action, advice in checker._advise(written, texts).items():
            found[action] = found.get(action, []) + advice
        return found

    def _is_automatic(self):
        """Return whether the action leaves by itself, with the step's text."""
        self.ensure_one()
        return self.mode == "auto" and not self.mail_body
