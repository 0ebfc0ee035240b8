import binascii
from base64 import b64decode
from datetime import date, datetime, timedelta
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dunning_provider_field import NAMES
from .provider_client import ProviderError, call, pick

POLL_HOURS = 4
RUN_SIZE = 500


class DunningSubmission(models.Model):
    """Poll the providers for the results of the messages that they took."""

    _inherit = "dunning.submission"

    @api.model
    def _cron_poll(self):
        """Poll the results that are not known yet, one message per transaction, then
        record messages that were not accepted in time as not claimed."""
        now = fields.Datetime.now()
        domain = self._get_poll_domain(now)
        submissions = self.search(domain, order="next_at NULLS FIRST", limit=RUN_SIZE)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(submissions) + 1)
        trouble = self.env["dunning.trouble"]
        trouble._attempt_each("poll", submissions, lambda one: one._poll(now))
        companies = self.env["res.company"].search([("active", "=", True)])
        overdue = self._get_unclaimed(companies._dunning_live())
        trouble._attempt_each("poll_end", overdue, lambda one: one._settle_unclaimed())
        cron._commit_progress(1)

    @api.model
    def _get_poll_domain(self, now):
        is_due = Domain("next_at", "=", False) | Domain("next_at", "<=", now)
        to_ask = Domain("provider_id.status_url", "!=", False)
        is_sent = Domain("state", "=", "sent")
        return self._get_waiting_domain("http") & is_sent & to_ask & is_due

    def _poll(self, now):
        """Poll the result of one message, and record it if there is one."""
        provider = self.provider_id
        reference = quote(self.reference or self.key, safe="")
        url = provider.status_url.replace("{reference}", reference)
        headers = self._prepare_headers()
        headers.pop("Idempotency-Key")
        self.next_at = now + timedelta(hours=POLL_HOURS)
        self.env["ir.cron"]._commit_progress()
        try:
            hosts = provider._get_local_hosts()
            answer = call("GET", url, headers, provider.timeout, local_hosts=hosts)
        except ProviderError as error:
            self.try_lock_for_update().last_error = self._explain_error(error)
            return
        submission = self.try_lock_for_update().filtered(lambda s: s.state == "sent")
        if submission:
            submission._record_answer(answer)

    def _record_answer(self, answer):
        """Record a provider's answer about a message; one that makes no sense is kept
        as an error and polled again later."""
        values = {
            name: pick(answer, self.provider_id._get_path("answer", name))
            for name in NAMES["answer"]
        }
        try:
            self._check_reference(values["reference"])
            noticed = self._read_day(values["notice_date"])
            if noticed:
                self._check_notice_date(noticed)
                self.notice_date = noticed
            outcome = self._read_outcome(values["state"])
            if outcome:
                self._register_outcome(
                    outcome,
                    self._read_day(values["date"]) or self.company_id._dunning_today(),
                    self._read_proof(values["proof"]),
                    values["reason"],
                )
            self.asked_date = self.company_id._dunning_today()
            self.last_error = False
        except (UserError, ValueError) as error:
            self.last_error = self._explain_error(ProviderError("unreadable", error))

    def _check_reference(self, reference):
        """Check that an answer with a reference is about this message.

        :raise ValueError: it is about another message
        """
        if reference and str(reference).strip() not in (self.reference, self.key):
            raise ValueError(reference)

    def _check_notice_date(self, day):
        """Check that the addressee was notified after the provider had the letter.

        :raise ValueError: before, or in the future
        """
        if not self.sent_date <= day <= self.company_id._dunning_today():
            raise ValueError(day)

    def _read_outcome(self, word):
        """Return our code of a provider's word for a result, None if it is unknown."""
        return next(
            (
                name
                for name in NAMES["state"]
                if word == self.provider_id._get_path("state", name)
            ),
            None,
        )

    def _read_day(self, text):
        """Return a provider's day or moment as the company's day.

        :raise ValueError: it is neither
        """
        if not text:
            return None
        text = str(text)
        if len(text) == len("2026-01-31"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        try:
            return moment.astimezone(self.company_id._dunning_zone()).date()
        except OverflowError as error:  # on the first or last day that there is
            raise ValueError(text) from error

    def _read_proof(self, text):
        """Return (name, content) of the proof that comes with an answer, in base64."""
        if not text:
            return None
        try:
            content = b64decode(str(text), validate=True)
        except binascii.Error as error:
            raise ValueError("proof") from error
        return self.env._("Proof %(reference)s.pdf", reference=self.reference), content
