from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, format_date

from ...setup.roles import MANAGER

# Days given to the customer to pay the rest once a dispute is settled.
DAYS_TO_PAY = 8

TEMPLATES = {
    "received": "mail_template_dispute_received",
    "asked": "mail_template_dispute_question",
    "told": "mail_template_dispute_settled",
}


class DunningDispute(models.Model):
    """Extend the dispute with messages to and from the customer (S2-28, S4-24)."""

    _name = "dunning.dispute"
    _inherit = ["dunning.dispute", "dunning.correspondence.mixin"]

    is_receipt_wanted = fields.Boolean(
        string="Confirm Receipt",
        compute="_compute_is_receipt_wanted",
        precompute=True,
        store=True,
        readonly=False,
        help="Write to the customer at once that the dispute is being looked into.",
    )
    received_date = fields.Date(
        string="Receipt Confirmed On", readonly=True, copy=False
    )
    asked_date = fields.Date(string="Customer Asked On", readonly=True, copy=False)
    told_date = fields.Date(string="Customer Informed On", readonly=True, copy=False)
    pay_by_date = fields.Date(
        string="To Be Paid By",
        compute="_compute_pay_by_date",
        store=True,
        readonly=False,
        copy=False,
        help="Deadline given to the customer for the rest. Once the customer has been "
        "told, nothing is asked for before this day.",
    )
    invoice_names = fields.Char(compute="_compute_invoice_names", compute_sudo=True)

    def _get_correspondent(self):
        return self.owner_id

    @api.depends("company_id")
    def _compute_is_receipt_wanted(self):
        for dispute in self:
            company = dispute.company_id._dunning_live()
            dispute.is_receipt_wanted = (
                company
                and company._dunning_setup_company().dunning_dispute_confirm_receipt
            )

    @api.depends("settled_date", "claim_ids.move_line_id.date_maturity")
    def _compute_pay_by_date(self):
        """Give the customer some days, never fewer than originally agreed."""
        for dispute in self.filtered(lambda d: d.settled_date and not d.pay_by_date):
            dispute.pay_by_date = dispute._get_pay_by_date()

    def _get_pay_by_date(self):
        """Return the default day by which the customer has to pay."""
        # sudo: the owner of a dispute may belong to a department without access to
        # entries
        items_sudo = self.claim_ids.sudo().move_line_id
        due = [item._dunning_due_date() for item in items_sudo]
        return max([*due, self.settled_date + timedelta(days=DAYS_TO_PAY)])

    @api.constrains("pay_by_date")
    def _check_pay_by_date(self):
        """Leave payment days far ahead to managers, as for promises: the claims are not
        chased before that day."""
        if self._holds_journal() or self.env.user.has_group(MANAGER):
            return
        for dispute in self.filtered(lambda d: d.settled_date and d.pay_by_date):
            setup = dispute.company_id._dunning_setup_company()
            usual = dispute._get_pay_by_date()
            limit = dispute.settled_date + timedelta(
                days=setup.dunning_promise_max_days
            )
            if dispute.pay_by_date > max(limit, usual):
                raise ValidationError(
                    self.env._(
                        "%(day)s is more than %(days)s days ahead: agree on an earlier "
                        "day, or ask a collection manager to grant this one.",
                        day=format_date(self.env, dispute.pay_by_date),
                        days=setup.dunning_promise_max_days,
                    )
                )

    @api.depends("claim_ids.move_id.name")
    def _compute_invoice_names(self):
        for dispute in self:
            names = dict.fromkeys(dispute.claim_ids.move_id.mapped("name"))
            dispute.invoice_names = ", ".join(filter(None, names))

    @api.model_create_multi
    def create(self, vals_list):
        """Open disputes and confirm receipt to the customers, where requested."""
        disputes = super().create(vals_list)
        wanted = disputes.filtered("is_receipt_wanted")
        reached = wanted._write_to_customers(TEMPLATES["received"])
        reached._register_answer_sent("received")
        return disputes

    # ---- writing ---------------------------------------------------------------------

    def action_confirm_receipt(self):
        """Write to the customer that the dispute is being looked into."""
        self._check_open()
        return self._answer("received")

    def action_ask_customer(self):
        """Ask the customer for more information; once sent, the dispute waits for
        them."""
        self._check_open()
        return self._answer("asked")

    def action_tell_outcome(self):
        """Write the customer the outcome of the dispute and the amount left to pay.

        :raise UserError: it is not settled
        :raise AccessError: the user may only read it
        """
        self.check_access("write")
        self._check_settled()
        self._check_corrected()
        return self._answer("told")

    def _check_settled(self):
        unsettled = self.filtered(lambda dispute: dispute.state != "settled")
        if unsettled:
            raise UserError(
                self.env._(
                    "“%(dispute)s” is not settled yet: settle it first.",
                    dispute=unsettled[0].display_name,
                )
            )

    def _check_corrected(self):
        """Refuse to tell a customer who is right to pay all the same, without a credit
        note, a replacement, agreed dates or an explanation."""
        for dispute in self.filtered(lambda d: d.outcome == "founded"):
            is_corrected = (
                dispute.resolution in ("replacement", "payment_plan")
                or dispute.resolution_note
                or dispute._get_credit_notes()
            )
            if dispute.amount_open and not is_corrected:
                raise UserError(
                    self.env._(
                        "“%(dispute)s” is founded, but %(amount)s is still open: make "
                        "the credit note first, or explain to the customer why it is "
                        "to be paid.",
                        dispute=dispute.display_name,
                        amount=dispute.open_text,
                    )
                )

    def _answer(self, kind):
        """Open an answer to one customer for editing; send answers to several directly.

        :param kind: key of TEMPLATES
        :raise UserError: a customer has no address
        """
        self.check_access("write")
        missing = self.filtered(lambda dispute: not dispute.contact_ids)
        if missing:
            raise UserError(
                self.env._(
                    "%(customer)s has no working e-mail address: complete it, or "
                    "answer by other means.",
                    customer=missing[0].partner_id.name,
                )
            )
        if len(self) == 1:
            return self._open_composer(kind)
        self._write_to_customers(TEMPLATES[kind])
        return self._register_answer_sent(kind)

    def _open_composer(self, kind):
        template = self.env.ref(f"account_dunning_scenario.{TEMPLATES[kind]}")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer to the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_email_layout_xmlid": template.email_layout_xmlid,
                "dunning_dispute_answer": kind,
            },
        }

    def message_post(self, **kwargs):
        """Post a message, and record it as the answer it was opened for once it is sent
        to the customer.

        :raise AccessError: the user has no part in the dispute
        :raise UserError: the state of the dispute does not allow this answer, or it is
            not addressed to any contact of the customer
        """
        kind = self.env.context.get("dunning_dispute_answer")
        self = self.with_context(dunning_dispute_answer=None)
        if kind in TEMPLATES:
            self._check_answer(kind)
        message = super().message_post(**kwargs)
        if kind in TEMPLATES:
            self.partner_id._dunning_check_written_to(message, self.contact_ids)
            self._register_answer_sent(kind)
        return message

    def _check_answer(self, kind):
        """Check that this kind of answer may be sent now; the kind comes from the
        client.

        :raise AccessError, UserError: see `message_post`
        """
        self.check_access("write")
        if kind == "told":
            self._check_settled()
            self._check_corrected()
        else:
            self._check_open()

    def _register_answer_sent(self, kind):
        answered = self._journal()
        for company, disputes in answered.grouped("company_id").items():
            disputes[f"{kind}_date"] = company._dunning_today()
        if kind == "asked":
            answered.state = "waiting"
        elif kind == "told":
            self.claim_ids.move_line_id._dunning_recheck()
        return True

    def _get_credit_notes(self):
        """Return the posted credit notes of the dispute, for the text."""
        # sudo: the sender may belong to another department
        notes_sudo = self.sudo().credit_note_ids
        return notes_sudo.filtered(lambda move: move.state == "posted")

    # ---- replies ---------------------------------------------------------------------

    def _dunning_process_reply(self, message_dict):
        """Process the customer's reply and ask the owner to read it."""
        result = super()._dunning_process_reply(message_dict)
        self._register_reply(message_dict["email_from"])
        return result

    def _register_reply(self, author_email):
        """Resume a dispute that waited for the customer, and ask the owner to read the
        reply today.

        :param author_email: of the message; a colleague's does not count
        """
        author = email_normalize(author_email)
        colleagues = self.env["res.users"].sudo()  # sudo: the gateway reads none
        if author and colleagues.search_count(
            [("email_normalized", "=", author), ("share", "=", False)], limit=1
        ):
            return
        waiting = self.filtered(lambda dispute: dispute.state == "waiting")
        waiting._journal().state = "in_progress"
        for company, disputes in self.grouped("company_id").items():
            disputes._give_tasks(
                date_deadline=company._dunning_today(),
                summary=self.env._("The customer answered"),
            )
