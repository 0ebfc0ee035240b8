from odoo import api, fields, models


class DunningEntryLine(models.TransientModel):
    """Open invoice, or one of its instalments, to tick in the dialog."""

    _name = "dunning.entry.line"
    _description = "Invoice of a Customer's Answer"
    _inherit = ["dunning.wizard.mixin"]

    # Salespeople may have no accounting rights, see `_get_item`.
    _checked_otherwise = ("move_line_id",)

    entry_id = fields.Many2one(
        comodel_name="dunning.entry", required=True, index=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line", index="btree_not_null", ondelete="cascade"
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

    @api.model
    def default_get(self, fields):
        """Ignore a default invoice given by the caller: users tick or choose it."""
        values = super().default_get(fields)
        values.pop("move_line_id", None)
        return values

    def _check_shown(self, names):
        """Clear an invoice of another customer, or one that the user may not note for,
        so that its name is not revealed. The rest of the dialog still works."""
        result = super()._check_shown(names)
        if "move_line_id" in names and not self.env.su:
            foreign = self.filtered(lambda line: not line._get_item())
            # sudo: clearing needs no check, nothing is shown any more
            foreign.filtered("move_line_id").sudo().move_line_id = False
        return result

    def _get_item(self):
        """Return the item, readable by users who may note answers of its customer;
        empty for all others."""
        self.ensure_one()
        entry = self.entry_id
        # sudo: salespeople may have no accounting rights
        item_sudo = self.move_line_id.sudo()
        is_theirs = (
            item_sudo.partner_id.commercial_partner_id
            == entry.partner_id.commercial_partner_id
            and item_sudo.company_id == entry.company_id
        )
        if is_theirs and entry.partner_id._dunning_may_note(entry.company_id):
            return item_sudo
        return item_sudo.browse()

    def _convert(self, currency, day):
        """Return the open amount in a currency at the rate of a day.

        :param currency: res.currency of the dialog
        """
        self.ensure_one()
        return self.currency_id._convert(
            self.amount, currency, self.entry_id.company_id, day
        )
