from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext

from ....setup.guard.guard import SEAL

# Errors after which no letter of the company can leave.
COMPANY_ERRORS = ("CREDIT_ERROR",)


class DunningDelivery(models.Model):
    """Letters handed to the postal service, until it answers."""

    _inherit = "dunning.delivery"

    snailmail_letter_id = fields.Many2one(
        comodel_name="snailmail.letter",
        string="Postal Service",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    is_by_hand = fields.Boolean(
        string="Posted by Hand", help="The letter is not handed to the postal service."
    )

    def _is_with_service(self):
        is_handed_over = self.state == "waiting" and bool(self.snailmail_letter_id)
        return is_handed_over or super()._is_with_service()

    @api.model
    def _get_wait_conditions(self, alias, with_trouble):
        conditions = super()._get_wait_conditions(alias, with_trouble)
        if with_trouble:
            return conditions
        self.flush_model(["snailmail_letter_id"])
        return [*conditions, SQL("%s.snailmail_letter_id IS NOT NULL", alias)]

    def _recall_letters(self):
        """Take letters out of the queue, except those that are being sent."""
        queued = self.snailmail_letter_id.filtered(
            lambda letter: letter.state in ("pending", "error")
        )
        recalled = queued.try_lock_for_update()
        recalled.with_context(dunning_recall=SEAL).cancel()
        self.filtered(
            lambda delivery: delivery.snailmail_letter_id in recalled
        ).snailmail_letter_id = False

    def _settle_letters(self):
        """Process the postal service's answers about these deliveries."""
        # sudo: the user who runs the queue may not write the journal
        waiting = self.sudo().filtered(lambda delivery: delivery.state == "waiting")
        sent = waiting.filtered(lambda d: d.snailmail_letter_id.state == "sent")
        for company, of_company in sent.grouped("company_id").items():
            of_company._perform(company._dunning_today())
        sent.action_id._perform_if_complete()
        for delivery in waiting.filtered(
            lambda d: d.snailmail_letter_id.state in ("error", "canceled")
        ):
            delivery._return_letter()

    def _return_letter(self):
        """Return a letter that the service did not send to the desk, where it can be
        posted by hand. If no letter of the company can leave, return all of them."""
        letter = self.snailmail_letter_id
        returned = self
        if letter.error_code in COMPANY_ERRORS:
            returned |= self.search(
                [
                    ("snailmail_letter_id.state", "=", "pending"),
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "waiting"),
                ]
            )
        reason = self._get_service_reason(letter)
        # Odoo retries some errors by itself: letters on the desk are not sent twice.
        returned.snailmail_letter_id.with_context(
            dunning_recall=SEAL
        ).state = "canceled"
        returned.snailmail_letter_id = False
        returned._give_up(reason, "desk")

    def _get_service_reason(self, letter):
        """Return the reason why the service did not send a letter, in the company's
        language."""
        env = self.with_context(lang=self.company_id._dunning_get_lang()).env
        said = {
            "CREDIT_ERROR": env._("its credit is used up: buy some in the settings"),
            "TRIAL_ERROR": env._(
                "the company has no account: register in the settings"
            ),
            "NO_PRICE_AVAILABLE": env._("it does not deliver to this country"),
            "MISSING_REQUIRED_FIELDS": env._("the address is not complete"),
            "FORMAT_ERROR": env._("it does not accept the layout of the letter"),
        }
        why = said.get(letter.error_code)
        if not why and letter.state == "canceled":
            why = env._("it was cancelled there")
        if not why:
            answer = " ".join(html2plaintext(letter.info_msg or "").split())
            why = answer or env._("no reason given")
        return env._(
            "The postal service did not send the letter: %(why)s. Try again, or post "
            "the letter yourself.",
            why=why,
        )
