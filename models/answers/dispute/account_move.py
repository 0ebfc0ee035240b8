from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountMove(models.Model):
    """Extend the credit note with the dispute that it settles."""

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
        """Create the entries and check access to the disputes that they settle.

        :raise AccessError: the user may not read the dispute
        """
        moves = super().create(vals_list)
        moves.dunning_dispute_id.check_access("read")
        return moves

    @api.model
    def _get_dunning_collector_fields(self):
        return super()._get_dunning_collector_fields() | {"dunning_dispute_id"}

    @api.constrains("dunning_dispute_id")
    def _check_dunning_dispute_id(self):
        """Refuse a credit note for a dispute of another customer."""
        for move in self.filtered("dunning_dispute_id"):
            # sudo: the user who makes the credit note may have no access to disputes
            dispute_sudo = move.dunning_dispute_id.sudo()
            if move.commercial_partner_id != dispute_sudo.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(dispute)s is not a dispute of %(customer)s.",
                        dispute=dispute_sudo.display_name,
                        customer=move.commercial_partner_id.name,
                    )
                )
