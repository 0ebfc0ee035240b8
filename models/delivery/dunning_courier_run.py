import errno
import logging
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..setup.guard.guard import SEAL
from ..setup.trouble.concurrency import is_concurrency_error

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
# Ids read at once by one run of the job; it is called again while something remains.
RUN_SIZE = 2000
REASON_LENGTH = 300
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DunningCourier(models.AbstractModel):
    """Run of the delivery job: records the results of sent messages, then delivers each
    batch in its own transaction; a failed batch is redone one by one."""

    _inherit = "dunning.courier"

    def _run(self):
        """Deliver all that is due, in batches of one transaction each.

        A failed batch is rolled back and redone one by one, so that one faulty action
        does not block the others; after a concurrent change, an action waits for the
        next run.
        """
        now = fields.Datetime.now()
        self._settle_sent(now)
        Action = self.env["dunning.action"]
        domain = self._get_due_domain(now)
        order = "company_id, scheduled_at, id"
        ids = Action.search(domain, order=order, limit=RUN_SIZE).ids
        remaining = len(ids) if len(ids) < RUN_SIZE else Action.search_count(domain)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for batch_ids in split_every(BATCH_SIZE, ids):
            # Letters are bound once all of them are printed, see `_finish_run`.
            courier = self.with_context(dunning_binds_later=SEAL)
            if not courier._run_batch(Action.browse(batch_ids), now):
                return
        self._finish_run(now)
        self.env["dunning.trouble"]._settle_all("deliver", before=now)

    def _finish_run(self, now):
        """Combine the documents of the batches of a run; each room commits its own.

        :param now: datetime (UTC) of the run
        """

    def _settle_sent(self, now):
        """Process mail and SMS results since the last run, in their own transaction, so
        that an error there never blocks sending, nor one faulty message the others."""
        Delivery = self.env["dunning.delivery"]
        everybody = self.env["res.company"]
        trouble = self.env["dunning.trouble"]

        def settle_each():
            trouble._attempt_each(
                "results",
                Delivery.search(Delivery._get_unsettled_domain(now)),
                lambda delivery: Delivery._settle_sent(
                    now, Domain("id", "=", delivery.id)
                ),
            )

        def settle_all():
            Delivery._settle_sent(now)
            trouble._settle_all("results")

        cron = self.env["ir.cron"]
        trouble._attempt("results", everybody, settle_all, fallback=settle_each)
        cron._commit_progress()
        trouble._attempt("abandoned", everybody, Delivery._return_abandoned)
        cron._commit_progress()

    def _run_batch(self, actions, now):
        """Deliver a batch in one transaction; return the seconds left, 0 to stop."""
        try:
            self._deliver(actions, now)
            self.env.flush_all()
        except Exception as error:
            self.env.cr.rollback()
            if not is_concurrency_error(error):
                _logger.info(
                    "A batch of follow-up actions failed, redone one by one",
                    exc_info=True,
                )
                return self._run_one_by_one(actions, now)
            self._log_concurrency(actions)
        return self._commit(actions)

    def _run_one_by_one(self, actions, now):
        for action in actions:
            try:
                self._deliver(action, now)
                self.env.flush_all()
            except Exception as error:
                self.env.cr.rollback()
                self._handle_failure(action, error)
            seconds = self._commit(action)
            if not seconds:
                break
        return seconds

    def _log_concurrency(self, actions):
        _logger.info(
            "Follow-up actions %s met a concurrent change, left to the next run",
            actions.ids,
            exc_info=True,
        )

    def _handle_failure(self, action, error):
        """Log an error that stopped the delivery of an action, and put the action on
        the desk; after a concurrent change it waits for the next run."""
        if is_concurrency_error(error):
            self._log_concurrency(action)
            return
        _logger.exception("Follow-up action %s was not delivered", action.id)
        self.env["dunning.trouble"]._attempt(
            "deliver",
            action.company_id,
            partial(self._register_failure, action, error),
        )

    def _commit(self, actions):
        """Commit the results of a batch, and publish them to its senders in the same
        transaction; return the seconds left."""
        actions.dispatch_id._publish()
        return self.env["ir.cron"]._commit_progress(len(actions))

    def _register_failure(self, action, error):
        """Put an action that could not be delivered on the desk, with the reason."""
        locked = action.try_lock_for_update(allow_referencing=True)
        if not locked:
            return
        reason = self._get_failure_reason(action, error)
        if action.state == "scheduled":
            action._fail(reason)
        elif letters := action.delivery_ids._get_to_print():
            now = fields.Datetime.now()
            letters._fail(reason)
            self._settle(letters, action.company_id._dunning_today(now), now)

    def _get_failure_reason(self, action, error):
        text = " ".join(str(error).split())
        if len(text) > REASON_LENGTH:
            text = text[:REASON_LENGTH] + "…"
        if isinstance(error, UserError):
            return text
        env = self.with_context(lang=action.company_id._dunning_get_lang()).env
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            return env._(
                "The server has no space left to write the documents. Ask your "
                "administrator to make room, then try again."
            )
        return env._(
            "An unexpected error kept it from being sent: %(error)s. Try again; if it "
            "happens again, show this to your administrator.",
            error=text or type(error).__name__,
        )
