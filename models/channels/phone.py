from odoo import api, models

ACTIVITY_TYPE = "account_dunning_scenario.mail_activity_type_call"
NOTE = "account_dunning_scenario.call_note"


class DunningChannelPhone(models.AbstractModel):
    """Calls: an activity on the action, for the collector or the salesperson."""

    _name = "dunning.channel.phone"
    _description = "Dunning Channel: Phone"
    _inherit = ["dunning.channel"]

    _channel_sequence = 30
    _channel_nature = "human"

    @api.model
    def _get_label(self):
        return self.env._("Phone")

    @api.model
    def _get_addresses(self, actions):
        return {
            action: (contacts[0], contacts[0].phone)
            for action, contacts in actions._get_contacts(
                lambda contact: contact.phone
            ).items()
        }

    @api.model
    def _get_unreachable_reason(self):
        return self.env._("The customer has no telephone number.")

    @api.model
    def _deliver(self, deliveries, now):
        """Give each call to a person; one activity per delivery, in one go."""
        deliveries = deliveries.with_context(dunning_channel="phone")
        users = {
            delivery: self._get_user(delivery.action_id) for delivery in deliveries
        }
        ready = deliveries.filtered(lambda delivery: users[delivery])
        (deliveries - ready)._fail(
            self.env._(
                "Nobody is there to call: give the customer a collector, or the "
                "company a default collector."
            )
        )
        # Without the key Odoo mails each user about each call.
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create([self._prepare_activity_values(d, users[d]) for d in ready])
        )
        for delivery, activity in zip(ready, activities, strict=True):
            delivery.activity_id = activity

    @api.model
    def _get_user(self, action):
        """Return who calls: whom the step names, the collector, the company's own."""
        setup = action.company_id._dunning_setup_company()
        users = action.collector_id | setup.dunning_collector_id
        if action.step_id.activity_user == "salesperson":
            users = action.salesperson_id | users
        return users.filtered("active")[:1]

    @api.model
    def _prepare_activity_values(self, delivery, user):
        action = delivery.action_id.with_context(lang=user.lang)
        return {
            "res_model_id": self.env["ir.model"]._get_id(action._name),
            "res_id": action.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                ACTIVITY_TYPE
            ),
            "summary": action.display_name,
            "note": self._get_note(delivery.with_env(action.env)),
            "user_id": user.id,
            "date_deadline": action._get_message_day(),
        }

    @api.model
    def _get_note(self, delivery):
        """Return what the caller has before them, in their own language."""
        return delivery.env["ir.qweb"]._render(
            NOTE,
            {
                "action": delivery.action_id,
                "contact": delivery.contact_id,
                "phone": delivery.address,
                "script": delivery.action_id.step_id.script,
            },
        )

    @api.model
    def _withdraw(self, deliveries):
        deliveries.activity_id.unlink()

    @api.model
    def _refresh(self, deliveries):
        """Give the callers the figures of now, with the activities they have."""
        deliveries = deliveries.with_context(dunning_channel="phone")
        for delivery in deliveries.filtered("activity_id"):
            activity = delivery.activity_id
            localized = delivery.with_context(lang=activity.user_id.lang)
            activity.note = self._get_note(localized)

    @api.model
    def _log_performed(self, deliveries, feedback):
        notes = {}
        for delivery in deliveries:
            note = self.env._(
                "Call to %(contact)s, %(phone)s",
                contact=delivery.contact_id.name,
                phone=delivery.address,
            )
            notes[delivery] = f"{note}: {feedback}" if feedback else note
        deliveries._log_in_chatter(notes)

    @api.model
    def _get_content(self, delivery):
        activity = delivery.activity_id
        return {
            "recipients": f"{delivery.contact_id.display_name}, {delivery.address}",
            "sender": activity.user_id.name,
            "subject": activity.summary,
            "body": activity.note,
        }
