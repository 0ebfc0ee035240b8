from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Follow-up settings of the company."""

    _inherit = "res.config.settings"

    dunning_is_live = fields.Boolean(related="company_id.dunning_is_live")
    dunning_collector_id = fields.Many2one(
        related="company_id.dunning_collector_id", readonly=False
    )
    dunning_min_days_between_contacts = fields.Integer(
        related="company_id.dunning_min_days_between_contacts", readonly=False
    )
    dunning_max_contacts_week = fields.Integer(
        related="company_id.dunning_max_contacts_week", readonly=False
    )
    dunning_max_contacts_month = fields.Integer(
        related="company_id.dunning_max_contacts_month", readonly=False
    )
    dunning_is_ceiling_shared = fields.Boolean(
        related="company_id.dunning_is_ceiling_shared", readonly=False
    )
    dunning_go_live_date = fields.Date(
        related="company_id.dunning_go_live_date", readonly=False
    )
    dunning_books_max_age = fields.Integer(
        related="company_id.dunning_books_max_age", readonly=False
    )
    dunning_reply_hold_days = fields.Integer(
        related="company_id.dunning_reply_hold_days", readonly=False
    )
    dunning_paid_hold_days = fields.Integer(
        related="company_id.dunning_paid_hold_days", readonly=False
    )
    dunning_dissatisfied_hold_days = fields.Integer(
        related="company_id.dunning_dissatisfied_hold_days", readonly=False
    )
    dunning_promise_grace_days = fields.Integer(
        related="company_id.dunning_promise_grace_days", readonly=False
    )
    dunning_promise_max_days = fields.Integer(
        related="company_id.dunning_promise_max_days", readonly=False
    )
    dunning_promise_max_broken = fields.Integer(
        related="company_id.dunning_promise_max_broken", readonly=False
    )
    dunning_promise_tolerated_misses = fields.Integer(
        related="company_id.dunning_promise_tolerated_misses", readonly=False
    )
    dunning_promise_tolerance = fields.Float(
        related="company_id.dunning_promise_tolerance", readonly=False
    )
    dunning_dispute_confirm_receipt = fields.Boolean(
        related="company_id.dunning_dispute_confirm_receipt", readonly=False
    )
    dunning_is_own_setup = fields.Boolean(
        related="company_id.dunning_is_own_setup", readonly=False
    )
    dunning_has_parent_company = fields.Boolean(
        string="Is a Branch", compute="_compute_dunning_has_parent_company"
    )

    def _compute_dunning_has_parent_company(self):
        for settings in self:
            settings.dunning_has_parent_company = bool(settings.company_id.parent_id)
