from odoo import api, fields, models

from ..message.link.link_keys import hide_keys


class DunningDelivery(models.Model):
    """Content that was sent, one click away from the delivery."""

    _inherit = "dunning.delivery"

    sent_subject = fields.Char(string="Subject", related="mail_message_id.subject")
    sent_body = fields.Html(
        string="Message", compute="_compute_sent", compute_sudo=True, sanitize=False
    )
    sent_files = fields.Char(
        string="Attachments", compute="_compute_sent", compute_sudo=True
    )

    @api.depends("mail_mail_id.body_html", "mail_message_id.body")
    def _compute_sent(self):
        """Take the e-mail with its layout; once Odoo has deleted it, and for all other
        channels, the message in the action's chatter."""
        for delivery in self:
            message = delivery.mail_message_id
            body = delivery.mail_mail_id.body_html or message.body
            delivery.sent_body = hide_keys(body)
            delivery.sent_files = ", ".join(message.attachment_ids.mapped("name"))

    def action_open_content(self):
        """Open the letter, or the message that was sent."""
        self.ensure_one()
        if self.attachment_id:
            return self.action_open_document()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
