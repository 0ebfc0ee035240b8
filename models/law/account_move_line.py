from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..setup.guard.guard import by_code

ACTIVITY = "account_dunning_scenario.mail_activity_type_limitation"
OPERATORS = {"=", "!=", "<", "<=", ">", ">="}


class AccountMoveLine(models.Model):
    """Extend the claim with its limitation date, and the warning before it (J13,
    J14)."""

    _inherit = "account.move.line"

    dunning_limitation_date = fields.Date(
        string="Time-Barred After",
        compute="_compute_dunning_limitation_date",
        search="_search_dunning_limitation_date",
        help="Last day on which the claim can be put before a court. A payment or a "
        "promise of the customer starts the years afresh; a reminder does not.",
        groups="base.group_user",
    )
    dunning_is_limitation_near = fields.Boolean(
        string="Soon Time-Barred",
        compute="_compute_dunning_is_limitation_near",
        search="_search_dunning_is_limitation_near",
        groups="base.group_user",
    )
    dunning_limitation_warned = fields.Date(
        string="Warned of Limitation",
        copy=False,
        readonly=True,
        help="Last day before the claim is time-barred, as announced to the collector.",
        groups="base.group_user",
    )

    @api.depends("date_maturity", "invoice_date", "partner_id", "matched_credit_ids")
    def _compute_dunning_limitation_date(self):
        dates = self._get_dunning_limitation_dates()
        for item in self:
            item.dunning_limitation_date = dates.get(item._origin.id)

    @api.depends("dunning_limitation_date")
    def _compute_dunning_is_limitation_near(self):
        for item in self:
            day = item.dunning_limitation_date
            item.dunning_is_limitation_near = bool(
                day
                and item.amount_residual > 0
                and day <= item.company_id._dunning_limitation_horizon()
            )

    @api.model
    def _search_dunning_limitation_date(self, operator, value):
        if operator not in OPERATORS:
            return NotImplemented
        # Odoo does not check field access on fields searched by a method.
        self._check_field_access(self._fields["dunning_limitation_date"], "read")
        Limitation = self.env["dunning.legal.limitation"]
        self._flush_dunning_limitation()
        if not value:
            operator = {"=": "IS", "!=": "IS NOT"}.get(operator, operator)
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s %s %s",
                Limitation._get_date_sql(alias),
                SQL(operator),
                value or None,
            )
        )

    @api.model
    def _search_dunning_is_limitation_near(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        # As above.
        self._check_field_access(self._fields["dunning_is_limitation_near"], "read")
        return Domain.OR(
            self._get_dunning_limitation_domain(company)
            for company in self.env.companies
        )

    @api.model
    def _get_dunning_limitation_domain(self, company):
        """Return the domain of a company's open claims that are time-barred or soon
        will be."""
        owed = self._get_dunning_owed_domain(company, company._dunning_today())
        horizon = company._dunning_limitation_horizon()
        return owed & Domain("dunning_limitation_date", "<=", horizon)

    @api.model
    def _get_dunning_method_fields(self):
        return super()._get_dunning_method_fields() | {"dunning_limitation_warned"}

    def _get_dunning_limitation_dates(self):
        """Return {id: limitation date} of these claims."""
        claims = self._origin.filtered(lambda item: item.balance > 0)
        if not claims:
            return {}
        self._flush_dunning_limitation()
        rows = self.env.execute_query(
            SQL(
                "SELECT item.id, %s FROM account_move_line item"
                " WHERE item.id = ANY(%s)",
                self.env["dunning.legal.limitation"]._get_date_sql("item"),
                claims.ids,
            )
        )
        return dict(rows)

    @api.model
    def _flush_dunning_limitation(self):
        self.env["res.partner"].flush_model(
            ["commercial_partner_id", "dunning_legal_status"]
        )
        self.env["account.partial.reconcile"].flush_model()
        self.env["dunning.promise"].flush_model(["state", "taken_date"])
        self.env["dunning.promise.claim"].flush_model(["move_line_id", "promise_id"])
        self.flush_model()

    # ---- warning ---------------------------------------------------------------------

    @api.model
    def _cron_warn_of_limitation(self):
        """Give the collectors a task for each customer with a claim that will soon be
        time-barred: once, unless the date changes. An error in one company never blocks
        the others."""
        companies = (
            self.env["res.company"].search([("active", "=", True)])._dunning_live()
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            self.env["dunning.trouble"]._attempt(
                "limitation", company, partial(self._warn_of_limitation, company)
            )
            if not cron._commit_progress(1):
                break

    @api.model
    def _warn_of_limitation(self, company):
        """Warn the collectors of a company of claims not reported to them yet."""
        near = self.search(self._get_dunning_limitation_domain(company))
        fresh = near.filtered(
            lambda item: item.dunning_limitation_warned != item.dunning_limitation_date
        )
        fresh._warn_of_dunning_limitation(company)

    def _warn_of_dunning_limitation(self, company):
        """Schedule one task per customer of the company; customers without a collector
        are left to the next run."""
        activities, warned = [], self.browse()
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY)
        model_id = self.env["ir.model"]._get_id("res.partner")
        by_customer = self.grouped(lambda item: item.partner_id.commercial_partner_id)
        for customer, items in by_customer.items():
            collector = customer._dunning_get_collector(company)
            if collector:
                warned |= items
                reader = items.with_context(lang=collector.lang)
                activities.append(
                    {
                        "res_model_id": model_id,
                        "res_id": customer.id,
                        "activity_type_id": type_id,
                        "user_id": collector.id,
                        "date_deadline": company._dunning_today() + timedelta(days=7),
                        "summary": reader._get_dunning_limitation_text(),
                    }
                )
        Activity = by_code(self.env["mail.activity"])
        Activity.with_context(mail_activity_quick_update=True).create(activities)
        for day, items in warned.grouped("dunning_limitation_date").items():
            # sudo: the field is written here only
            items.sudo().dunning_limitation_warned = day

    def _get_dunning_limitation_text(self):
        """Return the number of these claims, their first limitation date and what to
        do."""
        first = min(self.mapped("dunning_limitation_date"))
        return self.env._(
            "Open items (%(count)s): time-barred after %(day)s. Obtain a payment or a "
            "written promise before then, or go to court.",
            count=len(self),
            day=format_date(self.env, first),
        )
