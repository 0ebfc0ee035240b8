import csv
import io
import zipfile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .spreadsheet_cell import write_cell

MEGABYTE = 1024 * 1024
MANIFEST = "manifest.csv"
COLUMNS = (
    "reference",
    "recipient_name",
    "recipient_email",
    "is_professional",
    "sender_name",
    "subject",
    "document",
)


class DunningDeposit(models.Model):
    """File of electronic registered letters to upload to a provider: a ZIP with a PDF
    per letter and a list, never larger than the provider accepts."""

    _name = "dunning.deposit"
    _description = "Deposit File"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    provider_id = fields.Many2one(
        comodel_name="dunning.provider", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        index="btree_not_null",
        ondelete="set null",
    )
    submission_ids = fields.One2many(
        comodel_name="dunning.submission", inverse_name="deposit_id", string="Letters"
    )
    letter_count = fields.Integer(
        string="Number of Letters", compute="_compute_letter_count"
    )
    deposited_date = fields.Date(
        string="Deposited on", help="Day of the upload, in the company's time zone."
    )

    @api.depends("submission_ids")
    def _compute_letter_count(self):
        counts = dict(
            self.env["dunning.submission"]._read_group(
                [("deposit_id", "in", self.ids)], ["deposit_id"], ["__count"]
            )
        )
        for deposit in self:
            deposit.letter_count = counts.get(deposit._origin, 0)

    # ---- buttons ---------------------------------------------------------------------

    def action_download(self):
        """Download the file, to upload it to the provider."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "new",
        }

    def action_mark_deposited(self):
        """Record that the files were uploaded today, and perform their steps.

        :raise UserError: one of them was deposited already
        """
        self.check_access("read")
        letters = self.submission_ids.filtered(lambda s: s.state == "queued")
        letters.delivery_id.action_id.check_access("write")
        for deposit in self.exists():
            if deposit.deposited_date:
                raise UserError(
                    self.env._(
                        "%(file)s was already deposited on %(day)s.",
                        file=deposit.name,
                        day=format_date(self.env, deposit.deposited_date),
                    )
                )
            # sudo: the journal is written by methods only, once the right is checked
            deposit_sudo = deposit.sudo()
            day = deposit_sudo.company_id._dunning_today()
            deposit_sudo.deposited_date = day
            waiting = deposit_sudo.submission_ids.filtered(
                lambda submission: submission.state == "queued"
            )
            waiting._register_sent(day)
        return True

    # ---- files -----------------------------------------------------------------------

    @api.model
    def _make(self, provider, submissions):
        """Create the files of waiting letters, as few as the provider's size limit
        allows; a letter that is too large for any is given up.

        :param provider: dunning.provider that takes files
        :param submissions: its dunning.submission, of one company
        """
        limit = provider.size_limit * MEGABYTE
        for part, content in self._pack(submissions, limit):
            if len(content) > limit:
                part._register_failure(
                    self.env._(
                        "The letter is larger than %(provider)s accepts (%(size)s MB): "
                        "shorten it, or send it another way.",
                        provider=provider.name,
                        size=provider.size_limit,
                    ),
                    is_way_left=True,
                )
                continue
            deposit = self.create(
                {
                    "name": self._get_file_name(provider, part),
                    "provider_id": provider.id,
                    "company_id": part.company_id.id,
                }
            )
            part.deposit_id = deposit
            deposit._store(content)

    def _rebuild(self):
        """Write files that were not deposited yet again, without the letters that left
        them; delete an empty one."""
        for deposit in self.filtered(lambda deposit: not deposit.deposited_date):
            deposit.attachment_id.unlink()
            letters = deposit.submission_ids
            if letters:
                deposit._store(self._zip(letters))
            else:
                deposit.unlink()

    def _store(self, content):
        self.attachment_id = self.env["dunning.document"]._store(
            [
                {
                    "name": self.name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    @api.model
    def _get_file_name(self, provider, submissions):
        day = submissions.company_id._dunning_today()
        return f"{provider.name} {day} {submissions[0].key[:8]}.zip".replace("/", "-")

    @api.model
    def _pack(self, submissions, limit):
        """Yield (submissions, ZIP) within the size limit; a single letter may exceed
        it. PDFs are stored as they are: compressing them gains nothing."""
        content = self._zip(submissions)
        if len(content) <= limit or len(submissions) == 1:
            yield submissions, content
            return
        half = len(submissions) // 2
        yield from self._pack(submissions[:half], limit)
        yield from self._pack(submissions[half:], limit)

    @api.model
    def _zip(self, submissions):
        """Return the ZIP of some letters as bytes; its list is in UTF-8, with
        semicolons between the columns."""
        stream, rows = io.BytesIO(), io.StringIO(newline="")
        table = csv.writer(rows, delimiter=";", quoting=csv.QUOTE_ALL)
        table.writerow(COLUMNS)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for submission in submissions:
                values = submission._prepare_values()
                table.writerow([write_cell(values[column]) for column in COLUMNS])
                archive.writestr(values["document"], submission._get_document())
            archive.writestr(MANIFEST, rows.getvalue())
        return stream.getvalue()
