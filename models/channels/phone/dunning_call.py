from odoo import fields, models

# Results without a conversation: the call is a try, the step is not performed.
MISSED_RESULTS = ("absent", "voicemail")


class DunningCall(models.Model):
    """Attempt at a call: time, caller, number and result.

    Written by methods only, once the right to make the call is checked. A message left
    on a voicemail is an attempt like any other: the step is performed once somebody was
    reached.
    """

    _name = "dunning.call"
    _description = "Call Attempt"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _order = "called_at desc, id desc"
    _check_company_auto = True

    delivery_id = fields.Many2one(
        comodel_name="dunning.delivery", required=True, index=True, ondelete="cascade"
    )
    action_id = fields.Many2one(
        comodel_name="dunning.action", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Called By",
        index="btree_not_null",
        default=lambda self: self.env.user,
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner", index="btree_not_null", ondelete="set null"
    )
    phone = fields.Char(help="Number dialled.")
    called_at = fields.Datetime(
        required=True, default=lambda self: fields.Datetime.now()
    )
    result = fields.Selection(
        selection=[
            ("reached", "Reached"),
            ("absent", "Not available"),
            ("voicemail", "Voicemail left"),
            ("call_back", "To be called back"),
            ("wrong_number", "Wrong number"),
        ],
        required=True,
    )
    again_date = fields.Date(string="Next Call On")
    note = fields.Text()
