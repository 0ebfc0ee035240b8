from odoo import api, fields, models

ANSWERS = "account_dunning_scenario.mail_answers"


class DunningMessageMixin(models.AbstractModel):
    """Personal link of a message, and the buttons that lead to it."""

    _inherit = "dunning.message.mixin"

    answer_html = fields.Html(
        string="Buttons",
        compute="_compute_answer_html",
        compute_sudo=True,
        sanitize=False,
        help="Answer on line, announce a date, report a problem; empty in messages "
        "without a personal link, and in thanks.",
    )

    @api.depends("kind", "delivery_ids.key_hash", "delivery_ids.state")
    @api.depends_context("lang", "dunning_channel")
    def _compute_answer_html(self):
        for action in self:
            url = action.kind != "thanks" and action._get_personal_url()
            values = {"url": url, "company": action.company_id}
            action.answer_html = url and self.env["ir.qweb"]._render(ANSWERS, values)

    def _get_personal_url(self):
        """Return the link of the current delivery, if its channel gives one."""
        channel = self.env["dunning.channel"]._get_current_code()
        ways = self.delivery_ids.filtered(
            lambda way: (
                way.channel == channel
                and way.key_hash
                and way.state in ("waiting", "done")
            )
        )
        return ways[-1:]._get_link()

    def _get_request_paragraphs(self):
        """Put the buttons below the request."""
        request = super()._get_request_paragraphs()
        return request + self.answer_html if request and self.answer_html else request

    def _get_payment_link(self):
        """Leave out the payment link where the buttons lead to the payment page."""
        return not self.answer_html and super()._get_payment_link()
