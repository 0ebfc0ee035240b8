from odoo.tools import SQL

from .pipeline import Pipeline
from .values import values_cte


class Outlook(Pipeline):
    """What the planner knows beyond the next step of a claim."""

    def later(self):
        """The table `timed`, with all steps that are left to each claim, not the next
        one alone: their trigger dates as things stand."""
        return [
            *self.ledger(),
            *self.steps(),
            *self.history(),
            self._open_items(),
            self._eligible(),
            self._candidate(),
            self._timed(),
        ]

    def _candidate(self):
        return SQL("candidate AS (SELECT eligible.* FROM eligible)")


class Standing(Pipeline):
    """Customers with their set-up and balance, whether they owe something or not."""

    _customer_source = "asked"

    def tables(self, customers):
        rows = [(id_,) for id_ in customers.ids]
        return [values_cte("asked", {"partner_id": "int"}, rows), *self.ledger()]
