from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .sms_text import to_sms_text


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with a short text for SMS and spoken messages."""

    _inherit = "dunning.message.mixin"

    short_items_text = fields.Char(
        string="Invoices in Short",
        compute="_compute_short",
        compute_sudo=True,
        help="The invoices for a short text: their numbers, or how many they are.",
    )
    short_payment_text = fields.Char(
        string="Account in Short",
        compute="_compute_short",
        compute_sudo=True,
        help="Account for a transfer, for a short text, and the reference unless the "
        "invoices say the same; empty unless there is exactly one payment to make.",
    )

    @api.depends("amount_rows", "step_id.request")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_short(self):
        for action in self:
            moves = action._get_message_lines().move_id.with_env(self.env)
            action.short_items_text = moves._dunning_tell()
            action.short_payment_text = action._tell_account()

    def _tell_account(self):
        """Return account and reference in short, False without a single one."""
        payments = self._get_payments(self._unpack_rows())
        if self.step_id.request != "payment" or len(payments) != 1:
            return False
        values = self._prepare_payment(payments[0])
        if not values["account_number"]:
            return False
        account = "".join(values["account_number"].split())
        named = self._get_message_lines().move_id._dunning_tell()
        if all(part in named for part in values["reference"].split()):
            return self.env._("Account %(account)s.", account=account)
        return self.env._(
            "Account %(account)s, ref. %(reference)s.",
            account=account,
            reference=values["reference"],
        )

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
