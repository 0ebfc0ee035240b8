from odoo import models


class DunningCourier(models.AbstractModel):
    """The letters that a run printed are bound once all of them are printed."""

    _inherit = "dunning.courier"

    def _finish_run(self, now):
        result = super()._finish_run(now)
        self.env["dunning.binder"]._run(now)
        return result
