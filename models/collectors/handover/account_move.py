from odoo import api, fields, models

from ...setup.trouble.guarded import guarded_reading


class AccountMove(models.Model):
    """Who invoices a customer whose orders are blocked is told."""

    _inherit = "account.move"

    dunning_blocked_text = fields.Char(
        compute="_compute_dunning_blocked_text",
        groups="base.group_user",
    )

    @api.depends("partner_id", "company_id", "move_type", "state")
    def _compute_dunning_blocked_text(self):
        self.dunning_blocked_text = False
        for move in self:
            is_asked = move.move_type == "out_invoice" and move.state == "draft"
            if is_asked and move.partner_id:
                move.dunning_blocked_text = move._get_dunning_block_text()

    def _build_credit_warning_message(self, record, *args, **kwargs):
        """Odoo asks for this text where the company watches credit limits, for invoices
        and, with the Sales module, for orders: a block comes first."""
        warning = super()._build_credit_warning_message(record, *args, **kwargs)
        blocked = self._get_dunning_block_text(record)
        return "\n".join(filter(None, (blocked, warning)))

    def _get_dunning_block_text(self, record=None):
        """Return the text about a blocked customer, False without; who invoices is
        never stopped by it.

        :param record: invoice or order, this invoice by default
        """
        record = self if record is None else record
        with guarded_reading("tell whether orders are blocked"):
            return record.partner_id._dunning_get_block_text(record.company_id)
        return False
