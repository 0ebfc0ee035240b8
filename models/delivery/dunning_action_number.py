from odoo import models


class DunningAction(models.Model):
    """Retry failed actions by the same numbers: they may have been busy."""

    _inherit = "dunning.action"

    def action_retry(self):
        """Retry failed actions, even by numbers that failed before."""
        result = super().action_retry()
        # sudo: a collector need not be allowed to write on contacts
        contacts_sudo = self.delivery_ids.contact_id.sudo()
        names = contacts_sudo._get_dunning_failed_fields()
        contacts_sudo.write(dict.fromkeys(names, False))
        return result
