import csv
import io
from base64 import b64decode
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....models.channels.provider.spreadsheet_cell import read_cell

COLUMNS = ("reference", "state", "date")
MAX_SIZE = 5 * 1024 * 1024
LONGEST_CELL = 500
# Errors shown at once; the rest is shown after they are corrected.
MOST_ERRORS = 50


class DunningSubmissionImport(models.TransientModel):
    """Import the results of a provider from a CSV file: all of them or none.

    Columns: reference (ours, or the provider's), state, date; optionally
    provider_reference, proof (name of an uploaded file), reason.
    """

    _name = "dunning.submission.import"
    _description = "Import Results of a Provider"
    _inherit = ["dunning.wizard.mixin"]

    provider_id = fields.Many2one(
        comodel_name="dunning.provider",
        required=True,
        default=lambda self: self._default_provider_id(),
        domain="[('company_id', 'in', allowed_company_ids)]",
    )
    file = fields.Binary(string="CSV File", required=True)
    file_name = fields.Char()
    proof_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Proofs",
        help="Files named in the “proof” column of the list.",
    )

    @api.model
    def _default_provider_id(self):
        deposit = self.env["dunning.deposit"]
        if self.env.context.get("active_model") == deposit._name:
            deposit = deposit.browse(self.env.context.get("active_id"))
        return deposit.provider_id or self.env["dunning.provider"].search(
            [("company_id", "in", self.env.companies.ids)], limit=1
        )

    def action_import(self):
        """Record the results.

        :raise UserError: a line cannot be recorded; all errors are listed, and nothing
            is recorded
        """
        self.ensure_one()
        rows = self._read_rows()
        found = self._find(rows)
        errors = self._get_errors(rows, found)
        if errors:
            raise UserError(self._get_error_text(errors))
        proofs = {proof.name: proof for proof in self.proof_ids}
        for row in rows:
            submission = found[row["reference"]]
            name = row.get("proof")
            submission._register_outcome(
                submission._read_outcome(row["state"]),
                submission._read_day(row["date"]),
                name and (name, proofs[name].raw),
                row.get("reason"),
            )
        return {"type": "ir.actions.act_window_close"}

    # ---- file ------------------------------------------------------------------------

    def _read_rows(self):
        """Return the lines of the file, see `_read_table`."""
        text = self._decode(self._read_content())
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            return self._read_table(table)
        except csv.Error as error:
            raise UserError(
                self.env._(
                    "Line %(line)s of the file cannot be read: save it from a "
                    "spreadsheet as CSV, then try again.",
                    line=table.line_num + 1,
                )
            ) from error

    def _read_content(self):
        """Return the file as bytes."""
        encoded = self.with_context(bin_size=False).file or b""
        # 4 characters stand for 3 bytes
        if len(encoded) > MAX_SIZE * 4 / 3 + 4:
            raise UserError(self.env._("The file is larger than 5 MB: split it."))
        try:
            return b64decode(encoded)
        except ValueError as error:
            raise UserError(
                self.env._("The file did not arrive complete: choose it again.")
            ) from error

    def _read_table(self, table):
        """Return the lines of a table as dicts, with their `line` number."""
        missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
        if missing:
            raise UserError(
                self.env._(
                    "The file lacks the columns %(names)s: its first line has to name "
                    "them.",
                    names=", ".join(missing),
                )
            )
        return [
            {
                name: read_cell((value or "").strip())[:LONGEST_CELL]
                for name, value in row.items()
                if name
            }
            | {"line": number}
            for number, row in enumerate(table, start=2)
            if any(value for name, value in row.items() if name)
        ]

    @api.model
    def _decode(self, content):
        """Return the text of a file, in one of the encodings of spreadsheets."""
        if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            encodings = ("utf-16",)
        else:
            encodings = ("utf-8-sig", "cp1252")
        for encoding in encodings:
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
        raise UserError(
            self.env._(
                "This is not a text file: save it from a spreadsheet as CSV, encoded "
                "in UTF-8, then try again."
            )
        )

    def _find(self, rows):
        """Return {reference in the file: its submission}."""
        self.provider_id.check_access("read")
        self.env["dunning.submission"].check_access("read")
        names = {row["reference"] for row in rows}
        # sudo: the journal is written by methods only; the provider's own submissions
        messages_sudo = self.env["dunning.submission"].sudo()
        found_sudo = messages_sudo.search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("company_id", "in", self.env.companies.ids),
                "|",
                ("key", "in", list(names)),
                ("reference", "in", list(names)),
            ]
        )
        found_sudo.delivery_id.action_id.with_env(self.env).check_access("write")
        by_reference = {s.reference: s for s in found_sudo if s.reference in names}
        return by_reference | {s.key: s for s in found_sudo if s.key in names}

    # ---- errors ----------------------------------------------------------------------

    def _get_error_text(self, errors):
        lines = [self.env._("Nothing was recorded. Correct this:")]
        lines += errors[:MOST_ERRORS]
        left = len(errors) - MOST_ERRORS
        if left > 0:
            lines.append(self.env._("And %(count)s more lines.", count=left))
        return "\n".join(lines)

    def _get_errors(self, rows, found):
        counts = Counter(found.get(row["reference"]) for row in rows)
        proofs = Counter(self.proof_ids.mapped("name"))
        errors = []
        for row in rows:
            submission = found.get(row["reference"])
            error = self._get_row_error(row, submission, counts, proofs)
            if error:
                line = row["line"]
                errors.append(
                    self.env._("Line %(line)s: %(error)s", line=line, error=error)
                )
        return errors

    def _get_row_error(self, row, submission, counts, proofs):
        if not submission:
            return self.env._(
                "no letter has the reference %(reference)s.", reference=row["reference"]
            )
        if counts[submission] > 1:
            return self.env._(
                "the reference %(reference)s appears twice.",
                reference=row["reference"],
            )
        if not submission._read_outcome(row["state"]):
            return self.env._(
                "“%(state)s” is not a result; enter accepted, refused, unclaimed, "
                "failed, or the provider's words for them.",
                state=row["state"],
            )
        if row.get("proof") and not proofs[row["proof"]]:
            return self.env._(
                "the proof %(name)s is not among the files.", name=row["proof"]
            )
        return self._get_result_error(row, submission)

    def _get_result_error(self, row, submission):
        """Return the error in a result for a letter; False if it is possible."""
        try:
            day = submission._read_day(row["date"])
        except ValueError:
            day = None
        if not day:
            return self.env._(
                "“%(date)s” is not a date: enter it as 2026-01-31.", date=row["date"]
            )
        outcome = submission._read_outcome(row["state"])
        if submission.state not in ("sent", "settled"):
            return self.env._("this letter was not handed over yet.")
        if submission.outcome not in (False, "unclaimed", outcome):
            return self.env._("another result of this letter is already known.")
        if outcome == "unclaimed" and day < submission._get_deadline():
            return self.env._(
                "the customer has until %(day)s to accept the letter.",
                day=submission._get_deadline(),
            )
        if day < submission.sent_date or day > submission.company_id._dunning_today():
            return self.env._(
                "%(date)s is before the letter was handed over, or in the future.",
                date=row["date"],
            )
        return False
