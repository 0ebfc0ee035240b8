from odoo import models

from ...models.setup.statement_format import StatementFormat
from .dunning_press import MARKER
from .pagination import Block, paginate
from .typesetting import count_lines

# Heights in mm. A sheet has 251 mm below its head; the rest is a reserve, since the
# printer's heights are whole pixels.
SHEET_HEIGHT = 246
# Height left on the first sheet of a statement in an envelope.
HEADED_SHEET_HEIGHT = 157
TITLE_HEIGHT = 8
HEAD_HEIGHT = 8.5
LINE_HEIGHT = 3.6
ROW_PADDING = 2.2
TOTAL_HEIGHT = 7
AGEING_HEIGHT = 15
SLIP_HEIGHT = 40
# Width in mm and font size in points of the column that may wrap.
NAME_WIDTH = 46
NAME_SIZE = 8.5


class DunningSheets(models.AbstractModel):
    """Statements of account on paper, split into sheets.

    A report whose delivered sheets are also given by the print menu sets `_has_streams`
    and implements `_get_streams`.
    """

    _name = "dunning.sheets"
    _description = "Follow-Up Sheets"
    _inherit = ["dunning.stationery"]

    _has_streams = False

    def _get_streams(self, docids):
        """Return {id: PDF as bytes} of the records, as they would be printed now."""
        raise NotImplementedError

    def _prepare_preview_values(self, records, documents):
        """Return the values of the browser's view of documents.

        :param documents: {record: markup}
        """
        return {
            "doc_ids": records.ids,
            "doc_model": records._name,
            "docs": records,
            "documents": list(documents.values()),
            "zoom": self.env["dunning.press"]._get_zoom(),
        }

    def _prepare_sheet_values(self, company, contact):
        return {
            **super()._prepare_sheet_values(company, contact),
            "marker": MARKER,
        }

    def _get_sheets(self, sections, first=SHEET_HEIGHT, tail=0, has_ageing=True):
        """Split a statement of account into sheets.

        :param first: height of the first sheet
        :param tail: height of the content after the last total
        :return: one list per sheet of dicts: `section`, its `rows` on the sheet,
            `is_titled` (several currencies), `is_end`, `has_ageing`
        """
        blocks = self._get_blocks(sections, has_ageing)
        return [
            [
                {
                    "section": sections[number],
                    "rows": sections[number]["rows"][start:stop],
                    "is_titled": len(sections) > 1,
                    "is_end": is_end,
                    "has_ageing": is_end and has_ageing,
                }
                for number, start, stop, is_end in parts
            ]
            for parts in paginate(blocks, first, SHEET_HEIGHT, tail)
        ]

    def _get_height(self, sections):
        """Return the height of a statement without its ageing, on one sheet."""
        return sum(block.height for block in self._get_blocks(sections, False))

    def _get_blocks(self, sections, has_ageing):
        """Return the measures of the sections of a statement."""
        is_titled = len(sections) > 1
        return [
            Block(
                head=HEAD_HEIGHT + is_titled * TITLE_HEIGHT,
                rows=[self._get_row_height(row) for row in section["rows"]],
                foot=TOTAL_HEIGHT * self._count_totals(section)
                + has_ageing * AGEING_HEIGHT,
            )
            for section in sections
        ]

    def _count_totals(self, section):
        """Return the number of lines below the rows of a section: what is asked for if
        it is a part, how it becomes the amount to pay, and the balance."""
        is_partly_asked = section["amount_marked"] and not section["is_all_marked"]
        return bool(is_partly_asked) + len(section["asked"]) + 1

    def _get_row_height(self, row):
        texts = filter(None, (row["name"], row["orders"]))
        count = sum(count_lines(text, NAME_SIZE, NAME_WIDTH) for text in texts)
        count += bool(row["asked"])
        return ROW_PADDING + count * LINE_HEIGHT

    def _get_slips(self, payments, debtor):
        """Return the values of the payment slips, one per account and currency.

        :param payments: list of (account, currency, amount, reference); no amount is
            named where it is 0
        :param debtor: the customer
        :return: list of dicts: `bank`, `iban`, `reference`, `amount` as text, `code`
            (image address, False if none can be made)
        """
        writer = StatementFormat(self.env)
        return [
            {
                "bank": bank,
                "iban": self._get_account_number(bank),
                "reference": reference,
                "amount": amount and writer.amount(amount, currency),
                "code": self._get_qr_code(bank, currency, amount, reference, debtor),
            }
            for bank, currency, amount, reference in payments
            if bank
        ]
