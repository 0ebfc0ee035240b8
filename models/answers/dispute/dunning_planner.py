from odoo import models
from odoo.tools import SQL


class DunningPlanner(models.AbstractModel):
    """Extend the planner with the holds of open disputes."""

    _inherit = "dunning.planner"

    def _get_scope_tables(self):
        tables = super()._get_scope_tables()
        tables["customer"].add("dunning_dispute")
        tables["item"].add("dunning_dispute_claim")
        return tables

    def _get_hold_queries(self, company_ids, date):
        """Hold the disputed amounts, the whole claims, or all claims of the customer.

        Several disputes about one claim add up. A claim that was moved to another
        customer is not held. Once the customer has been told the outcome and the day to
        pay by, nothing more is asked before that day.
        """
        self.env["dunning.dispute"].flush_model()
        self.env["dunning.dispute.claim"].flush_model()
        return [
            *super()._get_hold_queries(company_ids, date),
            self._hold_disputed(company_ids),
            self._hold_customers(company_ids),
            self._hold_until_told_day(company_ids, date),
        ]

    def _hold_disputed(self, company_ids):
        return self._hold_claims(
            company_ids,
            self.env._("dispute"),
            amount=SQL("CASE dispute.hold WHEN 'amount' THEN claim.amount END"),
            until=SQL("NULL::date"),
            condition=SQL("dispute.state <> 'settled'"),
        )

    def _hold_until_told_day(self, company_ids, date):
        return self._hold_claims(
            company_ids,
            self.env._("settled dispute"),
            amount=SQL("NULL::numeric"),
            until=SQL("dispute.pay_by_date"),
            condition=SQL(
                """dispute.state = 'settled' AND dispute.told_date IS NOT NULL
                   AND dispute.pay_by_date >= %s""",
                date,
            ),
        )

    def _hold_claims(self, company_ids, kind, amount, until, condition):
        return SQL(
            """SELECT claim.move_line_id, %(kind)s, %(amount)s, %(until)s
                 FROM dunning_dispute_claim claim
                 JOIN dunning_dispute dispute ON dispute.id = claim.dispute_id
                 JOIN account_move_line item ON item.id = claim.move_line_id
                 JOIN res_partner contact ON contact.id = item.partner_id
                WHERE %(condition)s
                  AND dispute.company_id = ANY(%(companies)s)
                  AND contact.commercial_partner_id = dispute.partner_id""",
            kind=kind,
            amount=amount,
            until=until,
            condition=condition,
            companies=list(company_ids),
        )

    def _hold_customers(self, company_ids):
        return SQL(
            """SELECT item.id, %(kind)s, NULL::numeric, NULL::date
                 FROM dunning_dispute dispute
                 JOIN res_partner contact
                   ON contact.commercial_partner_id = dispute.partner_id
                 JOIN account_move_line item ON item.partner_id = contact.id
                      AND item.company_id = dispute.company_id
                WHERE dispute.state <> 'settled' AND dispute.hold = 'customer'
                  AND dispute.company_id = ANY(%(companies)s)
                  AND item.parent_state = 'posted'
                  AND item.reconciled IS NOT TRUE""",
            kind=self.env._("dispute"),
            companies=list(company_ids),
        )
