from odoo import models


class DunningChannel(models.AbstractModel):
    """The check that every message passes before it leaves."""

    _inherit = "dunning.channel"

    def _check_messages(self, deliveries, texts):
        """Return the deliveries whose message may leave; the others fail, with what is
        wrong with their words.

        Called by `_deliver` of each channel that writes or speaks, once its texts are
        rendered and before anything else is made of them:
        `ready = self._check_messages(ready, texts)`.

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
