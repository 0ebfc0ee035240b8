from odoo import models


class BasePartnerMerge(models.TransientModel):
    """Customers that are one and the same are followed up as one."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        merged = self.env["res.partner"].browse(partner_ids).exists()
        self.env["dunning.pending.check"]._try("merged", merged.ids)
        return result
