from odoo import models


class ResPartner(models.Model):
    """Customers that are merged, or become the contact of another one: their history
    and their answers go with them."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("parent_id", "is_company")):
            self.env["dunning.pending.check"]._try("joined", self.ids)
        return result

    def _dunning_follow_customer(self):
        """Let what belongs to partners that became contacts belong to the customer."""
        result = super()._dunning_follow_customer()
        contacts = self.filtered(lambda p: p.commercial_partner_id != p)
        if not contacts:
            return result
        for model in self._get_dunning_customer_models():
            # sudo: who arranges contacts may not write the follow-up
            records = (
                self.env[model].sudo().search([("partner_id", "in", contacts.ids)])
            )
            for contact, of_contact in records.grouped("partner_id").items():
                of_contact.partner_id = contact.commercial_partner_id
        return result

    def _dunning_join_actions(self):
        """Let what waits for customers that were merged leave as one: where several
        actions wait for one of them, the next planning makes one of their claims."""
        result = super()._dunning_join_actions()
        self._dunning_follow_customer()
        # sudo: who merges customers may not write follow-up actions
        actions_sudo = self.env["dunning.action"].sudo()
        waiting = actions_sudo.search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "in", ("to_confirm", "scheduled", "failed")),
                ("kind", "!=", "thanks"),
            ]
        )
        reason = self.env._("The customer was merged with another: planned again.")
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
