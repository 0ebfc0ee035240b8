from odoo import models
from odoo.tools import SQL

from .pipeline.outlook import Outlook, Standing


class DunningExplainer(models.AbstractModel):
    """Extend the explainer with the remaining steps, and the status of a whole
    customer."""

    _inherit = "dunning.explainer"

    def _get_remaining_steps(self, move_lines, date):
        """Return the remaining steps of each claim, next one included, and their due
        days if all goes as planned.

        Days are exact for a claim on schedule; for a late one, later steps move with
        the day of the next one. The step of an unfinished action counts as performed on
        the day: it is left out. Steps from one with a broken filter on are left out.

        :param move_lines: account.move.line, readable by the user
        :param date: the company's day
        :return: {item: [(dunning.step, trigger date)]}, in the order of the steps
        """
        move_lines.check_access("read")
        left = {item: [] for item in move_lines}
        for company, items in move_lines.grouped("company_id").items():
            settings = self.env["dunning.planner"]._prepare(company, date)
            rows = self._fetch_left(settings, items)
            broken = {step.id for step in settings.film.broken}
            stopped = set()
            for row in rows:  # in the order of the steps
                if row["step_id"] in broken:
                    stopped.add(row["id"])
                if row["id"] in stopped:
                    continue
                item = items.browse(row["id"])
                step = self.env["dunning.step"].browse(row["step_id"])
                left[item].append((step, row["trigger_date"]))
        return left

    def _fetch_left(self, settings, items):
        planner = self.env["dunning.planner"]
        scope = planner._get_scope(settings, items.partner_id.commercial_partner_id)
        return planner._fetch(
            Outlook(settings, scope).later(),
            SQL(
                """SELECT id, step_id, trigger_date FROM timed
                    WHERE id = ANY(%s) ORDER BY id, rank""",
                items.ids,
            ),
        )

    def _get_standing(self, company, customer, date, companies=None):
        """Return the status of a customer in a company, as the planner sees it.

        :param customer: res.partner, commercial
        :param companies: companies of the tree included in the balances, for users who
            do not see them all; by default all, as in the planner
        :return: dict: `scenario_id`, `scenario_source` (customer, segment, company or
            None), `collector_id`, `is_stopped`, and the net balances over the company
            tree in the company's currency, credits deducted: `overdue`, `total`
        """
        planner = self.env["dunning.planner"]
        settings = planner._prepare(company, date)
        if companies is not None:
            settings.tree = companies
        scope = planner._get_scope(settings, customer)
        (row,) = planner._fetch(
            Standing(settings, scope).tables(customer),
            SQL(
                """SELECT customer.scenario_id, customer.scenario_source,
                          customer.collector_id, customer.is_stopped,
                          COALESCE(b.overdue, 0)::float AS overdue,
                          COALESCE(b.total, 0)::float AS total
                     FROM customer
                     LEFT JOIN balance b ON b.partner_id = customer.id
                    WHERE customer.id = %s""",
                customer.id,
            ),
        )
        return row

    def _get_source_label(self, source):
        """Return the origin of the scenario of a claim or customer, as text.

        :param source: `scenario_source` of an answer
        """
        return {
            "entry": self.env._("chosen on the entry"),
            "customer": self.env._("chosen for the customer"),
            "segment": self.env._("scenario of the customer's segment"),
            "company": self.env._("default of the company"),
        }.get(source)
