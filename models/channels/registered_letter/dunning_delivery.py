from markupsafe import escape

from odoo import models
from odoo.tools import format_date

from ...setup.guard.guard import by_code
from .postal_number import format_number


class DunningDelivery(models.Model):
    """Registered letters: each has a number of its own, and those with an unknown
    address come back."""

    _inherit = "dunning.delivery"

    _tracking_number_once = models.UniqueIndex(
        "(company_id, tracking_number)"
        " WHERE tracking_number IS NOT NULL AND channel = 'registered_letter'",
        "Another letter already has this number.",
    )

    def _get_letter_number(self):
        return format_number(self.tracking_number or "")

    def _register_results(self, state, day):
        """Record the results; give up letters that came back: they reached nobody."""
        result = super()._register_results(state, day)
        if state == "returned":
            self._return_to_sender(day)
        return result

    def _return_to_sender(self, day):
        """Give up letters to an unknown address: block it until it is changed, ask the
        collector to correct it, and let the actions take another way."""
        self.contact_id._dunning_flag_postal_address()
        reasons = {}
        for delivery in self:
            delivery._ask_for_address()
            env = delivery.with_context(
                lang=delivery.company_id._dunning_get_lang()
            ).env
            reasons[delivery] = env._(
                "The letter to %(address)s came back on %(day)s, the address is "
                "unknown: correct it on the customer.",
                address=delivery.address,
                day=format_date(env, day),
            )
        self._register_return(reasons, "again")

    def _ask_for_address(self):
        """Give the collector the task to find the right address, once per contact."""
        self.ensure_one()
        xmlid = "account_dunning_scenario.mail_activity_type_address"
        contact_sudo = self.contact_id.sudo()  # sudo: the task is made for any user
        if contact_sudo.activity_search([xmlid], only_automated=False):
            return
        user = self.action_id._get_collector() or self.env.user
        by_code(contact_sudo).activity_schedule(
            xmlid,
            date_deadline=self.company_id._dunning_today(),
            user_id=user.id,
            note=escape(
                self.with_context(lang=user.lang).env._(
                    "A letter to this address came back: %(address)s",
                    address=self.address,
                )
            ),
        )
