from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.i18n import format_list
from odoo.tools.misc import formatLang

from ..setup.day_format import format_day
from ..setup.statement_format import StatementFormat
from .interest import get_half_year

CLAIM = "account_dunning_scenario.message_legal_claim"
LAW = "account_dunning_scenario.message_law"
INTEREST = "report.account_dunning_scenario.interest_sheet"


class DunningMessageMixin(models.AbstractModel):
    """Extend the messages with the legal texts on late payment: the law, from rules and
    rates on record, and the amounts claimed on the day of sending."""

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
    law_html = fields.Html(
        string="Legal Provisions",
        compute="_compute_law_html",
        compute_sudo=True,
        sanitize=False,
        help="Rights granted by the law of the company's country towards this kind of "
        "customer when an invoice is paid late.",
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
        day = format_day(self.env, self._get_message_day())
        return self.env["ir.qweb"]._render(CLAIM, {"action": self, "day": day})

    # ---- text of the law -------------------------------------------------------------

    @api.depends("partner_id.dunning_legal_status", "step_id.is_formal_notice")
    @api.depends_context("lang", "dunning_day")
    def _compute_law_html(self):
        Rule = self.env["dunning.legal.rule"]
        rules = {company: Rule._get_rules(company) for company in self.company_id}
        agreements = self.env["dunning.legal.agreement"]._get_agreements(
            self._get_message_lines().move_line_id
        )
        readers = self.env["dunning.legal.rate"]._get_readers()
        for action in self:
            rule = rules[action.company_id].get(action.partner_id.dunning_legal_status)
            items = action._get_message_lines().move_line_id
            rates = {agreements[item].rate for item in items if item in agreements}
            action.law_html = (
                action._render_law(rule, rates, readers) if rule else False
            )

    def _render_law(self, rule, rates, readers):
        """Return the text of the law.

        :param rule: dunning.legal.rule
        :param rates: agreed for the claims, in percent
        :param readers: see `dunning.legal.rate`, `_get_readers`
        """
        values = {"action": self, "interest": False, "indemnity": False}
        if rule.is_from_notice:
            values["intro"] = self._get_consumer_law_text(rule, readers)
        else:
            values["intro"] = self.env._(
                "When an invoice is paid late, the law provides (%(law)s):",
                law=rule.source,
            )
            agreed = rates if rule.status == "business" else ()
            values["interest"] = self._get_interest_law_text(rule, agreed, readers)
            values["indemnity"] = self._get_indemnity_law_text(rule)
        return self.env["ir.qweb"]._render(LAW, values)

    def _format_points(self, rule):
        return formatLang(self.env, rule.points, digits=0)

    def _get_consumer_law_text(self, rule, readers):
        """Return the text for consumers: no costs, interest from the notice on
        (J10)."""
        env = self.env
        rate = self._get_rate_text(rule, self._get_message_day(), readers)
        sentences = [
            env._(
                "When an invoice is not paid, the law (%(law)s) provides for "
                "interest at the legal rate, from a formal notice to pay on.",
                law=rule.source,
            )
        ]
        if rate:
            sentences.append(env._("That rate is %(rate)s.", rate=rate))
        if not self.step_id.is_formal_notice:
            sentences.append(env._("This message is not a formal notice."))
        sentences.append(env._("The costs of recovery are borne by us."))
        return " ".join(sentences)

    def _get_interest_law_text(self, rule, agreed, readers):
        env = self.env
        if agreed:
            return env._(
                "interest from the day after the due date, without any reminder being "
                "needed, at the rate agreed on, %(rate)s a year.",
                rate=format_list(
                    env, [self._format_percent(rate) for rate in sorted(agreed)]
                ),
            )
        text = env._(
            "interest from the day after the due date, without any reminder being "
            "needed, at the refinancing rate of the European Central Bank plus "
            "%(points)s percentage points.",
            points=self._format_points(rule),
        )
        rate = self._get_rate_text(rule, self._get_message_day(), readers)
        if rule.is_single_rate:
            more = env._(
                "The rate of the half-year in which it begins holds throughout."
            )
        else:
            more = rate and env._("That is %(rate)s.", rate=rate)
        return " ".join(filter(None, [text, more]))

    def _get_indemnity_law_text(self, rule):
        """Return the text on the indemnity, without its amount where none is on record:
        the message stays true."""
        if not rule.is_indemnity_due:
            return False
        currency = self._get_message_lines().currency_id[:1]
        bands = (
            self.env["dunning.legal.indemnity"]
            ._get_all()
            ._get_bands(self.company_id, currency, self._get_message_day())
        )
        writer = StatementFormat(self.env)
        amounts = [writer.amount(band.amount, band.currency_id) for band in bands]
        if not amounts:
            return self.env._(
                "a fixed indemnity for recovery costs for each invoice paid late."
            )
        if len(amounts) > 1:
            return self.env._(
                "a fixed indemnity of %(least)s to %(most)s for recovery costs, "
                "according to the amount, for each invoice paid late.",
                least=amounts[0],
                most=amounts[-1],
            )
        return self.env._(
            "a fixed indemnity of %(amount)s for recovery costs, for each invoice paid "
            "late.",
            amount=amounts[0],
        )

    def _get_rate_text(self, rule, day, readers):
        """Return the rate in force and its half-year as text; False if it is not on
        record: the message stays true without.

        :param rule: dunning.legal.rule
        """
        half_year = get_half_year(day)
        rate = self._read_rate(readers[rule.reference], half_year)
        if rate is False:
            return False
        return self.env._(
            "%(rate)s a year in the half-year that began in %(month)s",
            rate=self._format_percent(rate + rule.points),
            month=format_date(self.env, half_year, date_format="MMMM yyyy"),
        )

    def _format_percent(self, value):
        return f"{formatLang(self.env, value, digits=2)}\N{NO-BREAK SPACE}%"

    def _read_rate(self, read, day):
        """Return the value of a reference on a day, False if it is not on record.

        :param read: reader of the reference
        """
        try:
            return read(day)
        except UserError:
            return False
