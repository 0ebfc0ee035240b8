import logging
from base64 import b64encode
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...setup.trouble.concurrency import is_concurrency_error
from .provider_client import ProviderError, call, pick, place

_logger = logging.getLogger(__name__)

# Minutes before each new try; the last counts for all that follow.
RETRY_MINUTES = (5, 30, 120, 360, 720)
RUN_SIZE = 500
HIDDEN = "•••"
# A shorter beginning of the key gives nothing away.
MIN_LEAK_LENGTH = 4


class DunningSubmission(models.Model):
    """Hand messages over to their provider: as files to upload, or over HTTP.

    Over HTTP each try is committed before the provider is called, and its answer in the
    transaction after. No lock and no transaction is held meanwhile.
    """

    _inherit = "dunning.submission"

    @api.model
    def _cron_submit(self):
        """Hand over waiting messages: create the files, and submit the rest one by
        one."""
        self._make_files()
        now = fields.Datetime.now()
        domain = self._get_submit_domain(now)
        submissions = self.search(domain, limit=RUN_SIZE)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(submissions))
        for submission in submissions:
            locked = submission.try_lock_for_update().filtered_domain(domain)
            try:
                locked._submit(now)
                self.env.flush_all()
            except Exception as error:
                self.env.cr.rollback()
                submission._handle_crash(error, now)
            if not cron._commit_progress(1):
                break

    def _handle_crash(self, error, now):
        """Log and count an internal error; after a concurrent change before the
        provider was called, leave the message to the next run.

        :param error: cause of the transaction's rollback
        """
        if is_concurrency_error(error) and not self._was_asked(now):
            _logger.info("Message %s met a concurrent change", self.id, exc_info=True)
            return
        _logger.exception("Message %s was not submitted", self.id)
        try:
            self._count_crash(error, now)
            self.env.flush_all()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("The try of message %s was not counted", self.id)

    @api.model
    def _get_waiting_domain(self, adapter):
        # sudo: the companies switched on are the same for all users
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        return Domain(
            [
                ("company_id", "in", companies._dunning_live().ids),
                ("provider_id.adapter", "=", adapter),
            ]
        )

    @api.model
    def _get_submit_domain(self, now):
        is_due = Domain("next_at", "=", False) | Domain("next_at", "<=", now)
        return (
            self._get_waiting_domain("http")
            & Domain("state", "in", ("queued", "sending"))
            & is_due
        )

    # ---- files -----------------------------------------------------------------------

    @api.model
    def _make_files(self):
        """Put waiting letters into files, one transaction per provider."""
        domain = self._get_waiting_domain("file") & Domain(
            [("state", "=", "queued"), ("deposit_id", "=", False)]
        )
        self.env["dunning.trouble"]._attempt_each(
            "submit",
            self.search(domain).provider_id,
            lambda provider: self._make_files_for(provider, domain),
        )

    @api.model
    def _make_files_for(self, provider, domain):
        """Put the letters for a provider into files.

        :param domain: of all that wait for a file
        """
        waiting = self.search(domain & Domain("provider_id", "=", provider.id))
        printed = waiting.try_lock_for_update()._print_missing()
        for submissions in printed.grouped("company_id").values():
            self.env["dunning.deposit"]._make(provider, submissions)

    def _print_missing(self):
        """Print again the letters whose figures have changed since, one by one: a
        letter that cannot be printed waits on the desk and does not block the others.

        :return: those that can be handed over
        """
        ready = self
        missing = self.filtered(
            lambda submission: (
                submission._get_port()._service_has_document
                and not submission.delivery_id.attachment_id
            )
        )
        for submission in missing:
            delivery = submission.delivery_id
            channel = self.env["dunning.channel"]._get(delivery.channel)
            try:
                with self.env.cr.savepoint():
                    channel.with_company(delivery.company_id)._print(delivery)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                _logger.exception("The letter %s was not printed", submission.id)
                reason = submission._explain_unprinted(error)
                submission._register_failure(reason, is_way_left=False)
                ready -= submission
        return ready

    # ---- HTTP ------------------------------------------------------------------------

    def _submit(self, now):
        """Submit one message; the lock held by the caller ends here.

        :param now: datetime (UTC) of the run
        """
        if not self._print_missing() or self._defer_ringing(now):
            return
        provider = self.provider_id
        payload, headers = self._prepare_payload(), self._prepare_headers()
        self._begin_try(now)
        self.env["ir.cron"]._commit_progress()
        try:
            answer = call(
                "POST",
                provider.url,
                headers,
                provider.timeout,
                payload,
                local_hosts=provider._get_local_hosts(),
            )
            reference = self._read_reference(answer)
        except ProviderError as error:
            self._record_error(error)
        else:
            self._record_reference(reference)

    def _defer_ringing(self, now):
        """Defer a message that must not ring at the customer's yet.

        :return: whether it waits
        """
        if not self._get_port()._channel_rings:
            return False
        times = self.company_id._dunning_get_ring_times(now, self.partner_id)
        at = times[self.partner_id]
        if at > now:
            self.next_at = at
        return at > now

    def _begin_try(self, now):
        """Record that the provider is called. Only a message that it may have taken
        stays “sending” after a try, whatever interrupted it: from then on it is in
        doubt."""
        self.write(
            {
                "is_in_doubt": self.state == "sending",
                "state": "sending",
                "attempt_count": self.attempt_count + 1,
                "next_at": self._get_next_try(now),
            }
        )

    def _get_next_try(self, now):
        minutes = RETRY_MINUTES[min(self.attempt_count, len(RETRY_MINUTES) - 1)]
        return now + timedelta(minutes=minutes)

    def _lock_sending(self):
        """Lock the message again for the answer; return none if its state has changed
        since."""
        return self.try_lock_for_update().filtered(lambda s: s.state == "sending")

    def _record_reference(self, reference):
        day = self.company_id._dunning_today()
        self._lock_sending()._register_sent(day, {self: reference})

    def _record_error(self, error):
        """Record an error; a message that is refused, or was tried often enough, fails.

        A message that the provider surely does not have can be recalled again; one that
        it may have from an earlier try uses no other channel before a person has
        checked.
        """
        submission = self._lock_sending()
        if not submission:
            return
        submission.is_in_doubt = submission.is_in_doubt or error.is_in_doubt
        reason = submission._explain_error(error)
        is_last = submission.attempt_count >= submission.provider_id.max_attempts
        is_refused = error.code == "refused"
        if is_refused or is_last:
            if submission.is_in_doubt:
                reason = " ".join((reason, submission._explain_doubt()))
            is_way_left = is_refused and not submission.is_in_doubt
            submission._register_failure(reason, is_way_left=is_way_left)
            return
        submission.last_error = reason
        if not submission.is_in_doubt:
            is_wanted = submission.delivery_id.state == "waiting"
            submission.state = "queued" if is_wanted else "cancelled"

    def _was_asked(self, now):
        """Return whether the try of this run was recorded, hence perhaps made."""
        return bool(self.next_at) and self.next_at > now

    def _count_crash(self, error, now):
        """Count an internal error as a try, so that the tries come to an end.

        :param error: cause of the transaction's rollback
        """
        was_asked = self._was_asked(now)
        if not was_asked:
            self.try_lock_for_update()._begin_try(now)
        self._record_error(
            ProviderError("internal", type(error).__name__, is_in_doubt=was_asked)
        )

    def _read_reference(self, answer):
        """Return the provider's reference of this message.

        :raise ProviderError: there is none, or it is that of another message
        """
        reference = pick(answer, self.provider_id._get_path("answer", "reference"))
        if not isinstance(reference, str | int) or not str(reference).strip():
            raise ProviderError("unreadable", answer, is_in_doubt=True)
        reference = str(reference).strip()
        known = self.search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("reference", "=", reference),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if known:
            raise ProviderError("unreadable", reference, is_in_doubt=True)
        return reference

    # ---- request ---------------------------------------------------------------------

    def _prepare_headers(self):
        """Return the headers of a request, the only place where the key appears."""
        provider_sudo = self.provider_id.sudo()  # sudo: only managers see the key
        headers = {"Idempotency-Key": self.key}
        if provider_sudo.api_key:
            words = (provider_sudo.key_prefix, provider_sudo.api_key)
            headers[provider_sudo.key_header] = " ".join(filter(None, words))
        return headers

    def _prepare_payload(self):
        """Return the message in the provider's format, under its names."""
        values = {
            name: value
            for name, value in self._prepare_values().items()
            if value is not None and name != "document"
        }
        document = self._get_document()
        if document:
            values["document_name"] = f"{self.key}.pdf"
            values["document"] = b64encode(document).decode()
        payload = {}
        for name, value in values.items():
            place(payload, self.provider_id._get_path("request", name), value)
        return payload

    def _prepare_values(self):
        """Return the values of the message for a provider, under our names."""
        delivery = self.delivery_id
        action = delivery._in_channel().action_id
        contact = delivery.contact_id
        is_person = action.partner_id.dunning_legal_status == "consumer"
        step = action.step_id.with_context(lang=action._get_reader_langs()[action])
        return {
            "reference": self.key,
            "recipient_name": contact.name or action.partner_id.name,
            "recipient_email": None,
            "recipient_phone": None,
            "is_professional": "no" if is_person else "yes",
            "sender_name": delivery.company_id.name,
            "subject": step.name or action._get_reference(),
            "text": self.text or None,
            "document": None,
            **self._get_port()._prepare_submission_values(self),
        }

    def _get_document(self):
        return self.delivery_id.attachment_id.raw or b""

    # ---- texts -----------------------------------------------------------------------

    def _explain_error(self, error):
        env = self.with_context(lang=self.company_id._dunning_get_lang()).env
        values = {
            "provider": self.provider_id.name,
            "detail": self._hide_key(error.detail),
        }
        match error.code:
            case "key":
                return env._(
                    "%(provider)s refuses the key: a manager has to correct it on the "
                    "provider. Its answer: %(detail)s",
                    **values,
                )
            case "address":
                return env._(
                    "There is no service at the address of %(provider)s: a manager has "
                    "to correct it on the provider. %(detail)s",
                    **values,
                )
            case "internal":
                return env._(
                    "The message to %(provider)s could not be prepared, or its answer "
                    "not noted: show this to your administrator. %(detail)s",
                    **values,
                )
            case "refused":
                return env._("%(provider)s refuses the message: %(detail)s", **values)
            case "timeout":
                return env._("%(provider)s did not answer in time.", **values)
            case "unreadable":
                return env._(
                    "The answer of %(provider)s cannot be understood: %(detail)s",
                    **values,
                )
        return env._(
            "%(provider)s cannot be reached or is out of order: %(detail)s", **values
        )

    def _hide_key(self, text):
        """Return a provider's text without the key, even one cut off at its end."""
        key = self.provider_id.sudo().api_key  # sudo: only managers see the key
        if not key:
            return text
        text = text.replace(key, HIDDEN)
        for length in range(len(key) - 1, MIN_LEAK_LENGTH - 1, -1):
            if text.endswith(key[:length]):
                return text[:-length] + HIDDEN
        return text

    def _explain_unprinted(self, error):
        env = self.with_context(lang=self.company_id._dunning_get_lang()).env
        return env._(
            "The letter cannot be printed: correct its text, then try again. "
            "%(detail)s",
            detail=str(error) if isinstance(error, UserError) else type(error).__name__,
        )

    def _explain_doubt(self):
        env = self.with_context(lang=self.company_id._dunning_get_lang()).env
        return env._(
            "It may have accepted the message all the same: look there for the "
            "reference %(key)s before you send it again.",
            key=self.key,
        )
