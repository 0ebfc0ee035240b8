from collections import Counter

from odoo import api, fields, models

from ...setup.guard.guard import by_code
from .dunning_dispute import TASK

# Fields that decide who is notified.
TOLD_FIELDS = {"owner_id", "team_id", "reason_id", "participant_ids", "target_date"}


class DunningDispute(models.Model):
    """Extend the dispute with its owner, or a team that assigns it to one of its
    members, and with notifications."""

    _inherit = "dunning.dispute"

    salesperson_id = fields.Many2one(
        comodel_name="res.users", related="partner_id.user_id", store=True
    )
    team_id = fields.Many2one(
        comodel_name="dunning.team",
        compute="_compute_team_id",
        precompute=True,
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        tracking=True,
    )
    owner_id = fields.Many2one(
        comodel_name="res.users",
        string="Dispute Owner",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    participant_ids = fields.Many2many(
        comodel_name="res.users",
        string="Other People Involved",
        compute="_compute_participant_ids",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="People from other departments who are involved.",
    )

    @api.depends("reason_id")
    def _compute_team_id(self):
        for dispute in self.filtered(
            lambda dispute: dispute._follows_reason("team_id")
        ):
            dispute.team_id = dispute.reason_id.team_id

    @api.depends("reason_id", "team_id", "partner_id", "company_id")
    def _compute_owner_id(self):
        self.filtered(
            lambda dispute: (
                dispute._follows_reason("owner_id")
                or (dispute.team_id and not dispute._is_in_team())
            )
        )._assign()

    @api.depends("reason_id")
    def _compute_participant_ids(self):
        for dispute in self:
            dispute.participant_ids |= dispute.reason_id.participant_ids

    def _is_in_team(self):
        self.ensure_one()
        return self.owner_id in self.team_id._get_people()

    def write(self, vals):
        """Notify new owners and participants; update the owner's task."""
        result = super().write(vals)
        if vals.keys() & TOLD_FIELDS:
            self.filtered(lambda dispute: dispute.state != "settled")._notify_people()
        return result

    # ---- assignment ------------------------------------------------------------------

    def _assign(self):
        """Assign disputes to the owner named by the reason, else to the team member
        with the fewest, else to the customer's collector, else to the user who notes
        them.

        Users who have left, or do not work in the company, are skipped.

        Who has left, or does not work in the company, gets none.
        """
        loads = self._get_loads()
        for dispute in self:
            reason = dispute.reason_id
            is_of_reason = dispute.team_id in (reason.team_id, dispute.team_id.browse())
            named = reason.owner_id if is_of_reason else reason.owner_id.browse()
            dispute.owner_id = (
                named._dunning_get_present(dispute.company_id)
                or dispute.team_id._get_least_busy(dispute.company_id, loads)
                or dispute.partner_id._dunning_get_collector(dispute.company_id)
                or self.env.user.filtered(lambda u: u.active and u._is_internal())
            )
            loads[dispute.owner_id] += 1

    @api.model
    def _get_loads(self):
        """Return {user: number of open disputes}."""
        # sudo: the workload does not depend on the reader's rights
        counts = self.sudo()._read_group(
            [("state", "!=", "settled"), ("owner_id", "!=", False)],
            ["owner_id"],
            ["__count"],
        )
        return Counter({owner.sudo(False): count for owner, count in counts})

    # ---- notifications ---------------------------------------------------------------

    def _notify_people(self):
        """Subscribe the people concerned, notify the new ones, and give the owners
        their task. The salesperson is always notified (S2-30)."""
        # sudo: the previous owner may no longer have access to the dispute
        for dispute in self.sudo():
            concerned = (
                dispute.owner_id
                | dispute.participant_ids
                | dispute.salesperson_id
                | dispute.team_id.manager_id
            ).filtered("active")
            new = concerned.partner_id - dispute.message_partner_ids
            dispute.message_subscribe(new.ids)
            dispute._notify_colleagues(new - dispute.owner_id.partner_id)
        self.sudo()._give_tasks()

    def _notify_colleagues(self, partners):
        """Notify colleagues of a dispute; the owner is informed by the task instead."""
        self.ensure_one()
        partners -= self.env.user.partner_id
        if not partners:
            return
        body = self.env._(
            "%(customer)s disputes %(amount)s: %(reason)s. Dispute owner: %(owner)s.",
            customer=self.partner_id.name,
            amount=self.currency_id.format(self.amount),
            reason=self.reason_id.name,
            owner=self.owner_id.name or self.env._("nobody yet"),
        )
        self.message_notify(
            partner_ids=partners.ids, subject=self.display_name, body=body
        )

    def _give_tasks(self, **values):
        """Give each owner one task to settle the dispute, which follows owner and
        deadline.

        :param values: of the tasks, overriding the defaults

        :param values: of the tasks, in the place of those
        """
        known = self.activity_search([TASK])
        by_task = self.grouped(lambda dispute: (dispute.owner_id, dispute.target_date))
        for (owner, deadline), disputes in by_task.items():
            if not owner:
                continue
            task = {
                "user_id": owner.id,
                "date_deadline": deadline or disputes[0].company_id._dunning_today(),
                **values,
            }
            theirs = known.filtered(lambda a, group=disputes: a.res_id in group.ids)
            theirs.write(task)
            missing = disputes - disputes.browse(theirs.mapped("res_id"))
            by_code(missing).activity_schedule(TASK, **task)
