from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """Consent of a customer who is no professional to electronic registered letters
    (CPCE L100): day, means and proof."""

    _inherit = "res.partner"

    dunning_lre_consent_date = fields.Date(
        string="Agreed to Electronic Registered Letters on",
        tracking=True,
        help="Required for customers who are not professionals, before the first "
        "electronic registered letter.",
        groups="base.group_user",
    )
    dunning_lre_consent_means = fields.Char(
        string="Form of the Agreement",
        tracking=True,
        help="E.g. clause 7 of the contract, e-mail of that day, paper form.",
        groups="base.group_user",
    )
    dunning_lre_consent_proof = fields.Binary(
        string="Proof of the Agreement",
        attachment=True,
        groups="base.group_user",
    )
    dunning_lre_consent_proof_name = fields.Char(
        string="Name of the Proof",
        groups="base.group_user",
    )

    @api.constrains("dunning_lre_consent_date", "dunning_lre_consent_means")
    def _check_dunning_lre_consent(self):
        today = self.env.company._dunning_today()
        for partner in self.filtered("dunning_lre_consent_date"):
            if not partner.dunning_lre_consent_means:
                raise ValidationError(
                    self.env._(
                        "%(customer)s: enter how the customer agreed to electronic "
                        "registered letters.",
                        customer=partner.name,
                    )
                )
            if partner.dunning_lre_consent_date > today:
                raise ValidationError(
                    self.env._(
                        "%(customer)s: an agreement cannot be dated in the future.",
                        customer=partner.name,
                    )
                )

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "dunning_lre_consent_date",
            "dunning_lre_consent_means",
        ]

    @api.model
    def _get_dunning_collector_fields(self):
        own = {
            "dunning_lre_consent_date",
            "dunning_lre_consent_means",
            "dunning_lre_consent_proof",
            "dunning_lre_consent_proof_name",
        }
        return super()._get_dunning_collector_fields() | own
