from odoo import models
from odoo.tools import SQL


class DunningPlanner(models.AbstractModel):
    """Extend the planner with the holds of new declarations, until they expire."""

    _inherit = "dunning.planner"

    def _before_plan(self, company, date):
        """Settle and expire the company's declarations before holds are read."""
        result = super()._before_plan(company, date)
        # sudo: the course of declarations does not depend on the user who plans
        declarations_sudo = self.env["dunning.declaration"].sudo()
        declarations_sudo._settle_company(company)
        declarations_sudo._expire_due(company, date)
        return result

    def _get_scope_tables(self):
        tables = super()._get_scope_tables()
        tables["customer"].add("dunning_declaration")
        tables["item"].add("dunning_declaration_line")
        return tables

    def _get_hold_queries(self, company_ids, date):
        """Hold the claims of new declarations, of a problem only its amount.

        A claim that was moved to another customer is not held.
        """
        self.env["dunning.declaration"].flush_model()
        self.env["dunning.declaration.line"].flush_model()
        query = SQL(
            """SELECT line.move_line_id, %(kind)s,
                      CASE declaration.kind
                      WHEN 'dispute' THEN line.amount::numeric END,
                      line.held_until
                 FROM dunning_declaration_line line
                 JOIN dunning_declaration declaration
                   ON declaration.id = line.declaration_id
                 JOIN account_move_line item ON item.id = line.move_line_id
                 JOIN res_partner contact ON contact.id = item.partner_id
                WHERE line.is_open AND declaration.state = 'new'
                  AND declaration.company_id = ANY(%(companies)s)
                  AND contact.commercial_partner_id = declaration.partner_id""",
            kind=self.env._("declaration of the customer"),
            companies=list(company_ids),
        )
        return [*super()._get_hold_queries(company_ids, date), query]
