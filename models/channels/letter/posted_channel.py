from odoo import models

from ...setup.guard.guard import SEAL, is_sealed


class DunningPostedChannel(models.AbstractModel):
    """Base of the letters that a person posts to the customer's postal address: they
    wait, bound by postcode into one PDF with the letters of the same dispatch (see
    `dunning.binder`).

    Each channel names that PDF by `_get_batch_name`.
    """

    # Not `dunning.channel.…`: it is no channel by itself.
    _name = "dunning.posted.channel"
    _description = "Follow-Up Channel: Posted by a Person"
    _inherit = ["dunning.postal.channel", "dunning.paper.channel"]

    _channel_nature = "printed"

    # ---- binding ---------------------------------------------------------------------

    def _compose_text(self, delivery):
        """Return the text with the letter alone, not bound with others."""
        alone = self.with_context(dunning_binds_later=SEAL)
        return super(DunningPostedChannel, alone)._compose_text(delivery)

    def _prepare_bound_values(self, deliveries, merged):
        """Return no values for letters that are bound later (`dunning_binds_later` in
        the context)."""
        if is_sealed(self.env, "dunning_binds_later"):
            return []
        return [self._prepare_batch_values(deliveries, merged)]

    def _prepare_batch_values(self, deliveries, merged, part=None):
        """Return the values of a PDF that holds several letters.

        :param part: see `_get_batch_name`
        """
        return {
            # On the delivery, not the action: it must show in no customer's chatter.
            "res_model": "dunning.delivery",
            "res_id": deliveries[0].id,
            "name": self._get_batch_name(deliveries, part),
            "raw": merged,
        }

    def _get_batch_name(self, deliveries, part=None):
        """Return the name of the PDF of these letters.

        :param part: (place of the first one, how many there are in all) where they are
            too many for one
        """
        raise NotImplementedError

    def _get_batch_count(self, deliveries, part):
        if not part:
            return len(deliveries)
        first, total = part
        last = first + len(deliveries) - 1
        return self.env._(
            "%(first)s-%(last)s of %(total)s", first=first, last=last, total=total
        )

    # ---- posting and withdrawal ------------------------------------------------------

    def _withdraw(self, deliveries):
        """Withdraw the letters, also from the PDF that holds them with others, so that
        nobody posts them by mistake."""
        result = super()._withdraw(deliveries)
        self.env["dunning.binder"]._rebind(deliveries.batch_attachment_id)
        return result

    def _refresh(self, deliveries):
        """Withdraw the letters not posted yet; the delivery job prints them again."""
        printed = deliveries.filtered("attachment_id")
        if not printed:
            return
        self._withdraw(printed)
        printed.batch_attachment_id = False
        note = self.env._(
            "The letter was withdrawn before it was posted: its figures have changed. "
            "It is printed again; throw the old one away."
        )
        printed.action_id._message_log_batch(dict.fromkeys(printed.action_id.ids, note))
        self.env["dunning.action"]._wake_delivery()

    def _log_performed(self, deliveries, feedback):
        self._log_letters(deliveries)
