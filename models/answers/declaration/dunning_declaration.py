from datetime import timedelta

from odoo import api, fields, models

from ...setup.labels import get_labels

# Kinds about the payment of claims, and all kinds about claims.
PAYMENT_KINDS = ("promise", "paid", "not_received")
CLAIM_KINDS = (*PAYMENT_KINDS, "dispute")
# Kinds that a person has to read, without effect on claims.
READ_KINDS = ("contact", "question")
# States in which a person may still decide.
UNDECIDED_STATES = ("new", "expired")
ACCEPTED_STATES = ("accepted", "corrected")


class DunningDeclaration(models.Model):
    """What a customer says on their page: it holds its claims at once, and takes full
    effect once it is accepted.

    It is made by `_declare` only, with all its claims in one company.
    """

    _name = "dunning.declaration"
    _description = "Declaration"
    _inherit = [
        "dunning.answer.mixin",
        "dunning.entry.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "dunning.correspondence.mixin",
    ]
    _order = "declared_at desc, id desc"
    _form_fields = frozenset({"note"})

    kind = fields.Selection(
        selection=[
            ("promise", "Will pay"),
            ("paid", "Already paid"),
            ("not_received", "Invoice not received"),
            ("dispute", "Problem"),
            ("confirm", "Agreement confirmed"),
            ("contact", "Somebody else deals with it"),
            ("question", "Question"),
        ],
        required=True,
        index=True,
    )
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("accepted", "Accepted"),
            ("corrected", "Corrected"),
            ("refused", "Refused"),
            ("expired", "Expired"),
            ("replaced", "Replaced"),
            ("settled", "Settled"),
        ],
        default="new",
        required=True,
        index=True,
        copy=False,
        group_expand=True,
    )
    source = fields.Selection(default="portal")
    action_id = fields.Many2one(string="Answer To", help="Message that it answers.")
    delivery_id = fields.Many2one(
        comodel_name="dunning.delivery",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="Message whose link the customer followed.",
    )
    declared_at = fields.Datetime(required=True, default=fields.Datetime.now)
    declared_date = fields.Date(
        string="Declared On",
        required=True,
        help="Day of the declaration, in the company's time zone.",
    )
    expiry_date = fields.Date(
        string="To Be Decided By",
        help="Last day on which the claims wait for a decision.",
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True)
    line_ids = fields.One2many(
        comodel_name="dunning.declaration.line",
        inverse_name="declaration_id",
        string="Claims",
    )
    claim_ids = fields.One2many(
        comodel_name="dunning.declaration.line",
        compute="_compute_claim_ids",
        string="Claims Still Concerned",
    )
    term_ids = fields.One2many(
        comodel_name="dunning.declaration.term",
        inverse_name="declaration_id",
        string="Payments Announced",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True)
    paid_date = fields.Date(string="Paid On", help="As stated by the customer.")
    payment_means = fields.Selection(
        selection=[
            ("transfer", "Bank transfer"),
            ("cheque", "Cheque"),
            ("card", "Card"),
            ("debit", "Direct debit"),
            ("other", "Other"),
        ],
        string="Paid By",
    )
    payment_reference = fields.Char(help="As given by the customer.")
    reason_id = fields.Many2one(
        comodel_name="dunning.dispute.reason",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    description = fields.Text(string="Customer's Words")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Files", copy=False
    )
    confirmed_promise_id = fields.Many2one(
        comodel_name="dunning.promise",
        string="Promise Confirmed",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    new_contact_name = fields.Char(string="Person Who Deals With It")
    new_contact_email = fields.Char(string="E-mail of This Person")
    new_contact_phone = fields.Char(string="Telephone of This Person")
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="set null",
        help="Contact to whom the message was addressed, or who was logged in.",
    )
    author_name = fields.Char(string="Declared By", help="As typed on the page.")
    address_prefix = fields.Char(
        string="Network", help="First part of the visitor's internet address."
    )
    form_token = fields.Char(
        copy=False,
        groups="base.group_system",
        help="Makes a form that is sent twice count once.",
    )
    note = fields.Text(string="Internal Note")
    is_automatic = fields.Boolean(
        string="Accepted Automatically", copy=False, help="Accepted without a person."
    )
    resent_date = fields.Date(
        string="Sent Again On",
        copy=False,
        help="Day on which the invoices were sent again, before any decision.",
    )
    decided_date = fields.Date(string="Decided On", copy=False)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided By",
        copy=False,
        index="btree_not_null",
    )
    refusal_text = fields.Text(string="Reason for Refusing", copy=False)
    replaced_by_id = fields.Many2one(
        comodel_name="dunning.declaration",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    salesperson_id = fields.Many2one(
        comodel_name="res.users", related="partner_id.user_id", store=True
    )
    promise_ids = fields.One2many(
        comodel_name="dunning.promise", inverse_name="declaration_id"
    )
    dispute_ids = fields.One2many(
        comodel_name="dunning.dispute", inverse_name="declaration_id"
    )
    nonpayment_ids = fields.One2many(
        comodel_name="dunning.nonpayment",
        inverse_name="declaration_id",
        string="Reasons for Not Paying",
    )
    is_undecided = fields.Boolean(compute="_compute_is_undecided")
    summary = fields.Char(compute="_compute_summary", compute_sudo=True)

    _form_once = models.UniqueIndex(
        "(partner_id, form_token) WHERE form_token IS NOT NULL",
        "This form has been sent already.",
    )
    _undecided_index = models.Index("(company_id, expiry_date) WHERE state = 'new'")

    @api.depends("partner_id.name", "kind")
    def _compute_display_name(self):
        labels = get_labels(self, "kind")
        for declaration in self:
            parts = (declaration.partner_id.name, labels.get(declaration.kind))
            declaration.display_name = " – ".join(filter(None, parts))

    @api.depends("line_ids.left_as")
    def _compute_claim_ids(self):
        for declaration in self:
            declaration.claim_ids = declaration.line_ids.filtered(
                lambda line: not line.left_as
            )

    @api.depends(
        "currency_id",
        "line_ids.amount",
        "line_ids.amount_currency",
        "line_ids.left_as",
    )
    def _compute_amount(self):
        """Compute the amount of the claims still concerned, in the currency of the
        declaration: that of its claims, or the company's for several."""
        for declaration in self:
            lines = declaration.line_ids.filtered(lambda line: not line.left_as)
            is_own = declaration.currency_id == declaration.company_id.currency_id
            name = "amount" if is_own else "amount_currency"
            declaration.amount = sum(lines.mapped(name))

    @api.depends("state")
    def _compute_is_undecided(self):
        for declaration in self:
            declaration.is_undecided = declaration.state in UNDECIDED_STATES

    @api.model
    def _get_refusal(self, names):
        return self.env._(
            "A declaration stays as the customer made it: accept, correct or refuse it."
        )

    def _get_correspondent(self):
        """Return the user who decided, else the collector."""
        decider = self.user_id.filtered("active")  # OdooBot is not
        return decider or self.partner_id._dunning_get_collector(self.company_id)

    def _get_dunning_subject(self):
        """Return the subject of an answer noted about this declaration."""
        subject = super()._get_dunning_subject()
        return {**subject, "action_id": self.action_id}

    @api.model
    def _get_expiry(self, company, day):
        """Return the last day on which a declaration of a day waits for a decision.

        :param day: the company's day of the declaration
        """
        setup = company._dunning_setup_company()
        return day + timedelta(days=setup.dunning_declaration_days - 1)
