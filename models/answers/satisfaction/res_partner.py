from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_round

from ...setup.bounds import check_one
from .dunning_action_questions import PAID_ANSWERS, SATISFIED_ANSWERS


class ResPartner(models.Model):
    """Extend the customer with their satisfaction, and the two questions after the last
    contact.

    Limited to the companies and actions that the user may see.
    """

    _inherit = "res.partner"

    dunning_satisfaction = fields.Integer(
        string="Satisfaction",
        compute="_compute_dunning_satisfaction",
        help="Last answer, from 1 (not at all satisfied) to 5 (very satisfied); 0: no "
        "answer yet.",
        groups="base.group_user",
    )
    dunning_satisfaction_average = fields.Float(
        string="Average Satisfaction",
        compute="_compute_dunning_satisfaction",
        digits=(2, 1),
        groups="base.group_user",
    )
    dunning_satisfaction_count = fields.Integer(
        string="Answers About Satisfaction",
        compute="_compute_dunning_satisfaction",
        groups="base.group_user",
    )
    dunning_is_dissatisfied = fields.Boolean(
        string="Dissatisfied, Not Dealt With",
        compute="_compute_dunning_satisfaction",
        groups="base.group_user",
    )
    dunning_paid_answer = fields.Selection(
        selection=PAID_ANSWERS,
        string="Paid After the Last Contact?",
        compute="_compute_dunning_answers",
        groups="base.group_user",
    )
    dunning_satisfied_answer = fields.Selection(
        selection=SATISFIED_ANSWERS,
        string="Satisfied After the Last Contact?",
        compute="_compute_dunning_answers",
        groups="base.group_user",
    )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_dunning_satisfaction(self):
        rated = self._search_dunning_rated()
        by_customer = rated.grouped("partner_id")
        for partner in self:
            actions = by_customer.get(partner.commercial_partner_id, rated.browse())
            scores = actions.mapped("satisfaction")
            average = sum(scores) / len(scores) if scores else 0
            partner.dunning_satisfaction = scores[0] if scores else 0
            partner.dunning_satisfaction_average = float_round(average, 1)
            partner.dunning_satisfaction_count = len(scores)
            partner.dunning_is_dissatisfied = any(actions.mapped("is_dissatisfied"))

    def _search_dunning_rated(self):
        """Return the actions rated by these customers, the last answer first."""
        return self.env["dunning.action"].search_fetch(
            self._get_dunning_action_domain() & Domain("satisfaction", ">", 0),
            ["partner_id", "satisfaction", "satisfaction_settled_date"],
            order="satisfaction_date desc, id desc",
        )

    def _get_dunning_action_domain(self):
        return Domain("partner_id", "in", self.commercial_partner_id.ids) & Domain(
            "company_id", "in", self.env.companies.ids
        )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_dunning_answers(self):
        last = self._get_dunning_last_actions().grouped("partner_id")
        none = self.env["dunning.action"]
        for partner in self:
            action = last.get(partner.commercial_partner_id, none)
            partner.dunning_paid_answer = action.paid_answer
            partner.dunning_satisfied_answer = action.satisfied_answer

    def _get_dunning_last_actions(self):
        """Return the last contact performed with each customer, except thanks, which
        ask for nothing."""
        Action = self.env["dunning.action"]
        performed = Domain("state", "=", "done") & Domain("kind", "!=", "thanks")
        query = Action._search(self._get_dunning_action_domain() & performed)
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT ON (partner_id) id FROM dunning_action
                    WHERE id IN %s
                    ORDER BY partner_id, performed_date DESC, id DESC""",
                query.subselect(),
            )
        )
        return Action.browse([id_ for (id_,) in self.env.cr.fetchall()])

    # ---- buttons ---------------------------------------------------------------------

    def action_settle_dunning_dissatisfaction(self):
        """Mark all bad answers of the customer as dealt with.

        :raise AccessError: the user is neither a collector nor their salesperson
        """
        self._dunning_check_readable(self.env.company)
        return self._search_dunning_rated().action_settle_dissatisfaction()

    def action_view_dunning_ratings(self):
        """Open the customer's ratings."""
        check_one(self)
        self.env["dunning.action"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.rating_rating_action"
        )
        customer = self.commercial_partner_id
        return {
            **action,
            "domain": [("dunning_customer_id", "=", customer.id)],
            "context": {},
        }
