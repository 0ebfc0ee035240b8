from odoo import fields, models


class ResCompany(models.Model):
    """Choice of the postal service for the ordinary letters of a company."""

    _inherit = "res.company"

    dunning_is_snailmail = fields.Boolean(
        string="Letters by Odoo's Postal Service",
        help="The service prints and posts ordinary letters, paid with credits, but no "
        "registered ones.",
        groups="base.group_user",
    )
