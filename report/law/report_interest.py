from odoo import models
from odoo.tools.misc import formatLang

from ...models.setup.day_format import format_day
from ...models.setup.statement_format import StatementFormat

DOCUMENT = "account_dunning_scenario.interest_document"


class ReportInterest(models.AbstractModel):
    """Calculation sheet of interest on late payment: claim by claim, each piece with
    its days, rate and source, so that the customer can check it."""

    _name = "report.account_dunning_scenario.interest_sheet"
    _description = "Interest on Late Payment"
    _inherit = ["dunning.sheets"]

    def _get_pdf(self, items, day):
        """Print the sheet of one customer and company, in the customer's language.

        :param items: account.move.line
        :param day: date until which interest runs
        :return: PDF as bytes
        :raise UserError: a rate is missing, or printing fails
        """
        customer = items.partner_id.commercial_partner_id
        contact = customer.browse(customer.address_get(["invoice"])["invoice"])
        document = self._get_document(items, day, contact)
        margins = {customer: self._get_margins(items.company_id)}
        pdfs, _batch = self.env["dunning.press"]._print({customer: document}, margins)
        return pdfs[customer]

    def _get_annexes(self, actions):
        """Return {action: markup of its enclosed sheet}, for actions that claim
        interest.

        :raise UserError: a rate is missing
        """
        claiming = actions.filtered("legal_claim_html")
        rows = {action: action._unpack_rows() for action in claiming}
        results = claiming._get_legal_results(rows)
        return {
            action: self._get_document(
                self.env["account.move.line"].union(
                    *(row.item for row in rows[action] if row.code == "claim")
                ),
                action._get_message_day(),
                action.contact_id,
                results[action],
            )
            for action in claiming
        }

    def _get_document(self, items, day, contact, results=None):
        """Return the sheet of one customer and company as markup, in the customer's
        language.

        :param contact: the addressee
        :param results: see `dunning.legal.interest`; worked out by default
        """
        company = items.company_id
        customer = items.partner_id.commercial_partner_id
        lang = contact._dunning_get_lang(company)
        report = self.with_context(lang=lang)
        values = {
            **report._prepare_sheet_values(company, contact),
            **report._prepare_interest_values(
                items.with_context(lang=lang), day, results
            ),
            "customer": customer,
            "day": format_day(report.env, day),
            "reference": customer.ref or f"C{customer.id:07d}",
        }
        return report.env["ir.qweb"]._render(DOCUMENT, values)

    def _prepare_interest_values(self, items, day, results=None):
        """Return the values of the sheet's table, as text in the language of the
        environment: `claims` with interest or indemnity, `totals` by currency, the
        `sources` of law and whether interest is `nothing`.

        :param results: see `dunning.legal.interest`; worked out by default
        """
        results = results or self.env["dunning.legal.interest"]._compute(items, day)
        writer = StatementFormat(self.env)
        late = [item for item in items if results[item]["pieces"]]
        totals = {}
        for item in late:
            sums = totals.setdefault(item.currency_id, [0, 0])
            sums[0] += results[item]["interest"]
            sums[1] += results[item]["indemnity"]
        return {
            "claims": [self._prepare_claim(i, results[i], writer) for i in late],
            "totals": [
                {
                    "interest": writer.amount(interest, currency),
                    "indemnity": indemnity and writer.amount(indemnity, currency),
                    "total": writer.amount(interest + indemnity, currency),
                }
                for currency, (interest, indemnity) in totals.items()
            ],
            "sources": self._get_sources(late),
        }

    def _prepare_claim(self, item, result, writer):
        currency = item.currency_id
        return {
            "name": item.move_id.name,
            "due": writer.date(item._dunning_due_date()),
            "amount": writer.amount(item.amount_currency, currency),
            "pieces": [
                {
                    "date_from": writer.date(piece["date_from"]),
                    "date_to": writer.date(piece["date_to"]),
                    "days": piece["days"],
                    "principal": writer.amount(piece["principal"], currency),
                    "rate": formatLang(self.env, piece["rate"], digits=2),
                    "amount": writer.amount(piece["amount"], currency),
                }
                for piece in result["pieces"]
            ],
            "interest": writer.amount(
                sum(piece["amount"] for piece in result["pieces"]), currency
            ),
            "invoiced": result["invoiced"]
            and writer.amount(-result["invoiced"], currency),
            "is_interest_waived": result["is_interest_waived"],
            "is_indemnity_waived": result["is_indemnity_waived"],
            "indemnity": result["indemnity"]
            and writer.amount(result["indemnity"], currency),
        }

    def _get_sources(self, items):
        """Return the sources of the rules applied."""
        law = self.env["dunning.legal.interest"]
        basis = law._get_basis(self.env["account.move.line"].concat(*items))
        sources = [law._get_rule(item, basis).source for item in items]
        return list(dict.fromkeys(sources))
