from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError


class DunningAction(models.Model):
    """Extend actions with a check that their company is live."""

    _inherit = "dunning.action"

    def _check_live(self):
        """Refuse to send for companies whose follow-up is not live.

        :raise RedirectWarning: gives the remedy, to users who may switch it on
        :raise UserError: names the people to ask, to the others
        """
        # sudo: the name of the action's company is no secret
        companies_sudo = self.sudo().company_id
        self._refuse(companies_sudo - companies_sudo._dunning_live())

    @api.model
    def _check_any_live(self):
        """Refuse users without any live company.

        :raise UserError: see `_check_live`
        """
        if not self.env.companies._dunning_live():
            self._refuse(self.env.companies)

    @api.model
    def _refuse(self, companies):
        if not companies:
            return
        names = ", ".join(companies.mapped("name"))
        if switch := self._get_switch():
            raise RedirectWarning(
                self.env._(
                    "The follow-up of %(company)s is not switched on yet: nothing is "
                    "sent until then. Go through the steps of the go-live, then switch "
                    "it on.",
                    company=names,
                ),
                switch.id,
                self.env._("Open the Go-Live"),
            )
        raise UserError(
            self.env._(
                "The follow-up of %(company)s is not switched on yet: nothing is sent "
                "until then. Ask a collection manager to switch it on.",
                company=names,
            )
        )

    def _get_switch(self):
        """Return the window action to switch companies on, None if the user may not;
        extended by the desk."""
        return None
