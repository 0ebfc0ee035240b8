from odoo import api, fields, models


class ResPartner(models.Model):
    """Channels that a customer prefers or refuses (S1-10)."""

    _inherit = "res.partner"

    dunning_preferred_channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_preferable(),
        string="Preferred Channel",
        tracking=True,
        help="Replaces the other written channels, or the other spoken ones. "
        "Registered "
        "letters, visits and committees are not replaced.",
        groups="base.group_user",
    )
    dunning_refused_channel_ids = fields.Many2many(
        comodel_name="dunning.channel.guide",
        string="Refused Channels",
        relation="dunning_partner_refused_channel_rel",
        help="Channels never used for this customer: the fallback of the step is used, "
        "otherwise the action waits on the review desk.",
        groups="base.group_user",
    )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "dunning_preferred_channel",
            "dunning_refused_channel_ids",
        ]

    @api.model
    def _get_dunning_collector_fields(self):
        own = {
            "dunning_preferred_channel",
            "dunning_refused_channel_ids",
        }
        return super()._get_dunning_collector_fields() | own
