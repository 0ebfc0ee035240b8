from odoo import models
from odoo.tools import format_date


class DunningChannelCommittee(models.AbstractModel):
    """Committee channel: puts the customer on the agenda of the next session; the step
    is performed when the decision is recorded."""

    _name = "dunning.channel.committee"
    _description = "Follow-Up Channel: Committee"
    _inherit = ["dunning.channel"]

    _channel_sequence = 70
    _channel_nature = "human"
    _channel_family = "meeting"
    _channel_reaches_customer = False
    _channel_icon = "fa-users"
    _channel_color = 1

    def _get_label(self):
        return self.env._("Committee")

    def _get_means(self):
        return self.env._("at a committee session")

    def _tell_contact(self, when):
        return self.env._(
            "the committee decided about the customer %(when)s", when=when
        )

    def _get_refused(self, actions):
        """Return no action: a customer cannot refuse a committee."""
        return actions.browse()

    def _get_addresses(self, actions):
        """Return the customers without an address: a committee meets without them."""
        return {action: (action.partner_id, False) for action in actions}

    def _deliver(self, deliveries, now):
        """Put the customers on the agenda of the next session of their company."""
        committees = self.env["dunning.committee"]
        for company, of_company in deliveries.grouped("company_id").items():
            session = committees._get_next(company)
            customers = of_company.action_id.partner_id
            decided = session._get_decided() & customers
            session._gather(customers - decided)
            if decided:
                committees._get_next(company, after=session)._gather(decided)

    def _withdraw(self, deliveries):
        """Drop the cases that were on the agenda only because of these steps."""
        cases = deliveries.committee_case_id
        deliveries.committee_case_id = False
        cases.filtered(
            lambda case: (
                case.state == "open"
                and case.origin == "committee_step"
                and not case.delivery_ids
            )
        ).state = "dropped"

    def _refresh(self, deliveries):
        """Update the amounts on the agenda."""
        for session, of_session in deliveries.grouped(
            lambda delivery: delivery.committee_case_id.committee_id
        ).items():
            if session.state == "open":
                session._gather(of_session.action_id.partner_id)

    def _log_performed(self, deliveries, feedback):
        notes = {
            delivery: self.env._(
                "Committee of %(day)s",
                day=format_date(self.env, delivery.performed_date),
            )
            for delivery in deliveries
        }
        deliveries._log_in_chatter(notes, feedback)

    def _get_content(self, delivery):
        """Return the page of the customer, which the members see."""
        action = delivery.action_id
        report = self.env["report.account_dunning_scenario.committee_agenda"]
        return {
            "subject": delivery.committee_case_id.committee_id.display_name,
            "document": report._get_page(
                action.partner_id, action.company_id, action._get_message_day()
            ),
        }
