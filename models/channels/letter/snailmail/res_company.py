from odoo import fields, models


class ResCompany(models.Model):
    """Choice of the postal service for the ordinary letters of a company."""

    _inherit = "res.company"

    dunning_is_snailmail = fields.Boolean(
        string="Letters by Odoo's Postal Service",
        help="Ordinary letters are printed and posted by the service, against credits; "
        "registered ones never are.",
        groups="base.group_user",
    )
