from odoo import fields, models
from odoo.tools import SQL


class DunningReportMixin(models.AbstractModel):
    """Rows of an analysis: their company, collector and day."""

    _name = "dunning.report.mixin"
    _description = "Follow-Up Analysis"
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    salesperson_id = fields.Many2one(comodel_name="res.users", readonly=True)

    def _company_table(self):
        """Return the SQL of the companies with derived columns.

        Columns: id, `today` (their own day), `chain` (ids of the company and its
        parents, nearest first), `collector_id` (of customers without one) and `digits`
        of their currency.
        """
        # sudo: days and parents of companies do not depend on the reader
        companies_sudo = self.env["res.company"].sudo().search([("active", "=", True)])
        rows = [
            SQL(
                "(%s::int, %s::date, %s::int[], %s::int, %s::int)",
                company.id,
                company._dunning_today(),
                company._dunning_chain().ids,
                company._dunning_default_collector().id or None,
                company.currency_id.decimal_places,
            )
            for company in companies_sudo
        ]
        return SQL(
            "(VALUES %s) company (id, today, chain, collector_id, digits)",
            SQL(", ").join(rows),
        )

    def _inherited_value(self, field):
        """Return the SQL of a company-dependent value of customer `p`, from the nearest
        company of the chain.

        :param field: name of a many2one of res.partner
        """
        return SQL(
            """(SELECT (p.%(field)s ->> link.id::text)::int
                  FROM UNNEST(company.chain) WITH ORDINALITY link (id, place)
                 WHERE p.%(field)s ->> link.id::text IS NOT NULL
                 ORDER BY link.place LIMIT 1)""",
            field=SQL.identifier(field),
        )
