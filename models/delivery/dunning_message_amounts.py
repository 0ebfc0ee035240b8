from odoo import models

from ..ledger.credits import Claim, Credit, allocate
from ..message.amount_row import AmountRow


class DunningMessageMixin(models.AbstractModel):
    """Extend the amount of messages with what the planner knows on their day: what is
    promised, disputed or being paid, and the credits of the whole company tree.

    A credit is used once a day, whatever the number of messages: each of them is set
    against claims in the order of `allocate`, whether they are asked for that day or
    not.
    """

    _inherit = "dunning.message.mixin"

    def _get_amount_rows(self, day=None):
        """Ask for the claims what the planner still follows up, and deduct the
        credits."""
        rows = super()._get_amount_rows(day)
        live = self.filtered(lambda a: a.kind != "thanks" and (day or a._is_live()))
        for (company, on), actions in live._grouped_by_day().items():
            opens = self._get_open_amounts(company, day or on, actions.partner_id)
            parts = {
                customer: self._allocate(items, company)
                for customer, items in opens.items()
            }
            for action in actions:
                items = opens.get(action.partner_id, {})
                own = rows[action]
                if day:  # settled claims are no longer among the open items
                    own = [row._replace(amount=0) for row in own]
                rows[action] = action._set_against(
                    own, items, parts.get(action.partner_id, ())
                )
        return rows

    def _is_live(self):
        """Return whether the message has not left: its amounts are those of the
        ledger."""
        return not self.performed_date

    def _get_open_amounts(self, company, day, customers):
        """Return {customer: {item id: its row}}, see the planner."""
        planner = self.env["dunning.planner"].sudo()  # sudo: as for planning
        opens = {customer: {} for customer in customers}
        for row in planner._get_open_amounts(company, day, customers):
            customer = customers.browse(row["partner_id"])
            opens.setdefault(customer, {})[row["id"]] = row
        return opens

    def _allocate(self, items, company):
        """Set the credits of a customer against their claims.

        :param items: {item id: its row}
        :param company: res.company whose tree it is about
        :return: see `allocate`; keys are ids of journal items
        """
        tree = company.sudo()._dunning_tree().ids  # sudo: only the order of companies
        claims, credits = [], []
        for row in items.values():
            place = tree.index(row["company_id"])
            if row["amount"] < 0:
                credit = Credit(row["id"], place, row["currency_id"], -row["amount"])
                credits.append(credit)
            elif row["is_counted"]:
                claims.append(
                    Claim(
                        row["id"],
                        place,
                        row["currency_id"],
                        row["due_date"],
                        row["is_overdue"],
                        row["amount"],
                    )
                )
        return allocate(claims, credits)

    def _set_against(self, rows, items, parts):
        """Return the rows of a message with the amounts of the day, then its credits.

        :param rows: list of AmountRow of the claims
        :param items: {item id: its row} of the customer
        :param parts: see `allocate`
        """
        Item = self.env["account.move.line"]
        asked = {
            row.item.id: row._replace(
                amount=items.get(row.item.id, {}).get("amount", row.amount)
            )
            for row in rows
        }
        credits = [
            asked[claim]._replace(
                code="credit",
                amount=-asked[claim].currency.round(amount),
                source=Item.browse(credit),
            )
            for claim, credit, amount in parts
            if claim in asked
        ]
        return [*asked.values(), *credits, *self._name_others(rows, items)]

    def _name_others(self, rows, items):
        """Return a row for each credit in a currency in which nothing is asked for: it
        is named, not deducted."""
        currencies = {row.currency.id for row in rows}
        return [
            AmountRow(
                "named",
                0,
                self.env["res.currency"].browse(item["currency_id"]),
                self.env["res.partner.bank"],
                rows[0].item,
                self.env["account.move.line"].browse(item["id"]),
                -item["amount"],
            )
            for item in items.values()
            if rows and item["amount"] < 0 and item["currency_id"] not in currencies
        ]
