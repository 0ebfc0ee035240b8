"""History of invoices and their payments, read from a CSV file and fully checked."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

COLUMNS = (
    "countryCode",
    "customerID",
    "PaperlessDate",
    "invoiceNumber",
    "InvoiceDate",
    "DueDate",
    "InvoiceAmount",
    "Disputed",
    "SettledDate",
    "PaperlessBill",
)
DATE_FORMAT = "%m/%d/%Y"
CENT = Decimal("0.01")
AMOUNT = re.compile(r"[+-]?\d{1,12}(\.\d+)?", re.ASCII)
# The list of actions is written without quotes.
UNWRITABLE = re.compile(r'[",\r\n]')


class HistoryError(Exception):
    """All errors in a history, one sentence each with its line number."""

    def __init__(self, problems):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Invoice:
    """Row of the history. `settled` is empty if it was not paid, `paperless` if the
    customer never gave an e-mail address."""

    number: str
    customer: str
    country: str
    paperless: date | None
    invoiced: date
    due: date
    amount: Decimal
    settled: date | None
    disputed: bool


def read_history(path):
    """Return the invoices of a file, in its order.

    :param path: `pathlib.Path` of a comma-separated file in UTF-8, with or without a
        byte-order mark
    :raise HistoryError: with every problem of the file
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise HistoryError([f"{path} cannot be read: {error.strerror}"]) from None
    rows = _split(_decode(data))
    reader = HistoryReader(next(rows, (1, []))[1])
    try:
        for line, row in rows:
            reader.read(line, row)
    except HistoryError as error:
        reader.problems += error.problems
    return reader.finish()


def _decode(data):
    try:
        text = data.decode("utf-8-sig")
        place = text.find("\0")
    except UnicodeDecodeError as error:
        text, place = data, error.start
    if place >= 0:
        head = text[:place]
        line = head.count(b"\n" if isinstance(head, bytes) else "\n") + 1
        raise HistoryError(
            [f"line {line}: unknown encoding, save the file as UTF-8 text"]
        )
    return text


def _split(text):
    """Yield the non-blank rows, with the number of their first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, [cell.strip() for cell in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise HistoryError([f"line {line}: {error}"]) from None


class HistoryReader:
    """Turn rows into invoices and collect their errors.

    :param header: the names of the columns, further ones are ignored
    """

    def __init__(self, header):
        self.header = header
        self.invoices = []
        self.problems = []
        self.has_rows = False
        self._lines = {}  # first line by invoice number
        self._paperless = {}  # customer: (date, first line)
        self._check_header()

    def _check_header(self):
        if not self.header:
            raise HistoryError(["line 1: the file is empty"])
        missing = [name for name in COLUMNS if name not in self.header]
        if missing and any(";" in name for name in self.header):
            raise HistoryError(
                ["line 1: columns are separated by semicolons, commas are expected"]
            )
        if missing:
            raise HistoryError([f"line 1: missing column {name}" for name in missing])
        twice = [name for name in COLUMNS if self.header.count(name) > 1]
        if twice:
            raise HistoryError(
                [f"line 1: column {name} is there twice" for name in twice]
            )

    def read(self, line, row):
        """Check a row; keep its invoice or its errors."""
        self.has_rows = True
        if len(row) != len(self.header):
            found, expected = len(row), len(self.header)
            self._report(line, f"{found} columns instead of {expected}")
            return
        known = len(self.problems)
        invoice = self._get_invoice(line, dict(zip(self.header, row, strict=True)))
        if len(self.problems) == known:
            self.invoices.append(invoice)

    def finish(self):
        """Return the invoices.

        :raise HistoryError: the file has errors
        """
        if not self.has_rows:
            self._report(1, "no invoice follows the names of the columns")
        if self.problems:
            raise HistoryError(self.problems)
        return self.invoices

    def _report(self, line, text):
        self.problems.append(f"line {line}: {text}")

    def _get_invoice(self, line, cells):
        invoice = Invoice(
            number=self._get_number(line, cells["invoiceNumber"]),
            customer=self._get_customer(line, cells["customerID"]),
            country=cells["countryCode"],
            paperless=self._get_date(line, cells, "PaperlessDate", optional=True),
            invoiced=self._get_date(line, cells, "InvoiceDate"),
            due=self._get_date(line, cells, "DueDate"),
            amount=self._get_amount(line, cells["InvoiceAmount"]),
            settled=self._get_date(line, cells, "SettledDate", optional=True),
            disputed=cells["Disputed"].strip().lower() == "yes",
        )
        self._check_order(line, invoice)
        self._check_paperless(line, invoice, cells["PaperlessDate"])
        return invoice

    def _get_number(self, line, text):
        if not (text.isascii() and text.isdigit()):
            self._report(line, f"invoiceNumber “{text}” is not a number")
            return text
        first = self._lines.setdefault(int(text), line)
        if first != line:
            self._report(line, f"invoice {text} is on line {first} already")
        return text

    def _get_customer(self, line, text):
        if not text:
            self._report(line, "customerID is empty")
        elif UNWRITABLE.search(text):
            self._report(
                line, f"customerID “{text}” holds a comma, quote or line break"
            )
        return text

    def _get_date(self, line, cells, column, optional=False):
        text = cells[column]
        if optional and not text:
            return None
        try:
            return datetime.strptime(text, DATE_FORMAT).date()
        except ValueError:
            self._report(line, f"{column} “{text}” is not a date (month/day/year)")
            return None

    def _get_amount(self, line, text):
        if not AMOUNT.fullmatch(text):
            self._report(line, f"InvoiceAmount “{text}” is not an amount")
            return None
        amount = Decimal(text).quantize(CENT, ROUND_HALF_UP)
        if amount <= 0:
            self._report(line, f"InvoiceAmount {text} is not above zero")
        return amount

    def _check_order(self, line, invoice):
        """Refuse a payment before its invoice: it could not be reconciled on its
        day."""
        if not invoice.invoiced:
            return
        if invoice.due and invoice.due < invoice.invoiced:
            self._report(line, f"invoice {invoice.number} is due before it is invoiced")
        if invoice.settled and invoice.settled < invoice.invoiced:
            self._report(
                line, f"invoice {invoice.number} is settled before it is invoiced"
            )

    def _check_paperless(self, line, invoice, text):
        if text and not invoice.paperless:
            return  # not a date, reported as such
        day, first = self._paperless.setdefault(
            invoice.customer, (invoice.paperless, line)
        )
        if day != invoice.paperless:
            self._report(
                line,
                f"customer {invoice.customer} has another PaperlessDate than on line"
                f" {first}",
            )
