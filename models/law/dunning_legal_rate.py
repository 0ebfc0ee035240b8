from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..setup.labels import get_labels
from .interest import get_half_year, get_next_half_year

# Published for each half-year; all others hold until further notice.
HALF_YEARLY = ("ecb", "legal_interest")


class DunningLegalRate(models.Model):
    """Legal rate, with its period and its source.

    The periods of one reference follow each other without gaps or overlaps. A missing
    value raises an error: it is never taken as zero.
    """

    _name = "dunning.legal.rate"
    _description = "Legal Rate"
    _inherit = ["dunning.shared.mixin"]
    _order = "reference, date_from desc"
    _rec_name = "reference"

    reference = fields.Selection(
        selection=[
            ("ecb", "ECB refinancing rate"),
            ("legal_interest", "Legal interest rate (France)"),
            ("agreed_factor", "Minimum agreed rate (France)"),
        ],
        required=True,
        help="The rate of the European Central Bank is that in force on the first day "
        "of the half-year. The French legal interest rate is the one for professional "
        "creditors. The minimum agreed rate is the legal interest rate times "
        "this value.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(
        string="To",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        copy=False,
        help="Last day; empty: until further notice.",
    )
    value = fields.Float(digits=(16, 4), required=True, help="In percent.")
    source = fields.Char(required=True, help="Publication that it comes from.")

    _value_positive = models.Constraint(
        "CHECK (value >= 0)", "A rate or an amount cannot be negative."
    )
    _start_unique = models.UniqueIndex(
        "(reference, date_from)",
        "Two periods of the same rate cannot begin on the same day.",
    )

    @api.depends("reference", "date_from")
    def _compute_date_to(self):
        for rate in self:
            if rate.reference in HALF_YEARLY and rate.date_from:
                start = get_half_year(rate.date_from)
                rate.date_to = get_next_half_year(start) - timedelta(days=1)

    @api.depends("reference", "date_from")
    def _compute_display_name(self):
        labels = get_labels(self, "reference")
        for rate in self:
            day = format_date(self.env, rate.date_from)
            label = labels.get(rate.reference, "")
            rate.display_name = self.env._("%(rate)s, %(day)s", rate=label, day=day)

    @api.constrains("reference", "date_from", "date_to")
    def _check_period(self):
        for rate in self.filtered(lambda rate: rate.reference in HALF_YEARLY):
            start = get_half_year(rate.date_from)
            end = get_next_half_year(start) - timedelta(days=1)
            if (rate.date_from, rate.date_to) != (start, end):
                raise ValidationError(
                    self.env._(
                        "%(rate)s: this rate holds for a half-year, from 1 January to "
                        "30 June or from 1 July to 31 December.",
                        rate=rate.display_name,
                    )
                )
        for reference in set(self.mapped("reference")):
            self.search([("reference", "=", reference)])._check_chain()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_between(self):
        for reference, gone in self.grouped("reference").items():
            left = self.search([("reference", "=", reference)]) - gone
            left._check_chain()

    def _check_chain(self):
        """Refuse a gap or an overlap between the periods of one reference."""
        ordered = self.sorted("date_from")
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            expected = earlier.date_to and earlier.date_to + timedelta(days=1)
            if expected == later.date_from:
                continue
            what = (
                self.env._("a gap")
                if expected and expected < later.date_from
                else self.env._("an overlap")
            )
            raise ValidationError(
                self.env._(
                    "There is %(what)s between “%(earlier)s” and “%(later)s”: each "
                    "period must begin on the day after the one before it.",
                    what=what,
                    earlier=earlier.display_name,
                    later=later.display_name,
                )
            )

    @api.model
    def _get_readers(self):
        """Return {reference: reader function}, see `_get_reader`."""
        return {
            reference: self._get_reader(reference)
            for reference, _label in self._fields["reference"].selection
        }

    @api.model
    def _get_reader(self, reference):
        """Return a function that returns the value of a reference on a day, reading the
        table once.

        :param reference: code
        :return: function of a date; it raises UserError if no value is on record
        """
        # sudo: the law is public
        rates_sudo = self.sudo().search(Domain("reference", "=", reference))
        periods = [(r.date_from, r.date_to, r.value) for r in rates_sudo]
        label = get_labels(self, "reference")

        def read(day):
            for start, end, value in periods:
                if start <= day and (not end or day <= end):
                    return value
            raise UserError(
                self.env._(
                    "The value of “%(rate)s” on %(day)s is not on record: add it with "
                    "its source in Set-Up, Legal Rates. Nothing is computed until "
                    "then.",
                    rate=label[reference],
                    day=format_date(self.env, day),
                )
            )

        return read
