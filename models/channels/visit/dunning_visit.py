from odoo import api, fields, models

from ...setup.labels import get_labels


class DunningVisit(models.Model):
    """Report of a visit: situation, agreement and next step.

    Written by methods only, once the right to report the visit is checked.
    """

    _name = "dunning.visit"
    _description = "Visit Report"
    _inherit = ["dunning.guard.mixin"]
    _form_fields = frozenset()
    _order = "visited_date desc, id desc"
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
        string="Visited By",
        index="btree_not_null",
        default=lambda self: self.env.user,
    )
    visited_date = fields.Date(string="Visited On", required=True)
    address = fields.Char()
    situation = fields.Selection(
        selection=[
            ("sound", "Sound"),
            ("strained", "Strained"),
            ("critical", "Critical"),
            ("failing", "Threatened with insolvency"),
        ],
        index=True,
        help="Situation of the customer, as far as the visitor could tell.",
    )
    situation_text = fields.Text(string="Observations")
    agreement = fields.Text()
    next_step = fields.Text()

    @api.depends("partner_id.name", "visited_date")
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = self.env._(
                "Visit to %(customer)s", customer=visit.partner_id.name
            )

    @api.model
    def _get_last(self, action):
        """Return the last reported visit to the customer of an action."""
        return self.search(
            [
                ("partner_id", "=", action.partner_id.id),
                ("company_id", "=", action.company_id.id),
            ],
            limit=1,
        )

    def _format_situation(self):
        """Return the customer's situation, in the user's language."""
        labels = get_labels(self, "situation")
        parts = (labels.get(self.situation), self.situation_text)
        return ". ".join(filter(None, parts))
