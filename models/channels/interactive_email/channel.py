from markupsafe import Markup

from odoo import models

# Class of the buttons: marks a body that already contains them.
BUTTONS_CLASS = "o_dunning_answers"


class DunningChannelInteractiveEmail(models.AbstractModel):
    """E-mails with a personal link and three buttons: see and pay, I will pay on…,
    there is a problem.

    In all other respects an e-mail. The buttons stand below the request of the text
    (`request_html`), else at its end; thanks have none.
    """

    _name = "dunning.channel.interactive_email"
    _description = "Follow-Up Channel: Interactive E-mail"
    _inherit = ["dunning.channel.email"]

    _channel_sequence = 15
    _channel_icon = "fa-hand-pointer-o"
    _channel_color = 2

    def _get_label(self):
        return self.env._("Interactive E-mail")

    def _get_means(self):
        return self.env._("by interactive e-mail")

    def _deliver(self, deliveries, now):
        deliveries._create_links()
        return super()._deliver(deliveries, now)

    def _compose_text(self, delivery):
        delivery._create_links()
        return super()._compose_text(delivery)

    def _render(self, deliveries):
        texts = super()._render(deliveries)
        for action, text in texts.items():
            body = text["body_html"] or ""
            if action.answer_html and BUTTONS_CLASS not in body:
                text["body_html"] = Markup(body) + action.answer_html
        return texts
