from odoo import models

from ...journal.dunning_chronicle import Told
from ...setup.guard.guard import by_code

ACTIVITY_TYPE = "account_dunning_scenario.mail_activity_type_pass_on"
NOTE = "account_dunning_scenario.pass_on_note"


class DunningIntermediary(models.AbstractModel):
    """Replacement of a channel where only the salesperson may contact the customer
    (S3-03): the message becomes a task, ready to send; completing the task performs the
    step."""

    _name = "dunning.intermediary"
    _description = "Message Through the Salesperson"
    _inherit = ["dunning.channel"]

    _channel_nature = "human"

    def _deliver(self, deliveries, now):
        """Assign each message to its intermediary; one activity per delivery."""
        activities = (
            by_code(self.env["mail.activity"])
            .with_context(mail_activity_quick_update=True)
            .create([self._prepare_activity_values(d) for d in deliveries])
        )
        for delivery, activity in zip(deliveries, activities, strict=True):
            delivery.activity_id = activity

    def _prepare_activity_values(self, delivery):
        user = delivery.intermediary_id
        delivery = delivery.with_context(lang=user.lang)
        action = delivery.action_id
        return {
            "res_model_id": self.env["ir.model"]._get_id(action._name),
            "res_id": action.id,
            "activity_type_id": self.env.ref(ACTIVITY_TYPE).id,
            "summary": action.display_name,
            "user_id": user.id,
            "date_deadline": action._get_message_day(),
            "note": self._get_note(delivery),
        }

    def _get_note(self, delivery):
        action = delivery.action_id
        return delivery.env["ir.qweb"]._render(
            NOTE,
            {
                "action": action,
                "delivery": delivery,
                "figures": action._tell_figures(),
            },
        )

    def _withdraw(self, deliveries):
        deliveries.activity_id.unlink()

    def _refresh(self, deliveries):
        for delivery in deliveries.filtered("activity_id"):
            user = delivery.intermediary_id
            delivery.activity_id.note = self._get_note(
                delivery.with_context(lang=user.lang)
            )

    def _log_performed(self, deliveries, feedback):
        """Log the user who contacted the customer, with their feedback; the message
        itself is already in the chatter of the action."""
        self.env["dunning.chronicle"]._tell(
            [
                Told(
                    delivery.action_id,
                    self.env._(
                        "%(step)s: passed on by %(user)s",
                        step=delivery.action_id.step_id.name or delivery.display_name,
                        user=self.env.user.name,
                    ),
                    feedback or "",
                )
                for delivery in deliveries
            ]
        )
