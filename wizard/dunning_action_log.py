from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningActionLog(models.TransientModel):
    """Record a contact that took place outside any scenario.

    It counts for the days between two contacts, and for no step.
    """

    _name = "dunning.action.log"
    _description = "Log a Contact"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        default=lambda self: self._default_partner_id(),
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        required=True,
        default="phone",
    )
    contact_date = fields.Date(
        string="Day",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["dunning.action"]
            ._fields["outcome"]
            ._description_selection(self.env)
        )
    )
    note = fields.Text(required=True)

    @api.model
    def _default_partner_id(self):
        context = self.env.context
        if context.get("active_model") == "res.partner":
            return self.env["res.partner"].browse(context.get("active_id"))
        return self.env["res.partner"]

    def action_log(self):
        """Record the contact and tell it in the customer's chatter.

        :raise UserError: the day lies in the future
        """
        self.ensure_one()
        if self.contact_date > self.company_id._dunning_today():
            raise UserError(
                self.env._("This contact has not taken place yet: choose a past day.")
            )
        # sudo: the journal is written by methods only, once the right is checked
        action_sudo = (
            self.env["dunning.action"].sudo().create(self._prepare_action_values())
        )
        action = action_sudo.sudo(False)
        action.check_access("write")
        action.message_post(body=self.note)
        self.partner_id.message_post(
            body=self.env._(
                "%(channel)s, %(user)s: %(note)s",
                channel=dict(self.env["dunning.channel"]._get_selection())[
                    self.channel
                ],
                user=self.env.user.name,
                note=self.note,
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _prepare_action_values(self):
        customer = self.partner_id.commercial_partner_id
        return {
            "company_id": self.company_id.id,
            "partner_id": customer.id,
            "channel": self.channel,
            "state": "done",
            "origin": "manual",
            "planned_date": self.contact_date,
            "performed_date": self.contact_date,
            "performed_at": fields.Datetime.now(),
            "collector_id": self.env.user.id,
            "salesperson_id": customer.user_id.id,
            "outcome": self.outcome,
            "outcome_date": self.outcome and self.contact_date,
        }
