from odoo import models


class ResPartner(models.Model):
    """Extend the customer: the history and the answers follow a customer that is merged
    or becomes the contact of another one."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("parent_id", "is_company")):
            self.env["dunning.pending.check"]._try("joined", self.ids)
        return result

    def _dunning_follow_customer(self):
        """Move the records of partners that became contacts to their customer."""
        result = super()._dunning_follow_customer()
        contacts = self.filtered(lambda p: p.commercial_partner_id != p)
        if not contacts:
            return result
        for model in self._get_dunning_customer_models():
            # sudo: the user who edits contacts may not write follow-up records
            records = (
                self.env[model].sudo().search([("partner_id", "in", contacts.ids)])
            )
            for contact, of_contact in records.grouped("partner_id").items():
                of_contact.partner_id = contact.commercial_partner_id
        return result

    def _dunning_join_actions(self):
        """Join the waiting actions of merged customers: where several actions wait for
        one customer, drop their claims so that the next planning makes one action."""
        result = super()._dunning_join_actions()
        self._dunning_follow_customer()
        # sudo: the user who merges customers may not write follow-up actions
        actions_sudo = self.env["dunning.action"].sudo()
        waiting = actions_sudo.search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "in", ("to_confirm", "scheduled", "failed")),
                ("kind", "!=", "thanks"),
            ]
        )
        reason = self.env._(
            "The customer was merged with another one: the follow-up is planned again."
        )
        several = [
            actions
            for actions in waiting.grouped(
                lambda a: (a.company_id, a.partner_id)
            ).values()
            if len(actions) > 1
        ]
        lines = waiting.browse().concat(*several).line_ids
        lines = lines.filtered(lambda line: line.state == "open")
        lines._drop(dict.fromkeys(lines.ids, reason))
        return result

    def _get_dunning_checked(self):
        return self, self.commercial_partner_id, self.env.company
