from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Ways in which a customer may give an answer.
SOURCES = [
    ("call", "Phone call"),
    ("email", "E-mail"),
    ("portal", "Portal"),
    ("visit", "Visit"),
]


class DunningAnswerMixin(models.AbstractModel):
    """Answer of a customer, with its author, its source and its contact.

    It belongs to the customer, not to one of its contacts.
    """

    _name = "dunning.answer.mixin"
    _description = "Answer of a Customer"
    _inherit = ["dunning.guard.mixin"]
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    source = fields.Selection(
        selection=SOURCES,
        default="call",
        required=True,
    )
    action_id = fields.Many2one(
        comodel_name="dunning.action",
        string="Noted During",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="Action during which the customer said so.",
    )

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for answer in self:
            customer = answer.partner_id.commercial_partner_id
            if answer.partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s: note promises and "
                        "disputes on the customer.",
                        contact=answer.partner_id.display_name,
                        customer=customer.name,
                    )
                )

    @api.constrains("action_id", "partner_id")
    def _check_action_id(self):
        """Refuse an answer linked to a contact with another customer."""
        for answer in self.filtered("action_id"):
            # sudo: the action may belong to another collector's customer
            contacted = answer.action_id.sudo().partner_id.commercial_partner_id
            if contacted != answer.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Choose an action of %(customer)s: this one is for another "
                        "customer.",
                        customer=answer.partner_id.name,
                    )
                )

    def _register_outcome(self, outcome, date_field):
        """Record these answers as the outcome of the contacts in which they were given.

        :param outcome: of the action
        :param date_field: field that holds the company's day of the answer
        """
        for day, answers in self.grouped(date_field).items():
            answers.action_id._register_answer(outcome, day)
