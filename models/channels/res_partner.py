from odoo import api, fields, models

ADDRESS_FIELDS = ("street", "street2", "zip", "city", "country_id", "state_id")


class ResPartner(models.Model):
    """Postal addresses from which a letter came back (S3-10)."""

    _inherit = "res.partner"

    dunning_returned_address = fields.Char(
        string="Returned Address",
        compute="_compute_dunning_returned_address",
        store=True,
        readonly=False,
        copy=False,
        help="Postal address from which the last letter came back. Used again once it "
        "has been changed.",
        groups="base.group_user",
    )

    @api.depends(*ADDRESS_FIELDS)
    def _compute_dunning_returned_address(self):
        """Clear the returned address once it is no longer the contact's."""
        for partner in self:
            if partner.dunning_returned_address != partner._get_dunning_address():
                partner.dunning_returned_address = False

    def action_trust_address(self):
        """Use the postal address again, although a letter to it came back."""
        self._check_dunning_collector()
        self._dunning_journal().dunning_returned_address = False

    def _get_dunning_address(self):
        """Return the postal address in one line, in the same form for all languages."""
        self.ensure_one()
        partner = self.with_context(lang="en_US")
        lines = partner._display_address(without_company=True).splitlines()
        return ", ".join(" ".join(line.split()) for line in lines if line.strip())

    def _has_dunning_address(self):
        """Return whether a letter can be sent to the contact."""
        self.ensure_one()
        is_complete = (self.street or self.street2) and self.city
        return bool(is_complete) and not self.dunning_returned_address

    def _dunning_flag_postal_address(self):
        """Record that a letter to the present address came back."""
        # sudo: users who record the return may not write on the contact
        for partner in self.sudo():
            partner.dunning_returned_address = partner._get_dunning_address()

    @api.model
    def _get_dunning_method_fields(self):
        return super()._get_dunning_method_fields() | {"dunning_returned_address"}
