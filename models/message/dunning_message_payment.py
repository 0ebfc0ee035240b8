from odoo import api, fields, models
from odoo.tools import str2bool

# What is copied by hand without mistakes, in two lines of a letter; a SEPA transfer
# carries twice that (EPC069-12).
REFERENCE_LENGTH = 70
PAYMENT = "account_dunning_scenario.mail_payment"


class DunningMessageMixin(models.AbstractModel):
    """How the customer of a message pays: account, reference, online."""

    _inherit = "dunning.message.mixin"

    bank_account_id = fields.Many2one(
        comodel_name="res.partner.bank",
        compute="_compute_bank",
        compute_sudo=True,
        help="The account that the invoices ask to be paid on, else the company's.",
    )
    payment_reference = fields.Char(
        compute="_compute_bank",
        compute_sudo=True,
        help="What the customer is asked to quote with a transfer.",
    )
    payment_url = fields.Char(
        string="Payment Page",
        compute="_compute_payment_url",
        compute_sudo=True,
        help="Page where the customer pays all that is asked for online, if there is "
        "one.",
    )

    payment_html = fields.Html(
        string="How to Pay",
        compute="_compute_payment_html",
        compute_sudo=True,
        sanitize=False,
        help="Button of the payment page and account to transfer to; empty unless the "
        "step asks for a payment.",
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
        """Return the address that the button of the payment page leads to, nothing
        where a message has no such button."""
        return self.payment_url

    @api.depends("line_ids.move_id.partner_bank_id", "line_ids.state")
    def _compute_bank(self):
        for action in self:
            moves = action._get_message_lines().move_id
            own = action.company_id._dunning_get_bank()
            action.bank_account_id = moves.partner_bank_id[:1] or own
            action.payment_reference = action._get_payment_reference(moves)

    def _get_payment_reference(self, moves):
        """Return the references of the invoices, or that of the action when they are
        too long to be copied."""
        names = [move.payment_reference or move.name or "" for move in moves]
        reference = " ".join(filter(None, names))
        if reference and len(reference) <= REFERENCE_LENGTH:
            return reference
        return self._get_reference()

    def _get_reference(self):
        """Return the number under which the company finds the action again."""
        return f"R{self.id:07d}"

    @api.depends("contact_id", "credits_text", "step_id.request")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_payment_url(self):
        online = self._filtered_online()
        for action in self:
            # The page asks for the invoices as they stand, credits not deducted.
            is_payable = action in online and not action.credits_text
            action.payment_url = is_payable and action._get_payment_url()

    def _filtered_online(self):
        """Return the actions that ask for a payment which can be made online."""
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
        """Return where the claims of the action are paid together, if anywhere.

        One invoice has a page of its own; several are paid together by a reader who has
        an access to the portal, for Odoo's page shows them their own invoices only.
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
        """Give what the messages link to the keys that their links need: the invoices;
        other rooms add what they link to."""
        self.line_ids.move_id._dunning_ensure_tokens()
