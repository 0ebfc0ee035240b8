from odoo import models


class DunningChannelPhone(models.AbstractModel):
    """Calls: an activity on the action, for the collector or the salesperson."""

    _name = "dunning.channel.phone"
    _description = "Follow-Up Channel: Phone"
    _inherit = ["dunning.spoken.channel"]

    _channel_sequence = 30
    _channel_is_call = True
    _channel_icon = "fa-phone"
    _channel_color = 10
    _activity_type = "account_dunning_scenario.mail_activity_type_call"
    _activity_note = "account_dunning_scenario.call_note"

    def _get_label(self):
        return self.env._("Phone")

    def _get_means(self):
        return self.env._("by phone")

    def _tell_contact(self, when):
        return self.env._("the customer was called %(when)s", when=when)

    def _get_unassigned_reason(self):
        return self.env._(
            "Nobody is assigned to call: give the customer a collector, or the company "
            "a default collector."
        )

    def _get_step_fields(self, step):
        calls = ("call_attempts", "call_retry_delay", "call_retry_unit")
        return *super()._get_step_fields(step), *calls

    def _deliver(self, deliveries, now):
        result = super()._deliver(deliveries, now)
        calls = deliveries.filtered("activity_id")
        for day, of_day in calls.grouped(
            lambda delivery: delivery.activity_id.date_deadline
        ).items():
            of_day.action_id.write({"call_date": day, "call_at": False})
        return result

    def _log_performed(self, deliveries, feedback):
        deliveries._record_calls("reached", feedback)
        return super()._log_performed(deliveries, feedback)

    def _get_performed_note(self, delivery):
        return self.env._(
            "Call to %(contact)s, %(phone)s",
            contact=delivery.contact_id.name,
            phone=delivery.address,
        )
