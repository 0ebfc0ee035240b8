from odoo import api, fields, models
from odoo.tools import str2bool

# Longest reference that is copied by hand without mistakes, in two lines of a letter; a
# SEPA transfer carries twice that (EPC069-12).
REFERENCE_LENGTH = 70
PAYMENT = "account_dunning_scenario.mail_payment"


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the means of payment: account, reference, online."""

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

    @api.depends("payment_url", "bank_account_id", "payment_reference")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_payment_html(self):
        stationery = self.env["dunning.stationery"]
        for action in self:
            bank = action.bank_account_id
            values = {
                "action": action,
                "bank": bank,
                "account_number": stationery._get_account_number(bank),
                "payment_url": action._get_payment_link(),
            }
            asks = action.step_id.request == "payment"
            action.payment_html = asks and self.env["ir.qweb"]._render(PAYMENT, values)

    def _get_payment_link(self):
        """Return the URL of the payment button, empty for messages without one."""
        return self.payment_url

    @api.depends("line_ids.move_id.partner_bank_id", "line_ids.state")
    def _compute_bank(self):
        for action in self:
            moves = action._get_message_lines().move_id
            own = action.company_id._dunning_get_bank()
            action.bank_account_id = moves.partner_bank_id[:1] or own
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

    @api.depends("contact_id", "credits_text", "step_id.request")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_payment_url(self):
        online = self._filtered_online()
        for action in self:
            # The page requests the invoices' full amounts, credits not deducted.
            is_payable = action in online and not action.credits_text
            action.payment_url = is_payable and action._get_payment_url()

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

    def _get_payment_url(self):
        """Return the URL to pay the action's claims together, False without one.

        One invoice has its own page; several are paid together only by readers with
        portal access, because Odoo's page shows them their own invoices only.
        """
        moves = self._get_message_lines().move_id
        if not moves or not all(move._has_to_be_paid() for move in moves):
            return False
        if len(moves) == 1:
            return moves._dunning_portal_url(
                query_string="&payment=True", anchor="portal_pay"
            )
        is_together = (
            self.kind == "reminder"
            and len(moves.currency_id) == 1
            and moves.partner_id == self.contact_id
            and self.contact_id.user_ids
        )
        return f"{self.get_base_url()}/my/invoices/overdue" if is_together else False

    def _ensure_keys(self):
        """Create the access tokens for the links of the messages to invoices; other
        rooms add those of their links."""
        self.line_ids.move_id._dunning_ensure_tokens()
