from odoo import models
from odoo.exceptions import AccessError


class ResCompany(models.Model):
    """Extend companies with a check that they are among the user's active ones."""

    _inherit = "res.company"

    def _dunning_check_allowed(self):
        """:raise AccessError: the user does not work in one of these companies"""
        if others := self - self.env.companies:
            raise AccessError(
                self.env._(
                    "You do not work in %(company)s right now: choose it among your "
                    "companies first, or ask somebody who works there.",
                    company=others[0].sudo().name,  # sudo: a name, to ask there
                )
            )
