from odoo import api, fields, models


class AccountMoveBlocked(models.Model):
    """Who invoices a customer whose orders are blocked is told."""

    _inherit = "account.move"

    dunning_blocked_text = fields.Char(
        compute="_compute_dunning_blocked_text",
        groups="base.group_user",
    )

    @api.depends("partner_id", "company_id", "move_type", "state")
    def _compute_dunning_blocked_text(self):
        for move in self:
            is_asked = move.move_type == "out_invoice" and move.state == "draft"
            move.dunning_blocked_text = (
                is_asked
                and bool(move.partner_id)
                and move.partner_id._dunning_get_block_text(move.company_id)
            )

    def _build_credit_warning_message(self, record, *args, **kwargs):
        """Odoo asks for this text where the company watches credit limits, for invoices
        and, with the Sales module, for orders: a block comes first."""
        warning = super()._build_credit_warning_message(record, *args, **kwargs)
        blocked = record.partner_id._dunning_get_block_text(record.company_id)
        return "\n".join(filter(None, (blocked, warning)))
