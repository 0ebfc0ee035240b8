from odoo import api, fields, models
from odoo.exceptions import AccessError


class DunningEntryLine(models.TransientModel):
    """An open invoice, or one of its instalments, that the answer may be about."""

    _name = "dunning.entry.line"
    _description = "Invoice of a Customer's Answer"
    _inherit = ["dunning.wizard.mixin"]

    # Salespeople need not have accounting rights, see `_get_item`.
    _checked_otherwise = ("move_line_id",)

    entry_id = fields.Many2one(
        comodel_name="dunning.entry", required=True, index=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line", required=True, ondelete="cascade"
    )
    is_ticked = fields.Boolean(string="Ticked")
    name = fields.Char(string="Invoice", compute="_compute_figures")
    due_date = fields.Date(string="Due", compute="_compute_figures")
    days_late = fields.Integer(compute="_compute_figures")
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_figures"
    )
    amount = fields.Monetary(
        string="Open Amount",
        compute="_compute_figures",
        help="In the invoice's currency.",
    )

    @api.depends("move_line_id", "entry_id.partner_id", "entry_id.company_id")
    def _compute_figures(self):
        for line in self:
            item = line._get_item()
            today = line.entry_id.company_id._dunning_today()
            due = item and item._dunning_due_date()
            line.name = item.move_id.name
            line.due_date = due
            line.days_late = due and max((today - due).days, 0)
            line.currency_id = item.currency_id
            line.amount = item.amount_residual_currency

    def _check_shown(self, names):
        """:raise AccessError: an invoice is not the customer's, or not the user's"""
        super()._check_shown(names)
        if self.env.su or "move_line_id" not in names:
            return
        if any(line.move_line_id and not line._get_item() for line in self):
            raise AccessError(
                self.env._(
                    "Choose invoices that this customer owes to this company, and "
                    "that you may note answers about."
                )
            )

    def _get_item(self):
        """Return the item, readable by whoever may note for the customer who owes it;
        none for anybody else."""
        self.ensure_one()
        entry = self.entry_id
        # sudo: salespeople need not have accounting rights
        item_sudo = self.move_line_id.sudo()
        is_theirs = (
            item_sudo.partner_id.commercial_partner_id
            == entry.partner_id.commercial_partner_id
            and item_sudo.company_id == entry.company_id
        )
        if is_theirs and entry._is_allowed(entry.partner_id, entry.company_id):
            return item_sudo
        return item_sudo.browse()

    def _convert(self, currency, day):
        """Return what is open in a currency, at the rate of a day.

        :param currency: res.currency of the dialog
        """
        self.ensure_one()
        return self.currency_id._convert(
            self.amount, currency, self.entry_id.company_id, day
        )
