from odoo import models

from ..setup.base import OUR_MODELS


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        """Refuse to render texts on our records for users who may not read these:
        values in messages are computed for any reader, and not every dialog checks
        before.

        :raise AccessError: the user may not read one of the records
        """
        if not self.env.su and model and model.startswith(OUR_MODELS):
            self.env[model].browse(filter(None, res_ids)).check_access("read")
        return super()._render_template(template_src, model, res_ids, *args, **kwargs)
