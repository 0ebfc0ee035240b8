from functools import partial

from odoo import models

from ..setup.base import OUR_MODELS
from ..setup.day_format import format_day
from ..setup.guard.guard import SEAL, is_sealed


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        """Refuse to render texts on our records for users who may not read these:
        values in messages are computed for any reader, and not every dialog checks
        before.

        :raise AccessError: the user may not read one of the records
        """
        if not (model and model.startswith(OUR_MODELS)):
            return super()._render_template(
                template_src, model, res_ids, *args, **kwargs
            )
        if not self.env.su:
            self.env[model].browse(filter(None, res_ids)).check_access("read")
        ours = self.with_context(dunning_days=SEAL)
        return super(MailRenderMixin, ours)._render_template(
            template_src, model, res_ids, *args, **kwargs
        )

    def _render_eval_context(self):
        """Write the days of our texts with the name of the month, see `format_day`."""
        result = super()._render_eval_context()
        if is_sealed(self.env, "dunning_days"):
            result["format_date"] = partial(_format_date, self.env)
        return result


def _format_date(env, date, date_format=False, lang_code=False):
    return format_day(env, date, date_format, lang_code or None)
