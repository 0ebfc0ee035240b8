from odoo import models


class DunningChannel(models.AbstractModel):
    """Check of every message before it leaves."""

    _inherit = "dunning.channel"

    def _check_messages(self, deliveries, texts):
        """Return the deliveries whose message may leave; fail the others, with the
        faults of their text.

        Each channel that writes or speaks calls it in `_deliver`, once its texts are
        rendered and before they are used: `ready = self._check_messages(ready, texts)`.

        :param deliveries: dunning.delivery of this channel
        :param texts: see `_find_faults`
        """
        faults = self._find_faults(deliveries.action_id, texts)
        faulty = deliveries.filtered(lambda delivery: delivery.action_id in faults)
        for delivery in faulty:
            findings = faults[delivery.action_id]
            delivery._fail(
                self.env._(
                    "The message did not pass the check: %(findings)s",
                    findings=self.env["dunning.message.checker"]._format_all(findings),
                )
            )
        return deliveries - faulty
