from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class DunningLegalIndemnity(models.Model):
    """Fixed recovery indemnity of a country's law, in its own currency and by bands of
    what is owed, with its period and its source (J5).

    It is claimed in the currency of the claim where the law has an amount in it, else
    converted at a rate on record: a missing amount or rate raises an error, it is never
    guessed.
    """

    _name = "dunning.legal.indemnity"
    _description = "Recovery Indemnity"
    _inherit = ["dunning.shared.mixin"]
    _order = "country_id, currency_id, date_from desc, amount_from"
    _rec_name = "source"

    country_id = fields.Many2one(
        comodel_name="res.country",
        index="btree_not_null",
        ondelete="restrict",
        help="Country of the creditor; empty: the other countries.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        index=True,
        ondelete="restrict",
        context={"active_test": False},
    )
    amount = fields.Monetary(string="Indemnity", required=True)
    band_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the Bands",
        compute="_compute_band_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        ondelete="restrict",
        context={"active_test": False},
        help="Currency in which the law sets the bands.",
    )
    amount_from = fields.Monetary(
        string="Minimum Owed",
        currency_field="band_currency_id",
        help="Lowest amount owed to which this indemnity applies; 0 for the first "
        "band.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", help="Last day; empty: until further notice.")
    source = fields.Char(required=True, help="Publication that it comes from.")

    _amounts_positive = models.Constraint(
        "CHECK (amount >= 0 AND amount_from >= 0)",
        "An indemnity and its band cannot be negative.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An indemnity cannot end before it begins.",
    )
    _band_unique = models.UniqueIndex(
        "(COALESCE(country_id, 0), currency_id, amount_from, date_from)",
        "An indemnity for this band starting on this day already exists.",
    )

    @api.depends("currency_id")
    def _compute_band_currency_id(self):
        for indemnity in self:
            indemnity.band_currency_id = indemnity.currency_id

    @api.model
    def _get_all(self):
        """Return all indemnities on record, read once for many claims."""
        return self.sudo().search(Domain.TRUE)  # sudo: the law is public

    def _get_bands(self, company, currency, day):
        """Return the bands of a creditor's law on a day, the lowest first: those in a
        currency, else those in the currency of the law.

        :param company: res.company, the creditor
        :param currency: res.currency of the claim
        :return: dunning.legal.indemnity of one currency, empty without any on record
        """
        country = company.account_fiscal_country_id or company.country_id
        of_country = self.filtered(lambda band: band.country_id == country)
        bands = (
            of_country or self.filtered(lambda band: not band.country_id)
        ).filtered(
            lambda band: (
                band.date_from <= day and (not band.date_to or day <= band.date_to)
            )
        )
        by_currency = bands.grouped("currency_id")
        wanted = (currency, company.currency_id, *by_currency)
        found = next((by_currency[c] for c in wanted if c in by_currency), bands)
        latest = max(found.mapped("date_from"), default=False)
        return found.filtered(lambda band: band.date_from == latest).sorted(
            "amount_from"
        )

    def _get_indemnity(self, item, owed, start, day):
        """Return the indemnity of a claim: the amount of the law, its currency, and the
        amount in the currency of the claim.

        :param item: account.move.line
        :param owed: amount owed when the delay began, in the currency of the item
        :param start: first day of the delay: the law of that day applies
        :param day: day of the rate of exchange
        :return: (amount, res.currency, amount in the currency of the item)
        :raise UserError: the law or a rate of exchange is not on record
        """
        bands = self._get_bands(item.company_id, item.currency_id, start)
        reached = bands.filtered(
            lambda band: (
                band.band_currency_id.compare_amounts(
                    self._convert(
                        owed, item.currency_id, band.band_currency_id, item, day
                    )
                    if band.amount_from
                    else 0,
                    band.amount_from,
                )
                >= 0
            )
        )
        if not reached:
            raise UserError(
                self.env._(
                    "The recovery indemnity of %(company)s on %(day)s is not on "
                    "record: add it with its source in Set-Up, Recovery Indemnities. "
                    "Nothing is computed until then.",
                    company=item.company_id.name,
                    day=format_date(self.env, start),
                )
            )
        band = reached[-1:]
        own = self._convert(band.amount, band.currency_id, item.currency_id, item, day)
        return band.amount, band.currency_id, own

    @api.model
    def _convert(self, amount, source, target, item, day):
        """Convert an amount at the rate of a day.

        :param source: res.currency of the amount
        :param target: res.currency
        :param item: account.move.line whose company's rates apply
        :raise UserError: a rate is not on record
        """
        if source == target or not amount:
            return amount
        for currency in (source, target):
            self._check_rate(currency, item.company_id, day)
        return source._convert(amount, target, item.company_id, day)

    @api.model
    def _check_rate(self, currency, company, day):
        """Refuse to convert without a rate on record: Odoo would take one for one.

        :raise UserError: no rate is on record
        """
        if currency == company.currency_id:
            return
        # sudo: rates are those of the root company, which users may not see
        rates_sudo = currency.sudo().rate_ids.filtered(
            lambda rate: (
                rate.name <= day
                and rate.company_id in (company.root_id, company.browse())
            )
        )
        if not rates_sudo:
            raise UserError(
                self.env._(
                    "No exchange rate of %(currency)s is on record for %(company)s: "
                    "the recovery indemnity cannot be converted. Add a rate, or the "
                    "indemnity in that currency in Set-Up, Recovery Indemnities.",
                    currency=currency.name,
                    company=company.name,
                )
            )
