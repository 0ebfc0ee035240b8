from odoo import models


class DunningAction(models.Model):
    """Who tries again tries the same number again: it may have been busy."""

    _inherit = "dunning.action"

    def action_retry(self):
        """Put failed actions back on the way, by numbers that failed, too."""
        result = super().action_retry()
        # sudo: a collector need not be allowed to write on contacts
        contacts_sudo = self.delivery_ids.contact_id.sudo()
        names = contacts_sudo._get_dunning_failed_fields()
        contacts_sudo.write(dict.fromkeys(names, False))
        return result
