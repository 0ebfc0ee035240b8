from odoo import api, models


class SmsSms(models.Model):
    """Text messages of the follow-up leave up to date, or not; their queue tells the
    follow-up what became of them."""

    _inherit = "sms.sms"

    @api.model
    def _process_queue(self):
        result = super()._process_queue()
        self.env["dunning.delivery"].sudo()._wake_settling()  # sudo: as the queue
        return result

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Leave out what was overtaken while it waited."""
        leaving = self.env["dunning.delivery"]._filter_up_to_date("sms_id", self)
        if not leaving:
            return None
        return super(SmsSms, leaving)._send(
            unlink_failed=unlink_failed,
            unlink_sent=unlink_sent,
            raise_exception=raise_exception,
        )
