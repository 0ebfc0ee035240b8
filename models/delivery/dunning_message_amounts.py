from odoo import models

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
        planner = self.env["dunning.planner"].sudo()  # sudo: as for planning
        for (company, on), actions in live._grouped_by_day().items():
            customers, tree = actions.partner_id, company.sudo()._dunning_tree().ids
            opens = planner._get_open_amounts(company, day or on, customers)
            parts = {
                customer: planner._allocate(items, tree)
                for customer, items in opens.items()
            }
            for action in actions:
                items = opens[action.partner_id]
                asked = [
                    row._replace(amount=action._get_claimable(row, items, day))
                    for row in rows[action]
                ]
                rows[action] = [
                    *asked,
                    *action._get_credits(asked, parts[action.partner_id]),
                    *action._name_others(asked, items),
                ]
        return rows

    def _get_claimable(self, row, items, day):
        """Return what is asked for a claim before credits: in a message that leaves,
        never more than was planned.

        :param row: AmountRow with the amount planned
        :param items: {item id: its row} of the customer
        :param day: as in `_get_amount_rows`; a claim that is settled is not among the
            items
        """
        if day:
            return items.get(row.item.id, {"amount": 0})["amount"]
        return min(items.get(row.item.id, {"amount": row.amount})["amount"], row.amount)

    def _is_live(self):
        """Return whether the message has not left: its amounts are those of the
        ledger."""
        return not self.performed_date

    def _get_credits(self, rows, parts):
        """Return a row for each part of a credit that is set against these claims.

        :param rows: list of AmountRow of the claims
        :param parts: see `allocate`
        """
        asked = {row.item.id: row for row in rows}
        left = {row.item.id: row.amount for row in rows}
        offsets = []
        for claim, credit, amount in parts:
            used = min(amount, left.get(claim, 0))
            if used > 0:
                left[claim] -= used
                row = asked[claim]._replace(
                    code="credit",
                    amount=-asked[claim].currency.round(used),
                    source=self._get_source(credit),
                )
                offsets.append(row)
        return offsets

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
                self._get_source(item["id"]),
                -item["amount"],
            )
            for item in items.values()
            if rows and item["amount"] < 0 and item["currency_id"] not in currencies
        ]

    def _get_source(self, key):
        """Return the journal item of a credit, none for a payment in process.

        :param key: see `_get_open_amounts`
        """
        return self.env["account.move.line"].browse(key if key > 0 else ())
