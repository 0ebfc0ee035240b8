from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class DunningAction(models.Model):
    """Registered letters to take to the post office."""

    _inherit = "dunning.action"

    is_to_deposit = fields.Boolean(
        string="To Deposit",
        compute="_compute_is_to_deposit",
        help="A registered letter is to be taken to the post office.",
    )

    @api.depends("delivery_ids.state", "delivery_ids.channel")
    def _compute_is_to_deposit(self):
        to_deposit = self._get_registered_deliveries().action_id
        for action in self:
            action.is_to_deposit = action in to_deposit

    def _get_registered_deliveries(self):
        """Return the registered letters that are printed and can be deposited."""
        printed = self._get_printed_deliveries()
        return printed.filtered(lambda way: way.channel == "registered_letter")

    def _deposit(self, numbers, day):
        """Record the deposit of registered letters, and perform their steps.

        :param numbers: {dunning.delivery: its number, cleaned and checked}
        :param day: the company's day of the deposit
        :raise UserError: the day is in the future or before the letters were written
        """
        actions = self._take(("in_progress",), self.env._("marked as deposited"))
        actions._check_deposit_day(day)
        deliveries_sudo = self.env["dunning.delivery"].sudo().union(*numbers)
        for delivery in deliveries_sudo:
            delivery.tracking_number = numbers[delivery]
        deliveries_sudo._perform(day)
        actions._perform_if_complete()

    def _check_deposit_day(self, day):
        for action in self:
            if day > action.company_id._dunning_today():
                raise UserError(
                    self.env._(
                        "%(day)s is in the future: record the deposit once the letters "
                        "are with the post.",
                        day=format_date(self.env, day),
                    )
                )
            if day < action.planned_date:
                raise UserError(
                    self.env._(
                        "The letter to %(customer)s is dated %(written)s: it cannot "
                        "have been deposited on %(day)s. Correct the day.",
                        customer=action.partner_id.name,
                        written=format_date(self.env, action.planned_date),
                        day=format_date(self.env, day),
                    )
                )
