from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """Extend items with their next step and its explanation, and drop waiting lines
    that are no longer chased."""

    _inherit = "account.move.line"

    dunning_next_step_id = fields.Many2one(
        comodel_name="dunning.step",
        string="Next Step",
        compute="_compute_dunning_next_step",
        compute_sudo=False,
        groups="base.group_user",
    )
    dunning_next_date = fields.Date(
        string="Next Step On",
        compute="_compute_dunning_next_step",
        groups="base.group_user",
    )
    dunning_why = fields.Text(
        string="Follow-Up",
        compute="_compute_dunning_next_step",
        groups="base.group_user",
    )

    @api.depends_context("company", "lang")
    def _compute_dunning_next_step(self):
        self.dunning_next_step_id = False
        self.dunning_next_date = False
        self.dunning_why = False
        planner = self.env["dunning.planner"]
        for company, items in self.filtered("id").grouped("company_id").items():
            explained = planner._explain(items, company._dunning_today())
            for item, answer in zip(items, explained, strict=True):
                item.dunning_next_step_id = answer["next_step_id"]
                item.dunning_next_date = answer["trigger_date"]
                item.dunning_why = planner._get_summary(answer)

    def action_explain_dunning(self):
        """Open the explanation of these items, rule by rule.

        :raise AccessError: the user is neither accountant nor collector
        """
        self.check_access("read")
        self.env["dunning.planner.explain"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_planner_explain_action"
        )
        return {**action, "context": {"active_ids": self.ids}}

    def _dunning_recheck(self):
        result = super()._dunning_recheck()
        # sudo: users who book a payment may not write follow-up actions
        lines_sudo = self.env["dunning.action.line"].sudo()
        domain = [("move_line_id", "in", self.ids), ("state", "=", "open")]
        lines_sudo.search(domain)._drop_obsolete()
        return result
