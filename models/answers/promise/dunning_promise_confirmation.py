from datetime import timedelta

from odoo import api, fields, models

from ...setup.working_days import WorkingDays

# Days given for the short reply that a confirmation asks for.
DAYS_TO_CONFIRM = 3


class DunningPromise(models.Model):
    """Extend the promise with what its confirmation says: by when it is asked to be
    confirmed (S4-23, J14), on which account and with which reference to pay."""

    _inherit = "dunning.promise"

    confirm_by_date = fields.Date(
        string="To Be Confirmed By",
        compute="_compute_confirm_by_date",
        compute_sudo=True,
        help="Day by which the customer is asked to confirm: a working day in the "
        "customer's country, no later than the first payment promised.",
    )
    about_text = fields.Char(
        string="Invoices in a Sentence",
        compute="_compute_about_text",
        compute_sudo=True,
    )
    payment_html = fields.Html(
        string="How to Pay",
        compute="_compute_payment_html",
        compute_sudo=True,
        sanitize=False,
        help="Bank account and reference for the payment promised.",
    )

    @api.depends("term_ids.date", "term_ids.state", "partner_id")
    def _compute_confirm_by_date(self):
        working_days = WorkingDays(self.env)
        for promise in self:
            today = promise.company_id._dunning_today()
            where = promise.company_id, promise.partner_id.country_id
            day = working_days.find_next(
                *where, today + timedelta(days=DAYS_TO_CONFIRM)
            )
            next_date = promise._get_next_term().date
            if next_date and next_date < day:
                day = working_days.find_previous(*where, next_date)
            promise.confirm_by_date = max(day, today)

    @api.depends("claim_ids.move_id.name")
    @api.depends_context("lang")
    def _compute_about_text(self):
        for promise in self:
            moves = promise.claim_ids.move_id.with_env(self.env)
            promise.about_text = moves._dunning_tell()

    @api.depends("claim_ids.share", "term_ids.amount")
    @api.depends_context("lang")
    def _compute_payment_html(self):
        for promise in self:
            amounts = [
                (claim.move_id, promise.currency_id, claim.share)
                for claim in promise.claim_ids
            ]
            is_single = len(promise.term_ids) == 1
            promise.payment_html = promise._render_transfer(amounts, is_single)
