from markupsafe import escape

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...setup.guard.guard import by_code
from .postal_number import format_number

# What ends the journey of a letter at its reader's door: the law counts all three.
ARRIVED_STATES = ("delivered", "refused", "unclaimed")


class DunningDelivery(models.Model):
    """What becomes of a registered letter, on paper or not, after its deposit: each
    state with its day, and the files that prove it."""

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
        string="State Since", copy=False, help="The company's day of the postal state."
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

    _tracking_number_once = models.UniqueIndex(
        "(company_id, tracking_number)"
        " WHERE tracking_number IS NOT NULL AND channel = 'registered_letter'",
        "This number is already that of another letter.",
    )

    def _get_arrival_date(self):
        self.ensure_one()
        if self.postal_state in ARRIVED_STATES:
            return self.postal_date
        return super()._get_arrival_date()

    def _register_results(self, state, day):
        """Note what became of deposited letters.

        Refused and not claimed, a letter has served its purpose: the step stays
        performed. Returned because nobody lives there, it has reached nobody.

        :param state: code of `postal_state`
        :param day: the company's day of that state
        :raise UserError: the day is before the deposit or in the future
        """
        self._check_result_day(day)
        self.write({"postal_state": state, "postal_date": day})
        if state == "returned":
            self._return_to_sender(day)
        else:
            self.action_id._set_arrival()

    def _store_proof(self, field_name, name, content):
        """Keep a file that proves something about these deliveries, a copy with each
        action: whoever sees the action sees its proofs.

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
                        "%(letter)s was deposited on %(deposited)s only: its result "
                        "cannot be of %(day)s. Correct the day.",
                        letter=delivery._get_letter_name(),
                        deposited=format_date(self.env, delivery.performed_date),
                        day=format_date(self.env, day),
                    )
                )

    def _get_letter_name(self):
        """Return how a list of letters tells this one: its number and customer."""
        number = format_number(self.tracking_number or "")
        return " ".join(filter(None, [number, self.action_id.partner_id.name]))

    def _return_to_sender(self, day):
        """Nobody lives at the address: do not write there again before it is changed,
        ask the collector to correct it, and let the actions take another way."""
        self.contact_id._dunning_flag_postal_address()
        reasons = {}
        for delivery in self:
            delivery._ask_for_address()
            env = delivery.with_context(lang=delivery.company_id.partner_id.lang).env
            reasons[delivery] = env._(
                "The letter to %(address)s came back on %(day)s, the address is "
                "unknown: correct it on the customer.",
                address=delivery.address,
                day=format_date(env, day),
            )
        self._return(reasons, "again")

    def _ask_for_address(self):
        """Give the collector the task to find the right address, once per contact."""
        self.ensure_one()
        xmlid = "account_dunning_scenario.mail_activity_type_address"
        contact_sudo = (
            self.contact_id.sudo()
        )  # sudo: the task is made, whoever notes it
        if contact_sudo.activity_search([xmlid], only_automated=False):
            return
        user = self.action_id._get_collector() or self.env.user
        by_code(contact_sudo).activity_schedule(
            xmlid,
            date_deadline=self.company_id._dunning_today(),
            user_id=user.id,
            note=escape(
                self.with_context(lang=user.lang).env._(
                    "A letter to this address came back: %(address)s",
                    address=self.address,
                )
            ),
        )
