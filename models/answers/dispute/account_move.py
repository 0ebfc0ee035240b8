from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountMove(models.Model):
    """A credit note may settle a dispute."""

    _inherit = "account.move"

    dunning_dispute_id = fields.Many2one(
        comodel_name="dunning.dispute",
        string="Dispute",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="This credit note settles it.",
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: the dispute that it settles is not the user's to read"""
        moves = super().create(vals_list)
        moves.dunning_dispute_id.check_access("read")
        return moves

    @api.model
    def _get_dunning_collector_fields(self):
        return super()._get_dunning_collector_fields() | {"dunning_dispute_id"}

    @api.constrains("dunning_dispute_id")
    def _check_dunning_dispute_id(self):
        """A credit note settles a dispute of its own customer."""
        for move in self.filtered("dunning_dispute_id"):
            # sudo: who makes the credit note may see no disputes
            dispute_sudo = move.dunning_dispute_id.sudo()
            if move.commercial_partner_id != dispute_sudo.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(dispute)s is not a dispute of %(customer)s.",
                        dispute=dispute_sudo.display_name,
                        customer=move.commercial_partner_id.name,
                    )
                )
