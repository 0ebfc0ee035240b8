from odoo import api, fields, models


class ResPartner(models.Model):
    """Extend customers with a segment and a scenario of their own."""

    _inherit = "res.partner"

    dunning_segment_id = fields.Many2one(
        comodel_name="dunning.segment",
        string="Segment",
        company_dependent=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
    )
    dunning_scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        string="Own Scenario",
        company_dependent=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Replaces the scenario of the segment for this customer.",
        groups="base.group_user",
    )

    @api.model
    def _commercial_fields(self):
        own = ["dunning_segment_id", "dunning_scenario_id"]
        return super()._commercial_fields() + own

    @api.model
    def _get_dunning_collector_fields(self):
        own = {
            "dunning_scenario_id",
            "dunning_segment_id",
        }
        return super()._get_dunning_collector_fields() | own

    def _dunning_get_segment(self, company):
        """Return the segment of the customer: the company's, else a parent's, else an
        empty record."""
        self.ensure_one()
        own = [seen.dunning_segment_id for seen in self._dunning_in_chain(company)]
        segment = next(filter(None, own), self.env["dunning.segment"])
        return segment.with_env(self.env)
