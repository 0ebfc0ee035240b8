from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..scenario.filters.stored_filter import FilterError, search_filter, try_filter


class DunningTeamRule(models.Model):
    """Rule that gives customers to a team (S3-02). The first rule that matches a
    customer decides, in the order of teams and rules; an empty condition matches
    all."""

    _name = "dunning.team.rule"
    _inherit = ["dunning.filter.mixin", "dunning.shared.mixin", "dunning.guard.mixin"]
    _description = "Rule Assigning Customers to a Team"
    _order = "team_id, sequence, id"
    _check_company_auto = True

    team_id = fields.Many2one(
        comodel_name="dunning.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="team_id.company_id")
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    sequence = fields.Integer(default=10)
    segment_ids = fields.Many2many(
        comodel_name="dunning.segment", string="Segments", check_company=True
    )
    country_ids = fields.Many2many(comodel_name="res.country", string="Countries")
    salesperson_ids = fields.Many2many(
        comodel_name="res.users",
        string="Salespeople",
        domain="[('share', '=', False)]",
    )
    amount_from = fields.Monetary(
        string="Minimum Owed", help="Amount that the customer owes; 0: no lower limit."
    )
    amount_to = fields.Monetary(string="Maximum Owed", help="0: no upper limit.")
    domain = fields.Char(string="Customers Filter", help="Further conditions.")

    @api.depends("team_id.company_id")
    def _compute_currency_id(self):
        for rule in self:
            company = rule.team_id.company_id or self.env.company
            rule.currency_id = company.currency_id

    @api.constrains("domain")
    def _check_domain(self):
        """Refuse a filter that cannot be applied, or that the user may not apply."""
        for rule in self.filtered("domain"):
            try:
                try_filter(self.env["res.partner"], rule.domain)
            except FilterError as error:
                raise ValidationError(
                    self.env._(
                        "The filter on customers of the team “%(team)s” cannot be "
                        "applied: %(error)s",
                        team=rule.team_id.name,
                        error=error,
                    )
                ) from error

    def _get_filter_path(self):
        return "team_id"

    def _tell_filter_problem(self):
        self.ensure_one()
        return self.env._(
            "A rule of the team “%(team)s” assigns nobody to it: its filter on "
            "customers cannot be used (%(problem)s). The customers that it may be for "
            "wait. Choose the fields and values of the filter again.",
            team=self.team_id.name,
            problem=self.filter_problem,
        )

    def _get_domain(self):
        """Return the domain of the rule's own fields."""
        self.ensure_one()
        conditions = {
            "dunning_segment_id": self.segment_ids,
            "country_id": self.country_ids,
            "user_id": self.salesperson_ids,
        }
        return Domain.AND(
            Domain(name, "in", wanted.ids)
            for name, wanted in conditions.items()
            if wanted
        )

    def _filter_customers(self, customers, amounts):
        """Return the customers that match the rule, by one search.

        :param customers: res.partner in the company of the follow-up
        :param amounts: {customer: amount owed in the company's currency}
        :return: those customers and None; or, if the filter is broken, those that may
            match and the problem as text
        """
        self.ensure_one()
        within = Domain("id", "in", customers.ids) & self._get_domain()
        problem = None
        try:
            ids = search_filter(customers.browse(), self.domain, within)
        except FilterError as error:
            problem = str(error)
            ids = customers.search(within).ids
        found = customers.search(Domain("id", "in", ids)).filtered(
            lambda customer: (
                amounts.get(customer, 0) >= self.amount_from
                and (not self.amount_to or amounts.get(customer, 0) <= self.amount_to)
            )
        )
        return found, problem
