from collections import Counter
from datetime import date
from functools import partial

from odoo import api, fields, models


class DunningTeam(models.Model):
    """Extend teams with the distribution of customers who owe money, by rules, so that
    the members have about as many each."""

    _inherit = "dunning.team"

    rule_ids = fields.One2many(
        comodel_name="dunning.team.rule", inverse_name="team_id", string="Customers"
    )

    filter_problems = fields.Text(compute="_compute_filter_problems")

    @api.depends("rule_ids.filter_problem")
    @api.depends_context("lang")
    def _compute_filter_problems(self):
        for team in self:
            broken = team.rule_ids.filtered("filter_problem")
            problems = (rule._tell_filter_problem() for rule in broken)
            team.filter_problems = "\n".join(problems)

    # ---- buttons ---------------------------------------------------------------------

    def action_give_customers(self):
        """Distribute the customers without a collector to the teams, in the user's
        active companies."""
        return self._give_in_companies(is_all=False)

    def action_give_all_customers(self):
        """Distribute all customers anew, also those with a collector."""
        return self._give_in_companies(is_all=True)

    def _give_in_companies(self, is_all):
        self.env["dunning.team"].check_access("write")
        count = sum(
            len(self._give_customers(company, is_all)) for company in self.env.companies
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": self.env._(
                    "Customers assigned to a collector: %(count)s.", count=count
                )
                if count
                else self.env._("No customer had to be assigned to somebody else."),
            },
        }

    # ---- business --------------------------------------------------------------------

    @api.model
    def _cron_give_customers(self):
        """Distribute customers without a collector to the teams, company by company; an
        error stops no other company."""
        companies = self.env["res.company"].search([("active", "=", True)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self.env["dunning.trouble"]._attempt(
                "team", company, partial(self._give_customers, company)
            )
            if not cron._commit_progress(1):
                break

    @api.model
    def _give_customers(self, company, is_all=False):
        """Distribute the customers who owe money to a company to the collectors of the
        teams: the first matching rule decides.

        The number of queries depends on the rules, not on the customers.

        :param company: res.company
        :param is_all: whether to include customers with a collector
        :return: the customers whose collector changed
        """
        rules = self.env["dunning.team.rule"].search(
            [
                ("team_id.company_id", "in", (False, *company._dunning_chain().ids)),
                ("team_id.active", "=", True),
            ]
        )
        amounts = self._get_amounts_owed(company) if rules else {}
        # sudo: the user's right was checked, not every customer is readable
        left = self.env["res.partner"].sudo().with_company(company).union(*amounts)
        owners = {customer: customer.dunning_collector_id for customer in left}
        if not is_all:
            left = left.filtered(lambda customer: not owners[customer].active)
        loads = Counter(
            owners[customer] for customer in owners if is_all or customer not in left
        )
        changed, broken = left.browse(), {}
        for rule in rules.sorted(lambda r: (r.team_id.sequence, r.team_id.id)):
            matching, problem = rule._filter_customers(left, amounts)
            if problem:  # later rules must not take its customers
                broken[rule] = problem
                left -= matching
                continue
            members = rule.team_id._get_collectors(company)
            if members:
                left -= matching
                changed |= matching._dunning_distribute(members, owners, loads)
        rules._register_filters(company, broken)
        return changed

    @api.model
    def _get_amounts_owed(self, company):
        """Return {customer: amount owed}, in the company's currency."""
        # sudo: as above
        Item = self.env["account.move.line"].sudo()
        rows = Item._read_group(
            Item._get_dunning_owed_domain(company, date.max),
            ["partner_id"],
            ["amount_residual:sum"],
        )
        amounts = Counter()
        for contact, amount in rows:
            amounts[contact.commercial_partner_id.with_company(company)] += amount
        return amounts

    def _get_collectors(self, company):
        """Return the present members of the team, else its manager."""
        present = self._get_people()._dunning_get_present(company)
        return (present & self.member_ids) or present
