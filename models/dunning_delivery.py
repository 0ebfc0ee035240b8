from odoo import api, fields, models


class DunningDelivery(models.Model):
    """An action's way out over one channel: mail, PDF, activity, proof, result."""

    _name = "dunning.delivery"
    _description = "Dunning Delivery"
    _order = "id"
    _check_company_auto = True

    action_id = fields.Many2one(
        comodel_name="dunning.action", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        required=True,
    )
    role = fields.Selection(
        selection=[
            ("first", "First channel"),
            ("second", "Second channel"),
            ("fallback", "Fallback"),
        ],
        default="first",
        required=True,
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner", index="btree_not_null", ondelete="set null"
    )
    address = fields.Char(help="E-mail address, number or postal address used.")
    mail_mail_id = fields.Many2one(
        comodel_name="mail.mail", index="btree_not_null", ondelete="set null"
    )
    mail_message_id = fields.Many2one(
        comodel_name="mail.message", index="btree_not_null", ondelete="set null"
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity", index="btree_not_null", ondelete="set null"
    )
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Document",
        index="btree_not_null",
        ondelete="set null",
    )
    batch_attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Documents of the Batch",
        index="btree_not_null",
        ondelete="set null",
    )
    sent_at = fields.Datetime()
    performed_date = fields.Date()
    failure_reason = fields.Char()

    @api.depends("channel", "address")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for delivery in self:
            parts = (labels.get(delivery.channel), delivery.address)
            delivery.display_name = ": ".join(part for part in parts if part)

    def _perform(self, day):
        """Record that the contact took place on the company's `day`."""
        self.write({"state": "done", "performed_date": day})

    def _cancel(self):
        """Withdraw what has not left yet: queued mail, open activity, printed letter."""
        waiting = self.filtered(lambda delivery: delivery.state == "waiting")
        waiting.state = "cancelled"
        for code, deliveries in waiting.grouped("channel").items():
            self.env["dunning.channel"]._get(code)._withdraw(deliveries)

    def _return_to_desk(self):
        """Send back to the desk the actions whose activity was deleted."""
        self.state = "cancelled"
        self.action_id.filtered(lambda action: action.state == "in_progress").write(
            {"state": "to_confirm", "is_ticked": False}
        )
