from odoo import api, fields, models
from odoo.fields import Domain


class DunningChannelCost(models.Model):
    """Cost of one contact by a channel for a company, from a day on (S3-12, S3-45)."""

    _name = "dunning.channel.cost"
    _description = "Channel Cost"
    _inherit = ["dunning.guard.mixin"]
    _order = "company_id, channel, date_from desc"
    _rec_name = "channel"
    _check_company_domain = models.check_company_domain_parent_of

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
        help="Its branches without settings of their own have the same costs.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        required=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="The cost holds until the next one of the same channel.",
    )
    amount = fields.Monetary(
        string="Cost per Contact",
        help="Postage, paper and time for one contact; for an SMS, the price of one "
        "part.",
    )

    _period_unique = models.UniqueIndex(
        "(company_id, channel, date_from)",
        "This channel already has a cost starting on this day: change that one.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "A cost cannot be negative."
    )

    @api.model
    def _get_costs(self, company, day):
        """Return the cost of one contact, by channel.

        :param company: res.company; without settings of its own its parent's count
        :param day: the company's day
        :return: {channel code: amount in the currency of the company whose settings
            count}, without the channels whose cost is not on record
        """
        domain = Domain("company_id", "=", company._dunning_setup_company().id)
        # sudo: users who send may not see the costs
        costs_sudo = self.sudo().search(
            domain & Domain("date_from", "<=", day), order="date_from"
        )
        return {cost.channel: cost.amount for cost in costs_sudo}

    @api.model
    def _set_costs(self, company, day, costs):
        """Record the costs of contacts from a day on; unchanged ones are skipped.

        :param costs: {channel code: amount in the company's currency}
        """
        setup = company._dunning_setup_company()
        known = self._get_costs(setup, day)
        changed = {
            code: amount
            for code, amount in costs.items()
            if setup.currency_id.compare_amounts(known.get(code, 0), amount)
        }
        same_day = self.search(
            [
                ("company_id", "=", setup.id),
                ("date_from", "=", day),
                ("channel", "in", list(changed)),
            ]
        )
        same_day.unlink()
        values = {"company_id": setup.id, "date_from": day}
        self.create(
            [
                {**values, "channel": code, "amount": amount}
                for code, amount in changed.items()
            ]
        )
