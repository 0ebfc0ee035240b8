from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningDeclaredMixin(models.AbstractModel):
    """Answer that may come from a declaration on the customer's page."""

    _name = "dunning.declared.mixin"
    _description = "Answer Declared on the Customer's Page"

    declaration_id = fields.Many2one(
        comodel_name="dunning.declaration",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Declaration on the customer's page that was accepted or corrected.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Note answers; a declaration that a person has not decided on yet is corrected
        by them."""
        records = super().create(vals_list)
        records.declaration_id._conclude_corrected()
        return records

    @api.constrains("declaration_id", "partner_id", "company_id")
    def _check_declaration_id(self):
        """Refuse the declaration of another customer or company, or one that was not
        accepted."""
        for record in self.filtered("declaration_id"):
            declaration = record.declaration_id
            whose = (declaration.partner_id, declaration.company_id)
            is_theirs = whose == (record.partner_id, record.company_id)
            if not is_theirs or declaration._is_turned_down():
                raise ValidationError(
                    self.env._(
                        "“%(declaration)s” cannot be the reason for an answer of "
                        "%(customer)s.",
                        declaration=declaration.display_name,
                        customer=record.partner_id.name,
                    )
                )
