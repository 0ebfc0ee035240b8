from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

PAID_ANSWERS = [
    ("yes", "Yes"),
    ("partly", "Partly"),
    ("promised", "Promised"),
    ("no", "No"),
    ("not_asked", "Nothing asked for"),
]
SATISFIED_ANSWERS = [
    ("yes", "Yes"),
    ("mixed", "Mixed"),
    ("no", "No"),
    ("unknown", "No answer"),
]


class DunningAction(models.Model):
    """Extend the action with the two questions after every step: has the customer paid
    (S0-10), and is their satisfaction preserved (S0-11)?

    Both answers are read from the ledger, the promises and the disputes by one query
    for all actions: nothing is stored that could become outdated. Actions that were not
    performed have no answer.
    """

    _inherit = "dunning.action"

    paid_answer = fields.Selection(
        selection=PAID_ANSWERS,
        string="Paid?",
        compute="_compute_answers",
        search="_search_paid_answer",
        help="Payment so far of the claims that the action asked for.",
    )
    satisfied_answer = fields.Selection(
        selection=SATISFIED_ANSWERS,
        string="Satisfied?",
        compute="_compute_answers",
        search="_search_satisfied_answer",
        help="Yes: 4 or 5 out of 5. Mixed: 3. No: 1 or 2, or an open dispute.",
    )

    # No dependency on the ledger: each of its changes would search for actions.
    @api.depends("state", "satisfaction", "outcome")
    def _compute_answers(self):
        answers = {}
        if self.ids:
            # sudo: a salesperson sees the answers, not the ledger behind them
            self.env.cr.execute(
                SQL(
                    "%s AND action.id = ANY(%s)",
                    self.sudo()._get_answers_query(),
                    self.ids,
                )
            )
            answers = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        for action in self:
            paid, satisfied = answers.get(action._origin.id, (False, False))
            action.paid_answer = paid
            action.satisfied_answer = satisfied

    @api.model
    def _search_paid_answer(self, operator, value):
        return self._search_answer("paid", operator, value)

    @api.model
    def _search_satisfied_answer(self, operator, value):
        return self._search_answer("satisfied", operator, value)

    @api.model
    def _search_answer(self, column, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain(
            "id",
            "in",
            SQL(
                "(SELECT id FROM (%s) answer WHERE %s = ANY(%s))",
                self.sudo()._get_answers_query(),
                SQL.identifier(column),
                [answer for answer in value if answer],
            ),
        )
        return found | Domain("state", "!=", "done") if False in value else found

    # ---- SQL -------------------------------------------------------------------------

    @api.model
    def _get_answers_query(self):
        """Return the SQL of `id, paid, satisfied` of the performed actions, ending in a
        WHERE that accepts further conditions."""
        for model in (
            "account.move.line",
            "dunning.action",
            "dunning.action.line",
            "dunning.dispute",
            "dunning.dispute.claim",
            "dunning.promise",
            "dunning.promise.claim",
        ):
            self.env[model].flush_model()
        return SQL(
            """SELECT action.id, %(paid)s AS paid, %(satisfied)s AS satisfied
                 FROM dunning_action action
                 LEFT JOIN LATERAL (%(claims)s) claims ON TRUE
                WHERE action.state = 'done'""",
            paid=self._get_paid_sql(),
            satisfied=self._get_satisfied_sql(),
            claims=self._get_claims_sql(),
        )

    @api.model
    def _get_claims_sql(self):
        """Return the SQL of what became of an action's claims: whether all are settled,
        whether the balance of one went down, whether one is promised or disputed."""
        return SQL(
            """SELECT COUNT(*) AS number,
                      BOOL_AND(item.reconciled IS TRUE) AS is_settled,
                      BOOL_OR(item.amount_residual_currency
                              < line.amount_residual_currency) AS is_reduced,
                      BOOL_OR(EXISTS (
                          SELECT 1
                            FROM dunning_promise_claim pledge
                            JOIN dunning_promise promise
                              ON promise.id = pledge.promise_id
                           WHERE pledge.move_line_id = item.id
                             AND promise.state = 'open')) AS is_promised,
                      BOOL_OR(EXISTS (
                          SELECT 1
                            FROM dunning_dispute_claim part
                            JOIN dunning_dispute dispute
                              ON dispute.id = part.dispute_id
                           WHERE part.move_line_id = item.id
                             AND dispute.state <> 'settled')) AS is_disputed
                 FROM dunning_action_line line
                 JOIN account_move_line item ON item.id = line.move_line_id
                WHERE line.action_id = action.id AND line.state <> 'dropped'"""
        )

    @api.model
    def _get_paid_sql(self):
        """Return the SQL of the first answer; a contact made by hand has no claims, so
        its outcome decides."""
        return SQL(
            """CASE WHEN action.kind = 'thanks' THEN 'not_asked'
                    WHEN claims.is_settled OR action.outcome = 'paid' THEN 'yes'
                    WHEN claims.is_promised
                         OR EXISTS (SELECT 1 FROM dunning_promise promise
                                     WHERE promise.action_id = action.id
                                       AND promise.state = 'open') THEN 'promised'
                    WHEN claims.is_reduced OR action.outcome = 'partly_paid'
                         THEN 'partly'
                    WHEN claims.number = 0 THEN 'not_asked'
                    ELSE 'no' END"""
        )

    @api.model
    def _get_satisfied_sql(self):
        return SQL(
            """CASE WHEN claims.is_disputed
                         OR EXISTS (SELECT 1 FROM dunning_dispute dispute
                                     WHERE dispute.action_id = action.id
                                       AND dispute.state <> 'settled') THEN 'no'
                    WHEN action.satisfaction >= 4 THEN 'yes'
                    WHEN action.satisfaction = 3 THEN 'mixed'
                    WHEN action.satisfaction >= 1 THEN 'no'
                    ELSE 'unknown' END"""
        )
