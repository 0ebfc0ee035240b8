from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.i18n import format_list
from odoo.tools.misc import formatLang

from ..setup.statement_format import StatementFormat
from .interest import get_half_year, get_next_half_year

LAW = "account_dunning_scenario.message_law"
# Half-years whose rates are told in a sentence; the sheet has all of them.
MOST_RATES = 4


class DunningMessageMixin(models.AbstractModel):
    """Extend the messages with the text of the law on late payment, from the rules and
    rates on record, for this kind of customer."""

    _inherit = "dunning.message.mixin"

    law_html = fields.Html(
        string="Legal Provisions",
        compute="_compute_law_html",
        compute_sudo=True,
        sanitize=False,
        help="Rights granted by the law of the company's country towards this kind of "
        "customer when an invoice is paid late.",
    )
    legal_basis_text = fields.Char(
        string="Articles of a Formal Notice",
        compute="_compute_law_html",
        compute_sudo=True,
        help="Articles that a formal notice is based on, after “under”; empty for "
        "companies outside France.",
    )

    @api.depends("partner_id.dunning_legal_status", "step_id.is_formal_notice")
    @api.depends_context("lang", "dunning_day", "dunning_channel")
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
            action.legal_basis_text = action._get_legal_basis()

    def _render_law(self, rule, rates, readers):
        """Return the text of the law.

        :param rule: dunning.legal.rule
        :param rates: agreed for the claims, in percent
        :param readers: see `dunning.legal.rate`, `_get_readers`
        """
        values = {
            "action": self,
            "interest": False,
            "indemnity": False,
            "is_letter": self._is_letter(),
        }
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

    def _get_legal_basis(self):
        """Return the articles of a formal notice: of the Civil Code, for public bodies
        of the Public Procurement Code (J9, J11)."""
        country = self.company_id.account_fiscal_country_id
        if country.code != "FR":
            return False
        if self._is_public():
            return self.env._(
                "articles L2192-13, R2192-31 and D2192-35 of the French Public "
                "Procurement Code"
            )
        return self.env._("articles 1344 and 1344-1 of the French Civil Code")

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
            sentences.append(
                env._("This letter is not a formal notice.")
                if self._is_letter()
                else env._("This message is not a formal notice.")
            )
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
        points = self._format_points(rule)
        if rule.status == "public":
            text = env._(
                "default interest from the day after the end of the payment term, "
                "without any formality, at the refinancing rate of the European "
                "Central Bank plus %(points)s percentage points.",
                points=points,
            )
        else:
            text = env._(
                "interest from the day after the due date, without any reminder being "
                "needed, at the refinancing rate of the European Central Bank plus "
                "%(points)s percentage points.",
                points=points,
            )
        more = rule.is_single_rate and env._(
            "The rate of the half-year in which it begins holds throughout."
        )
        rates = self._get_rates_sentence(rule, readers[rule.reference])
        return " ".join(filter(None, [text, more, rates]))

    def _get_rates_sentence(self, rule, read):
        """Return the sentence with the yearly rate of each half-year that counts, False
        where none is on record: the message stays true without.

        :param rule: dunning.legal.rule
        :param read: reader of its reference
        """
        rates = {
            start: self._read_rate(read, start) for start in self._get_halves(rule)
        }
        told = [
            self._tell_rate(rate + rule.points, start)
            for start, rate in sorted(rates.items())
            if rate is not False
        ]
        return bool(told) and self.env._(
            "The yearly rate is %(rates)s.", rates=format_list(self.env, told)
        )

    def _tell_rate(self, rate, start):
        """Return a rate in percent with its half-year.

        :param start: first day of the half-year
        """
        values = {"rate": self._format_percent(rate), "year": start.year}
        if start.month == 1:
            return self.env._("%(rate)s in the first half of %(year)s", **values)
        return self.env._("%(rate)s in the second half of %(year)s", **values)

    def _get_halves(self, rule):
        """Return the first days of the half-years whose rates count: those in which
        interest began, or all since then; the last ones if they are many."""
        day = self._get_message_day()
        due = [d for d in self._get_message_lines().mapped("due_date") if d and d < day]
        begun = {get_half_year(start + timedelta(days=1)) for start in due}
        begun = begun or {get_half_year(day)}
        if rule.is_single_rate:
            return sorted(begun)[-MOST_RATES:]
        halves = [min(begun)]
        while (following := get_next_half_year(halves[-1])) <= day:
            halves.append(following)
        return halves[-MOST_RATES:]

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
