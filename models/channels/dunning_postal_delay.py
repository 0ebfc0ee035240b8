from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningPostalDelay(models.Model):
    """Number of days that a letter takes to some countries (S3-09, S3-48)."""

    _name = "dunning.postal.delay"
    _description = "Postal Delay"
    _inherit = ["dunning.shared.mixin"]
    _order = "days, id"

    country_ids = fields.Many2many(
        comodel_name="res.country",
        string="Countries",
        help="Countries that the letter goes to. Empty: all countries that no other "
        "line names.",
    )
    days = fields.Integer(
        required=True,
        help="Days for the letter to arrive. Steps that count from the delivery use "
        "them until the delivery is known.",
    )

    _days_sane = models.Constraint(
        "CHECK (days BETWEEN 0 AND 90)", "Enter a postal delay of 0 to 90 days."
    )

    @api.depends("country_ids")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for delay in self:
            first, others = delay.country_ids[:1], len(delay.country_ids) - 1
            delay.display_name = first.name or self.env._("All other countries")
            if others > 0:
                delay.display_name = self.env._(
                    "%(country)s and %(count)s others", country=first.name, count=others
                )

    @api.constrains("country_ids")
    def _check_named_once(self):
        for delay in self:
            if not delay.country_ids and self.search_count(
                [("country_ids", "=", False), ("id", "!=", delay.id)], limit=1
            ):
                raise ValidationError(
                    self.env._(
                        "Only one line may stand for all other countries: name the "
                        "countries of the other lines."
                    )
                )
            others = self.search(
                [
                    ("country_ids", "in", delay.country_ids.ids),
                    ("id", "!=", delay.id),
                ]
            )
            doubled = delay.country_ids & others.country_ids
            if doubled:
                raise ValidationError(
                    self.env._(
                        "%(country)s already has a postal delay: change that line, or "
                        "take the country out of it first.",
                        country=doubled[0].name,
                    )
                )

    @api.model
    def _get_days(self, country):
        """Return the number of days that a letter takes to a country.

        :param country: res.country, none for an address that names none
        """
        # sudo: set-up that every step needs, for all users
        delays_sudo = self.sudo()
        named = delays_sudo.search([("country_ids", "in", country.ids)], limit=1)
        others = delays_sudo.search([("country_ids", "=", False)], limit=1)
        return (named or others).days
