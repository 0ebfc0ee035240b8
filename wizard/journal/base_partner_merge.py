from odoo import models

from ...models.setup.guard.guard import open_journal


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Extend the merge: merged customers are followed up as one."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # Merging moves the history, whatever the user's own rights on it.
        merging = open_journal(self, "res.partner")
        target = dst_partner and dst_partner.with_env(merging.env)
        result = super(BasePartnerMergeAutomaticWizard, merging)._merge(
            partner_ids, target, extra_checks
        )
        merged = self.env["res.partner"].browse(partner_ids).exists()
        self.env["dunning.pending.check"]._try("merged", merged.ids)
        return result
