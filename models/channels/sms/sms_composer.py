from odoo import models

from ...setup.base import OUR_MODELS


class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    def _compute_body(self):
        """Fill in the text with the user's rights: Odoo computes the stored fields of a
        dialog as superuser, who may read everything.

        :raise AccessError: the user may not read the record of ours that it is about
        """
        ours = self.filtered(lambda c: (c.res_model or "").startswith(OUR_MODELS))
        super(SmsComposer, ours.sudo(False))._compute_body()
        return super(SmsComposer, self - ours)._compute_body()
