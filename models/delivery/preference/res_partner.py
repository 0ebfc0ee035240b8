from odoo import api, fields, models


class ResPartner(models.Model):
    """By which channels a customer likes to be contacted, and by which not (S1-10)."""

    _inherit = "res.partner"

    dunning_size = fields.Selection(
        selection=[
            ("small", "Small company"),
            ("medium", "Medium-sized company"),
            ("large", "Large company"),
        ],
        string="Size",
        tracking=True,
        help="Steps may be for customers of one size; persons count as small.",
        groups="base.group_user",
    )
    dunning_preferred_channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_preferable(),
        string="Preferred Channel",
        tracking=True,
        help="Takes the place of other written channels, or of other spoken ones. "
        "Registered letters, visits and committees stay what they are.",
        groups="base.group_user",
    )
    dunning_refused_channel_ids = fields.Many2many(
        comodel_name="dunning.channel.guide",
        string="Refused Channels",
        relation="dunning_partner_refused_channel_rel",
        help="The customer is not contacted by these: the fallback of the step is "
        "taken, else the action waits on the desk.",
        groups="base.group_user",
    )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "dunning_size",
            "dunning_preferred_channel",
            "dunning_refused_channel_ids",
        ]
