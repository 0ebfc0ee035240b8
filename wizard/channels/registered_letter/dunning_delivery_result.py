from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....models.channels.dunning_delivery import ARRIVED_STATES
from ....models.channels.registered_letter.postal_number import format_number


class DunningDeliveryResult(models.TransientModel):
    """Record the results of registered letters: several at once, chosen in the list or
    named by their numbers, all of them or none (S3-10)."""

    _name = "dunning.delivery.result"
    _description = "Results of Registered Letters"
    _inherit = ["dunning.number.mixin"]

    postal_state = fields.Selection(
        selection=[
            ("delivered", "Delivered"),
            ("refused", "Refused"),
            ("unclaimed", "Not claimed"),
            ("returned", "Returned: unknown address"),
        ],
        string="Result",
        default="delivered",
        required=True,
    )
    result_date = fields.Date(
        required=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    delivery_ids = fields.Many2many(
        comodel_name="dunning.delivery",
        string="Letters",
        default=lambda self: self._default_delivery_ids(),
    )
    numbers = fields.Text(help="Numbers of letters with this result, one per line.")
    receipt = fields.Binary(
        string="Acknowledgement of Receipt", help="The returned slip, scanned."
    )
    receipt_name = fields.Char()

    @api.model
    def _default_delivery_ids(self):
        if self.env.context.get("active_model") != "dunning.delivery":
            return self.env["dunning.delivery"]
        return self.env["dunning.delivery"].browse(self.env.context.get("active_ids"))

    def action_save(self):
        """Record the result of the letters.

        :raise UserError: a number is unknown, wrong or duplicate, a letter was not
            deposited, or the day is impossible; nothing is recorded then
        """
        self.ensure_one()
        numbers = self._split_numbers(self.numbers)
        letters = self.delivery_ids | self._find_letters(numbers)
        self._refuse(self._get_errors(numbers, letters))
        letters.action_id.check_access("write")
        # sudo: the journal is written by methods only, after the check of rights
        letters_sudo = letters.sudo()
        if self.receipt:
            letters_sudo._store_proof(
                "receipt_id",
                self.receipt_name or self.env._("Acknowledgement of receipt"),
                b64decode(self.with_context(bin_size=False).receipt),
            )
        letters_sudo._register_results(self.postal_state, self.result_date)
        return {"type": "ir.actions.act_window_close"}

    def _get_errors(self, numbers, letters):
        if not letters and not numbers:
            raise UserError(self.env._("Choose letters, or paste their numbers."))
        errors = [*self._get_doubled_errors(numbers)]
        known = set(letters.mapped("tracking_number"))
        for number in dict.fromkeys(numbers):
            if number not in known:
                errors.append(
                    self._get_format_error(number)
                    or self.env._(
                        "No letter has the number %(number)s.",
                        number=format_number(number),
                    )
                )
        errors += [
            self.env._(
                "%(letter)s: no registered letter is on its way there.",
                letter=letter._get_letter_name(),
            )
            for letter in letters
            if letter.postal_state not in ("deposited", *ARRIVED_STATES)
        ]
        if self.receipt and len(letters) > 1:
            errors.append(
                self.env._(
                    "An acknowledgement of receipt belongs to one letter: note the "
                    "letters one by one, or leave the file out."
                )
            )
        return errors
