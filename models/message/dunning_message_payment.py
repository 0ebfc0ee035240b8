from collections import namedtuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import str2bool

from ..ledger.account_move_line import SETTLED_STATES
from ..setup.statement_format import StatementFormat
from .amount_row import get_sums

# Longest reference that is copied by hand without mistakes, in two lines of a letter; a
# SEPA transfer carries twice that (EPC069-12).
REFERENCE_LENGTH = 70
PAYMENT = "account_dunning_scenario.mail_payment"

# Payment asked for on one account in one currency; `moves` are its entries.
Payment = namedtuple("Payment", ["account", "currency", "amount", "moves", "reference"])


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the means of payment: accounts, references, online; a
    payment per account and currency, each with its own sum."""

    _inherit = "dunning.message.mixin"

    bank_account_id = fields.Many2one(
        comodel_name="res.partner.bank",
        compute="_compute_bank",
        compute_sudo=True,
        help="Bank account named on the invoices, otherwise the company's.",
    )
    payment_reference = fields.Char(
        compute="_compute_bank",
        compute_sudo=True,
        help="Reference that the customer is asked to quote with a transfer.",
    )
    payment_url = fields.Char(
        string="Payment Page",
        compute="_compute_payment_url",
        compute_sudo=True,
        help="Page on which the customer can pay the whole amount online, if there is "
        "one.",
    )

    payment_html = fields.Html(
        string="How to Pay",
        compute="_compute_payment_html",
        compute_sudo=True,
        sanitize=False,
        help="Button to the payment page and bank account for a transfer; empty unless "
        "the step asks for a payment.",
    )

    @api.depends("payment_url", "amount_rows")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_payment_html(self):
        for action in self:
            asks = action.step_id.request == "payment"
            action.payment_html = asks and action._render_payments(
                action._unpack_rows(), action._get_payment_link()
            )

    def _render_payments(self, rows, url):
        """Return markup of the payment button and of the accounts to transfer to.

        :param rows: list of AmountRow that add up to the amount asked for
        :param url: of the payment page, empty without a button
        """
        values = {
            "action": self,
            "payment_url": url,
            "payments": [
                self._prepare_payment(payment) for payment in self._get_payments(rows)
            ],
        }
        return self.env["ir.qweb"]._render(PAYMENT, values)

    def _get_payments(self, rows):
        """Return the payments to make: one per account and currency, without those of
        which nothing is left to pay.

        :param rows: list of AmountRow
        :return: list of Payment; the account of one may be empty
        """
        sums = get_sums(rows, lambda row: (row.account, row.currency))
        payments = []
        for (account, currency), amount in sums.items():
            of_payment = [
                row.item.move_id
                for row in rows
                if (row.account, row.currency) == (account, currency)
                and row.code == "claim"
            ]
            if currency.compare_amounts(amount, 0) > 0:
                moves = self.env["account.move"].union(*of_payment)
                reference = self._get_payment_reference(moves)
                payments.append(Payment(account, currency, amount, moves, reference))
        return payments

    def _prepare_payment(self, payment):
        """Return the values of a payment for the templates, as text."""
        stationery = self.env["dunning.stationery"]
        writer = StatementFormat(self.env)
        return {
            "bank": payment.account,
            "account_number": stationery._get_account_number(payment.account),
            "amount": writer.amount(payment.amount, payment.currency),
            "reference": payment.reference,
        }

    def _get_payment_link(self):
        """Return the URL of the payment button, empty for messages without one."""
        return self.payment_url

    @api.depends("amount_rows")
    @api.depends_context("dunning_day")
    def _compute_bank(self):
        for action in self:
            moves = action._get_message_lines().move_id
            accounts = [row.account for row in action._unpack_rows() if row.account]
            own = action.company_id._dunning_get_bank()
            action.bank_account_id = accounts[0] if accounts else own
            action.payment_reference = action._get_payment_reference(moves)

    def _get_payment_reference(self, moves):
        """Return the references of the invoices, or the action's if they are too long
        to copy."""
        names = [move.payment_reference or move.name or "" for move in moves]
        reference = " ".join(filter(None, names))
        if reference and len(reference) <= REFERENCE_LENGTH:
            return reference
        return self._get_reference()

    def _get_reference(self):
        """Return the company's reference of the action."""
        return f"R{self.id:07d}"

    @api.depends("contact_id", "amount_rows", "step_id.request")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_payment_url(self):
        online = self._filtered_online()
        for action in self:
            action.payment_url = action in online and action._get_payment_url(
                action._unpack_rows()
            )

    def _filtered_online(self):
        """Return the actions that request a payment which can be made online."""
        config = self.env["ir.config_parameter"].sudo()
        if not str2bool(config.get_param("account_payment.enable_portal_payment")):
            return self.browse()
        Provider = self.env["payment.provider"].sudo()
        online = self.browse()
        for company, actions in self.grouped("company_id").items():
            if Provider.search_count(
                [
                    *Provider._check_company_domain(company),
                    ("state", "in", ("enabled", "test")),
                    ("is_published", "=", True),
                ],
                limit=1,
            ):
                online |= actions
        return online.filtered(lambda action: action.step_id.request == "payment")

    def _get_payment_url(self, rows):
        """Return the URL of the page where the customer pays exactly what the rows add
        up to, False without one.

        One invoice has its own page; several are paid together only by readers with
        portal access, because Odoo's page shows them their own invoices only.

        :param rows: list of AmountRow
        """
        payments = self._get_payments(rows)
        moves = self._get_message_lines().move_id
        if len(payments) != 1 or not all(move._has_to_be_paid() for move in moves):
            return False
        (payment,) = payments
        if len(moves) == 1:
            return self._is_asked_by_page(payment, moves) and moves._dunning_portal_url(
                query_string="&payment=True", anchor="portal_pay"
            )
        reader = self.contact_id
        is_together = (
            self.kind == "reminder"
            and moves.partner_id == reader
            and reader.user_ids
            and self._is_asked_by_list(payment, reader)
        )
        return f"{self.get_base_url()}/my/invoices/overdue" if is_together else False

    def _is_asked_by_page(self, payment, move):
        """Return whether Odoo's page of an invoice asks for the amount of a payment."""
        values = move._get_invoice_next_payment_values()
        asked = values.get("next_amount_to_pay", 0)
        return (
            move.currency_id == payment.currency
            and values.get("installment_state") != "epd"
            and not payment.currency.compare_amounts(asked, payment.amount)
        )

    def _is_asked_by_list(self, payment, reader):
        """Return whether Odoo's page of a contact's overdue invoices asks for the
        amount of a payment: the page counts those of all companies."""
        listed = self.env["account.move"].search(
            Domain("partner_id", "=", reader.id)
            & Domain("move_type", "in", ("out_invoice", "out_receipt"))
            & Domain("state", "=", "posted")
            & Domain("payment_state", "not in", ("in_payment", *SETTLED_STATES))
            & Domain("invoice_date_due", "<", fields.Date.today())
        )
        total = sum(listed.mapped("amount_residual"))
        return (
            listed.currency_id == payment.currency
            and listed.company_id == self.company_id
            and not payment.currency.compare_amounts(total, payment.amount)
        )

    def _ensure_keys(self):
        """Create the access tokens for the links of the messages to invoices; other
        rooms add those of their links."""
        self.line_ids.move_id._dunning_ensure_tokens()
