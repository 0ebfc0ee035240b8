from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list


class DunningActionChannel(models.TransientModel):
    """Change the channel of some actions."""

    _name = "dunning.action.channel"
    _description = "Change the Channel of Actions"
    _inherit = ["dunning.wizard.mixin"]

    action_ids = fields.Many2many(
        comodel_name="dunning.action",
        string="Actions",
        default=lambda self: self._default_action_ids(),
    )
    action_count = fields.Integer(string="Selected Actions", compute="_compute_reach")
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        string="New Channel",
        required=True,
    )
    address = fields.Char(compute="_compute_reach")
    unreachable = fields.Char(
        string="Cannot Be Reached",
        compute="_compute_reach",
        help="Customers without an address for this channel.",
    )

    @api.model
    def _default_action_ids(self):
        return self.env["dunning.action"].browse(self.env.context.get("active_ids"))

    @api.depends("action_ids", "channel")
    def _compute_reach(self):
        for wizard in self:
            actions = wizard.action_ids._origin
            addresses = wizard._get_addresses(actions)
            unreachable = actions.filtered(lambda a, known=addresses: a not in known)
            texts = [address for _contact, address in addresses.values()]
            wizard.action_count = len(actions)
            wizard.address = texts[0] if len(actions) == 1 and texts else False
            wizard.unreachable = bool(wizard.channel and unreachable) and format_list(
                self.env, unreachable.partner_id.mapped("display_name")
            )

    def _get_addresses(self, actions):
        if not self.channel:
            return {}
        return self.env["dunning.channel"]._get(self.channel)._reach(actions)

    def action_apply(self):
        """Change the channel.

        :raise UserError: nothing is selected, or the channel does not suit
        """
        self.ensure_one()
        if not self.action_ids:
            raise UserError(self.env._("Select the actions first."))
        return self.action_ids.action_change_channel(self.channel)
