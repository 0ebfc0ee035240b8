from odoo import models


class DunningChannelVisit(models.AbstractModel):
    """Visits: a task for the collector or the salesperson, with a meeting proposed in
    their calendar, performed by the report of the visit."""

    _name = "dunning.channel.visit"
    _description = "Follow-Up Channel: Visit"
    _inherit = ["dunning.postal.channel", "dunning.activity.channel"]

    _channel_sequence = 60
    _channel_icon = "fa-map-marker"
    _channel_color = 3
    _channel_family = "meeting"
    _activity_type = "account_dunning_scenario.mail_activity_type_visit"
    _activity_note = "account_dunning_scenario.visit_note"

    def _get_label(self):
        return self.env._("Visit")

    def _get_means(self):
        return self.env._("by a visit")

    def _tell_contact(self, when):
        return self.env._("the customer was visited %(when)s", when=when)

    def _get_unassigned_reason(self):
        return self.env._(
            "Nobody is assigned to visit the customer: give the customer a collector "
            "or a salesperson, or the company a default collector."
        )

    def _deliver(self, deliveries, now):
        result = super()._deliver(deliveries, now)
        planned = deliveries.filtered("activity_id")
        self.env["dunning.meeting"]._propose(self._in_channel(planned), now)
        return result

    def _prepare_note_values(self, delivery, past):
        visit = self.env["dunning.visit"]._get_last(delivery.action_id)
        return {
            **super()._prepare_note_values(delivery, past),
            "last_visit": visit,
        }

    def _withdraw(self, deliveries):
        self.env["dunning.meeting"]._withdraw(deliveries.activity_id)
        return super()._withdraw(deliveries)

    def _log_performed(self, deliveries, feedback):
        """Record a report, with what was noted, for visits that have none."""
        missing = deliveries.filtered(lambda delivery: not delivery.visit_ids)
        missing._record_visits({"agreement": feedback})
        return super()._log_performed(deliveries, feedback)

    def _get_performed_note(self, delivery):
        return self.env._(
            "Visit to %(contact)s, %(address)s",
            contact=delivery.contact_id.display_name,
            address=delivery.address,
        )

    def _get_content(self, delivery):
        """Add the ledger extract that the visitor takes along."""
        action = delivery.action_id
        report = self.env["report.account_dunning_scenario.ledger_extract"]
        pdfs = report._get_pdfs(
            action.partner_id, action._get_message_day(), action.company_id
        )
        return {
            **super()._get_content(delivery),
            "document": pdfs[action.partner_id],
        }
