from odoo.tools import SQL

from .action_tables import Pipeline
from .values import values_cte


class Outlook(Pipeline):
    """Pipeline beyond the next step of a claim; steps in a waiting action count as
    performed on the day."""

    def later(self):
        """Return the tables up to `timed`, with the current trigger dates of all
        remaining steps of each claim, not only the next one."""
        return [
            *self.ledger(),
            *self.steps(),
            *self.history(),
            self._open_items(),
            self._eligible(),
            self._candidate(),
            self._timed(),
        ]

    def _line_state(self):
        return SQL(
            "CASE WHEN line.state = 'open' THEN 'done' ELSE %s END",
            super()._line_state(),
        )

    def _line_performed_date(self):
        return SQL(
            "CASE WHEN line.state = 'open' THEN %s ELSE %s END",
            self.day,
            super()._line_performed_date(),
        )

    def _candidate(self):
        return SQL("candidate AS (SELECT eligible.* FROM eligible)")


class Standing(Pipeline):
    """Pipeline of customers with their set-up and balance, debtors or not."""

    _customer_source = "asked"

    def tables(self, customers):
        rows = [(id_,) for id_ in customers.ids]
        return [values_cte("asked", {"partner_id": "int"}, rows), *self.ledger()]
