from odoo import api, models


class DunningWizardMixin(models.AbstractModel):
    """Base of dialogs: their records must be readable by the user, and their companies
    among the user's active companies."""

    _name = "dunning.wizard.mixin"
    _description = "Dialog of the Follow-Up"

    # Names of fields with a check of their own, which may show unreadable records.
    _checked_otherwise = ()

    @api.model
    def default_get(self, fields):
        """Refuse default values that name records the user may not read."""
        values = super().default_get(fields)
        if not self.env.su:
            self.new(values)._check_shown(values)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: a record is not readable, a company not the user's"""
        records = super().create(vals_list)
        records._check_shown(self._fields)
        return records

    def write(self, vals):
        """:raise AccessError: a record is not readable, a company not the user's"""
        result = super().write(vals)
        self._check_shown(vals)
        return result

    def _check_shown(self, names):
        """Refuse records whose name the user may not see.

        :param names: names of the fields with a value
        :raise AccessError: a record is not readable, a company not the user's
        """
        if self.env.su:
            return
        for name in names:
            field = self._fields[name]
            if not (field.store and field.type in ("many2one", "many2many")):
                continue
            shown = self[name]._origin
            if field.comodel_name == "res.company":
                shown._dunning_check_allowed()
            elif name not in self._checked_otherwise and not shown.is_transient():
                shown.check_access("read")
