from odoo import api, fields, models
from odoo.tools import SQL

from ..setup.guard.guard import by_code

ACTIVITY_REPLY = "account_dunning_scenario.mail_activity_type_reply"
PAYMENT_OUTCOMES = ("paid", "partly_paid")


class DunningAction(models.Model):
    """Extend the action with its outcome: the customer's answer or payment."""

    _name = "dunning.action"
    _inherit = ["dunning.action", "dunning.entry.mixin"]

    reply_date = fields.Date(
        string="Answered On",
        copy=False,
        help="Day of the customer's last answer to the message, in the company's time "
        "zone.",
    )

    _reply_index = models.Index("(partner_id, reply_date) WHERE reply_date IS NOT NULL")

    promise_ids = fields.One2many(
        comodel_name="dunning.promise", inverse_name="action_id"
    )
    dispute_ids = fields.One2many(
        comodel_name="dunning.dispute", inverse_name="action_id"
    )

    nonpayment_ids = fields.One2many(
        comodel_name="dunning.nonpayment",
        inverse_name="action_id",
        string="Reasons for Not Paying",
    )

    def _creation_message(self):
        """Return the chatter note of an action noted by hand; the planner inserts its
        actions by SQL, without one."""
        return self.env._("Contact noted by %(user)s", user=self.env.user.name)

    def _get_dunning_subject(self):
        """Return the subject; an action that has not left yet is not a contact."""
        lines = self.line_ids.filtered(lambda line: line.state != "dropped")
        return {
            "partner_id": self.partner_id,
            "company_id": self.company_id,
            "action_id": self.filtered(lambda a: a.state in ("in_progress", "done")),
            "items": lines.move_line_id,
        }

    def _register_answer(self, outcome, day):
        """Record the outcome of contacts in which the customer answered in person. A
        call under way is marked as performed, whatever happens to its claims.

        :param outcome: of the action
        :param day: the company's day of the answer
        """
        self._perform_call_under_way()
        # sudo: the journal is written by methods only
        self.sudo().write({"outcome": outcome, "outcome_date": day})

    def _perform_call_under_way(self, feedback=False):
        """Mark the calls and visits under way as done.

        :param feedback: text of what was said, logged in both chatters
        :return: the actions whose call was under way
        """
        calling = self.filtered(lambda action: action.state == "in_progress")
        calls = calling.delivery_ids.filtered(
            lambda delivery: delivery.state == "waiting" and delivery.activity_id
        )
        if calls:
            calls.activity_id.action_feedback(feedback=feedback)
        return calls.action_id

    # ---- replies ---------------------------------------------------------------------

    def _register_reply(self):
        """Record a reply as the outcome, notify the collector, and stop automatic
        messages to the customer for the days set by the company."""
        for company, actions in self.grouped("company_id").items():
            day = company._dunning_today()
            actions.reply_date = day
            unpaid = actions.filtered(lambda a: a.outcome not in PAYMENT_OUTCOMES)
            unpaid.write({"outcome": "reply", "outcome_date": day})
            if company._dunning_setup_company().dunning_reply_hold_days:
                reason = self.env._("The customer answered a message")
                actions._hold_others(company._dunning_tree(), "reply", reason)
        self._notify_collector()

    def _hold_others(self, companies, untick_reason, reason):
        """Leave the other waiting actions of these customers to a person: drop the
        claims of automatic ones, to be planned again after the hold, and untick the
        rest.

        :param companies: res.company, a whole tree
        :param untick_reason: code of the planner's rule that holds them from now on
        :param reason: the same in the user's words
        """
        waiting = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", companies.ids),
                ("state", "in", ("to_confirm", "scheduled")),
                ("kind", "!=", "thanks"),
            ]
        ).try_lock_for_update(allow_referencing=True)
        automatic = waiting.filtered(
            lambda action: action.mode == "auto" and action.state == "scheduled"
        )
        lines = automatic.line_ids.filtered(lambda line: line.state == "open")
        lines._drop(dict.fromkeys(lines.ids, reason))
        (waiting - automatic).write(
            {"state": "to_confirm", "is_ticked": False, "untick_reason": untick_reason}
        )

    def _notify_collector(self):
        """Ask the collectors to read the answer, once per customer."""
        for customer, actions in self.grouped("partner_id").items():
            action = actions[-1:]
            user = action._get_collector()
            if not user or customer.activity_search(
                [ACTIVITY_REPLY], user_id=user.id, only_automated=False
            ):
                continue
            by_code(customer).activity_schedule(
                ACTIVITY_REPLY,
                date_deadline=action.reply_date,
                summary=action.with_context(lang=user.lang).env._(
                    "Answer to “%(step)s”", step=action.display_name
                ),
                user_id=user.id,
            )

    # ---- payments --------------------------------------------------------------------

    @api.model
    def _refresh_payment_outcomes(self, items):
        """Record payments of items as the outcome of the actions before them, all at
        once; remove the outcome where a payment was undone.

        Paid: every item of the action is settled, and at least one payment is dated on
        or after the day of the action. Partly paid: some money came since. Credit notes
        alone do not count.

        :param items: account.move.line whose reconciliations changed
        """
        rows = self._get_payments_since(items)
        actions = self.browse(rows)
        by_outcome = actions.grouped(lambda action: rows[action.id])
        for (paid_on, is_settled), paid in by_outcome.items():
            if paid_on:
                outcome = "paid" if is_settled else "partly_paid"
                paid.write({"outcome": outcome, "outcome_date": paid_on})
            else:
                paid._undo_payment_outcome()

    def _undo_payment_outcome(self):
        undone = self.filtered(lambda action: action.outcome in PAYMENT_OUTCOMES)
        undone._restore_outcome()

    def _restore_outcome(self):
        """Reset the outcome to the customer's last answer, if any."""
        by_word = self.grouped(
            lambda action: max(action._get_answer_outcomes(), default=None)
        )
        for word, actions in by_word.items():
            day, outcome = word or (False, False)
            actions.write({"outcome": outcome, "outcome_date": day})

    def _get_answer_outcomes(self):
        """Return the customer's answers to an action: [(day, outcome)]."""
        self.ensure_one()
        return [(self.reply_date, "reply")] if self.reply_date else []

    def _get_payments_since(self, items):
        """Return {action id: (day of the last payment since, whether all is settled)}
        of the performed notices and reminders about any of the items."""
        self.env["dunning.action.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        items.flush_model(["reconciled", "payment_id", "statement_line_id"])
        self.env.cr.execute(
            SQL(
                """SELECT line.action_id,
                          MAX(partial.max_date) FILTER (WHERE %(is_payment)s
                              AND partial.max_date >= line.performed_date),
                          BOOL_AND(item.reconciled IS TRUE)
                     FROM dunning_action_line line
                     JOIN account_move_line item ON item.id = line.move_line_id
                     LEFT JOIN account_partial_reconcile partial
                       ON partial.debit_move_id = item.id
                     LEFT JOIN account_move_line paying
                       ON paying.id = partial.credit_move_id
                     LEFT JOIN account_journal journal ON journal.id = paying.journal_id
                    WHERE line.state = 'done' AND line.kind <> 'thanks'
                      AND line.action_id IN (
                          SELECT action_id FROM dunning_action_line
                           WHERE move_line_id = ANY(%(items)s) AND state = 'done')
                    GROUP BY line.action_id""",
                is_payment=SQL(
                    "(%s AND %s)",
                    items._dunning_is_payment("paying", "journal"),
                    items._dunning_stays("item", "paying"),
                ),
                items=items.ids,
            )
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}
