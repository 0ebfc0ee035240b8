from odoo import fields, models

from .roles import ROLES


class ResPartner(models.Model):
    """What a contact does at the customer's: steps are addressed by it."""

    _inherit = "res.partner"

    dunning_role = fields.Selection(
        selection=ROLES,
        string="Follow-Up Role",
        help="Steps that escalate are addressed to the contacts with their role.",
        groups="base.group_user",
    )
