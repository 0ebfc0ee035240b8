from base64 import b64encode

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

TABLE = "account_dunning_scenario.interest_claims"


class DunningInterestSheet(models.TransientModel):
    """Show the legal interest and indemnities on late claims and their calculation;
    nothing is booked or sent."""

    _name = "dunning.interest.sheet"
    _description = "Interest on Late Payment"
    _inherit = ["dunning.wizard.mixin"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self._default_company_id(),
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        default=lambda self: self._default_partner_id(),
    )
    move_ids = fields.Many2many(
        comodel_name="account.move",
        string="Invoices",
        default=lambda self: self._get_active("account.move"),
        help="Empty: all overdue open items.",
    )
    day = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self._default_company_id()._dunning_today(),
        help="Last day that bears interest.",
    )
    table = fields.Html(compute="_compute_table", sanitize=False)
    document = fields.Binary(readonly=True)
    document_name = fields.Char(readonly=True)

    @api.model
    def _get_active(self, model):
        records = self.env[model]
        if self.env.context.get("active_model") != model:
            return records
        return records.browse(self.env.context.get("active_ids"))

    @api.model
    def _default_company_id(self):
        return self._get_active("account.move").company_id[:1] or self.env.company

    @api.model
    def _default_partner_id(self):
        moves = self._get_active("account.move")
        partners = self._get_active("res.partner") or moves.partner_id
        return partners.commercial_partner_id[:1]

    @api.depends("company_id", "partner_id", "move_ids", "day")
    def _compute_table(self):
        for wizard in self:
            wizard.table = wizard._render_table()

    def _render_table(self):
        """Return the sheet as HTML; if a rate is missing, the error instead."""
        if not (self.partner_id and self.day):
            return False
        report = self.env["report.account_dunning_scenario.interest_sheet"]
        try:
            values = report._prepare_interest_values(self._get_items(), self.day)
        except UserError as error:
            return Markup('<p class="text-danger">%s</p>') % error
        if not values["claims"]:
            return Markup("<p>%s</p>") % self.env._("No interest is due.")
        return self.env["ir.qweb"]._render(TABLE, values)

    def _get_items(self):
        """Return the claims of the customer to show."""
        Item = self.env["account.move.line"]
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("account_id", "in", Item._dunning_receivable_accounts()),
                ("parent_state", "=", "posted"),
                ("balance", ">", 0),
                ("amount_currency", ">", 0),
            ]
        )
        domain &= ~Item._get_dunning_paid_out_domain()
        if self.move_ids:
            domain &= Domain("move_id", "in", self.move_ids.ids)
        else:
            domain &= Domain("reconciled", "=", False)
        return Item.search(domain, order="date_maturity, id")

    def action_invoice(self):
        """Draft the invoices of what is due, and open them.

        :raise UserError: see `dunning.legal.charge`
        :raise AccessError: the user may not create invoices
        """
        self.ensure_one()
        self.env["account.move"].check_access("create")
        charges = self.env["dunning.legal.charge"]
        invoices = charges._invoice(self._get_items(), self.day)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        if len(invoices) == 1:
            return {**action, "res_id": invoices.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", invoices.ids)]}

    def action_waive(self):
        """Open the dialog that waives interest or indemnities of these invoices."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_legal_waive_action"
        )
        moves = self._get_items().move_id
        return {**action, "context": {"default_move_ids": moves.ids}}

    def action_print(self):
        """Download the calculation sheet.

        :raise UserError: nothing is due, or a rate is missing
        """
        self.ensure_one()
        items = self._get_items()
        if not items:
            raise UserError(self.env._("No interest is due."))
        report = self.env["report.account_dunning_scenario.interest_sheet"]
        pdf = report._get_pdf(items, self.day)
        name = self.env._("Interest %(customer)s.pdf", customer=self.partner_id.name)
        self.write({"document": b64encode(pdf), "document_name": name})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/document"
            "?download=true&filename_field=document_name",
            "target": "download",
        }
