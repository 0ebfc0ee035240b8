from datetime import date

from odoo import models
from odoo.tools import format_date

from ...ledger.account_move_line import SETTLED_STATES
from ...setup.labels import get_labels

# Upper limits of the ages of overdue items in days, by code; see the report.
AGES = {"not_due": 0, "1_30": 30, "31_60": 60, "61_90": 90}
OLDEST = "91"


class DunningGlance(models.AbstractModel):
    """Extend the glance with the open items, their age and their next step."""

    _inherit = "dunning.glance"

    def _get_open_items(self, subject):
        """Return the open items, the oldest first, credits included."""
        # sudo: salespeople may have no accounting rights, see `_check_reader`
        Item = self.env["account.move.line"].sudo()
        domain = Item._get_dunning_open_domain(subject.companies, date.max)
        of_customer = [("partner_id.commercial_partner_id", "=", subject.customer.id)]
        return Item.search([*domain, *of_customer], order="date_maturity, date, id")

    def _get_outlook(self, subject, items):
        """Return the planner's answers, their sentences and the steps left.

        :return: {item: dict of `answer`, `sentence`, `steps`}
        """
        explainer = self.env["dunning.explainer"].sudo()  # sudo: see the items
        answers = explainer._explain(items, subject.day)
        told = explainer._tell_answers(answers, subject.day)
        left = explainer._get_remaining_steps(items, subject.day)
        return {
            item: {
                "answer": answer,
                "sentence": told[item.id],
                "steps": left[item],
            }
            for item, answer in zip(items, answers, strict=True)
        }

    def _get_items(self, subject, items, outlook):
        return [
            self._get_item(subject, item, outlook[item]["answer"])
            | {"sentence": self._add_limitation(item, outlook[item]["sentence"])}
            for item in items
        ]

    def _add_limitation(self, item, sentence):
        """Return the sentence about an item, with the day of limitation when it is
        near."""
        if not item.dunning_is_limitation_near:
            return sentence
        day = format_date(self.env, item.dunning_limitation_date, date_format="long")
        return " ".join(
            filter(None, [sentence, self.env._("Time-barred after %(day)s.", day=day)])
        )

    def _get_item(self, subject, item, answer):
        step = self.env["dunning.step"].browse(answer["next_step_id"])
        due_date = item._dunning_due_date()
        failed = {rule["code"] for rule in answer["rules"] if rule["passed"] is False}
        is_paid_out = bool(item._dunning_filter_paid_out())
        return {
            "id": item.id,
            "move_id": item.move_id.id,
            "name": self._get_item_name(item),
            "company": item.company_id != subject.company and item.company_id.name,
            "due_date": self._date(due_date),
            "days_late": max((subject.day - due_date).days, 0) * (not is_paid_out),
            "amount": item.amount_residual_currency,
            "currency_id": item.currency_id.id,
            "is_credit": item.amount_residual < 0,
            "is_held": "held" in failed,
            "next_step": step.name or "",
            "next_channel": step.channel or "",
            "next_date": self._date(answer["trigger_date"]),
        }

    def _get_item_name(self, item):
        """Return the number of an item's entry, and what it is if it was paid out."""
        label = get_labels(item, "dunning_paid_out").get(item.dunning_paid_out)
        return f"{label} {item.move_id.name}" if label else item.move_id.name

    def _get_balance(self, subject, items, standing):
        """Sum up the open amounts by age, in the company's currency, and by currency.

        `late` is what is late of the claims, `promised` and `disputed` are parts of it,
        `credits` what stands against it, payments in process included, `to_ask` what
        may be asked for today: neither promised nor disputed, credits deducted.
        `overdue` and `total` are the net balances that the planner decides by. All are
        those of the companies that the user sees; `note` says whether the planner
        counts more.
        """
        currency = subject.company.currency_id
        ages = dict.fromkeys([*AGES, OLDEST], 0.0)
        offsets = self._get_pending(subject)
        paid_out = items._dunning_filter_paid_out()
        for item in items:
            if item.amount_residual < 0 or item in paid_out:
                offsets += item.amount_residual
            elif self._is_asked_for(item):
                ages[self._get_age(subject, item)] += item.amount_residual
        labels = self._get_age_labels()
        return {
            **self._get_late(subject, items),
            "overdue": standing["overdue"],
            "total": standing["total"],
            "note": self._get_hidden_text(subject),
            "credits": currency.round(offsets),
            "ages": [
                {
                    "code": code,
                    "label": labels[code],
                    "amount": currency.round(amount),
                }
                for code, amount in ages.items()
            ],
            "currencies": self._get_currency_totals(items),
        }

    def _get_pending(self, subject):
        """Return the sum of payments in process, negative in the customer's favour, in
        company currency."""
        # sudo: salespeople may have no accounting rights, see `_check_reader`
        payments = (
            self.env["account.payment"]
            .sudo()
            ._get_dunning_in_process(subject.customer, subject.companies, subject.day)
        )
        return -sum(
            payment.amount_company_currency_signed
            for payment in payments[subject.customer]
        )

    def _is_asked_for(self, item):
        """Return whether customers are asked to pay an item, see the ledger."""
        move = item.move_id
        return move.move_type == "entry" or move.payment_state not in SETTLED_STATES

    def _get_late(self, subject, items):
        """Return the late amounts as in the analysis of overdue money, and what may be
        asked for."""
        # sudo: salespeople may have no accounting rights, see `_check_reader`
        Report = self.env["dunning.overdue.report"].sudo()
        names = ("amount_overdue", "amount_promised", "amount_disputed")
        domain = [("move_line_id", "in", items.ids)]
        sums = Report._read_group(domain, [], [f"{name}:sum" for name in names])[0]
        planner = self.env["dunning.planner"].sudo()  # sudo: as for planning
        to_ask = planner._get_late_amounts(
            subject.company, subject.day, subject.customer, subject.companies.sudo()
        )
        currency = subject.company.currency_id
        parts = zip(("late", "promised", "disputed"), sums, strict=True)
        return {
            **{name: amount or 0 for name, amount in parts},
            "to_ask": currency.round(sum(to_ask[subject.customer].values())),
        }

    def _get_currency_totals(self, items):
        return [
            {
                "currency_id": currency.id,
                "amount": currency.round(
                    sum(of_currency.mapped("amount_residual_currency"))
                ),
            }
            for currency, of_currency in items.grouped("currency_id").items()
        ]

    def _get_hidden_text(self, subject):
        """Return a note if the planner counts amounts that the user cannot see."""
        hidden = subject.company.sudo()._dunning_tree() - subject.companies
        # sudo: reveals only that there is something; see above
        Item = self.env["account.move.line"].sudo()
        domain = Item._get_dunning_open_domain(hidden, date.max)
        of_customer = [("partner_id.commercial_partner_id", "=", subject.customer.id)]
        if not hidden or not Item.search_count([*domain, *of_customer], limit=1):
            return ""
        return self.env._(
            "The follow-up of this customer also depends on amounts in companies that "
            "you do not see."
        )

    def _get_age(self, subject, item):
        days = (subject.day - item._dunning_due_date()).days
        return next((code for code, limit in AGES.items() if days <= limit), OLDEST)

    def _get_age_labels(self):
        labels = get_labels(self.env["dunning.overdue.report"], "age")
        return {"not_due": self.env._("Not due"), **labels}
