from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """Fax of a contact: their own or their department's, no switchboard (S3-20)."""

    _inherit = "res.partner"

    dunning_fax = fields.Char(
        string="Fax",
        help="Number of the fax machine of this person or department.",
        groups="base.group_user",
    )
    dunning_failed_fax = fields.Char(
        string="Invalid Fax Number",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    @api.constrains("dunning_fax")
    def _check_dunning_fax(self):
        for contact in self.filtered("dunning_fax"):
            if not contact._dunning_get_fax():
                raise ValidationError(
                    self.env._(
                        "“%(number)s” is not a fax number: enter it with its country "
                        "code, such as +33 1 02 03 04 05.",
                        number=contact.dunning_fax,
                    )
                )

    @api.model
    def _get_dunning_failed_fields(self):
        return super()._get_dunning_failed_fields() | {"dunning_failed_fax"}

    @api.model
    def _get_dunning_erased(self):
        """Add the number, and the gateway's answer."""
        erased = super()._get_dunning_erased()
        erased["res.partner"].add("dunning_fax")
        erased["dunning.delivery"].add("fax_receipt_text")
        return erased

    def _dunning_get_fax(self):
        """Return the number in the format of fax gateways (E.164), False for none."""
        self.ensure_one()
        return self._phone_format(fname="dunning_fax")

    def _dunning_get_working_fax(self):
        """Return the number in E.164, unless the last fax did not get through."""
        number = self._dunning_get_fax()
        return number != self.dunning_failed_fax and number
