from collections import Counter
from math import ceil

from odoo import models

from ..journal.dunning_action import OPEN_STATES
from ..setup.colleagues.colleagues import check_colleagues
from ..setup.guard.guard import holds_journal
from ..setup.trouble.guarded import guarded_reading


class ResPartner(models.Model):
    """Extend customers with a change of collector, which moves their open work."""

    _inherit = "res.partner"

    def _validate_fields(self, field_names, excluded_names=()):
        """Refuse a new collector who is no colleague.

        :raise ValidationError: the collector is no colleague
        """
        names = set(field_names)
        super()._validate_fields(names, excluded_names)
        if "dunning_collector_id" not in names:
            return
        # Odoo runs constraints as superuser, hence this method: code copies collectors
        # to contacts.
        is_code = self.env.su or holds_journal(self)
        for partner in self:
            partner_sudo = partner.sudo()  # sudo: the field is for colleagues only
            is_copy = is_code or partner != partner_sudo.commercial_partner_id
            company = None if is_copy else self.env.company
            check_colleagues(partner_sudo.dunning_collector_id, company)

    def write(self, vals):
        if "dunning_collector_id" not in vals:
            return super().write(vals)
        before = {}
        with guarded_reading("read the collectors of customers"):
            before = self._dunning_get_collectors()
        result = super().write(vals)
        owners = [[key[0].id, key[1].id, user.id] for key, user in before.items()]
        self.env["dunning.pending.check"]._try("given", self.ids, before=owners)
        return result

    def _dunning_get_collectors(self):
        """Return {(customer, company): collector} of open actions."""
        # sudo: users who may change the collector need not see the follow-up
        actions_sudo = self.env["dunning.action"].sudo()
        groups = actions_sudo._read_group(
            [("partner_id", "in", self.ids), ("state", "in", OPEN_STATES)],
            ["partner_id", "company_id"],
        )
        return {
            (customer, company): customer._dunning_get_collector(company)
            for customer, company in groups
        }

    def _dunning_move_actions(self, before=()):
        """Assign open actions to the new collectors, with their calls; actions assigned
        to another user by hand stay there.

        :param before: ids of customer, company and collector before the change
        """
        result = super()._dunning_move_actions(before)
        owners = {(customer, company): user for customer, company, user in before}
        # sudo: as above
        actions_sudo = self.env["dunning.action"].sudo()
        waiting = actions_sudo.search(
            [("partner_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        )
        moving = waiting.filtered(
            lambda action: (
                (action.stand_in_for_id or action.collector_id).id
                in (False, owners.get((action.partner_id.id, action.company_id.id)))
            )
        )
        after = {
            (customer, company): customer._dunning_get_collector(company)
            for customer, company in moving.grouped(
                lambda action: (action.partner_id, action.company_id)
            )
        }
        by_user = moving.grouped(lambda a: after[a.partner_id, a.company_id])
        for user, actions in by_user.items():
            actions._give_to(user)
        return result

    def _dunning_distribute(self, members, owners, loads):
        """Distribute these customers: members keep theirs up to a fair share, the
        others go to the member with the fewest.

        :param members: res.users, not empty
        :param owners: {customer: collector}
        :param loads: Counter of each user's customers, updated in place
        :return: the customers whose collector changed
        """
        share = ceil(len(self) / len(members))
        kept, moving = Counter(), []
        for customer in self:
            owner = owners[customer]
            if owner in members and kept[owner] < share:
                kept[owner] += 1
            else:
                moving.append(customer)
                loads[owner] -= 1
        given = {}
        for customer in moving:
            user = min(members, key=lambda member: loads[member])
            loads[user] += 1
            given.setdefault(user, []).append(customer)
        for user, customers in given.items():
            self.browse().union(*customers).dunning_collector_id = user
        return self.browse().union(*moving)
