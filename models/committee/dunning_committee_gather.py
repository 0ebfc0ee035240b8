from odoo import api, models
from odoo.tools import SQL

from ..planner.pipeline import rules
from ..planner.pipeline.film_tables import FilmTables
from ..planner.pipeline.scope import EVERYTHING

# Rules whose failing claims are not put before a committee: they are not chased now.
LEFT_ALONE = ("no_followup", "go_live", "insolvent", "handed_over", "held")


class DunningCommittee(models.Model):
    """Extend the session with the search for its customers in the planner's tables."""

    _inherit = "dunning.committee"

    def _gather(self, customers=None):
        """Put the customers with a reason on the agenda, with today's amounts, and drop
        the others. Decided cases stay.

        :param customers: commercial partners to look at; by default all
        """
        self.ensure_one()
        standings = self._get_standings(customers)
        decided = self._get_decided()
        waiting = {
            customer: deliveries
            for customer, deliveries in self._get_waiting(customers).items()
            if customer not in decided
        }
        deferred = self._get_deferred()
        reasons = {customer: "committee_step" for customer in waiting}
        for customer, standing in standings.items():
            if customer in reasons:
                continue
            if customer in deferred:
                reasons[customer] = "deferred"
            elif standing["is_over"]:
                reasons[customer] = "last_step"
            elif self._is_large(standing["overdue"]):
                reasons[customer] = "amount"
        amounts = {
            customer: standing["overdue"] for customer, standing in standings.items()
        }
        cases = self._put_on_agenda(reasons, amounts)
        for customer, deliveries in waiting.items():
            deliveries.committee_case_id = cases[customer]
        if customers is None:
            self._drop_settled(reasons, amounts)

    def _get_decided(self):
        """Return the customers decided by this session; what comes up for them later
        waits for the next one."""
        decided = self.case_ids.filtered(lambda case: case.state == "decided")
        return decided.partner_id

    def _is_large(self, amount):
        limit = self.company_id._dunning_setup_company().dunning_committee_amount
        return bool(limit) and self.currency_id.compare_amounts(amount, limit) >= 0

    @api.model
    def _get_checks(self):
        return [rule for rule in rules.CLAIM_RULES if rule.code in LEFT_ALONE]

    def _get_standings(self, customers=None):
        """Return the standing of customers on claims that are being chased.

        :return: {customer: dict(`overdue`: in the company's currency, credits deducted,
            `is_over`: whether a claim has been through its last step)}
        """
        planner = self.env["dunning.planner"]
        settings = planner._prepare(self.company_id, self.company_id._dunning_today())
        scope = EVERYTHING
        if customers is not None:
            scope = planner._get_scope(settings, customers)
        tables = FilmTables(settings, scope)
        rows = planner._fetch(
            [*tables.ledger(), *tables.film()],
            SQL(
                """SELECT f.partner_id,
                          LEAST(MAX(b.overdue), SUM(f.chaseable))::float AS overdue,
                          BOOL_OR(f.step_id IS NULL AND f.position > 0
                                  AND NOT f.is_in_action) AS is_over
                     FROM film f
                     JOIN balance b ON b.partner_id = f.partner_id
                    WHERE f.is_overdue AND NOT %s
                    GROUP BY f.partner_id
                   HAVING LEAST(MAX(b.overdue), SUM(f.chaseable)) > 0""",
                rules.any_failed(self._get_checks()),
            ),
        )
        partners = self.env["res.partner"]
        return {partners.browse(row.pop("partner_id")): row for row in rows}

    def _get_waiting(self, customers=None):
        """Return {customer: deliveries by committee that wait for a decision}, except
        those that another session is about to decide."""
        domain = [
            "|",
            "|",
            ("committee_case_id", "=", False),
            ("committee_case_id.committee_id", "=", self.id),
            ("committee_case_id.state", "!=", "open"),
            ("channel", "=", "committee"),
            ("state", "=", "waiting"),
            ("company_id", "=", self.company_id.id),
            ("action_id.state", "in", ("scheduled", "in_progress")),
        ]
        if customers is not None:
            domain.append(("action_id.partner_id", "in", customers.ids))
        # sudo: deliveries are written by methods only
        deliveries_sudo = self.env["dunning.delivery"].sudo().search(domain)
        by_customer = deliveries_sudo.grouped(lambda way: way.action_id.partner_id)
        return {
            customer.sudo(False): deliveries
            for customer, deliveries in by_customer.items()
        }

    def _get_deferred(self):
        """Return the customers left undecided by the last session."""
        cases = self.env["dunning.committee.case"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("committee_id", "!=", self.id),
                ("state", "!=", "dropped"),
            ],
            order="id",
        )
        last = {case.partner_id: case for case in cases}
        return {customer for customer, case in last.items() if case.state == "deferred"}

    def _put_on_agenda(self, reasons, amounts):
        """Make sure that each of these customers has a case.

        :param reasons: {customer: code of the origin}
        :param amounts: {customer: overdue amount}
        :return: {customer: case}
        """
        cases = {case.partner_id: case for case in self.case_ids}
        made = (
            self.env["dunning.committee.case"]
            ._journal()
            .create(
                [
                    {
                        "committee_id": self.id,
                        "partner_id": customer.id,
                        "origin": reason,
                        "amount_overdue": amounts.get(customer, 0),
                    }
                    for customer, reason in reasons.items()
                    if customer not in cases
                ]
            )
        )
        created = made.with_env(self.env)
        # sudo: the state of a case is written by methods only
        for customer in reasons.keys() & cases.keys():
            case_sudo = cases[customer].sudo()
            if case_sudo.state in ("open", "dropped"):
                case_sudo.write(
                    {
                        "state": "open",
                        "origin": reasons[customer],
                        "amount_overdue": amounts.get(customer, 0),
                    }
                )
        return cases | {case.partner_id: case for case in created}

    def _drop_settled(self, reasons, amounts):
        """Drop settled cases: paid, promised or handed over since."""
        for case in self.case_ids.filtered(lambda case: case.state == "open"):
            if case.partner_id in reasons:
                continue
            amount = amounts.get(case.partner_id, 0)
            is_kept = case.origin == "manual" and amount
            # sudo: as in `_put_on_agenda`
            case.sudo().write(
                {"state": "open" if is_kept else "dropped", "amount_overdue": amount}
            )
