from collections import defaultdict

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL, format_date
from odoo.tools.translate import LazyTranslate

from ..pipeline import rules
from ..pipeline.film_tables import FilmTables
from ..pipeline.scope import EVERYTHING

_lt = LazyTranslate(__name__)

# Planner rules that leave overdue money without follow-up, in the order of their
# remedies; promises and disputes are followed up in another way.
FORGOTTEN_RULES = (
    "scenario",
    "insolvent",
    "no_followup",
    "go_live",
    "stop",
    "postponed",
)
EXCLUDED_RULES = ("payment_method", "partial", "step", "filter")
STOP = rules.Check("stop", SQL("f.is_stopped"), _lt("Customer in “stop”"))
ARCHIVED = rules.Check("archived", SQL("f.is_archived"), _lt("Customer archived"))
# Gap of money paid out to a customer, and the days that it may wait to be matched.
PAID_OUT = "paid_out"
PAID_OUT_DAYS = 5
LABELS = {
    "scenario": _lt("No scenario"),
    "address": _lt("No usable address"),
    "no_followup": _lt("Excluded from follow-up"),
    "go_live": _lt("Due before the start, not taken in"),
    "insolvent": _lt("Insolvent: claims to be declared"),
    "stop": _lt("In “stop”"),
    "postponed": _lt("Postponed"),
    "archived": _lt("Archived customer"),
    "paid_out": _lt("Refund or returned payment, not matched"),
    "payment_method": _lt("Payment method not followed up"),
    "partial": _lt("Partly paid, not followed up by the scenario"),
    "step": _lt("All steps played"),
    "filter": _lt("Step whose filter cannot be used"),
}
REMEDIES = {
    "scenario": _lt("Give the customer a segment or a scenario."),
    "address": _lt("Complete the address, the telephone number or the e-mail."),
    "no_followup": _lt("Lift the exclusion of the entries, or settle them."),
    "go_live": _lt("Take the old entries in."),
    "insolvent": _lt("Declare the claims to the administrator."),
    "stop": _lt("Lift the stop once its reason no longer applies."),
    "postponed": _lt("Nothing to do before that day, unless you decide otherwise."),
    "archived": _lt("Restore the customer, or settle the open items."),
    "paid_out": _lt(
        "Returned: match it with its receipt. Or take it in, so that it is followed up."
    ),
    "payment_method": _lt("Collect by that method, or choose a manual one."),
    "partial": _lt("Ask for the rest by hand, or let the scenario include it."),
    "step": _lt("Decide: another scenario, a lawyer, a write-off."),
    "filter": _lt("Ask a manager to correct the filter of the step in its scenario."),
}


class DunningCoverage(models.AbstractModel):
    """Customers with overdue money and no follow-up, with reason and remedy.

    It reads the planner's tables and rules, and has no rule of its own. A customer is
    forgotten if none of their overdue claims is followed up, or if money paid out to
    them is not matched after some days.
    """

    _name = "dunning.coverage"
    _description = "Coverage of the Follow-Up"

    # ---- entry points ----------------------------------------------------------------

    @api.model
    def get_summary(self):
        """Return the number of customers with overdue money and follow-up, and the
        gaps.

        For the user's active companies; amounts in the currency of the current one.

        :return: dict `percent` (of the customers), `amount_percent` (of the money),
            `customers` (with overdue money), `forgotten`, `gaps`: list of dicts
            `code`, `label`, `remedy`, `count`, `amount`, `amount_text`, `action`
            (window action on exactly these customers), the most money first
        :raise AccessError: the user is no collector
        """
        self.env["dunning.action"].check_access("write")
        rows = self._get_rows()
        customers = {row["partner_id"] for row in rows}
        total = sum(row["amount"] for row in rows)
        followed = sum(row["amount_followed"] for row in rows)
        gaps = defaultdict(list)
        for row in rows:
            if row["code"]:
                gaps[row["code"]].append(row)
        forgotten = {row["partner_id"] for of_code in gaps.values() for row in of_code}
        return {
            "percent": _get_percent(len(customers) - len(forgotten), len(customers)),
            "amount_percent": _get_percent(followed, total),
            "customers": len(customers),
            "forgotten": len(forgotten),
            "gaps": sorted(
                (self._prepare_gap(code, of_code) for code, of_code in gaps.items()),
                key=lambda gap: -gap["amount"],
            ),
        }

    def _get_rows(self, customers=None):
        """Return the overdue amount per customer and company, and the reason for a gap.

        :param customers: commercial partners, by default all
        :return: list of dicts `partner_id`, `company_id`, `code` (key of `LABELS`, None
            if followed up), `amount` (overdue, or paid out: a row of its own),
            `amount_followed`, both in the currency of the current company, `reason`
            (text for the user)
        """
        rows = []
        for company in self.env.companies:
            day = company._dunning_today()
            settings = self.env["dunning.planner"]._prepare(company, day)
            found = self._fetch_rows(settings, customers)
            self._add_address_gaps(settings, found)
            rows += self._convert(company, day, found)
        return rows

    # ---- the planner's tables --------------------------------------------------------

    def _fetch_rows(self, settings, customers):
        """Return {customer id: row} of one company, in one query."""
        planner = self.env["dunning.planner"]
        scope = EVERYTHING
        if customers is not None:
            scope = planner._get_scope(settings, customers)
        tables = FilmTables(settings, scope)
        records = planner._fetch(
            [*tables.ledger(), *tables.film()],
            SQL(
                """SELECT partner_id, gap, SUM(amount_residual) AS amount,
                          (ARRAY_AGG(step_id ORDER BY rank DESC NULLS LAST))[1]
                              AS step_id,
                          ARRAY_AGG(DISTINCT move_id) AS move_ids,
                          MAX(postponed_until) AS postponed_until,
                          MAX(insolvent_since) AS insolvent_since
                     FROM (SELECT f.*, CASE WHEN (f.is_in_action OR %(waits)s)
                                                 AND NOT f.is_archived THEN NULL
                                            ELSE %(gap)s END AS gap
                             FROM film f WHERE f.is_overdue) f
                    GROUP BY partner_id, gap
                    UNION ALL
                   SELECT partner_id, %(paid_out)s, SUM(amount_residual), NULL,
                          ARRAY_AGG(DISTINCT move_id), NULL, NULL
                     FROM item
                    WHERE is_paid_out AND company_id = %(company)s
                      AND date + %(days)s <= %(day)s
                    GROUP BY partner_id""",
                gap=rules.first_failed(self._get_checks()),
                waits=self._get_waiting_sql(settings.company),
                paid_out=PAID_OUT,
                company=settings.company.id,
                days=PAID_OUT_DAYS,
                day=settings.day,
            ),
        )
        rows = {}
        for record in records:
            row = rows.setdefault(
                record["partner_id"],
                {"amount": 0, "amount_followed": 0, "gaps": [], "paid_out": None},
            )
            if record["gap"] == PAID_OUT:
                row["paid_out"] = record
                continue
            row["amount"] += record["amount"]
            if record["gap"]:
                row["gaps"].append(record)
            else:
                row["amount_followed"] += record["amount"]
                row |= {key: record[key] for key in ("step_id", "move_ids")}
        return rows

    def _get_waiting_sql(self, company):
        """Return the SQL condition of a claim whose message its service has not yet
        taken: it still counts as followed up, whatever step it has played. Extended by
        the deliveries.

        :param company: res.company of the claims, which are `f.id` in the condition
        """
        return SQL("FALSE")

    def _get_checks(self):
        """Return the planner rules that leave a claim without follow-up, in order."""
        by_code = {rule.code: rule for rule in rules.CLAIM_RULES + rules.TIMING_RULES}
        by_code["stop"] = STOP
        looked_after = [by_code[code] for code in ("handed_over", "held")]
        return [
            *(by_code[code] for code in FORGOTTEN_RULES),
            # Promised, disputed or handed-over claims are looked after: no gap.
            *(rules.Check(None, rule.failed, rule.label) for rule in looked_after),
            ARCHIVED,
            *(by_code[code] for code in EXCLUDED_RULES),
        ]

    # ---- addresses -------------------------------------------------------------------

    def _add_address_gaps(self, settings, rows):
        """Add a gap for customers whom no channel of their next step reaches."""
        by_step = defaultdict(dict)
        for partner_id, row in rows.items():
            if row.get("step_id"):
                by_step[row["step_id"]][partner_id] = row
        for step in settings.env["dunning.step"].browse(by_step):
            missing = self._get_unreachable_customers(settings, step, by_step[step.id])
            for partner_id, reason in missing.items():
                row = rows[partner_id]
                gap = {"gap": "address", "amount": row["amount_followed"]}
                row["gaps"].append(gap | {"reason": reason})
                row["amount_followed"] = 0

    def _get_unreachable_customers(self, settings, step, rows):
        """Return {customer id: reason} of the customers whom no channel of a step
        reaches.

        :param rows: {id of a customer with this next step: row}
        """
        reasons = defaultdict(list)
        for code in step._get_channels():
            channel = self.env["dunning.channel"]._get(code)
            # Few customers have only the contacts named on their invoices.
            for is_named in (False, True):
                if not rows:
                    return {}
                actions = self._new_sample_actions(settings, step, rows, is_named)
                reached = {a.partner_id.id for a in channel._reach(actions)}
                rows = {id_: row for id_, row in rows.items() if id_ not in reached}
            left = actions.filtered(lambda a, known=rows: a.partner_id.id in known)
            for action, reason in channel._explain_unreachable(left).items():
                reasons[action.partner_id.id].append(reason)
        return {id_: " ".join(reasons[id_]) for id_ in rows}

    def _new_sample_actions(self, settings, step, rows, is_named):
        """Return unsaved actions for the checks of the channels.

        :param is_named: whether to add their invoices, hence the contacts named there
        """
        # sudo: a customer's contacts do not depend on the user
        Action = settings.env["dunning.action"].sudo()
        return Action.concat(
            *(
                Action.new(
                    {
                        "company_id": settings.company.id,
                        "partner_id": partner_id,
                        "step_id": step.id,
                        "channel": step.channel,
                        "line_ids": [
                            Command.create({"move_id": move_id, "state": "open"})
                            for move_id in row["move_ids"]
                            if is_named
                        ],
                    }
                )
                for partner_id, row in rows.items()
            )
        )

    # ---- texts -----------------------------------------------------------------------

    def _convert(self, company, day, rows):
        """Return the rows of a company in the user's language and currency."""
        currency = self.env.company.currency_id
        rate = company.currency_id._get_conversion_rate(
            company.currency_id, currency, company, day
        )
        return [
            {
                "partner_id": partner_id,
                "company_id": company.id,
                "code": gap.get("gap"),
                "reason": self._get_reason(gap),
                "amount": currency.round(float(amount) * rate),
                "amount_followed": currency.round(float(followed) * rate),
            }
            for partner_id, row in rows.items()
            for gap, amount, followed in self._split(row)
        ]

    def _split(self, row):
        """Return the (gap, overdue amount, part of it that is followed up) of a
        customer: of their claims, and of the money paid out to them."""
        parts = []
        if row["amount"]:
            gap = {}
            if not row["amount_followed"] and row["gaps"]:
                gap = max(row["gaps"], key=lambda record: record["amount"])
            parts.append((gap, row["amount"], row["amount_followed"]))
        if paid_out := row["paid_out"]:
            parts.append((paid_out, paid_out["amount"], 0))
        return parts

    def _get_reason(self, gap):
        if not gap:
            return ""
        if gap["gap"] == "address":
            return gap["reason"]
        if gap["gap"] == "postponed":
            return self.env._(
                "Postponed until %(day)s",
                day=format_date(self.env, gap["postponed_until"]),
            )
        return self._get_text(LABELS[gap["gap"]])

    def _get_text(self, text):
        return text._translate(self.env.lang or "en_US")

    def _prepare_gap(self, code, rows):
        amount = sum(row["amount"] - row["amount_followed"] for row in rows)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.res_partner_action_forgotten"
        )
        label = self._get_text(LABELS[code])
        return {
            "code": code,
            "label": label,
            "remedy": self._get_text(REMEDIES[code]),
            "count": len({row["partner_id"] for row in rows}),
            "amount": amount,
            "amount_text": self.env.company.currency_id.format(amount),
            "action": {
                **action,
                "display_name": label,
                "domain": [("dunning_gap", "=", code)],
                "context": {"active_test": False},
            },
        }


def _get_percent(part, whole):
    """Return a part in percent, rounded down: 100 only if nothing is missing."""
    return int(1000 * part / whole) / 10 if whole else 100.0
