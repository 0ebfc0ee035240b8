from odoo import api, models
from odoo.tools import format_duration

from ..setup.guard.guard import SEAL
from ..setup.labels import get_labels


class DunningStep(models.Model):
    """Log changes of steps in the chatter of their scenario."""

    _inherit = "dunning.step"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_dunning_bounds(vals)  # before the scenarios are read
        scenarios = self.env["dunning.scenario"].browse(
            {vals["scenario_id"] for vals in vals_list if vals.get("scenario_id")}
        )
        with scenarios._logging_film():
            silent = self.with_context(dunning_film_logged=SEAL)
            steps = super(DunningStep, silent).create(vals_list)
        return steps.with_env(self.env)

    def write(self, vals):
        with self.scenario_id._logging_film():
            silent = self.with_context(dunning_film_logged=SEAL)
            return super(DunningStep, silent).write(vals)

    def unlink(self):
        with self.scenario_id._logging_film():
            silent = self.with_context(dunning_film_logged=SEAL)
            return super(DunningStep, silent).unlink()

    def _get_logged_text(self, name):
        """Return the value of a field as text for the log."""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type == "selection":
            return get_labels(self, name).get(value, "")
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "many2one":
            return value.display_name or ""
        if field.type == "monetary":
            return self.currency_id.format(value)
        if name == "send_hour":
            return format_duration(value)
        return str(value or "")
