from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """What is played where neither entry, customer nor segment say otherwise."""

    _inherit = "res.company"

    dunning_scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        string="Default Scenario",
        default=lambda self: self._default_dunning_scenario_id(),
        index="btree_not_null",
        ondelete="restrict",
        help="Played for customers without scenario and without segment.",
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
        """Leave the scenario of a new branch empty: it plays its parent's."""
        for vals in vals_list:
            if vals.get("parent_id"):
                vals.setdefault("dunning_scenario_id", False)
        return super().create(vals_list)

    def _dunning_default_scenario(self):
        """Return the scenario of customers without one: the nearest company's, unless
        it is archived or of another company; maybe none."""
        # sudo: what a parent company set holds for those who work in a branch only
        chain_sudo = self.sudo()._dunning_chain()
        usable_sudo = chain_sudo.dunning_scenario_id.filtered(
            lambda scenario: scenario.active and scenario.company_id <= chain_sudo
        )
        return usable_sudo[:1].with_env(self.env)
