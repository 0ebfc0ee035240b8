from odoo import api, fields, models


class DunningDelivery(models.Model):
    """Visits and their reports; a visit whose task is gone goes back to the desk."""

    _inherit = "dunning.delivery"

    visit_ids = fields.One2many(
        comodel_name="dunning.visit", inverse_name="delivery_id"
    )

    def _record_visits(self, values):
        """Record the reports of these visits, made today by the user.

        :param values: `situation`, `situation_text`, `agreement`, `next_step`
        """
        # sudo: users who make visits may not write the journal
        self.env["dunning.visit"].sudo().create(
            [
                {
                    "delivery_id": delivery.id,
                    "action_id": delivery.action_id.id,
                    "partner_id": delivery.action_id.partner_id.id,
                    "company_id": delivery.company_id.id,
                    "user_id": self.env.uid,
                    "visited_date": delivery.company_id._dunning_today(),
                    "address": delivery.address,
                    **values,
                }
                for delivery in self
            ]
        )

    @api.model
    def _return_abandoned(self):
        """Send back visits whose task Odoo's calendar deleted with its meeting, in the
        database."""
        self.search(
            [
                ("channel", "=", "visit"),
                ("state", "=", "waiting"),
                ("activity_id", "=", False),
                ("action_id.state", "=", "in_progress"),
            ]
        )._return_to_desk()
        return super()._return_abandoned()
