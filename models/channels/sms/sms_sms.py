from odoo import api, models


class SmsSms(models.Model):
    """Leave out overtaken follow-up messages, and report the results of the queue to
    the follow-up."""

    _inherit = "sms.sms"

    @api.model
    def _process_queue(self):
        result = super()._process_queue()
        self.env["dunning.delivery"].sudo()._wake_settling()  # sudo: as the queue
        return result

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Leave out messages that were overtaken while they waited."""
        leaving = self.env["dunning.delivery"]._filter_up_to_date("sms_id", self)
        if not leaving:
            return None
        return super(SmsSms, leaving)._send(
            unlink_failed=unlink_failed,
            unlink_sent=unlink_sent,
            raise_exception=raise_exception,
        )
