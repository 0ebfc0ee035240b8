from odoo import api, fields, models
from odoo.exceptions import UserError

from ...journal.dunning_chronicle import Told
from ...setup.guard.guard import is_sealed
from ...setup.labels import get_labels

# Reasons with an effect of their own, each in its own file.
NOT_RECEIVED = "not_received"
PAID = "paid"
DISPUTE = "dispute"


class DunningNonpayment(models.Model):
    """Reason of a customer for not paying a claim, in their own words, on a day.

    One record per claim and answer: nothing is overwritten, so the records of a claim
    are its history.
    """

    _name = "dunning.nonpayment"
    _description = "Reason for Not Paying"
    _inherit = ["dunning.answer.mixin", "dunning.claim.mixin"]
    _order = "noted_date desc, id desc"
    _form_fields = frozenset({"note", "paid_date", "payment_reference"})

    currency_id = fields.Many2one(related="company_id.currency_id")
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
            (PAID, "Already paid"),
            (DISPUTE, "Dispute"),
        ],
        required=True,
        index=True,
    )
    note = fields.Text(string="Customer's Comments")
    amount = fields.Monetary(
        string="Open Amount",
        help="Amount open when the reason was noted; for a dispute, the disputed "
        "amount.",
    )
    paid_date = fields.Date(
        string="Paid On", help="As stated by the customer, to be matched."
    )
    payment_reference = fields.Char(help="As given by the customer.")

    @api.depends("reason", "move_id.name")
    def _compute_display_name(self):
        labels = get_labels(self, "reason")
        for record in self:
            parts = (record.move_id.name, labels.get(record.reason))
            record.display_name = " – ".join(part for part in parts if part)

    # ---- ORM -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Note the reasons, log them in the chatters, and apply their effects.

        :raise UserError: it does not come from the dialog of the customer's answers
        """
        if not self._holds_journal():
            raise UserError(
                self.env._(
                    "Note a reason with “Note Answer”, on the customer, the invoice or "
                    "the action."
                )
            )
        records = super().create(vals_list)
        # The contact is recorded first; the actions that wait for the claims may then
        # change.
        records._register_contact()
        records._take_effect()
        records._log_reasons()
        return records

    # ---- noting ----------------------------------------------------------------------

    @api.model
    def _note(self, items, reason, values=None):
        """Note why claims are not paid, and apply the effect of the reason at once.

        Invoice not received: it is sent again, and its scenario restarts on the
        company's day. Paid already: the claim is left alone for the days that the
        company sets, and the collector is asked to match the payment. Dispute: noted
        once per claim and day, either from the dispute or here.

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
        created = self._journal().create(
            [
                {**self._prepare_values(item), "reason": reason, **(values or {})}
                for item in items
                if item not in known
            ]
        )
        created = created.with_env(self.env)
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
        closed = items - self._get_open(items)
        if closed:
            raise UserError(
                self.env._(
                    "Nothing is open on %(invoice)s any more: no reason is needed.",
                    invoice=closed[0].move_id.name,
                )
            )

    @api.model
    def _get_open(self, items):
        return items.filtered(
            lambda item: (
                item.parent_state == "posted"
                and not item.reconciled
                and item.amount_residual > 0
                and item.amount_residual_currency > 0
                and not item._dunning_filter_paid_out()
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

    def _take_effect(self):
        """Apply the effects of the reasons."""

    def _log_reasons(self):
        """Log the reasons in the chatters of the invoices, and of their customers
        unless they are logged there with the rest of the answer; all at once."""
        labels = get_labels(self, "reason")
        is_told = is_sealed(self.env, "dunning_customer_told")
        told = {}
        for record in self:
            text = record._get_log_text(labels)
            told[record.move_id, text] = Told(record, text, on=record.move_id)
            if not is_told:
                customer = record.partner_id
                told.setdefault((customer, text), Told(record, text))
        self.env["dunning.chronicle"]._tell_briefly(list(told.values()))

    def _get_log_text(self, labels):
        """Return the log text of a reason, without the customer's words."""
        self.ensure_one()
        return self.env._("Not paid: %(reason)s.", reason=labels[self.reason].lower())

    def _register_contact(self):
        """Record a reason as the outcome of its contact, unless more is known."""
        answers = self.filtered(lambda record: not record.action_id.outcome)
        disputes = answers.filtered(lambda record: record.reason == DISPUTE)
        disputes._register_outcome("dispute", "noted_date")
        (answers - disputes)._register_outcome("reply", "noted_date")

    def _get_by_collector(self):
        """Return {user: records of the customers they follow up}; the user who noted
        the reason stands in for a missing collector."""
        return self.grouped(
            lambda record: (
                record.partner_id._dunning_get_collector(record.company_id)
                or self.env.user
            )
        )
