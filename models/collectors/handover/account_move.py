from odoo import api, fields, models

from ...setup.trouble.guarded import guarded_reading


class AccountMove(models.Model):
    """Warn when invoicing a customer whose orders are blocked."""

    _inherit = "account.move"

    dunning_blocked_text = fields.Char(
        string="Reason for Blocking",
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
        """Put the warning about blocked orders before Odoo's credit warning, which it
        requests where the company watches credit limits: on invoices and, with the
        Sales module, on orders."""
        warning = super()._build_credit_warning_message(record, *args, **kwargs)
        blocked = self._get_dunning_block_text(record)
        return "\n".join(filter(None, (blocked, warning)))

    def _get_dunning_block_text(self, record=None):
        """Return the warning about a blocked customer, False without one; it never
        stops invoicing.

        :param record: invoice or order, this invoice by default
        """
        record = self if record is None else record
        with guarded_reading("tell whether orders are blocked"):
            return record.partner_id._dunning_get_block_text(record.company_id)
        return False
