from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class DunningGolive(models.TransientModel):
    """Go-live of a company: steps to its first follow-up, and the final switch."""

    _name = "dunning.golive"
    _description = "Go-Live of the Follow-Up"
    _inherit = ["dunning.wizard.mixin"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company._dunning_setup_company(),
    )
    is_live = fields.Boolean(related="company_id.dunning_is_live")
    scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        string="Default Scenario",
        compute="_compute_scenario_id",
        inverse="_inverse_scenario_id",
        domain="['|', ('company_id', '=', False), "
        "('company_id', 'parent_of', company_id)]",
        help="Used for customers without a scenario or a segment.",
    )
    collector_id = fields.Many2one(
        comodel_name="res.users",
        string="Default Collector",
        compute="_compute_collector_id",
        inverse="_inverse_collector_id",
        domain="[('share', '=', False)]",
        help="Follows up the customers that have no collector of their own.",
    )
    start_date = fields.Date(
        string="Follow-Up Starts On",
        compute="_compute_start_date",
        inverse="_inverse_start_date",
        help="Invoices due before this day are followed up only once taken in.",
    )
    step_ids = fields.One2many(
        comodel_name="dunning.golive.step",
        inverse_name="golive_id",
        string="Steps",
        default=lambda self: self._default_step_ids(),
    )

    @api.model
    def _default_step_ids(self):
        return [Command.create({"code": code}) for code in self._get_codes()]

    @api.depends("company_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for golive in self:
            golive.display_name = self.env._("Go-Live of %s", golive.company_id.name)

    @api.depends("company_id.dunning_scenario_id")
    def _compute_scenario_id(self):
        for golive in self:
            golive.scenario_id = golive.company_id.dunning_scenario_id

    def _inverse_scenario_id(self):
        for golive in self:
            golive._write_setting("dunning_scenario_id", golive.scenario_id)

    @api.depends("company_id.dunning_collector_id")
    def _compute_collector_id(self):
        for golive in self:
            golive.collector_id = golive.company_id.dunning_collector_id

    def _inverse_collector_id(self):
        for golive in self:
            golive._write_setting("dunning_collector_id", golive.collector_id)

    @api.depends("company_id.dunning_go_live_date")
    def _compute_start_date(self):
        for golive in self:
            golive.start_date = golive.company_id.dunning_go_live_date

    def _inverse_start_date(self):
        for golive in self:
            golive._write_setting("dunning_go_live_date", golive.start_date)

    def _write_setting(self, name, value):
        self._check_manager()
        self.company_id._dunning_check_allowed()
        # sudo: these settings belong to collection managers, the rest does not
        self.company_id.sudo()[name] = value

    # ---- buttons ---------------------------------------------------------------------

    def action_dry_run(self):
        """Open the user's last dry run, else a new one."""
        self.ensure_one()
        return self._get_dry_run_action()

    def action_switch_on(self):
        """Switch on the follow-up of the company.

        :raise AccessError: the user is not a collection manager of the company
        :raise UserError: there is no scenario to play
        """
        return self._switch(True)

    def action_switch_off(self):
        """Stop all automatic sending; waiting actions are kept, queued e-mails are
        withdrawn.

        :raise AccessError: the user is not a collection manager
        """
        return self._switch(False)

    # ---- business --------------------------------------------------------------------

    @api.model
    def _open(self):
        """Return the action that opens the go-live of the current company."""
        golive = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": golive.display_name,
            "res_model": self._name,
            "res_id": golive.id,
            "view_mode": "form",
        }

    def _switch(self, is_live):
        self.ensure_one()
        self._check_manager()
        self.company_id._dunning_check_allowed()
        if is_live and self._check("scenario")["state"] != "done":
            raise UserError(self._check("scenario")["text"])
        # sudo: managers may use the switch, but not edit the rest of the company
        self.company_id.sudo().dunning_is_live = is_live
        if is_live:
            self.env["dunning.action"]._wake_delivery()
            plan = self.env.ref("account_dunning_scenario.ir_cron_plan_actions")
            plan.sudo()._trigger()  # sudo: managers may start the job, but not edit it
        return True

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group(
            "account_dunning_scenario.dunning_group_manager"
        ):
            raise AccessError(
                self.env._(
                    "Ask a collection manager to switch the follow-up on or off."
                )
            )
