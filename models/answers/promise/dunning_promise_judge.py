import logging
from collections import defaultdict
from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.tools import SQL, format_date

from ...journal.dunning_chronicle import Told
from ...setup.guard.guard import by_code, open_journal
from ...setup.labels import get_labels
from .dunning_promise import JUDGED_STATES, MISSED_STATES, OPEN_STATES

_logger = logging.getLogger(__name__)

TASK = "account_dunning_scenario.mail_activity_type_broken_promise"


class DunningPromise(models.Model):
    """Extend the promise with its judgment, by the accounting date of the payments on
    its claims, however late they were reconciled."""

    _inherit = "dunning.promise"

    @api.model
    def _cron_judge(self):
        """Judge due promises and send reminders of the next ones, one transaction per
        company. If a company's promises cannot be judged together, judge them one by
        one, so that an error in one never blocks the others."""
        companies = self.env["res.company"].search([("active", "=", True)])
        trouble = self.env["dunning.trouble"]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            day = company._dunning_today()
            trouble._attempt(
                "promise",
                company,
                partial(self._judge_due, company, day),
                fallback=partial(self._judge_each, company, day),
                logger=_logger,
            )
            cron._commit_progress()
            trouble._attempt(
                "reminder",
                company,
                partial(self._remind_before, company._dunning_live(), day),
                logger=_logger,
            )
            if not cron._commit_progress(1):
                break

    @api.model
    def _judge_due(self, company, day):
        """Judge the due promises of a company, see `_get_due`."""
        self._get_due(company, day)._judge(day)

    @api.model
    def _judge_each(self, company, day):
        """Judge the due promises one by one, each in its own transaction."""
        self.env["dunning.trouble"]._attempt_each(
            "promise",
            self._get_due(company, day),
            lambda promise: promise._judge(day),
            companies=company,
        )

    @api.model
    def _get_due(self, company, day):
        """Return the open promises of a company that are past their day plus grace.

        :param day: the company's day
        """
        grace = company._dunning_setup_company().dunning_promise_grace_days
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", OPEN_STATES),
                (
                    "term_ids",
                    "any",
                    [
                        ("state", "=", "open"),
                        ("date", "<", day - timedelta(days=grace)),
                    ],
                ),
            ]
        )

    @api.model
    def _judge_items(self, items):
        """Judge again the promises about items whose reconciliations changed: a payment
        booked late may show that a broken promise was kept.

        :param items: account.move.line
        """
        promises = self.search(
            [
                ("claim_ids.move_line_id", "in", items.ids),
                ("state", "in", (*OPEN_STATES, *JUDGED_STATES)),
            ]
        )
        for company, of_company in promises.grouped("company_id").items():
            of_company._judge(company._dunning_today())

    def _judge(self, day):
        """Set the state of promises of one company from the payments.

        Those about an invoice that is being edited wait until it is posted again.

        :param day: the company's day; a promise is broken once its last day is over
        """
        self = self._journal().filtered(
            lambda p: "draft" not in p.claim_ids.move_id.mapped("state")
        )
        if not self:
            return
        events = self._get_events()
        setup = self.company_id._dunning_setup_company()
        before = {promise: promise.state for promise in self}
        for promise in self:
            promise._apply_events(events[promise.id], setup, day)
        changed = self.filtered(lambda promise: promise.state != before[promise])
        missed = changed.filtered(lambda promise: promise.state in MISSED_STATES)
        (changed - missed)._close_tasks()
        missed._notify_collectors()
        changed._log_verdict()

    def _get_events(self):
        """Return the payments and credits on the claims since each promise, in one
        query.

        :return: {promise id: [(claim id, accounting date, amount in the claim's
            currency, whether it is money)]}
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(
            ["date", "dunning_is_taken_in", "payment_id"]
        )
        self.claim_ids.flush_recordset()
        self.env.cr.execute(
            SQL(
                """SELECT claim.promise_id, claim.id, paying.date,
                          partial.debit_amount_currency, %(is_payment)s
                     FROM dunning_promise_claim claim
                     JOIN account_partial_reconcile partial
                       ON partial.debit_move_id = claim.move_line_id
                      AND partial.id > claim.last_partial_id
                     JOIN account_move_line item ON item.id = partial.debit_move_id
                     JOIN account_move_line paying
                       ON paying.id = partial.credit_move_id
                     JOIN account_journal journal ON journal.id = paying.journal_id
                    WHERE claim.promise_id = ANY(%(promises)s) AND %(stays)s
                      AND NOT EXISTS (
                          SELECT 1 FROM account_partial_reconcile exchange
                           WHERE exchange.exchange_move_id = paying.move_id)""",
                is_payment=self.env["account.move.line"]._dunning_is_payment(
                    "paying", "journal"
                ),
                stays=self.env["account.move.line"]._dunning_stays("item", "paying"),
                promises=self.ids,
            )
        )
        events = defaultdict(list)
        for promise_id, *event in self.env.cr.fetchall():
            events[promise_id].append(event)
        return events

    def _apply_events(self, events, setup, day):
        """Judge one promise, term by term; credited, cancelled or moved amounts are no
        longer promised."""
        self.ensure_one()
        shares = self._get_shares(events)
        total = sum(amount for amount, _ratio in shares.values())
        if self.currency_id.is_zero(total):
            self.write({"state": "cancelled", "judged_date": day})
            return
        grace = timedelta(days=setup.dunning_promise_grace_days)
        tolerance = total * setup.dunning_promise_tolerance / 100
        due = paid = 0
        for term in self.term_ids._journal().sorted("date"):
            due = min(due + term.amount, total)
            paid = self._get_paid(events, shares, term.date + grace)
            is_kept = self.currency_id.compare_amounts(paid, due - tolerance) >= 0
            is_over = day > term.date + grace
            term.state = "kept" if is_kept else "missed" if is_over else "open"
        self.amount_paid = paid
        self._conclude(setup, day)

    def _get_shares(self, events):
        """Return {claim id: (amount still promised, in the promise's currency; value of
        one unit of the claim's currency in that currency)}."""
        credited = defaultdict(float)
        for claim_id, _date, amount, is_payment in events:
            if not is_payment:
                credited[claim_id] += amount
        shares = {}
        for claim in self.claim_ids:
            ratio = claim.share / claim.amount_currency if claim.amount_currency else 0
            left = max(claim.amount_currency - credited[claim.id], 0)
            left *= claim._is_binding()
            shares[claim.id] = (left * ratio, ratio)
        return shares

    def _get_paid(self, events, shares, limit):
        """Return the amount paid by a day, at most the promised amount of each
        claim."""
        paid = defaultdict(float)
        for claim_id, date, amount, is_payment in events:
            if is_payment and date <= limit:
                paid[claim_id] += amount * shares[claim_id][1]
        return sum(min(amount, shares[claim][0]) for claim, amount in paid.items())

    def _conclude(self, setup, day):
        """Set the state from the terms: a plan is broken as a whole once more payments
        were missed than the company tolerates."""
        states = self.term_ids.mapped("state")
        missed = states.count("missed")
        tolerated = setup.dunning_promise_tolerated_misses if self.is_plan else 0
        if states[-1] == "kept":
            state = "kept"
        elif missed > tolerated or (missed and "open" not in states):
            is_paid = self.currency_id.compare_amounts(self.amount_paid, 0) > 0
            state = "partly_kept" if is_paid else "broken"
        else:
            state = "open"
        if state == self.state:
            return
        if state == "open":
            newer = self._get_rival_claims().promise_id[:1]
            state = "replaced" if newer else "open"
            self.replaced_by_id = newer
        self.write({"state": state, "judged_date": state != "open" and day})

    # ---- consequences ----------------------------------------------------------------

    def _notify_collectors(self):
        """Ask the collectors to deal with promises that were not kept, all at once."""
        for user, promises in self._grouped_by_collector().items():
            if user:
                quiet = by_code(promises).with_context(mail_activity_quick_update=True)
                quiet.activity_schedule(TASK, user_id=user.id)
        for day, promises in self.grouped("judged_date").items():
            # sudo: the journal is written by methods only
            promises.action_id.sudo().write(
                {"outcome": "promise_broken", "outcome_date": day}
            )

    def _grouped_by_collector(self):
        """Return {collector or empty: promises}."""
        return self.grouped(lambda p: p.partner_id._dunning_get_collector(p.company_id))

    def _close_tasks(self):
        # The user who books the payment closes them, whoever they are assigned to.
        open_journal(self, "mail.activity").activity_unlink([TASK])

    def _log_verdict(self):
        """Log the result of the promises; in the customers' chatters without
        amounts."""
        labels = get_labels(self, "state")
        told = [
            Told(
                promise,
                self.env._(
                    "Promise by %(day)s: %(state)s",
                    day=format_date(self.env, promise.date),
                    state=labels[promise.state].lower(),
                ),
                promise.currency_id.format(promise.amount),
            )
            for promise in self
        ]
        self.env["dunning.chronicle"]._tell(told)
