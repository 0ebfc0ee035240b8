from odoo import fields, models
from odoo.exceptions import AccessError

from ..setup.bounds import check_one
from ..setup.res_partner_reader import READERS
from ..setup.roles import COLLECTOR


class ResPartner(models.Model):
    """Extend customers with their actions, and the right to note their answers."""

    _inherit = "res.partner"

    dunning_action_ids = fields.One2many(
        comodel_name="dunning.action",
        inverse_name="partner_id",
        string="Follow-Up History",
        groups=READERS,
    )
    dunning_action_count = fields.Integer(
        string="Follow-Up Actions",
        compute="_compute_dunning_action_count",
        groups="base.group_user",
    )

    def _compute_dunning_action_count(self):
        customers = self.commercial_partner_id
        counts = dict(
            self.env["dunning.action"]._read_group(
                [("partner_id", "in", customers.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.dunning_action_count = counts.get(partner.commercial_partner_id, 0)

    def _get_dunning_customer_models(self):
        """Return the names of the models whose records belong to the customer as a
        whole, never to a single contact; each room adds its own."""
        return ["dunning.action", "dunning.action.line"]

    def action_view_dunning_actions(self):
        """Open the actions of the customer, past and planned."""
        check_one(self)
        self.env["dunning.action"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_action_action_all"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {}}

    def _open_dunning_customer(self):
        """Open the overview of the customer; extended by the rooms above."""
        return self.action_view_dunning_actions()

    # ---- answers of the customer -----------------------------------------------------

    def _dunning_may_note(self, company):
        """Return whether the user may note the customer's answers to a company:
        collectors for all customers of their companies, salespeople for their own.

        :param company: res.company
        :return: False without a customer
        """
        user = self.env.user
        if not self or company not in self.env.companies:
            return False
        salesperson = self.commercial_partner_id.user_id
        is_own = user._is_internal() and salesperson == user
        return is_own or user.has_group(COLLECTOR)

    def _dunning_check_may_note(self, company):
        """Refuse users who are neither collector nor salesperson of the customer.

        :raise AccessError: names the people to ask
        """
        if not self._dunning_may_note(company):
            raise AccessError(
                self.env._(
                    "Only collectors and the customer's salesperson note the answers "
                    "of %(customer)s to %(company)s: tell one of them.",
                    customer=self.name,
                    company=company.name,
                )
            )
