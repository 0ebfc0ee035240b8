"""Disputes of a replay: from the day after the due date until the payment."""

from collections import defaultdict
from datetime import timedelta

from odoo import Command

REASON = "account_dunning_scenario.dunning_dispute_reason_quality"


class Disputes:
    """Open and settle the disputes of a history.

    :param ledger: `Ledger` with the claims
    :param start: first day of the replay
    """

    def __init__(self, ledger, start):
        self.ledger = ledger
        # Notifications would only be e-mails to nobody.
        self.env = ledger.env(
            context={**ledger.env.context, "mail_activity_quick_update": True}
        )
        self.due = defaultdict(list)
        for invoice in ledger.invoices:
            opened = max(invoice.due + timedelta(days=1), start)
            if invoice.disputed and not (invoice.settled and invoice.settled <= opened):
                self.due[opened].append(invoice)
        self.opened = {}

    def open_day(self, day):
        """Settle the disputes paid on a day, and open those that begin."""
        paid = [i.number for i in self.ledger.settled[day] if i.number in self.opened]
        if paid:
            disputes = self.env["dunning.dispute"].union(
                *(self.opened.pop(number) for number in paid)
            )
            disputes.write({"outcome": "unfounded", "resolution": "explanation"})
            disputes.action_settle()
        if invoices := self.due[day]:
            disputes = self.env["dunning.dispute"].create(
                [self._prepare_values(invoice) for invoice in invoices]
            )
            numbers = [invoice.number for invoice in invoices]
            self.opened |= dict(zip(numbers, disputes, strict=True))

    def _prepare_values(self, invoice):
        claim = self.ledger.claims[invoice.number]
        return {
            "partner_id": claim.partner_id.id,
            "reason_id": self.env.ref(REASON).id,
            "description": "Disputed, says the history.",
            "hold": "claim",
            "claim_ids": [Command.create({"move_line_id": claim.id})],
        }
