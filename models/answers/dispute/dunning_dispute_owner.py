from collections import Counter

from odoo import api, fields, models

from ...setup.guard.guard import by_code
from .dunning_dispute import TASK

# Fields on which depends who is told what.
TOLD_FIELDS = {"owner_id", "team_id", "reason_id", "participant_ids", "target_date"}


class DunningDispute(models.Model):
    """Who settles a dispute: somebody, or a team that gives it to one of its members;
    and who is told."""

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
        string="Settled By",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    participant_ids = fields.Many2many(
        comodel_name="res.users",
        string="Also Concerned",
        compute="_compute_participant_ids",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="People of other departments who have a part in it.",
    )

    @api.depends("reason_id")
    def _compute_team_id(self):
        for dispute in self.filtered(lambda dispute: dispute._is_undecided("team_id")):
            dispute.team_id = dispute.reason_id.team_id

    @api.depends("reason_id", "team_id", "partner_id", "company_id")
    def _compute_owner_id(self):
        self.filtered(
            lambda dispute: (
                dispute._is_undecided("owner_id")
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
        """Whoever is given a dispute, or a part in it, is told; the task follows."""
        result = super().write(vals)
        if vals.keys() & TOLD_FIELDS:
            self.filtered(lambda dispute: dispute.state != "settled")._tell()
        return result

    # ---- giving ----------------------------------------------------------------------

    def _assign(self):
        """Give disputes to the one whom their reason names, else to whoever of the team
        has the fewest, else to the customer's collector, else to whoever notes them.

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
        """Return how many open disputes each user has to settle."""
        # sudo: what somebody has to do does not depend on who asks
        counts = self.sudo()._read_group(
            [("state", "!=", "settled"), ("owner_id", "!=", False)],
            ["owner_id"],
            ["__count"],
        )
        return Counter({owner.sudo(False): count for owner, count in counts})

    # ---- telling ---------------------------------------------------------------------

    def _tell(self):
        """Let those concerned follow, tell those who did not know, and ask the owners
        to settle it. The salesperson is always told (S2-30)."""
        # sudo: who gives a dispute away may have no part in it any more
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
        """Tell colleagues of a dispute; its owner learns of it by the task."""
        self.ensure_one()
        partners -= self.env.user.partner_id
        if not partners:
            return
        body = self.env._(
            "%(customer)s disputes %(amount)s: %(reason)s. %(owner)s settles it.",
            customer=self.partner_id.name,
            amount=self.currency_id.format(self.amount),
            reason=self.reason_id.name,
            owner=self.owner_id.name or self.env._("Nobody yet"),
        )
        self.message_notify(
            partner_ids=partners.ids, subject=self.display_name, body=body
        )

    def _give_tasks(self, **values):
        """Ask the owners to settle the disputes: one task each, that follows owner and
        day.

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
