from odoo import fields, models


class DunningDelivery(models.Model):
    """Deliveries that a provider takes to the customer."""

    _inherit = "dunning.delivery"

    submission_ids = fields.One2many(
        comodel_name="dunning.submission",
        inverse_name="delivery_id",
        string="At the Provider",
        groups="account_dunning_scenario.dunning_group_collector",
    )

    def _tell_left_all_the_same(self):
        """A provider took what was called back in the meantime: the chatters say
        so."""
        for delivery in self:
            env = delivery.with_context(lang=delivery.company_id.partner_id.lang).env
            note = env._(
                "%(channel)s to %(address)s: called back too late, the provider "
                "already had it.",
                channel=env["dunning.channel"]._get(delivery.channel)._get_label(),
                address=delivery.address,
            )
            delivery._log_result(note)
