from odoo import models
from odoo.tools import SQL


class DunningCoverage(models.AbstractModel):
    """Count claims whose message waits for a service as followed up."""

    _inherit = "dunning.coverage"

    def _get_waiting_sql(self, company):
        return SQL(
            """f.id IN (SELECT line.move_line_id FROM dunning_action_line line
                          JOIN dunning_delivery delivery
                            ON delivery.action_id = line.action_id
                         WHERE line.state = 'done' AND line.company_id = %s
                           AND line.move_line_id IS NOT NULL AND %s)""",
            company.id,
            self.env["dunning.delivery"]._get_wait_sql("delivery"),
        )
