from odoo import api, fields, models


class ResPartner(models.Model):
    """Extend the customer with their declarations, which move along when a contact
    changes customer."""

    _inherit = "res.partner"

    dunning_declaration_count = fields.Integer(
        string="Declarations to Decide",
        compute="_compute_dunning_declaration_count",
        groups="base.group_user",
    )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_dunning_declaration_count(self):
        counts = dict(
            self.env["dunning.declaration"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "in", self.env.companies.ids),
                    ("state", "=", "new"),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            customer = partner.commercial_partner_id
            partner.dunning_declaration_count = counts.get(customer, 0)

    def _get_dunning_customer_models(self):
        return [*super()._get_dunning_customer_models(), "dunning.declaration"]

    def action_view_dunning_declarations(self):
        """Open the customer's declarations."""
        return self._open_dunning_answers("dunning_declaration_action")
