from odoo import api, fields, models

from ..setup.guard.guard import get_day
from ..setup.res_partner_reader import READERS


class ResPartner(models.Model):
    """Extend contacts with the text of a statement of account, on the `dunning_day` of
    the context, else the company's day."""

    _inherit = "res.partner"

    dunning_statement_day = fields.Date(
        string="Day of the Statement",
        compute="_compute_dunning_statement",
        groups=READERS,
    )
    dunning_statement_html = fields.Html(
        string="Statement of Account",
        compute="_compute_dunning_statement",
        sanitize=False,
        groups=READERS,
        help="All open items of the customer, in the partner's language. Empty if "
        "nothing is open.",
    )

    @api.depends_context("company", "dunning_day")
    def _compute_dunning_statement(self):
        day = get_day(self.env) or self.env.company._dunning_today()
        statements = self.env["dunning.statement"]._get_html(self, day)
        for partner in self:
            partner.dunning_statement_day = day
            partner.dunning_statement_html = statements[partner]

    def _get_dunning_statement_name(self):
        """Return the file name of the printed statement."""
        return self.env._(
            "Statement of account - %(customer)s", customer=self.display_name or ""
        )

    def _get_dunning_extract_name(self):
        """Return the file name of the printed ledger extract."""
        return self.env._(
            "Ledger extract - %(customer)s", customer=self.display_name or ""
        )
