from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

# Longest run of days off searched for the next working day.
MAX_DAYS_OFF = 10


class DunningPromise(models.Model):
    """Extend the promise with its e-mails: the confirmation (S4-23) and the reminder on
    the working day before."""

    _name = "dunning.promise"
    _inherit = ["dunning.promise", "dunning.correspondence.mixin"]

    def _get_correspondent(self):
        return self.user_id

    def action_confirm_by_email(self):
        """Confirm open promises to the customers by e-mail.

        :raise UserError: a promise is closed, or its customer has no address
        :raise AccessError: the user is no collector of the company
        """
        self.check_access("write")
        self._check_open()
        missing = self.filtered(lambda promise: not promise.contact_ids)
        if missing:
            raise UserError(
                self.env._(
                    "%(customer)s has no working e-mail address: complete it, or "
                    "confirm the promise by other means.",
                    customer=missing[0].partner_id.name,
                )
            )
        self._write_to_customers("mail_template_promise_confirmation")
        for company, promises in self.grouped("company_id").items():
            promises._journal().confirmed_date = company._dunning_today()
        return True

    @api.model
    def _remind_before(self, company, day):
        """Remind the customers who asked for it of their payments due by the next
        working day.

        :param company: res.company; empty: nothing is sent
        :param day: the company's day; nothing is sent on a day off
        """
        if not company or not company._dunning_is_working_day(day):
            return
        terms = self.env["dunning.promise.term"].search(
            [
                ("promise_id.company_id", "=", company.id),
                ("promise_id.state", "=", "open"),
                ("promise_id.is_reminder_wanted", "=", True),
                ("state", "=", "open"),
                ("reminded_date", "=", False),
                ("date", ">", day),
                ("date", "<=", self._get_next_working_day(company, day)),
            ]
        )
        terms._journal().reminded_date = day
        terms.promise_id._write_to_customers("mail_template_promise_reminder")

    @api.model
    def _get_next_working_day(self, company, day):
        following = (day + timedelta(days=n) for n in range(1, MAX_DAYS_OFF))
        return next(
            filter(company._dunning_is_working_day, following), day + timedelta(days=1)
        )

    def _get_next_term(self):
        """Return the next term promised, for the texts of e-mails."""
        self.ensure_one()
        return self.term_ids.filtered(lambda term: term.state == "open")[:1]
