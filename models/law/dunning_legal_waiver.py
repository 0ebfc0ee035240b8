from odoo import api, fields, models

from ..journal.dunning_chronicle import Told


class DunningLegalWaiver(models.Model):
    """Waiver of interest or indemnity on an invoice, with its author and reason.
    Withdrawing it archives it, to keep the history."""

    _name = "dunning.legal.waiver"
    _description = "Waiver of Interest"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _new_fields = frozenset(
        {"is_indemnity_waived", "is_interest_waived", "move_id", "reason"}
    )
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "move_id"

    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer", store=True
    )
    is_interest_waived = fields.Boolean(string="Interest", readonly=True)
    is_indemnity_waived = fields.Boolean(string="Indemnity", readonly=True)
    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Waived By",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        readonly=True,
    )
    active = fields.Boolean(default=True, readonly=True)

    _something_waived = models.Constraint(
        "CHECK (is_interest_waived OR is_indemnity_waived)",
        "Choose what to waive: the interest, the indemnity, or both.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        waivers = super().create(vals_list)
        for waiver in waivers:
            waiver._log(
                self.env._(
                    "%(what)s waived by %(user)s.",
                    what=waiver._get_waived_text(),
                    user=waiver.user_id.name,
                )
            )
        return waivers

    @api.model
    def _get_refusal(self, names):
        return self.env._(
            "A waiver cannot be changed: take it back and make another one."
        )

    def action_take_back(self):
        """Withdraw the waiver: interest or indemnity is claimed again."""
        self.check_access("write")
        for waiver in self.exists().filtered("active"):
            waiver._log(
                self.env._(
                    "%(what)s no longer waived (%(user)s)",
                    what=waiver._get_waived_text(),
                    user=self.env.user.name,
                )
            )
        return self._journal().write({"active": False})

    def _log(self, text):
        """Log in the invoice's chatter; the reason is only on the waiver."""
        told = Told(self, text, on=self.move_id)
        self.env["dunning.chronicle"]._tell_briefly([told])

    def _get_waived_text(self):
        if self.is_interest_waived and self.is_indemnity_waived:
            return self.env._("Interest on late payment and indemnity")
        if self.is_interest_waived:
            return self.env._("Interest on late payment")
        return self.env._("Recovery indemnity")

    @api.model
    def _get_waived(self, moves):
        """Return the entries with waived interest, and those with waived indemnity.

        :param moves: account.move
        """
        # sudo: waivers apply regardless of the user's rights
        waivers_sudo = self.sudo().search([("move_id", "in", moves.ids)])
        return (
            waivers_sudo.filtered("is_interest_waived").move_id,
            waivers_sudo.filtered("is_indemnity_waived").move_id,
        )
