from odoo import models

from ..setup.base import OUR_MODELS


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        """Say nothing of a record of ours to who may not read it: what messages say is
        computed for whoever they go to, and not every dialog asks before.

        :raise AccessError: the user may not read one of the records
        """
        if not self.env.su and model and model.startswith(OUR_MODELS):
            self.env[model].browse(filter(None, res_ids)).check_access("read")
        return super()._render_template(template_src, model, res_ids, *args, **kwargs)
