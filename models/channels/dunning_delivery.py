from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# States that count as arrived: the law treats all three alike.
ARRIVED_STATES = ("delivered", "refused", "unclaimed")


class DunningDelivery(models.Model):
    """States of a message after its deposit, on paper or not, where the receipt counts:
    each with its day, and the files that prove it."""

    _inherit = "dunning.delivery"

    tracking_number = fields.Char(
        copy=False,
        help="Number of the registered letter, or reference at the provider.",
    )
    postal_state = fields.Selection(
        selection=[
            ("deposited", "Deposited"),
            ("delivered", "Delivered"),
            ("refused", "Refused"),
            ("unclaimed", "Not claimed"),
            ("returned", "Returned: unknown address"),
        ],
        copy=False,
    )
    postal_date = fields.Date(
        string="State Since",
        copy=False,
        help="Day of the postal state, in the company's time zone.",
    )
    deposit_proof_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Proof of Deposit",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    receipt_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Acknowledgement of Receipt",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )

    def _get_arrival_date(self):
        self.ensure_one()
        if self.postal_state in ARRIVED_STATES:
            return self.postal_date
        return super()._get_arrival_date()

    def _register_results(self, state, day):
        """Record the result of deposited letters.

        A letter that is refused or not claimed has served its purpose: the step stays
        performed.

        :param state: code of `postal_state`
        :param day: the company's day of that state
        :raise UserError: the day is before the deposit or in the future
        """
        self._check_result_day(day)
        self.write({"postal_state": state, "postal_date": day})
        if state in ARRIVED_STATES:
            self.action_id._set_arrival()

    def _store_proof(self, field_name, name, content):
        """Store a file as proof of these deliveries, a copy with each action: every
        reader of the action sees its proofs.

        :param field_name: field of the attachment
        :param content: bytes
        """
        stored = self.env["dunning.document"]._store(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": "dunning.action",
                    "res_id": delivery.action_id.id,
                }
                for delivery in self
            ]
        )
        for delivery, attachment in zip(self, stored, strict=True):
            delivery[field_name] = attachment

    def _check_result_day(self, day):
        for delivery in self:
            today = delivery.company_id._dunning_today()
            if day > today:
                raise UserError(
                    self.env._(
                        "%(day)s is in the future: note the result of a letter once it "
                        "is known.",
                        day=format_date(self.env, day),
                    )
                )
            if delivery.performed_date and day < delivery.performed_date:
                raise UserError(
                    self.env._(
                        "%(letter)s was not deposited until %(deposited)s: its result "
                        "cannot date from %(day)s. Correct the day.",
                        letter=delivery._get_letter_name(),
                        deposited=format_date(self.env, delivery.performed_date),
                        day=format_date(self.env, day),
                    )
                )

    def _get_letter_name(self):
        """Return the name of the letter in a list: its number and customer."""
        number, customer = self._get_letter_number(), self.action_id.partner_id.name
        return " ".join(filter(None, [number, customer]))

    def _get_letter_number(self):
        """Return the number of a letter, formatted for reading."""
        return self.tracking_number or ""
