from odoo import models


class DunningSegment(models.Model):
    """Choose the team of a segment's customers."""

    _inherit = "dunning.segment"

    def _get_uses(self):
        return (*super()._get_uses(), ("dunning.team.rule", "segment_ids"))
