from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ...setup.guard.guard import keep_own_defaults
from ...setup.roles import COLLECTOR

COLLECTOR_FIELDS = frozenset({"dunning_dispute_id", "dunning_scenario_id"})


class AccountMove(models.Model):
    """Who writes invoices does not decide how they are followed up."""

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: somebody else than a collector chooses a scenario"""
        if any(vals.get("dunning_scenario_id") for vals in vals_list):
            self._check_dunning_collector()
        moves = super().create(vals_list)
        moves.dunning_dispute_id.check_access("read")
        return moves

    def write(self, vals):
        """:raise AccessError: somebody else than a collector chooses a scenario, or
        the dispute that a credit note settles"""
        if not vals.keys().isdisjoint(COLLECTOR_FIELDS):
            self._check_dunning_collector()
        return super().write(vals)

    @api.model
    def _add_missing_default_values(self, values):
        """Nobody has themselves say by default what they may not say."""
        result = super()._add_missing_default_values(values)
        if not self.env.su and self.env.user.has_group(COLLECTOR):
            return result
        return keep_own_defaults(self, COLLECTOR_FIELDS, values, result)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.user.has_group(COLLECTOR))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the scenario to those who do not choose it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self.env.user.has_group(COLLECTOR):
            for node in arch.iterfind(".//field[@name='dunning_scenario_id']"):
                node.set("readonly", "1")
        return arch, view

    @api.model
    def _check_dunning_collector(self):
        if not (self.env.su or self.env.user.has_group(COLLECTOR)):
            raise AccessError(
                self.env._("How an invoice is followed up is for a collector to say.")
            )

    @api.constrains("dunning_dispute_id")
    def _check_dunning_dispute_id(self):
        """A credit note settles a dispute of its own customer."""
        for move in self.filtered("dunning_dispute_id"):
            # sudo: who makes the credit note may see no disputes
            dispute_sudo = move.dunning_dispute_id.sudo()
            if move.commercial_partner_id != dispute_sudo.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(dispute)s is not a dispute of %(customer)s.",
                        dispute=dispute_sudo.display_name,
                        customer=move.commercial_partner_id.name,
                    )
                )
