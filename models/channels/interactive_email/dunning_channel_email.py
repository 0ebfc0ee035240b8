from markupsafe import Markup

from odoo import models

from ...setup.roles import COLLEAGUES

# Class of the buttons: marks a body that already contains them.
BUTTONS_CLASS = "o_dunning_answers"


class DunningChannelEmail(models.AbstractModel):
    """Extend e-mails with answer buttons, where the step has them (S0-45): they stand
    below the request of the text (`request_html`), else at its end; thanks have none.
    """

    _inherit = "dunning.channel.email"

    def _has_buttons(self, step):
        """Return whether the messages of a step have answer buttons."""
        return step.has_answer_buttons

    def _get_step_fields(self, step):
        return *super()._get_step_fields(step), "has_answer_buttons"

    def _filter_with_buttons(self, deliveries):
        return deliveries.filtered(
            lambda way: (
                way.action_id.kind != "thanks"
                and self._has_buttons(way.action_id.step_id)
                and way.action_id.step_id.recipient not in COLLEAGUES
            )
        )

    def _deliver(self, deliveries, now):
        self._filter_with_buttons(deliveries)._create_links()
        return super()._deliver(deliveries, now)

    def _compose_text(self, delivery):
        self._filter_with_buttons(delivery)._create_links()
        return super()._compose_text(delivery)

    def _render(self, deliveries):
        texts = super()._render(deliveries)
        for action, text in texts.items():
            body = text["body_html"] or ""
            if action.answer_html and BUTTONS_CLASS not in body:
                text["body_html"] = Markup(body) + action.answer_html
        return texts
