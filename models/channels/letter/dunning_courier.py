from odoo import models


class DunningCourier(models.AbstractModel):
    """Bind the letters of a run once all of them are printed."""

    _inherit = "dunning.courier"

    def _finish_run(self, now):
        result = super()._finish_run(now)
        self.env["dunning.binder"]._run(now)
        return result
