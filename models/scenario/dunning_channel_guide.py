from odoo import api, fields, models


class DunningChannelGuide(models.Model):
    """Guide to a channel and the skill that it takes (S0-23).

    Customers and segments refer to refused channels by these records.
    """

    _name = "dunning.channel.guide"
    _description = "Channel"
    _inherit = ["dunning.shared.mixin"]
    _order = "sequence, id"
    _rec_name = "code"

    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=100)
    guidance = fields.Html(translate=True, help="Advice on using the channel well.")

    _code_unique = models.UniqueIndex(
        "(code)", "This channel already has a description: change that one."
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self.env["dunning.channel"]._get_selection())
        for guide in self:
            guide.display_name = labels.get(guide.code, guide.code)

    @api.model
    def _get_guidance(self, code):
        """Return the guidance of a channel, as markup in the user's language."""
        return self.search([("code", "=", code)], limit=1).guidance
