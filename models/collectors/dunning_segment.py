from odoo import models


class DunningSegment(models.Model):
    """Extend segments with their use in rules of teams."""

    _inherit = "dunning.segment"

    def _get_uses(self):
        return (*super()._get_uses(), ("dunning.team.rule", "segment_ids"))
