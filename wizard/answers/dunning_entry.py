from odoo import api, fields, models
from odoo.fields import Command


class DunningEntry(models.TransientModel):
    """Dialog to note a customer's answer.

    The dialog holds the subject of the answer. Each kind of answer (promise, dispute,
    reason, satisfaction, result of a call or visit) is a block in a folder of its own:
    its fields, `_check`, `_apply` and its texts (`_get_claim_texts`,
    `_get_other_texts`, `_get_known_texts`). Without a contact on record, the dialog
    records one as made by hand: it counts for the days between two contacts, but not as
    a step.
    """

    _name = "dunning.entry"
    _description = "Customer's Answer"
    _inherit = ["dunning.wizard.mixin"]

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    action_id = fields.Many2one(
        comodel_name="dunning.action", help="Action during which the customer answered."
    )
    message_id = fields.Many2one(
        comodel_name="mail.message", help="Message with the customer's answer."
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity", help="Task marked as done once this is noted."
    )
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        compute="_compute_from_message",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    contact_date = fields.Date(
        string="Day",
        compute="_compute_from_message",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many(
        comodel_name="dunning.entry.line",
        inverse_name="entry_id",
        string="Invoices",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    amount_ticked = fields.Monetary(
        string="Ticked",
        compute="_compute_amount_ticked",
        help="Open amount of the ticked invoices.",
    )

    note = fields.Text(
        compute="_compute_from_message",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    # ---- opening ---------------------------------------------------------------------

    @api.model
    def _open(self, subject):
        """Return the action that opens the dialog.

        :param subject: see `dunning.entry.mixin`
        :raise AccessError: the user may not note answers of this customer
        """
        subject["partner_id"]._dunning_check_may_note(subject["company_id"])
        context = {
            f"default_{name}": record.id
            for name, record in subject.items()
            if name != "items" and record
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Did the Customer Say?"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                **context,
                "dunning_item_ids": subject["items"].ids,
                "dialog_size": "extra-large",
            },
        }

    def _open_full_form(self, model, name, **context):
        self.ensure_one()
        self.partner_id._dunning_check_may_note(self.company_id)
        claims = [
            Command.create({"move_line_id": item.id}) for item in self._get_items()
        ]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_action_id": self.action_id.id,
                "default_source": self._get_source(),
                "default_claim_ids": claims,
                **context,
            },
        }
