from odoo import api, fields, models

from ..dunning_answer_mixin import SOURCES

ACTION = "dunning.action"


class RatingRating(models.Model):
    """Extend the rating with the contact it is about: one rating per action, corrected
    by a second answer. Its person, subject and day make up the survey of S2-19."""

    _inherit = "rating.rating"

    # Odoo shows it to all readers of the rating: they could answer as the customer.
    access_token = fields.Char(groups="base.group_system")
    dunning_action_id = fields.Many2one(
        comodel_name="dunning.action",
        string="Follow-Up Action",
        compute="_compute_dunning_action_id",
        store=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="base.group_user",
    )
    dunning_source = fields.Selection(
        selection=SOURCES,
        string="Answered Through",
        help="Means by which the customer answered.",
        groups="base.group_user",
    )
    dunning_company_id = fields.Many2one(
        related="dunning_action_id.company_id",
        string="Company",
        groups="base.group_user",
    )
    dunning_customer_id = fields.Many2one(
        related="dunning_action_id.partner_id",
        string="Followed-Up Customer",
        groups="base.group_user",
    )
    dunning_scenario_id = fields.Many2one(
        related="dunning_action_id.scenario_id",
        groups="base.group_user",
    )
    dunning_step_id = fields.Many2one(
        related="dunning_action_id.step_id",
        groups="base.group_user",
    )
    dunning_channel = fields.Selection(
        related="dunning_action_id.channel",
        groups="base.group_user",
    )
    dunning_collector_id = fields.Many2one(
        related="dunning_action_id.collector_id",
        string="Collector",
        groups="base.group_user",
    )
    dunning_salesperson_id = fields.Many2one(
        related="dunning_action_id.salesperson_id",
        string="Salesperson",
        groups="base.group_user",
    )

    _dunning_once = models.UniqueIndex(
        "(dunning_action_id) WHERE dunning_action_id IS NOT NULL",
        "The customer has one answer per action: correct that one.",
    )

    @api.depends("res_model", "res_id")
    def _compute_dunning_action_id(self):
        for rating in self:
            is_ours = rating.res_model == ACTION
            rating.dunning_action_id = is_ours and rating.res_id

    def write(self, vals):
        """Write to ratings, and check access again when their subject changes.

        :raise AccessError: it would become an answer about the follow-up, which only
            methods record
        """
        result = super().write(vals)
        if not self.env.su and {"res_id", "res_model", "res_model_id"} & vals.keys():
            # Access rules are checked on the old subject; this checks the new one.
            self.check_access("write")
        return result
