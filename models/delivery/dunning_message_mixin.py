from odoo import api, models
from odoo.tools import email_split


class DunningMessageMixin(models.AbstractModel):
    """Reader of a message, once its delivery is known."""

    _inherit = "dunning.message.mixin"

    @api.depends("delivery_ids.contact_id", "delivery_ids.state")
    def _compute_contact_id(self):
        """Prefer the contact of the delivery that carries the message."""
        undecided = self.browse()
        for action in self:
            action.contact_id = action._get_way().contact_id
            if not action.contact_id:
                undecided |= action
        return super(DunningMessageMixin, undecided)._compute_contact_id()

    def _get_way(self):
        """Return the delivery that carries the message: the last active one, of the
        current channel (`dunning_channel` in the context) if there is one."""
        code = self.env["dunning.channel"]._get_current_code()
        return self.delivery_ids.filtered(
            lambda way: (
                way.contact_id
                and way.state in ("waiting", "done")
                and (not code or way.channel == code)
            )
        )[-1:]

    def _get_channel_used(self):
        """Return the channel of the first delivery that reached the customer."""
        reached = self.delivery_ids.filtered(lambda way: way.state == "done")
        if not reached:
            return super()._get_channel_used()
        return self.env["dunning.channel"]._get(reached[0].channel)

    def _has_several_readers(self):
        # A postal address has commas, too.
        addresses = email_split(self._get_way().address or "")
        return len(addresses) > 1 or super()._has_several_readers()
