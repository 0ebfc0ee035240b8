from odoo import api, fields, models

ACTION = "dunning.action"


class RatingRating(models.Model):
    """What a customer thought of a contact: one rating per action, which a second
    answer corrects. Who was rated, on what and when make the survey of S2-19."""

    _inherit = "rating.rating"

    dunning_action_id = fields.Many2one(
        comodel_name="dunning.action",
        string="Follow-Up Action",
        compute="_compute_dunning_action_id",
        store=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    dunning_source = fields.Selection(
        selection=[
            ("call", "Call"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("visit", "Visit"),
        ],
        string="Said By",
        help="How the customer gave the answer.",
    )
    dunning_company_id = fields.Many2one(
        related="dunning_action_id.company_id", string="Company"
    )
    dunning_customer_id = fields.Many2one(
        related="dunning_action_id.partner_id", string="Followed-Up Customer"
    )
    dunning_scenario_id = fields.Many2one(related="dunning_action_id.scenario_id")
    dunning_step_id = fields.Many2one(related="dunning_action_id.step_id")
    dunning_channel = fields.Selection(related="dunning_action_id.channel")
    dunning_collector_id = fields.Many2one(
        related="dunning_action_id.collector_id", string="Collector"
    )
    dunning_salesperson_id = fields.Many2one(
        related="dunning_action_id.salesperson_id", string="Salesperson"
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
