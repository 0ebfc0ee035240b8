from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..answers.promise.dunning_promise import MISSED_STATES
from ..answers.promise.dunning_promise_judge import TASK

WAITING_STATES = ("to_confirm", "scheduled", "in_progress", "failed")
RANKS = {False: 0, "declaration": 1, "promise": 2, "dispute": 3}


class DunningAction(models.Model):
    """Extend the action with its priority: disputes come first (S2-20), then broken
    promises, then declarations to decide on.

    The priority is not stored: the desk sorts and filters by what is open right now.
    """

    _inherit = "dunning.action"

    first_reason = fields.Selection(
        selection=[
            ("dispute", "Dispute"),
            ("promise", "Broken promise"),
            ("declaration", "Declaration to decide on"),
        ],
        string="Priority",
        compute="_compute_first_reason",
        search="_search_first_reason",
        help="Settle the dispute, talk about the broken promise, or decide on the "
        "declaration, before asking the customer for anything else.",
    )

    def _compute_first_reason(self):
        reasons = {rank: reason for reason, rank in RANKS.items()}
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM dunning_action WHERE id = ANY(%s)",
                self._get_rank("dunning_action"),
                self.ids,
            )
        )
        ranks = dict(rows)
        for action in self:
            action.first_reason = reasons[ranks.get(action._origin.id, 0)]

    @api.model
    def _search_first_reason(self, operator, value):
        if operator != "in":
            return NotImplemented
        ranks = [RANKS[reason] for reason in value]
        return Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s = ANY(%s)", model._get_rank(alias), ranks
            )
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == "first_reason":
            return SQL("%s %s %s", self._get_rank(alias), direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _get_rank(self, alias):
        """Return the SQL of the urgency of waiting actions: see RANKS.

        :param alias: of dunning_action
        """
        self.flush_model(["state", "partner_id", "company_id"])
        self.env["dunning.dispute"].flush_model(["state", "partner_id", "company_id"])
        self.env["dunning.promise"].flush_model(["state", "partner_id", "company_id"])
        self.env["dunning.declaration"].flush_model(
            ["state", "partner_id", "company_id"]
        )
        self.env["mail.activity"].flush_model()
        return SQL(
            """CASE WHEN %(alias)s.state <> ALL(%(waiting)s) THEN 0
                    WHEN EXISTS (
                        SELECT 1 FROM dunning_dispute dispute
                         WHERE dispute.partner_id = %(alias)s.partner_id
                           AND dispute.company_id = %(alias)s.company_id
                           AND dispute.state <> 'settled') THEN 3
                    WHEN EXISTS (
                        SELECT 1 FROM dunning_promise promise
                          JOIN mail_activity task ON task.res_id = promise.id
                           AND task.res_model = 'dunning.promise' AND task.active
                           AND task.activity_type_id = %(task)s
                         WHERE promise.partner_id = %(alias)s.partner_id
                           AND promise.company_id = %(alias)s.company_id
                           AND promise.state = ANY(%(missed)s)) THEN 2
                    WHEN EXISTS (
                        SELECT 1 FROM dunning_declaration declaration
                         WHERE declaration.partner_id = %(alias)s.partner_id
                           AND declaration.company_id = %(alias)s.company_id
                           AND declaration.state = 'new') THEN 1
                    ELSE 0 END""",
            alias=SQL.identifier(alias),
            waiting=list(WAITING_STATES),
            missed=list(MISSED_STATES),
            task=self.env.ref(TASK).id,
        )

    def action_view_declarations(self):
        """Open the customer's declarations."""
        self.ensure_one()
        return self.partner_id.action_view_dunning_declarations()

    def action_view_disputes(self):
        """Open the customer's disputes."""
        self.ensure_one()
        return self.partner_id.action_view_dunning_disputes()
