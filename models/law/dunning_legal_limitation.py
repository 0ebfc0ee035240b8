from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DunningLegalLimitation(models.Model):
    """Limitation period by country of the creditor and legal status of the customer,
    dated and with its source."""

    _name = "dunning.legal.limitation"
    _description = "Limitation Period"
    _inherit = ["dunning.shared.mixin"]
    _order = "country_id, status, date_from desc"
    _rec_name = "source"

    country_id = fields.Many2one(
        comodel_name="res.country",
        string="Creditor's Country",
        required=True,
        index=True,
        ondelete="restrict",
    )
    status = fields.Selection(
        selection=[
            ("business", "Business"),
            ("consumer", "Consumer"),
            ("public", "Public body"),
        ],
        string="Customer",
        required=True,
    )
    date_from = fields.Date(string="Claims From", required=True)
    years = fields.Integer(required=True)
    is_by_year = fields.Boolean(
        string="From the Next Year",
        help="Count the years from 1 January of the following year.",
    )
    source = fields.Char(required=True)

    _start_unique = models.UniqueIndex(
        "(country_id, status, date_from)",
        "A period starting on this day already exists for these customers.",
    )
    _years_positive = models.Constraint(
        "CHECK (years BETWEEN 1 AND 100)",
        "Enter a limitation period of 1 to 100 years.",
    )

    @api.model
    def _get_date_sql(self, alias):
        """Return the SQL of a claim's limitation date.

        The years run from the due date or the invoice date, whichever is earlier, and
        start afresh with what the customer acknowledges (C. civ. 2240): a payment, a
        promise. A reminder or a formal notice changes nothing (Com. 18 May 2022,
        20-23.204).

        :param alias: of `account_move_line`
        """
        item = SQL.identifier(alias)
        return SQL(
            """(SELECT CASE WHEN period.is_by_year
                       THEN make_date(
                           EXTRACT(YEAR FROM act.day)::int + period.years, 12, 31)
                       ELSE (act.day + make_interval(years => period.years))::date
                       END
                  FROM %(periods)s
                       AS period (company_id, status, since, until, years, is_by_year)
                  JOIN res_partner partner ON partner.id = %(item)s.partner_id
                  JOIN res_partner customer
                    ON customer.id = partner.commercial_partner_id
                 CROSS JOIN LATERAL (
                       SELECT LEAST(
                           %(due_date)s,
                           COALESCE(%(item)s.invoice_date, %(item)s.date)) AS day) start
                 CROSS JOIN LATERAL (
                       SELECT GREATEST(start.day, %(payment)s, %(promise)s) AS day) act
                 WHERE period.company_id = %(item)s.company_id
                   AND period.status = customer.dunning_legal_status
                   AND start.day >= period.since AND start.day < period.until)""",
            periods=self._get_periods_sql(),
            item=item,
            due_date=self.env["account.move.line"]._dunning_due_date_sql(alias),
            payment=self._get_payment_sql(alias),
            promise=self._get_promise_sql(item),
        )

    @api.model
    def _get_payment_sql(self, alias):
        """Return the SQL of the last payment of a claim; it uses Odoo's index on the
        debit side of partial reconciliations.

        :param alias: alias of the journal item
        """
        return SQL(
            """(SELECT MAX(partial.max_date)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = credit.journal_id
                 WHERE partial.debit_move_id = %s.id AND %s AND %s)""",
            SQL.identifier(alias),
            self.env["account.move.line"]._dunning_is_payment("credit", "journal"),
            self.env["account.move.line"]._dunning_stays(alias, "credit"),
        )

    @api.model
    def _get_promise_sql(self, item):
        """Return the SQL of the last promise about a claim that was not cancelled."""
        return SQL(
            """(SELECT MAX(promise.taken_date)
                  FROM dunning_promise_claim claim
                  JOIN dunning_promise promise ON promise.id = claim.promise_id
                 WHERE claim.move_line_id = %s.id
                   AND promise.state NOT IN ('cancelled', 'replaced'))""",
            item,
        )

    @api.model
    def _get_periods_sql(self):
        """Return the periods of all companies as VALUES; if there are none, a row that
        never applies, for its types."""
        # sudo: the companies' countries are no secret
        companies_sudo = self.env["res.company"].sudo()
        companies = companies_sudo.search([("active", "=", True)])
        # sudo: the law is public
        periods = (
            self.sudo()
            .search([("years", ">", 0)], order="date_from")
            .grouped("country_id")
        )
        rows = [SQL("(0, '', %s::date, %s::date, 1, FALSE)", date.max, date.max)]
        for company in companies:
            country = company.account_fiscal_country_id or company.country_id
            of_status = periods.get(country, self).grouped("status")
            for status, of_country in of_status.items():
                ends = [*of_country.mapped("date_from")[1:], date.max]
                rows += [
                    SQL(
                        "(%s, %s, %s::date, %s::date, %s, %s)",
                        company.id,
                        status,
                        period.date_from,
                        end,
                        period.years,
                        period.is_by_year,
                    )
                    for period, end in zip(of_country, ends, strict=True)
                ]
        return SQL("(VALUES %s)", SQL(", ").join(rows))

    @api.model
    def _get_source(self, item):
        """Return the source of a claim's limitation period, False if there is none."""
        company = item.company_id
        country = company.account_fiscal_country_id or company.country_id
        status = item.partner_id.commercial_partner_id.dunning_legal_status
        domain = Domain("country_id", "=", country.id) & Domain("status", "=", status)
        # sudo: as above
        return self.sudo().search(domain, limit=1).source
