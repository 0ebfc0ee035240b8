from collections import defaultdict

from odoo import api, fields, models

from ..setup.day_format import format_day

CLAIM = "account_dunning_scenario.message_legal_claim"
INTEREST = "report.account_dunning_scenario.interest_sheet"


class DunningMessageMixin(models.AbstractModel):
    """Extend the messages with the amounts that the law grants on late payment, as of
    the day of sending."""

    _inherit = "dunning.message.mixin"

    interest_text = fields.Char(
        string="Interest",
        compute="_compute_legal",
        compute_sudo=True,
        help="Interest on late payment as of the day of sending, one amount per "
        "currency; empty unless the step claims interest and some is due.",
    )
    indemnity_text = fields.Char(
        string="Recovery Indemnity",
        compute="_compute_legal",
        compute_sudo=True,
        help="Recovery indemnities, one amount per currency; as for the interest.",
    )
    legal_total_text = fields.Char(
        string="Total With Interest",
        compute="_compute_legal",
        compute_sudo=True,
        help="The same as the amount asked for.",
    )
    legal_claim_html = fields.Html(
        string="Legal Claim",
        compute="_compute_legal",
        compute_sudo=True,
        sanitize=False,
        help="Amounts claimed, line by line: invoices, interest, indemnities, total; "
        "empty when only the invoices are claimed.",
    )

    # ---- claims ----------------------------------------------------------------------

    def _has_annexes(self):
        return bool(self.legal_claim_html) or super()._has_annexes()

    def _get_annexes(self):
        """Add the calculation of the interest and indemnity claimed."""
        annexes = super()._get_annexes()
        langs = self._get_reader_langs()
        for action, sheet in self.env[INTEREST]._get_annexes(self).items():
            name = self.with_context(lang=langs[action]).env._(
                "Interest on %(day)s.pdf", day=action._get_message_day().isoformat()
            )
            annexes.setdefault(action, []).append((name, sheet))
        return annexes

    def _get_amount_rows(self, day=None):
        """Claim interest and indemnities on top, where the step says so."""
        rows = super()._get_amount_rows(day)
        for action, results in self._get_legal_results(rows, day).items():
            claims = [row for row in rows[action] if row.code == "claim"]
            for code in ("interest", "indemnity"):
                rows[action] += [
                    row._replace(code=code, amount=results[row.item][code])
                    for row in claims
                    if results[row.item][code]
                ]
        return rows

    def _get_row_label(self, row):
        if row.code == "interest" and self._is_public():
            return self.env._("Default interest")
        if row.code == "interest":
            return self.env._("Interest on late payment")
        if row.code == "indemnity":
            return self.env._("Fixed recovery indemnities")
        return super()._get_row_label(row)

    def _is_public(self):
        """Return whether the customer is a public body, whose law has words of its
        own."""
        return self.partner_id.dunning_legal_status == "public"

    def _get_legal_results(self, rows, day=None):
        """Return {action: {item: result}}, see `dunning.legal.interest`, of the actions
        whose step claims interest: on what is owed after the credits and without what
        is not asked for.

        :param rows: {action: list of AmountRow}
        :param day: as in `_get_amount_rows`
        :raise UserError: a rate, an amount or a rule is not on record
        """
        claiming = self.filtered(
            lambda action: (
                action.step_id.is_interest_claimed and action.kind == "reminder"
            )
        )
        found = {}
        for (_company, on), actions in claiming._grouped_by_day().items():
            items, deducted = self.env["account.move.line"], defaultdict(list)
            for action in actions:
                own = [row for row in rows[action] if row.code in ("claim", "credit")]
                items = items.union(*(row.item for row in own))
                for item, amounts in action._get_deducted(own, bool(day)).items():
                    deducted[item] += amounts
            results = self.env["dunning.legal.interest"]._compute(
                items, day or on, deducted
            )
            found |= dict.fromkeys(actions, results)
        return found

    def _get_deducted(self, rows, is_current):
        """Return {item: [(day, amount)]} of the credits deducted, and of what is not
        asked for as it is promised, disputed or being paid. Credit notes have no day:
        they count from the start.

        :param rows: list of AmountRow of claims and credits
        :param is_current: whether the rows are those of the ledger as it stands, also
            where the message has left
        """
        deducted = defaultdict(list)
        for row in rows:
            if row.code == "credit":
                is_note = row.source.move_id.move_type == "out_refund"
                on = not is_note and row.source.date
                deducted[row.item].append((on, -row.amount))
            elif is_current or not self.performed_date:
                held = row.item.amount_residual_currency - row.amount
                deducted[row.item].append((False, max(held, 0)))
        return deducted

    @api.depends("amount_rows")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_legal(self):
        for action in self:
            rows = action._unpack_rows()
            by_code = {
                code: [row for row in rows if row.code == code]
                for code in ("interest", "indemnity")
            }
            action.interest_text = action._format_sums(by_code["interest"], False)
            action.indemnity_text = action._format_sums(by_code["indemnity"], False)
            action.legal_total_text = action.amount_text
            is_claimed = action.interest_text or action.indemnity_text
            action.legal_claim_html = is_claimed and action._render_legal_claim()

    def _render_legal_claim(self):
        """Return markup of what is claimed, line by line."""
        values = {
            "action": self,
            "day": format_day(self.env, self._get_message_day()),
            "is_public": self._is_public(),
            "is_letter": self._is_letter(),
        }
        return self.env["ir.qweb"]._render(CLAIM, values)
