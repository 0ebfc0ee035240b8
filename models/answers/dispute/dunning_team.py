from odoo import models


class DunningTeam(models.Model):
    """Settle disputes as a team."""

    _inherit = "dunning.team"

    def _get_uses(self):
        return (
            *super()._get_uses(),
            ("dunning.dispute.reason", "team_id"),
            ("dunning.dispute", "team_id"),
        )
