import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..guard.guard import by_code
from ..labels import get_labels
from .concurrency import is_concurrency_error

_logger = logging.getLogger(__name__)

TASK = "account_dunning_scenario.mail_activity_type_trouble"
MANAGER = "account_dunning_scenario.dunning_group_manager"
REASON_LENGTH = 300


class DunningTrouble(models.Model):
    """Failure of a scheduled action for a company, kept until the action succeeds
    again.

    Shown on the review desk, and in one activity however often the action is retried.
    Success deletes the record and its activity.
    """

    _name = "dunning.trouble"
    _description = "Incident of a Scheduled Action"
    _inherit = ["dunning.guard.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "since_at desc, id desc"
    _form_fields = frozenset()

    job = fields.Selection(
        selection=[
            ("plan", "Planning of the day"),
            ("deliver", "Delivery"),
            ("results", "Results of messages"),
            ("abandoned", "Visits whose meeting was deleted"),
            ("submit", "Handing over to providers"),
            ("poll", "Asking providers for results"),
            ("poll_end", "Closing unclaimed letters"),
            ("absence", "Handing over the work of absent users"),
            ("team", "Assigning customers to collectors"),
            ("promise", "Checking promises"),
            ("reminder", "Sending reminders of promises"),
            ("limitation", "Warning of time-barred claims"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        ondelete="cascade",
        readonly=True,
        help="Empty: the scheduled action works for all companies at once.",
    )
    reason = fields.Char(readonly=True)
    since_at = fields.Datetime(string="Since", required=True, readonly=True)
    last_at = fields.Datetime(string="Last Attempt", required=True, readonly=True)
    try_count = fields.Integer(string="Attempts", default=1, readonly=True)

    _once = models.UniqueIndex(
        "(job, COALESCE(company_id, 0))", "This failure is already on record."
    )

    @api.depends("job", "company_id.name", "since_at", "reason")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for trouble in self:
            trouble.display_name = trouble._tell()

    # ---- business --------------------------------------------------------------------

    @api.model
    def _attempt(self, job, company, work, fallback=None, logger=_logger):
        """Run an independent part of a scheduled action; an error is rolled back,
        logged and recorded, and stops nothing else.

        The caller commits, before and after. An error caused by a concurrent change is
        left to the next run.

        :param job: code of `job`
        :param company: res.company of the work, empty for all companies
        :param work: callable without arguments
        :param fallback: callable that does the same in smaller parts
        :param logger: logger of the calling module
        """

        def work_and_settle():
            work()
            self._settle(job, company)

        self._do(job, company, work_and_settle, logger, fallback)

    @api.model
    def _do(self, job, company, work, logger, fallback=None):
        try:
            work()
            self.env.flush_all()
        except Exception as error:
            self.env.cr.rollback()
            if self._is_passing(job, company, error):
                return
            if fallback:
                logger.exception("%s of %s failed, redone in parts", job, company)
                self._do(job, company, fallback, logger)
                return
            logger.exception("%s of %s failed", job, company)
            self._note(job, company, error)

    @api.model
    def _attempt_each(self, job, records, work, companies=None):
        """Run the work on each record in a transaction of its own; errors are logged
        and recorded per company, and the other records go on.

        :param work: callable that takes a record
        :param companies: companies of the records, by default all
        """
        errors = {}
        for record in records:
            try:
                work(record)
                self.env.flush_all()
            except Exception as error:
                self.env.cr.rollback()
                if not self._is_passing(job, record, error):
                    _logger.exception("%s of %s failed", job, record)
                    errors[record.company_id] = error
            if not self.env["ir.cron"]._commit_progress(1):
                break
        for company, error in errors.items():
            self._note(job, company, error)
        known_sudo = self.sudo().search([("job", "=", job)])  # sudo: see `_note`
        known_sudo.filtered(
            lambda trouble: (
                trouble.company_id not in errors
                and (companies is None or trouble.company_id in companies)
            )
        ).unlink()
        self.env["ir.cron"]._commit_progress()

    def _is_passing(self, job, records, error):
        """Return whether an error will be gone by the next run, and log it if so."""
        if is_concurrency_error(error):
            _logger.info(
                "%s of %s met a concurrent change, left to the next run",
                job,
                records,
                exc_info=True,
            )
            return True
        return False

    @api.model
    def _note(self, job, company, error):
        """Record the failure of a part of a scheduled action; an error while recording
        is only logged.

        :param error: the exception, of a transaction that was rolled back
        """
        try:
            with self.env.cr.savepoint():
                self._write_down(job, company, error)
        except Exception:
            self.env.invalidate_all(flush=False)
            _logger.exception("That %s of %s failed was not told", job, company)

    @api.model
    def _write_down(self, job, company, error):
        now = fields.Datetime.now()
        # sudo: any user may meet an error, only methods record it
        known_sudo = self.sudo()._find(job, company)
        values = {"reason": self._get_reason(company, error), "last_at": now}
        if known_sudo:
            known_sudo.write({**values, "try_count": known_sudo.try_count + 1})
            return
        trouble_sudo = self.sudo().create(
            {**values, "job": job, "company_id": company.id, "since_at": now}
        )
        trouble_sudo._give_task()

    @api.model
    def _settle(self, job, company):
        """Delete the record of a failure once the action succeeds, with its
        activity."""
        self.sudo()._find(job, company).unlink()  # sudo: see `_note`

    @api.model
    def _settle_all(self, job, before=None):
        """Delete the records of failures of all companies.

        :param before: datetime (UTC); failures since then are kept
        """
        domain = Domain("job", "=", job)
        if before:
            domain &= Domain("last_at", "<", before)
        self.sudo().search(domain).unlink()  # sudo: see `_note`

    @api.model
    def _find(self, job, company):
        return self.search([("job", "=", job), ("company_id", "=", company.id)])

    def _give_task(self):
        responsible = self._get_responsible()
        if responsible:
            reader = self.with_context(lang=responsible.lang, tz=responsible.tz)
            quiet = by_code(self).with_context(mail_activity_quick_update=True)
            quiet.activity_schedule(
                TASK, user_id=responsible.id, summary=reader._tell()
            )

    def _get_responsible(self):
        """Return the user in charge of a failure: a manager of the company, preferably
        the default collector, else that collector; without a company, any manager."""
        company = self.company_id
        managers = self.env.ref(MANAGER).all_user_ids.filtered(
            lambda user: user.active and not user.share and company <= user.company_ids
        )
        people = managers - self.env.ref("base.user_root")
        collector = company and company._dunning_default_collector()
        people = collector and people & collector or people.sorted("id") or collector
        return people[:1]

    @api.model
    def _get_reason(self, company, error):
        """Return the text of an exception, cut to a length that fits on a screen."""
        text = " ".join(str(error).split())
        if len(text) > REASON_LENGTH:
            text = text[:REASON_LENGTH] + "…"
        if isinstance(error, UserError):
            return text
        return f"{type(error).__name__}: {text}" if text else type(error).__name__

    def _tell(self):
        """Return a message with the failed action, its start and its reason."""
        self.ensure_one()
        labels = get_labels(self, "job")
        values = {
            "job": labels[self.job],
            "company": self.company_id.name,
            "moment": format_datetime(self.env, self.since_at, dt_format="short"),
            "reason": self.reason,
        }
        if self.company_id:
            return self.env._(
                "%(job)s has failed for %(company)s since %(moment)s. It is tried "
                "again automatically; if it goes on, show this to your administrator: "
                "%(reason)s",
                **values,
            )
        return self.env._(
            "%(job)s has failed since %(moment)s. It is tried again automatically; if "
            "it goes on, show this to your administrator: %(reason)s",
            **values,
        )

    @api.model
    def _get_texts(self):
        """Return the current failures of the user's companies, as texts for the
        desk."""
        of_user = [("company_id", "in", [False, *self.env.companies.ids])]
        return self.search(of_user).mapped("display_name")
