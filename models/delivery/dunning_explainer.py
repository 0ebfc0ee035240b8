from odoo import models


class DunningExplainer(models.AbstractModel):
    """Explain messages that wait for a service."""

    _inherit = "dunning.explainer"

    def _tell_unsettled(self, action, when):
        waiting = action.delivery_ids.filtered(lambda way: way._is_with_service())
        if not waiting:
            return super()._tell_unsettled(action, when)
        return self.env._(
            "a message has been waiting since %(when)s, not accepted yet by "
            "%(service)s",
            when=when,
            service=waiting[0]._get_service(),
        )
