from datetime import date

from odoo import api, models
from odoo.fields import Domain

from ...setup.guard.guard import by_code


class ResPartner(models.Model):
    """Insolvent customers, whose claims are declared instead of being followed up."""

    _inherit = "res.partner"

    @api.model
    def _dunning_request_declarations(self, company):
        """Ask the collectors, once per customer, to declare the claims of insolvent
        customers that are older than the judgment."""
        xmlid = "account_dunning_scenario.mail_activity_type_declare_claim"
        # sudo: the task does not depend on the user who plans
        insolvent_sudo = self.sudo().search([("dunning_insolvent_since", "!=", False)])
        customers_sudo = insolvent_sudo.commercial_partner_id
        customers_sudo = customers_sudo._dunning_filtered_to_declare(company)
        known = customers_sudo.env["mail.activity"].with_context(active_test=False)
        known = known.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", customers_sudo.ids),
                ("activity_type_id", "=", self.env.ref(xmlid).id),
            ]
        )
        missing = customers_sudo - self.browse(known.mapped("res_id"))
        by_user = missing.grouped(
            lambda customer: customer._dunning_get_collector(company)
        )
        for user, group in by_user.items():
            quiet = by_code(group).with_context(mail_activity_quick_update=True)
            quiet.activity_schedule(xmlid, user_id=user.id or self.env.uid)

    def _dunning_filtered_to_declare(self, company):
        """Return the insolvent customers with open claims older than the judgment."""
        items = self.env["account.move.line"]
        oldest = items._read_group(
            items._get_dunning_owed_domain(company, date.max)
            & Domain("partner_id.commercial_partner_id", "in", self.ids),
            ["partner_id"],
            ["date:min"],
        )
        customers = self.browse()
        for contact, first in oldest:
            customer = contact.commercial_partner_id
            if first < customer.dunning_insolvent_since:
                customers |= customer
        return customers
