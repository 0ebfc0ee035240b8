from odoo import api, fields, models

from ..setup.day_format import format_day


class DunningStatementSending(models.Model):
    """Statement of account sent by e-mail: the message, its PDF, and the customer's
    answers, for users who may read the customer's debts."""

    _name = "dunning.statement.sending"
    _description = "Statement of Account Sent"
    _inherit = ["dunning.guard.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _form_fields = frozenset()

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    day = fields.Date(string="As of", required=True, readonly=True)

    @api.depends("day", "partner_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for sending in self:
            sending.display_name = self.env._(
                "Statement of account on %(day)s – %(customer)s",
                day=format_day(self.env, sending.day),
                customer=sending.partner_id.name,
            )

    def _creation_message(self):
        return self.env._("Sent by %(user)s", user=self.env.user.name)
