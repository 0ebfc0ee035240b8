from odoo import api, fields, models
from odoo.exceptions import AccessError


class DunningGolive(models.TransientModel):
    """The way of a company to its first follow-up, and the switch at its end."""

    _name = "dunning.golive"
    _description = "Go-Live of the Follow-Up"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company._dunning_setup_company(),
    )
    is_live = fields.Boolean(related="company_id.dunning_is_live")

    # ---- buttons ---------------------------------------------------------------------

    def action_switch_on(self):
        """Let the company follow up from now on.

        :raise AccessError: the user is no collection manager
        """
        return self._switch(True)

    def action_switch_off(self):
        """Stop all that leaves by itself; what waits is kept, mails of the queue are
        called back.

        :raise AccessError: the user is no collection manager
        """
        return self._switch(False)

    # ---- business --------------------------------------------------------------------

    def _switch(self, is_live):
        self.ensure_one()
        self._check_manager()
        # sudo: the switch is a collection manager's, the rest of the company is not
        self.company_id.sudo().dunning_is_live = is_live
        if is_live:
            self.env["dunning.action"]._wake_delivery()
            plan = self.env.ref("account_dunning_scenario.ir_cron_plan_actions")
            plan.sudo()._trigger()  # sudo: the job is the system's, waking it is not
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
