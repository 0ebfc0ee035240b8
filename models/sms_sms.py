from odoo import api, models


class SmsSms(models.Model):
    """The queue of text messages tells the follow-up what became of them."""

    _inherit = "sms.sms"

    @api.model
    def _process_queue(self):
        result = super()._process_queue()
        self.env["dunning.delivery"].sudo()._wake_settling()  # sudo: as the queue
        return result
