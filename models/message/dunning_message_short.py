from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .sms_text import to_sms_text


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with a short text for SMS and spoken messages."""

    _inherit = "dunning.message.mixin"

    def _get_short_texts(self):
        """Return {action: text} in the readers' languages; a user's own text replaces
        the step's."""
        written = self.filtered(lambda action: action._has_text())
        texts = {action: html2plaintext(action.mail_body) for action in written}
        langs = self._get_reader_langs()
        for (template, lang), group in (
            (self - written)
            .grouped(lambda action: (action.step_id.sms_template_id, langs[action]))
            .items()
        ):
            try:
                rendered = template.with_context(lang=lang)._render_field(
                    "body", group.ids, set_lang=lang
                )
            except UserError as error:
                raise group._get_text_error(template, group, error) from error
            texts |= {action: rendered[action.id] for action in group}
        return {action: to_sms_text(text) for action, text in texts.items()}
