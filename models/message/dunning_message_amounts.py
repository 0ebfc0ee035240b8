from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ..setup.statement_format import StatementFormat
from .amount_row import AmountRow, get_sums

# More amounts in a subject are not read.
MOST_CURRENCIES = 2


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with the one amount that they ask for: rows that add up to it,
    per bank account and currency.

    Subject, text, table, payment slip, code and spoken messages read the same rows, so
    that they cannot disagree.
    """

    _inherit = "dunning.message.mixin"

    amount_rows = fields.Json(
        string="Amount Breakdown",
        compute="_compute_amount_rows",
        compute_sudo=True,
        help="Items that make up the amount asked for.",
    )
    amount_text = fields.Char(
        string="Amount Asked For",
        compute="_compute_amounts",
        compute_sudo=True,
        help="The amount or amounts asked for, as written in a sentence: one per "
        "currency, credits of the customer deducted, interest and indemnities included "
        "where the step claims them.",
    )
    amount_short_text = fields.Char(
        string="Amount for a Subject",
        compute="_compute_amounts",
        compute_sudo=True,
        help="The amount asked for, short enough for a subject: from three currencies "
        "on, their codes alone.",
    )
    totals_text = fields.Char(
        string="Totals",
        compute="_compute_amounts",
        compute_sudo=True,
        help="The same as the amount asked for.",
    )
    principal_text = fields.Char(
        string="For the Invoices",
        compute="_compute_amounts",
        compute_sudo=True,
        help="Part of the amount asked for that relates to the claims, credits "
        "deducted, without interest and indemnities.",
    )
    credits_text = fields.Char(
        string="Credits Deducted",
        compute="_compute_amounts",
        compute_sudo=True,
        help="Credit notes and payments not yet allocated that reduce what is to be "
        "paid; empty when nothing is deducted.",
    )

    # ---- rows ------------------------------------------------------------------------

    @api.depends(
        "line_ids.state",
        "line_ids.amount_chased_currency",
        "performed_date",
        "kept_rows",
        "state",
        "step_id.is_interest_claimed",
    )
    @api.depends_context("dunning_day")
    def _compute_amount_rows(self):
        """Compute the rows once for all readers. A message that has left, or waits for
        a person, keeps the rows that it was made with; a reason why it cannot ask for
        anything is kept as `problem`."""
        kept = self.filtered(
            lambda action: (
                action.kept_rows
                and (action.performed_date or action.state == "in_progress")
            )
        )
        for action, rows in kept._get_kept_rows().items():
            action.amount_rows = {"rows": rows}
        fresh = self - kept
        try:
            found = fresh._get_amount_rows()
        except UserError:
            found = {}
        for action in fresh:
            action.amount_rows = action._pack_rows(found.get(action))

    def _get_kept_rows(self):
        """Return {action: rows that the message was made with}, without references to
        items and accounts that were deleted since."""
        rows = [row for action in self for row in action.kept_rows]
        Item, Bank = self.env["account.move.line"], self.env["res.partner.bank"]
        items = Item.browse({id_ for row in rows for id_ in row[4:6] if id_})
        accounts = Bank.browse({row[3] for row in rows if row[3]})
        item_ids, account_ids = set(items.exists().ids), set(accounts.exists().ids)
        return {
            action: [
                [
                    *row[:3],
                    row[3] in account_ids and row[3],
                    *(id_ in item_ids and id_ for id_ in row[4:6]),
                    row[6],
                ]
                for row in action.kept_rows
            ]
            for action in self
        }

    def _pack_rows(self, rows):
        """Return the rows as JSON, worked out for this action alone where those of all
        failed.

        :param rows: list of AmountRow, or None
        """
        try:
            rows = self._get_amount_rows()[self] if rows is None else rows
        except UserError as error:
            return {"rows": [], "problem": str(error)}
        return {
            "rows": [
                [
                    row.code,
                    row.amount,
                    row.currency.id,
                    row.account.id,
                    row.item.id,
                    row.source.id if row.source else False,
                    row.told,
                ]
                for row in rows
            ]
        }

    def _unpack_rows(self):
        """Return the rows of the message as AmountRow, labelled in the language of the
        context.

        :raise UserError: they cannot be worked out, in a message that is being made
        """
        self.ensure_one()
        packed = self.amount_rows
        if packed.get("problem") and self.env["dunning.channel"]._get_current_code():
            raise UserError(packed["problem"])
        Item = self.env["account.move.line"]
        rows = []
        for code, amount, currency, account, item, source, told in packed["rows"]:
            row = AmountRow(
                code,
                amount,
                self.env["res.currency"].browse(currency),
                self.env["res.partner.bank"].browse(account or ()),
                Item.browse(item or ()),
                Item.browse(source or ()),
                told,
            )
            rows.append(row)
        return self._label_rows(rows)

    def _read_items_of_rows(self):
        """Read the items of the rows of all these messages at once."""
        ids = {
            item_id
            for packed in self.mapped("amount_rows")
            for row in packed["rows"]
            for item_id in row[4:6]
            if item_id
        }
        self.env["account.move.line"].browse(ids).mapped("move_id.name")

    def _label_rows(self, rows):
        """Return rows with their labels in the language of the context.

        :param rows: list of AmountRow
        """
        return [row._replace(label=self._get_row_label(row)) for row in rows]

    def _get_rows_of_day(self, day):
        """Return the rows of what the message is about on another day, labelled.

        :param day: company's day
        """
        return self._label_rows(self._get_amount_rows(day)[self])

    def _get_amount_rows(self, day=None):
        """Return what adds up to the amount asked for: a row per claim, then what other
        rooms deduct and claim on top.

        :param day: company's day for which the amounts are worked out afresh, also for
            messages that have left; by default the day of each message
        :return: {action: list of AmountRow}
        :raise UserError: a rate, an amount or a rule is not on record
        """
        return {
            action: [
                AmountRow(
                    "claim",
                    line._get_amount_asked(),
                    line.currency_id,
                    line.move_id._dunning_get_bank(line.company_id, line.currency_id),
                    line.move_line_id,
                )
                for line in action._get_message_lines()
                if line.move_line_id
            ]
            for action in self
        }

    def _get_row_label(self, row):
        """Return the label of a row in the language of the context."""
        if row.code == "claim":
            return row.item.move_id.name or ""
        if row.source and row.source.company_id != self.company_id:
            return self.env._(
                "Credits at %(branch)s deducted", branch=row.source.company_id.name
            )
        return self.env._("Credits deducted")

    # ---- texts -----------------------------------------------------------------------

    @api.depends("amount_rows")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_amounts(self):
        self._read_items_of_rows()
        for action in self:
            rows = action._unpack_rows()
            problem = action.amount_rows.get("problem")
            text = problem or action._format_sums(rows)
            principal = [row for row in rows if row.code in ("claim", "credit")]
            offsets = [row._replace(amount=-row.amount) for row in rows]
            action.amount_text = action.totals_text = text
            action.amount_short_text = problem or action._shorten_sums(rows) or text
            action.principal_text = problem or action._format_sums(principal)
            action.credits_text = action._format_sums(
                [row for row in offsets if row.code == "credit"], is_zero_told=False
            )

    def _format_sums(self, rows, is_zero_told=True):
        """Format the sum of each currency, without zeros.

        :param rows: list of AmountRow
        :param is_zero_told: whether a sum of nothing is written as zero
        """
        sums = get_sums(rows, lambda row: row.currency)
        texts = [
            self._format(amount, currency, sums)
            for currency, amount in sums.items()
            if not currency.is_zero(amount)
        ]
        if not texts and is_zero_told:
            texts = [self._format(0, currency, sums) for currency in list(sums)[:1]]
        return format_list(self.env, texts) if texts else False

    def _shorten_sums(self, rows):
        """Return the sums of rows by their currencies alone, False where there are few.

        :param rows: list of AmountRow
        """
        sums = get_sums(rows, lambda row: row.currency)
        codes = [
            currency.name
            for currency, amount in sums.items()
            if not currency.is_zero(amount)
        ]
        return len(codes) > MOST_CURRENCIES and self.env._(
            "%(count)s amounts (%(currencies)s)",
            count=len(codes),
            currencies=", ".join(codes),
        )

    def _format(self, amount, currency, currencies):
        """Format an amount, with its currency code where another currency has the same
        symbol.

        :param currencies: all currencies of the message
        """
        text = StatementFormat(self.env).amount(amount, currency)
        alike = [c for c in currencies if c.symbol == currency.symbol]
        return text.replace(currency.symbol, currency.name) if alike[1:] else text

    # ---- kept ------------------------------------------------------------------------

    def _keep_amounts(self):
        """Keep the rows of messages that are being handed over, and take what they ask
        for as the amount followed up."""
        asking = self.filtered(lambda action: action.kind != "thanks")
        asking._read_items_of_rows()
        for action in asking:
            rows = action._unpack_rows()
            action.write(
                {
                    "kept_rows": action.amount_rows["rows"],
                    "amount_total": action._get_company_sum(rows),
                }
            )
            action._take_asked(rows)

    def _get_company_sum(self, rows):
        """Return the sum of rows in company currency, each at the rate of its booking.

        :param rows: list of AmountRow
        """
        amounts = (
            row.amount * self._get_ledger_rate(row.source or row.item) for row in rows
        )
        return self.company_id.currency_id.round(sum(amounts))

    def _take_asked(self, rows):
        """Take what is asked for the claims as the amounts followed up of the lines.

        :param rows: list of AmountRow
        """
        asked = {row.item: row.amount for row in rows if row.code == "claim"}
        for line in self._get_message_lines():
            amount = asked.get(line.move_line_id, line.amount_chased_currency)
            if line.currency_id.compare_amounts(amount, line.amount_chased_currency):
                rate = self._get_ledger_rate(line.move_line_id)
                line.write(
                    {
                        "amount_chased_currency": amount,
                        "amount_chased": line.company_currency_id.round(amount * rate),
                    }
                )

    def _get_ledger_rate(self, item):
        """Return the rate of an item's amount in company currency to that in its own,
        as booked."""
        return abs(item.balance / item.amount_currency) if item.amount_currency else 1
