from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Extend companies with the default scenario, for entries without one of their own,
    their customer's or their segment's."""

    _inherit = "res.company"

    dunning_scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        string="Default Scenario",
        default=lambda self: self._default_dunning_scenario_id(),
        index="btree_not_null",
        ondelete="restrict",
        help="Used for customers without a scenario or a segment.",
        groups="base.group_user",
    )

    @api.constrains("dunning_scenario_id", "parent_id")
    def _check_dunning_scenario_id(self):
        for company in self:
            owner = company.dunning_scenario_id.company_id
            if owner and owner not in company.parent_ids:
                raise ValidationError(
                    self.env._(
                        "“%(scenario)s” belongs to %(owner)s. Choose a scenario of "
                        "%(company)s or one that is shared.",
                        scenario=company.dunning_scenario_id.name,
                        owner=owner.name,
                        company=company.name,
                    )
                )

    @api.model
    def _default_dunning_scenario_id(self):
        return self.env.ref(
            "account_dunning_scenario.dunning_scenario_standard",
            raise_if_not_found=False,
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Leave the scenario of a new branch empty, so that it plays its parent's."""
        for vals in vals_list:
            if vals.get("parent_id"):
                vals.setdefault("dunning_scenario_id", False)
        return super().create(vals_list)

    def _dunning_default_scenario(self):
        """Return the default scenario of customers: the nearest company's, unless it is
        archived or another company's; may be empty."""
        # sudo: a parent company's settings hold for users of a branch, too
        chain_sudo = self.sudo()._dunning_chain()
        usable_sudo = chain_sudo.dunning_scenario_id.filtered(
            lambda scenario: scenario.active and scenario.company_id <= chain_sudo
        )
        return usable_sudo[:1].with_env(self.env)
