from odoo import models


class DunningTeam(models.Model):
    """Extend the team with its disputes."""

    _inherit = "dunning.team"

    def _get_uses(self):
        return (
            *super()._get_uses(),
            ("dunning.dispute.reason", "team_id"),
            ("dunning.dispute", "team_id"),
        )
