from collections import namedtuple

from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import SQL

from ..setup.guard.guard import by_code
from ..setup.trouble.guarded import guarded
from .account_payment import FAILED_STATES

KEY = "dunning.pending.check"
BATCH_SIZE = 100
# Failed attempts after which an activity is created.
TOLD_AFTER = 2
ERROR_LENGTH = 300
# Number of ids in a log line.
LOGGED = 10
Kind = namedtuple("Kind", ["model", "method"])
# Kinds of accounting changes, in the order of their checks: instalment numbers are
# recorded before records move to new items, and these before they are checked.
KINDS = {
    "numbered": Kind("account.move", "_dunning_number_instalments"),
    "posted": Kind("account.move", "_dunning_take_over"),
    "edited": Kind("account.move", "_dunning_recheck"),
    "changed": Kind("account.move.line", "_dunning_recheck"),
    "collection": Kind("account.payment", "_dunning_follow_collection"),
    "taken_back": Kind("account.partial.reconcile", "_dunning_note_return"),
    "collected": Kind("account.payment", "_dunning_recheck"),
    "matched": Kind("account.move.line", "_dunning_refresh_outcomes"),
    "joined": Kind("res.partner", "_dunning_follow_customer"),
    "merged": Kind("res.partner", "_dunning_join_actions"),
    "given": Kind("res.partner", "_dunning_move_actions"),
}


class DunningPendingCheck(models.Model):
    """Check of an accounting change that failed and waits for the next job.

    Changes are checked once, at the end of the transaction, and only for entries and
    items on record. A failed check never fails the accounting: it is kept here, the
    next job retries it, and no message about it leaves before.
    """

    _name = "dunning.pending.check"
    _description = "Pending Check"
    _order = "id"
    _rec_name = "res_id"

    kind = fields.Selection(
        selection=[
            ("numbered", "Entry reset to draft"),
            ("posted", "Entry posted again"),
            ("edited", "Entry changed"),
            ("changed", "Journal item changed"),
            ("collection", "Collection tried or failed"),
            ("taken_back", "Payment taken back"),
            ("collected", "Payment changed"),
            ("matched", "Reconciliation changed"),
            ("joined", "Customer joined another"),
            ("merged", "Customers merged"),
            ("given", "Collector changed"),
        ],
        required=True,
    )
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    res_model = fields.Char(string="Model", compute="_compute_res_model")
    details = fields.Json()
    error = fields.Char(required=True)
    attempts = fields.Integer(default=1)

    _unique_check = models.UniqueIndex(
        "(kind, res_id)", "The next scheduled action already checks this."
    )

    @api.depends("kind")
    def _compute_res_model(self):
        for check in self:
            check.res_model = check.kind and self._get_kinds()[check.kind].model

    @api.model
    def _get_kinds(self):
        """Return {kind: model and method}, in the order of the checks.

        Rooms above the ledger add kinds for their own records.
        """
        return KINDS

    # ---- end of the transaction ------------------------------------------------------

    @api.model
    def _put_off(self, kind, records):
        """Schedule a check of changed records for the end of the transaction, once.

        :param kind: key of `_get_kinds`
        :param records: records of the kind's model
        """
        if not records:
            return
        precommit = self.env.cr.precommit
        if KEY not in precommit.data:
            # The caller's default values must not reach our records.
            precommit.add(by_code(self)._run_put_off)
        waiting = precommit.data.setdefault(KEY, {})
        waiting.setdefault(kind, set()).update(records.ids)

    @api.model
    def _run_put_off(self):
        """Check all records scheduled in this transaction."""
        waiting = self.env.cr.precommit.data.pop(KEY, {})
        by_kind = self._get_followed(waiting)
        for kind in self._get_kinds():
            if ids := by_kind.get(kind):
                self._try(kind, ids)

    @api.model
    def _do_now(self, kind, records):
        """Check records at once, where the end of the transaction is too late."""
        for followed, ids in self._get_followed({kind: set(records.ids)}).items():
            self._try(followed, ids)

    @api.model
    def _try(self, kind, ids, **details):
        """Check records; a failure is left to the next job.

        :param ids: ids of the kind's model
        :param details: arguments of the kind's method, as JSON
        """
        model, method = self._get_kinds()[kind]
        with guarded(self.env, f"follow up {self._name_ids(kind, ids)}") as attempt:
            records = by_code(self.env[model].browse(ids)).exists()
            getattr(records, method)(**details)
        if attempt.error:
            self._leave(kind, ids, attempt.error, details)

    @api.model
    def _leave(self, kind, ids, error, details):
        """Leave a failed check to the next job, and wake it."""
        # sudo: accountants may not be allowed to see failed checks
        checks_sudo = self.sudo()
        with guarded(self.env, f"leave {self._name_ids(kind, ids)} to the next job"):
            known = checks_sudo.search([("kind", "=", kind), ("res_id", "in", ids)])
            checks_sudo.create(
                [
                    {
                        "kind": kind,
                        "res_id": res_id,
                        "details": details,
                        "error": self._get_text(error),
                    }
                    for res_id in set(ids) - set(known.mapped("res_id"))
                ]
            )
            self._wake()

    @api.model
    def _name_ids(self, kind, ids):
        """Return the kind and ids of a check for the log, shortened."""
        more = f" and {len(ids) - LOGGED} more" if len(ids) > LOGGED else ""
        return f"{kind} {self._get_kinds()[kind].model} {list(ids[:LOGGED])}{more}"

    @api.model
    def _get_text(self, error):
        text = " ".join(str(error).split()) or type(error).__name__
        return text[:ERROR_LENGTH]

    @api.model
    def _get_followed(self, waiting):
        """Return {kind: ids} without entries and items that are not on record: most
        that accounting touches. One query, by the indexes on both; two more for
        payments.

        :param waiting: {kind: set of ids}
        """
        moves, items = set(), set()
        for kind, ids in waiting.items():
            model = self._get_kinds()[kind].model
            if model == "account.move":
                moves |= ids
            elif model == "account.move.line":
                items |= ids
        if moves or items:
            moves, items = self._get_on_record(moves, items)
        on_record = {"account.move": moves, "account.move.line": items}
        followed = {
            kind: ids & on_record.get(self._get_kinds()[kind].model, ids)
            for kind, ids in waiting.items()
        }
        if payments := followed.get("collected"):
            followed["collected"] &= self._get_followed_payments(payments)
        if payments := followed.get("collection"):
            followed["collection"] &= self._get_collecting_payments(payments)
        return {kind: sorted(ids) for kind, ids in followed.items() if ids}

    @api.model
    def _get_on_record(self, move_ids, item_ids):
        """Return the ids of the entries and of the items that records of claims refer
        to."""
        models_ = self.env["dunning.claim.mixin"]._get_claim_models()
        selects = [
            SQL(
                "SELECT %(column)s, %(is_move)s FROM %(table)s"
                " WHERE %(column)s = ANY(%(ids)s)",
                column=SQL.identifier(column),
                table=SQL.identifier(self.env[model]._table),
                is_move=column == "move_id",
                ids=list(ids),
            )
            for model in models_
            for column, ids in (("move_id", move_ids), ("move_line_id", item_ids))
            if ids
        ]
        for model in models_:
            self.env[model].flush_model(["move_id", "move_line_id"])
        self.env.cr.execute(SQL(" UNION ").join(selects))
        found = {True: set(), False: set()}
        for record_id, is_move in self.env.cr.fetchall():
            found[is_move].add(record_id)
        return found[True], found[False]

    @api.model
    def _get_followed_payments(self, payment_ids):
        """Return the ids of the payments whose invoices are on record. Extended by the
        rooms above."""
        return set()

    @api.model
    def _get_collecting_payments(self, payment_ids):
        """Return the ids of the payments that failed, or that pay for items whose
        collection failed before."""
        self.env["account.payment"].flush_model(["invoice_ids", "state"])
        self.env["account.move.line"].flush_model(["dunning_collection_failed_date"])
        self.env.cr.execute(
            SQL(
                """SELECT payment.id FROM account_payment payment
                    WHERE payment.id = ANY(%(payments)s)
                      AND payment.state = ANY(%(failed)s)
                    UNION
                   SELECT link.payment_id
                     FROM account_move__account_payment link
                     JOIN account_move_line item ON item.move_id = link.invoice_id
                    WHERE link.payment_id = ANY(%(payments)s)
                      AND item.dunning_collection_failed_date IS NOT NULL""",
                payments=list(payment_ids),
                failed=list(FAILED_STATES),
            )
        )
        return {payment_id for (payment_id,) in self.env.cr.fetchall()}

    # ---- next job --------------------------------------------------------------------

    @api.model
    def _cron_catch_up(self):
        """Retry failed checks, all of one kind at once, then one by one if that fails;
        tell the collector after repeated failures."""
        checks = self.search([], limit=BATCH_SIZE, order="attempts, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(checks))
        is_clean = True
        # Arguments belong to a single check.
        batches = checks.grouped(lambda c: (c.kind, c.details and c.id)).values()
        for batch in batches:
            if error := batch._catch_up():
                is_clean = False
                for check in batch:
                    own = error if len(batch) == 1 else check._catch_up()
                    check._register_failure(own)
                    cron._commit_progress()
            if not cron._commit_progress(len(batch)):
                return
        if is_clean and len(checks) == BATCH_SIZE:
            self._wake()

    def _catch_up(self):
        """Retry these checks of one kind; return the error, None on success."""
        checks = self.try_lock_for_update()
        if not checks:
            return None
        model, method = self._get_kinds()[checks[0].kind]
        ids = checks.mapped("res_id")
        with guarded(
            self.env, f"catch up {self._name_ids(checks[0].kind, ids)}"
        ) as attempt:
            records = self.env[model].browse(ids).exists()
            getattr(records, method)(**(checks[0].details or {}))
            checks.unlink()
        return attempt.error

    def _register_failure(self, error):
        """Record the error of a check, if any, and tell people after repeated
        failures."""
        if not error:
            return
        self.write({"attempts": self.attempts + 1, "error": self._get_text(error)})
        if self.attempts == TOLD_AFTER:
            with guarded(self.env, f"tell people of {self.kind} {self.res_id}"):
                self._tell()

    @api.model
    def _wake(self):
        job = self.env.ref("account_dunning_scenario.ir_cron_catch_up_checks")
        job.sudo()._trigger()  # sudo: the job is the system's, waking it is not

    def _tell(self):
        """Create an activity for the collector: the follow-up of the entry, or of the
        customer, stands still."""
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            return
        target, customer, company = record._get_dunning_checked()
        user = customer._dunning_get_collector(company) or self.env.ref(
            "base.user_admin"
        )
        env = target.with_context(lang=user.lang).env
        by_code(target).activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=user.id,
            summary=env._("The follow-up could not be brought up to date"),
            note=escape(
                env._(
                    "The accounting operation went through, but the actions waiting "
                    "for the customer were not checked: %(error)s. The check is tried "
                    "again every hour, and no message about it is sent until then. "
                    "Show this to your administrator.",
                    error=self.error,
                )
            ),
        )
