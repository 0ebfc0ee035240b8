from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from .interest import get_half_year, get_next_half_year

# The country whose law sets a minimum rate (C. com. L441-10 II).
COUNTRY = "FR"


class DunningLegalAgreement(models.Model):
    """Agreed rate of late-payment interest, with one customer or with all of them in
    the terms of sale.

    It applies to the invoices of its period, towards businesses, for their whole delay.
    The law sets a minimum: three times the legal interest rate in France (J1).
    """

    _name = "dunning.legal.agreement"
    _description = "Agreed Rate"
    _inherit = ["dunning.guard.mixin"]
    _order = "partner_id, date_from desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        domain="[('parent_id', '=', False)]",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all customers, as in the terms of sale.",
    )
    date_from = fields.Date(
        string="Invoices From",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    date_to = fields.Date(string="To", help="Empty: until further notice.")
    rate = fields.Float(digits=(16, 2), required=True, help="In percent per year.")

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An agreed rate cannot end before it begins.",
    )

    @api.depends("rate", "partner_id.display_name")
    def _compute_display_name(self):
        for agreement in self:
            rate = formatLang(self.env, agreement.rate, digits=2)
            whom = agreement.partner_id.display_name or self.env._("all customers")
            agreement.display_name = self.env._(
                "%(rate)s %% agreed with %(customer)s", rate=rate, customer=whom
            )

    @api.constrains("company_id", "partner_id", "date_from", "date_to")
    def _check_overlap(self):
        for agreement in self:
            domain = Domain(
                [
                    ("id", "!=", agreement.id),
                    ("company_id", "=", agreement.company_id.id),
                    ("partner_id", "=", agreement.partner_id.id),
                ]
            ) & (
                Domain("date_to", "=", False)
                | Domain("date_to", ">=", agreement.date_from)
            )
            if agreement.date_to:
                domain &= Domain("date_from", "<=", agreement.date_to)
            if self.search_count(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "Two rates are agreed with the same customers at the same time:"
                        " end the earlier one first."
                    )
                )

    @api.constrains("company_id", "date_from", "date_to", "rate")
    def _check_rate(self):
        """Refuse a rate below the legal minimum of any half-year on record."""
        Rate = self.env["dunning.legal.rate"].sudo()  # sudo: see `_get_reader`
        known = Rate.search(Domain("reference", "=", "legal_interest"))
        readers = Rate._get_readers()
        for agreement in self:
            for start in known.mapped("date_from"):
                end = agreement.date_to or start
                if get_next_half_year(start) > agreement.date_from and start <= end:
                    agreement._check_least(start, readers)

    def _check_least(self, half_year, readers):
        """Refuse a rate below the legal minimum of a half-year.

        :param readers: see `dunning.legal.rate`, `_get_readers`
        :raise ValidationError: the rate is too low
        """
        self.ensure_one()
        least = self._get_least(half_year, readers)
        if self.rate < least:
            raise ValidationError(
                self.env._(
                    "%(agreement)s: the law does not allow less than %(least)s %% for "
                    "the half-year that begins on %(day)s (three times the legal "
                    "interest rate). Agree on a higher rate, or delete this agreement.",
                    agreement=self.display_name,
                    least=formatLang(self.env, least, digits=2),
                    day=format_date(self.env, half_year),
                )
            )

    def _get_least(self, half_year, readers):
        """Return the minimum rate of a half-year in percent, 0 if the law sets none.

        :param readers: as above
        :raise UserError: a rate is not on record
        """
        country = self.company_id.account_fiscal_country_id
        if (country or self.company_id.country_id).code != COUNTRY:
            return 0
        factor = readers["agreed_factor"](half_year)
        return factor * readers["legal_interest"](half_year)

    @api.model
    def _get_agreements(self, items):
        """Return {item: its agreement}; those with the customer come before those with
        all. Items without an agreement are left out.

        :param items: account.move.line
        """
        companies = items.company_id.parent_ids
        customers = items.partner_id.commercial_partner_id
        # sudo: agreements apply regardless of the user's rights
        agreements_sudo = self.sudo().search(
            Domain("company_id", "in", companies.ids)
            & Domain("partner_id", "in", [False, *customers.ids])
        )
        found = {}
        for item in items if agreements_sudo else ():
            day = item.invoice_date or item.date
            owners = item.company_id._dunning_chain()
            fitting = agreements_sudo.filtered(
                lambda a, item=item, day=day, owners=owners: (
                    a.company_id in owners
                    and a.partner_id
                    in (item.partner_id.commercial_partner_id, a.partner_id.browse())
                    and a.date_from <= day
                    and (not a.date_to or day <= a.date_to)
                )
            )
            if fitting:
                found[item] = fitting.sorted(
                    lambda a, owners=owners: (
                        not a.partner_id,
                        list(owners).index(a.company_id),
                    )
                )[:1]
        return found

    def _get_rate_reader(self, readers):
        """Return a function that returns the agreed rate for a half-year.

        :param readers: as above
        :raise UserError: the rate is now below the minimum of that half-year
        """

        def read(half_year):
            try:
                self._check_least(get_half_year(half_year), readers)
            except ValidationError as error:
                raise UserError(str(error)) from error
            return self.rate

        return read
