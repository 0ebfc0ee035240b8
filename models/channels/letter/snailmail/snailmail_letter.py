from odoo import models
from odoo.exceptions import AccessError

from ....setup.guard.guard import is_sealed
from ....setup.trouble.guarded import guarded_reading

ACTION = "dunning.action"
# The only change that users may make to a letter: cancel it.
CANCELLED = {"state": "canceled", "error_code": False}


class SnailmailLetter(models.Model):
    """Report the results of follow-up letters, and send none that was recalled."""

    _inherit = "snailmail.letter"

    def write(self, vals):
        """Process the results of follow-up letters.

        :raise AccessError: a user changes a follow-up letter other than to cancel it:
            its result comes from the service
        """
        is_said = not self.env.su and not vals.items() <= CANCELLED.items()
        if is_said and ACTION in (vals.get("model"), *self.mapped("model")):
            raise AccessError(
                self.env._(
                    "The postal service reports the result of a letter: cancel it, or "
                    "use the buttons of the review desk."
                )
            )
        result = super().write(vals)
        if "state" in vals and not is_sealed(self.env, "dunning_recall"):
            deliveries = self.env["dunning.delivery"]
            with guarded_reading("find the follow-up letters of the service"):
                deliveries = self._get_dunning_deliveries()
            if deliveries:
                self.env["dunning.pending.check"]._try("settled", deliveries.ids)
        return result

    def _snailmail_print(self, immediate=True):
        """Leave out letters recalled since the queue was read; lock the others, so that
        they cannot be recalled meanwhile."""
        ours = self._get_dunning_deliveries().snailmail_letter_id
        free = ours.try_lock_for_update().sudo(self.env.su)
        recalled = self.filtered(
            lambda letter: letter.model == ACTION and letter not in ours
        )
        free = self.env["dunning.delivery"]._filter_up_to_date(
            "snailmail_letter_id", free
        )
        letters = self - ours - recalled | free
        return super(SnailmailLetter, letters)._snailmail_print(immediate)

    def _get_dunning_deliveries(self):
        # sudo: the user who runs the queue may not read or write deliveries
        deliveries_sudo = self.env["dunning.delivery"].sudo()
        return deliveries_sudo.search([("snailmail_letter_id", "in", self.ids)])
