from contextlib import suppress

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

# Switch of the company for each kind.
SWITCHES = {
    "promise": "dunning_is_promise_accepted",
    "paid": "dunning_is_paid_accepted",
    "not_received": "dunning_is_not_received_accepted",
    "dispute": "dunning_is_dispute_accepted",
}
FIRM_TONES = ("firm", "formal")


class DunningDeclaration(models.Model):
    """Extend the declaration with its acceptance without a person, where the company
    says so."""

    _inherit = "dunning.declaration"

    def _accept_by_itself(self):
        """Accept what a collector could accept, once per claim; send invoices again
        that were not received.

        What cannot be accepted waits for a person.
        """
        self.ensure_one()
        setup = self.company_id._dunning_setup_company()
        if not setup[SWITCHES[self.kind]]:
            return
        if self._may_accept_itself():
            with suppress(UserError), self.env.cr.savepoint():
                self._accept(is_automatic=True)
                return
        if self.kind == "not_received":
            self._send_again()

    def _may_accept_itself(self):
        """Return whether this is the first declaration accepted by itself about each of
        its claims, and the rule of its kind holds."""
        rules = {
            "promise": self._is_promise_usual,
            "not_received": self._is_before_firm_step,
        }
        rule = rules.get(self.kind)
        return not self._was_accepted_before() and (not rule or rule())

    def _was_accepted_before(self):
        known = self.env["dunning.declaration.line"].search_count(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("declaration_id.is_automatic", "=", True),
            ],
            limit=1,
        )
        return bool(known)

    def _is_promise_usual(self):
        """Return whether a collector could take the promise, asked for explicitly: the
        visitor's request runs with more rights than a collector's."""
        promise = self.env["dunning.promise"].new(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "currency_id": self.currency_id.id,
                "taken_date": self.declared_date,
                "term_ids": [Command.create(term) for term in self._get_terms_left()],
            }
        )
        return not promise._get_manager_reason()

    def _is_before_firm_step(self):
        """Return whether the claims were neither reported as not received before, nor
        followed up by a firm reminder."""
        items = self.line_ids.move_line_id
        reported = self.env["dunning.nonpayment"].search_count(
            [("move_line_id", "in", items.ids), ("reason", "=", "not_received")],
            limit=1,
        )
        firm = self.env["dunning.action.line"].search_count(
            [
                ("move_line_id", "in", items.ids),
                ("state", "=", "done"),
                ("step_id.tone", "in", FIRM_TONES),
            ],
            limit=1,
        )
        return not reported and not firm

    def _send_again(self):
        """Send the invoices again, without restarting their follow-up; a person decides
        on that."""
        reasons = self.env["dunning.nonpayment"]
        records = reasons.concat(
            *(
                reasons.new(
                    {**reasons._prepare_values(item), "move_id": item.move_id.id}
                )
                for item in self.line_ids.move_line_id
            )
        )
        if records._send_invoices():
            self.resent_date = self.declared_date
