import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

# Most letters in one PDF: server and viewer hold all of it in memory.
MAX_BOUND = 500
# Most letters of a PDF that is made again in the transaction that changes it.
MAX_REBOUND = 50


class DunningBinder(models.AbstractModel):
    """Bind printed letters into one PDF to print at once, sorted by postcode.

    The delivery job prints in batches, each in a transaction of its own; the letters of
    one dispatch are bound once all of them are printed. A PDF holds the letters of one
    dispatch, company and channel: registered ones go to the counter.
    """

    _name = "dunning.binder"
    _description = "Follow-Up Binder"

    def _run(self, now):
        """Bind the letters that are in no PDF yet, a PDF per transaction."""
        for letters in self._get_groups(self._get_unbound(now)):
            try:
                self._bind(*letters)
                self.env.flush_all()
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Letters of the follow-up were not bound")
            if not self.env["ir.cron"]._commit_progress():
                break

    def _bind_for(self, delivery):
        """Bind the letters printed together with a letter that are in no PDF yet.

        :raise UserError: more letters of the same dispatch are about to be printed
        """
        key = self._get_key(delivery)
        unbound = self._get_unbound(fields.Datetime.now())
        mine = unbound.filtered(lambda letter: self._get_key(letter) == key)
        if delivery not in mine:
            raise UserError(
                self.env._(
                    "The letters are still being printed: open them in a minute, all "
                    "in one file."
                )
            )
        for letters in self._get_groups(mine):
            self._bind(*letters)

    def _get_unbound_domain(self):
        """Return the domain of the letters to post by hand that are in no PDF."""
        Channel = self.env["dunning.channel"]
        codes = Channel._get_codes()
        printed = [code for code in codes if Channel._get_nature(code) == "printed"]
        return Domain(
            [
                ("state", "=", "waiting"),
                ("channel", "in", printed),
                ("attachment_id", "!=", False),
                ("batch_attachment_id", "=", False),
                ("intermediary_id", "=", False),
                ("snailmail_letter_id", "=", False),
            ]
        )

    def _get_unbound(self, now):
        """Return the letters to bind; those of a dispatch wait until all its due
        letters are printed."""
        letters = self.env["dunning.delivery"].search(self._get_unbound_domain())
        due = self.env["dunning.courier"]._get_due_domain(now)
        pressed = Domain("dispatch_id", "in", letters.action_id.dispatch_id.ids)
        unfinished = self.env["dunning.action"]._read_group(
            due & pressed, ["dispatch_id"]
        )
        waiting = {dispatch for (dispatch,) in unfinished}
        return letters.filtered(
            lambda letter: letter.action_id.dispatch_id not in waiting
        )

    def _get_key(self, letter):
        return letter.action_id.dispatch_id, letter.company_id, letter.channel

    def _get_groups(self, letters):
        """Yield (letters of a PDF by postcode, number of the first one, number of
        all)."""
        report = self.env["report.account_dunning_scenario.letter"]
        for group in letters.grouped(self._get_key).values():
            ordered = group.sorted(report._get_postal_key)
            for place, ids in enumerate(split_every(MAX_BOUND, ordered.ids)):
                yield group.browse(ids), place * MAX_BOUND + 1, len(group)

    def _bind(self, letters, first, total):
        """Put letters into one PDF, in this order.

        :param first: place of the first of them among the `total` that belong together
        """
        company = letters.company_id
        lang = company._dunning_get_lang()
        channel = self.env["dunning.channel"]._get(letters[0].channel)
        channel = channel.with_company(company).with_context(lang=lang)
        part = (first, total) if len(letters) < total else None
        merged = self._merge(letters.attachment_id)
        values = channel._prepare_batch_values(letters, merged, part)
        letters.batch_attachment_id = self.env["dunning.document"]._store([values])

    def _rebind(self, batches):
        """Make PDFs from which letters were withdrawn again; a large one is left to the
        delivery job: it would hold up the payment that withdrew them."""
        report = self.env["report.account_dunning_scenario.letter"]
        for batch in batches:
            left = self.env["dunning.delivery"].search(
                [("batch_attachment_id", "=", batch.id), ("attachment_id", "!=", False)]
            )
            if not left or len(left) > MAX_REBOUND:
                batch.unlink()
                self.env["dunning.action"]._wake_delivery()
            else:
                kept = left.sorted(report._get_postal_key)
                batch.raw = self._merge(kept.attachment_id)

    def _merge(self, attachments):
        """Return one PDF of several, of which one at a time is kept in memory."""

        def read():
            for attachment in attachments:
                yield attachment.raw
                attachment.invalidate_recordset(["raw"], flush=False)

        return self.env["dunning.press"]._merge(read())
