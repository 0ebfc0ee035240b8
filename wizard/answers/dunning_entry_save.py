from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.i18n import format_list

from ...models.answers.dunning_action import ACTIVITY_REPLY
from ...models.journal.dunning_chronicle import Told
from ...models.setup.guard.guard import SEAL
from ...models.setup.labels import get_labels
from ...models.setup.roles import COLLECTOR

# Number of invoices named in the summary; more are counted.
NAMED_INVOICES = 3


class DunningEntry(models.TransientModel):
    """Extend the dialog with its saving: all of it, or nothing and the reason why."""

    _inherit = "dunning.entry"

    def action_save(self):
        """Note the answer, perform the call in which it was given, and log one line in
        the chatters.

        :raise AccessError: the user may not note answers of this customer
        :raise UserError: something is missing, or a manager has to take the promise
        :raise ValidationError: promise, dispute or reason are impossible as noted
        """
        self.ensure_one()
        self._check_subject()
        self._check_contact()
        self._check_noted()
        entry = self.with_company(self.company_id).with_context(
            dunning_customer_told=SEAL
        )
        if not self.env.user.has_group(COLLECTOR):
            # sudo: salespeople note for their own customers, through this dialog only
            entry = entry.sudo()
        entry._save()
        return {"type": "ir.actions.act_window_close"}

    def _save(self):
        day, summary = self._get_day(), self._get_summary()
        action = self.action_id or self._record_contact(day)
        called = action._perform_call_under_way(summary)
        self._apply(action, day)
        action.filtered(lambda action: not action.outcome)._register_answer(
            "reply", day
        )
        self._close_tasks()
        if not called:
            self._log_answer(action, summary)

    # ---- checks ----------------------------------------------------------------------

    def _check_subject(self):
        """Check the user's rights on customer, company and contact.

        :raise AccessError: they are not the user's
        """
        self.partner_id._dunning_check_may_note(self.company_id)
        action = self.action_id
        action.check_access("read")
        customer = self.partner_id.commercial_partner_id
        if action and (action.partner_id, action.company_id) != (
            customer,
            self.company_id,
        ):
            raise AccessError(
                self.env._(
                    "This action is not one of %(company)s for %(customer)s.",
                    company=self.company_id.name,
                    customer=customer.name,
                )
            )

    def _check_contact(self):
        if self.action_id:
            return
        if not self.channel:
            raise UserError(
                self.env._("Choose how you were in contact with the customer.")
            )
        if self._get_day() > self.company_id._dunning_today():
            raise UserError(
                self.env._("This contact has not taken place yet: choose a past day.")
            )

    def _check_noted(self):
        if not self._has_content():
            raise UserError(
                self.env._(
                    "Nothing is noted yet: choose what the customer said, or write a "
                    "note."
                )
            )
        if self._has_answer() and not self._get_ticked():
            raise UserError(self.env._("Tick the invoices that this applies to."))
        self._check()

    def _check(self):
        """Refuse blocks with missing values.

        :raise UserError: with what is missing
        """

    def _has_answer(self):
        """Return whether something is noted about invoices."""
        return False

    def _has_content(self):
        """Return whether there is anything to note."""
        note = (self.note or "").strip()
        return bool(self._has_answer() or note)

    def _get_day(self):
        """Return the company's day on which the customer answered."""
        today = self.company_id._dunning_today()
        is_now = self.action_id and not self.message_id
        return today if is_now else self.contact_date or today

    def _get_channel(self):
        """Return the channel code of the contact in which the customer answered."""
        return self.action_id.channel or self.channel

    def _get_source(self):
        """Return the source code of the answer, as promises and disputes keep it."""
        if self.message_id:
            return "email"
        nature = self.env["dunning.channel"]._get_nature(self._get_channel())
        is_written = nature != "human"
        return "email" if is_written and not self.action_id else "call"

    # ---- records ---------------------------------------------------------------------

    def _record_contact(self, day):
        """Record the contact in which the customer answered as made by hand."""
        customer = self.partner_id.commercial_partner_id
        values = {
            "company_id": self.company_id.id,
            "partner_id": customer.id,
            "channel": self.channel,
            "state": "done",
            "origin": "manual",
            "planned_date": day,
            "performed_date": day,
            "performed_at": fields.Datetime.now(),
            "collector_id": self.env.user.id,
            "salesperson_id": customer.user_id.id,
        }
        # sudo: the journal is written by methods only, after the check of rights
        action_sudo = self.env["dunning.action"].sudo().create(values)
        return action_sudo.with_env(self.env)

    def _apply(self, action, day):
        """Write the records of the blocks, each after those it depends on.

        :param action: dunning.action in which the customer answered
        :param day: the company's day of the answer
        """

    def _prepare_answer_values(self, action):
        """Return the values common to promises and disputes."""
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "action_id": action.id,
            "source": self._get_source(),
        }

    # ---- texts -----------------------------------------------------------------------

    def _get_summary(self):
        """Return one line with all that is noted."""
        said = " ".join(self._get_claim_texts())
        if said:
            said = f"{self._get_invoices_text()}: {said}"
        return " ".join(filter(None, (said, *self._get_other_texts())))

    def _get_claim_texts(self):
        """Return the notes about the invoices, one sentence each."""
        return []

    def _get_other_texts(self):
        """Return the other notes, one sentence each, the free text last."""
        return [(self.note or "").strip()]

    def _get_invoices_text(self):
        names = list(dict.fromkeys(self._get_ticked().mapped("name")))
        if len(names) > NAMED_INVOICES:
            return self.env._("%(count)s invoices", count=len(names))
        return format_list(self.env, names)

    def _log_answer(self, action, summary):
        """Log the summary in the action's chatter, and a brief line in the
        customer's."""
        message = action.message_post(body=summary)
        told = Told(
            action,
            self.env._(
                "%(channel)s, %(user)s: an answer was noted.",
                channel=self._get_channel_text(),
                user=self.env.user.name,
            ),
        )
        self.env["dunning.chronicle"]._tell_briefly([told], message)

    def _get_channel_text(self):
        """Return the channel of the answer in the user's words."""
        if not self.action_id:
            return get_labels(self, "channel")[self.channel]
        sources = get_labels(self.env["dunning.promise"], "source")
        return sources[self._get_source()]

    def _close_tasks(self):
        """Mark the user's tasks that asked for this answer as done."""
        if self.activity_id.active:
            self.activity_id.sudo(False).action_feedback()
        if self.message_id:
            self.partner_id.commercial_partner_id.activity_feedback(
                [ACTIVITY_REPLY], user_id=self.env.uid
            )
