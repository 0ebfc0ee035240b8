from odoo import models


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the readers of a copy (S3-50)."""

    _inherit = "dunning.message.mixin"

    def _get_copies(self, readers):
        """Return {action: formatted e-mail addresses that get a copy}.

        :param readers: {action: res.partner, readers of the message itself}
        """
        # sudo: contacts of the customer and colleagues, chosen on the step
        actions_sudo = self.sudo()
        by_role = actions_sudo._get_contacts_by_role()
        copies = {}
        for action, own in zip(actions_sudo, self, strict=True):
            step = action.step_id
            people = step.copy_user_ids.filtered("active").partner_id
            if step.is_salesperson_copied:
                people |= action.salesperson_id.filtered("active").partner_id
            people |= by_role.get((action.partner_id, step.copy_role), people.browse())
            written_to = set(readers[own].mapped("email_normalized"))
            reached = people.filtered(
                lambda person, known=written_to: (
                    person.email_normalized and person.email_normalized not in known
                )
            )
            copies[own] = reached.mapped("email_formatted")
        return copies
