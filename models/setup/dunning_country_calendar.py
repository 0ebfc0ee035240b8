from odoo import api, fields, models


class DunningCountryCalendar(models.Model):
    """Working days and public holidays of a customers' country."""

    _name = "dunning.country.calendar"
    _description = "Country Calendar"
    _inherit = ["dunning.shared.mixin"]
    _order = "country_id"
    _rec_name = "country_id"

    country_id = fields.Many2one(
        comodel_name="res.country", required=True, ondelete="cascade"
    )
    calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Days",
        required=True,
        domain="[('company_id', '=', False)]",
        ondelete="restrict",
        help="Its working days and public holidays are those of customers in the "
        "country.",
    )

    _country_unique = models.UniqueIndex(
        "(country_id)", "This country already has a calendar: change that one."
    )

    @api.model
    def _get_closed(self, day):
        """Return the countries with a day off on a day.

        :param day: date
        """
        # sudo: the public holidays do not depend on the user
        calendars_sudo = self.sudo().search([("country_id", "!=", False)])
        return calendars_sudo.filtered(
            lambda record: record.calendar_id._dunning_days_off(day, day)
        ).country_id

    @api.model
    def _get_calendars(self, countries):
        """Return {country: resource.calendar} of the countries with a calendar."""
        # sudo: as above
        records_sudo = self.sudo().search([("country_id", "in", countries.ids)])
        return {record.country_id: record.calendar_id for record in records_sudo}
