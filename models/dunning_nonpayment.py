from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

# Reasons that are more than a word: each has a file of its own.
NOT_RECEIVED = "not_received"
PAID = "paid"
DISPUTE = "dispute"


class DunningNonpayment(models.Model):
    """Why a customer did not pay a claim, in their own words, on a day.

    One record per claim and answer: nothing is overwritten, the history of a claim is
    the sum of what was said about it.
    """

    _name = "dunning.nonpayment"
    _description = "Reason for Not Paying"
    _inherit = ["dunning.claim.mixin"]
    _order = "noted_date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    salesperson_id = fields.Many2one(
        comodel_name="res.users", related="partner_id.user_id", store=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Noted By",
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    noted_date = fields.Date(string="Noted On", required=True)
    reason = fields.Selection(
        selection=[
            ("difficulty", "Temporary difficulty"),
            (NOT_RECEIVED, "Invoice not received"),
            ("approval", "Waiting for approval"),
            ("forgotten", "Forgotten"),
            (PAID, "Paid already"),
            (DISPUTE, "Dispute"),
        ],
        required=True,
        index=True,
    )
    source = fields.Selection(
        selection=[
            ("call", "Call"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("visit", "Visit"),
        ],
        default="call",
        required=True,
    )
    action_id = fields.Many2one(
        comodel_name="dunning.action",
        string="During",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        help="Contact in which the customer said so.",
    )
    note = fields.Text(string="What Was Said")
    amount = fields.Monetary(
        string="Open Amount", help="What was open when the reason was noted."
    )
    paid_date = fields.Date(
        string="Paid On", help="According to the customer, to be matched."
    )
    payment_reference = fields.Char(help="As the customer gives it.")

    @api.depends("reason", "move_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for record in self:
            parts = (record.move_id.name, labels.get(record.reason))
            record.display_name = " – ".join(part for part in parts if part)

    # ---- ORM -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the reasons, tell them in the chatters, and do what each asks for."""
        records = super().create(vals_list)
        records._log_reasons()
        records._register_outcome()
        return records

    @api.constrains("reason", "paid_date", "move_line_id")
    def _check_paid_date(self):
        for record in self.filtered(lambda record: record.reason == PAID):
            move = record.move_id or record.move_line_id.move_id
            paid, issued = record.paid_date, move.invoice_date or move.date
            if not paid:
                raise ValidationError(
                    self.env._(
                        "Ask on which day %(invoice)s was paid, so that the payment can "
                        "be found.",
                        invoice=move.name,
                    )
                )
            if paid > record.company_id._dunning_today():
                raise ValidationError(
                    self.env._(
                        "%(day)s has not come yet: what will be paid later is a promise.",
                        day=format_date(self.env, paid),
                    )
                )
            if issued and paid < issued:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is of %(issued)s: it cannot be paid since %(day)s. "
                        "Ask again for the date of the payment.",
                        invoice=move.name,
                        issued=format_date(self.env, issued),
                        day=format_date(self.env, paid),
                    )
                )

    # ---- noting ----------------------------------------------------------------------

    @api.model
    def _note(self, items, reason, values=None):
        """Note why claims are not paid, and do at once what the reason asks for.

        Invoice not received: it is sent again, and its film starts afresh from the
        company's day. Paid already: the claim is left alone for the days that the
        company sets, and somebody is asked to match the payment. Dispute: noted once
        per claim and day, whoever comes first, the dispute itself or this.

        :param items: account.move.line, open claims, of any companies and customers
        :param reason: code of the selection of `reason`
        :param values: optional `action_id`, `source`, `note`; for *paid* also
            `paid_date` (asked for) and `payment_reference`
        :return: dunning.nonpayment, one per claim, in the order of the items
        :raise UserError: a claim is no longer open
        :raise ValidationError: the day of payment is missing or impossible
        """
        self._check_open(items)
        known = self._get_noted_disputes(items) if reason == DISPUTE else {}
        created = self.create(
            [
                {**self._prepare_values(item), "reason": reason, **(values or {})}
                for item in items
                if item not in known
            ]
        )
        noted = {**known, **{record.move_line_id: record for record in created}}
        return self.concat(*(noted[item] for item in items))

    @api.model
    def _prepare_values(self, item):
        """Return the values that a reason takes from its claim."""
        return {
            "move_line_id": item.id,
            "company_id": item.company_id.id,
            "partner_id": item.partner_id.commercial_partner_id.id,
            "noted_date": item.company_id._dunning_today(),
            "amount": item.amount_residual,
        }

    @api.model
    def _check_open(self, items):
        closed = items.filtered(
            lambda item: (
                item.parent_state != "posted"
                or item.reconciled
                or item.amount_residual <= 0
            )
        )
        if closed:
            raise UserError(
                self.env._(
                    "Nothing is open on %(invoice)s any more: no reason has to be noted.",
                    invoice=closed[0].move_id.name,
                )
            )

    @api.model
    def _get_noted_disputes(self, items):
        """Return {claim: its dispute noted as a reason today}."""
        known = {}
        for company, of_company in items.grouped("company_id").items():
            records = self.search(
                [
                    ("move_line_id", "in", of_company.ids),
                    ("reason", "=", DISPUTE),
                    ("noted_date", "=", company._dunning_today()),
                ]
            )
            known |= {record.move_line_id: record for record in records}
        return known

    def _get_claim_owners(self):
        return self

    # ---- consequences ----------------------------------------------------------------

    def _log_reasons(self):
        """Tell the chatter of the invoices and of their customers, all at once."""
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for field in ("move_id", "partner_id"):
            bodies = {}
            for record, of_record in self.grouped(field).items():
                notes = dict.fromkeys(one._get_log_text(labels) for one in of_record)
                bodies[record.id] = " · ".join(notes)
            self[field]._message_log_batch(bodies)

    def _get_log_text(self, labels):
        self.ensure_one()
        text = self.env._(
            "%(invoice)s not paid: %(reason)s",
            invoice=self.move_id.name,
            reason=labels[self.reason].lower(),
        )
        return f"{text}. {self.note}" if self.note else text

    def _register_outcome(self):
        """A reason is an answer: the outcome of the contact, unless more is known."""
        groups = self.grouped(
            lambda record: (record.noted_date, record.reason == DISPUTE)
        )
        for (day, is_dispute), records in groups.items():
            actions = records.action_id.filtered(lambda action: not action.outcome)
            actions._register_answer("dispute" if is_dispute else "reply", day)

    def _get_collectors(self):
        """Return {user: records whose customers they follow up}; who noted the reason
        does where there is no collector."""
        by_user = self.grouped(lambda record: record._get_collector())
        return {user or self.env.user: records for user, records in by_user.items()}

    def _get_collector(self):
        self.ensure_one()
        customer = self.partner_id.with_company(self.company_id)
        default = self.company_id._dunning_default_collector()
        users = customer.dunning_collector_id | default
        return users.filtered("active")[:1]
