from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....models.channels.registered_letter.postal_number import (
    clean_number,
    format_number,
)


class DunningDeliveryDeposit(models.TransientModel):
    """Record the deposit of registered letters at the post office, each with its
    number: several at once, all of them or none (S1-12)."""

    _name = "dunning.delivery.deposit"
    _description = "Deposit of Registered Letters"
    _inherit = ["dunning.number.mixin"]

    deposit_date = fields.Date(
        string="Deposited on",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    numbers = fields.Text(
        help="Numbers of the letters in the order below, one per line, as a scanner "
        "or a spreadsheet gives them."
    )
    proof = fields.Binary(
        string="Proof of Deposit", help="The stamped deposit form or list, scanned."
    )
    proof_name = fields.Char()
    line_ids = fields.One2many(
        comodel_name="dunning.delivery.deposit.line",
        inverse_name="deposit_id",
        string="Letters",
        default=lambda self: self._default_line_ids(),
    )

    @api.model
    def _default_line_ids(self):
        actions = self.env["dunning.action"].browse(self.env.context.get("active_ids"))
        if not actions:
            actions = actions.search([("state", "=", "in_progress")])
        return [
            fields.Command.create({"delivery_id": delivery.id})
            for delivery in actions._get_registered_deliveries()
        ]

    @api.onchange("numbers")
    def _onchange_numbers(self):
        """Assign the pasted numbers to the letters, in the order of the list."""
        for line, number in zip(
            self.line_ids, self._split_numbers(self.numbers), strict=False
        ):
            line.tracking_number = format_number(number)

    def action_deposit(self):
        """Record the deposit: the steps of these letters are performed on that day.

        :raise UserError: a number is missing, wrong or duplicate, or the day
            impossible; nothing is recorded then
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "There is no registered letter to deposit: send the actions first, "
                    "so that their letters are printed."
                )
            )
        if self.numbers and not any(self.line_ids.mapped("tracking_number")):
            self._onchange_numbers()
        numbers = {
            line.delivery_id: clean_number(line.tracking_number)
            for line in self.line_ids
        }
        self._refuse(self._get_errors(numbers))
        deliveries = self.line_ids.delivery_id
        deliveries.action_id._deposit(numbers, self.deposit_date)
        self._store_proof(deliveries)
        return {"type": "ir.actions.act_window_close"}

    def _get_errors(self, numbers):
        errors = [
            self.env._("%(customer)s: the number is missing.", customer=customer)
            for customer in (
                delivery.action_id.partner_id.name
                for delivery, number in numbers.items()
                if not number
            )
        ]
        given = list(filter(None, numbers.values()))
        errors += filter(None, map(self._get_format_error, dict.fromkeys(given)))
        errors += self._get_doubled_errors(given)
        pasted = self._split_numbers(self.numbers)
        if pasted and len(pasted) != len(self.line_ids):
            errors.append(
                self.env._(
                    "%(numbers)s numbers were pasted for %(letters)s letters.",
                    numbers=len(pasted),
                    letters=len(self.line_ids),
                )
            )
        errors += [
            self.env._(
                "%(number)s is already the number of a letter to %(customer)s.",
                number=format_number(letter.tracking_number),
                customer=letter.action_id.partner_id.name,
            )
            for letter in self._find_letters(given) - self.line_ids.delivery_id
        ]
        return errors

    def _store_proof(self, deliveries):
        """Attach the scanned proof to each of the letters it covers."""
        if not self.proof:
            return
        # sudo: the journal is written by methods only, after the deposit is recorded
        deliveries_sudo = deliveries.sudo()
        deliveries_sudo._store_proof(
            "deposit_proof_id",
            self.proof_name or self.env._("Proof of deposit"),
            b64decode(self.with_context(bin_size=False).proof),
        )
