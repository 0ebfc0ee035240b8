from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

NUMBER = "{number}"
EXAMPLE = "33102030405"


class ResCompany(models.Model):
    """Gateway that turns e-mails into faxes."""

    _inherit = "res.company"

    dunning_fax_gateway = fields.Char(
        string="Fax Gateway",
        help="E-mail address given by the gateway's provider, with {number} in "
        "place of "
        "the fax number: {number}@fax.example. The number is filled in with its "
        "country code, without the plus sign.",
        groups="base.group_user",
    )

    @api.constrains("dunning_fax_gateway")
    def _check_dunning_fax_gateway(self):
        for company in self.filtered("dunning_fax_gateway"):
            pattern = company.dunning_fax_gateway
            is_address = email_normalize(pattern.replace(NUMBER, EXAMPLE))
            if pattern.count(NUMBER) != 1 or not is_address:
                raise ValidationError(
                    self.env._(
                        "“%(pattern)s” is not a fax gateway: enter its e-mail address "
                        "with {number} in place of the fax number, such as "
                        "{number}@fax.example.",
                        pattern=pattern,
                    )
                )

    def _dunning_fax_gateway(self):
        """Return the gateway's address with the placeholder of the number, False for
        none."""
        self.ensure_one()
        # sudo: users of a branch may not see its parent
        return self.sudo()._dunning_setup_company().dunning_fax_gateway

    def _dunning_get_fax_address(self, number):
        """Return the e-mail address of a fax.

        :param number: E.164, see `_dunning_get_fax`
        """
        return self._dunning_fax_gateway().replace(NUMBER, number.lstrip("+"))
