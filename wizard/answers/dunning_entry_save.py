from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date
from odoo.tools.i18n import format_list

from ...models.answers.dunning_action import ACTIVITY_REPLY
from ...models.journal.dunning_chronicle import Told
from ...models.setup.guard.guard import SEAL
from .dunning_entry import COLLECTOR

# Invoices that the summary names one by one; more are counted.
NAMED_INVOICES = 3


class DunningEntry(models.TransientModel):
    """What saving the dialog does: all of it, or nothing with a reason."""

    _inherit = "dunning.entry"

    def action_save(self):
        """Note what the customer said, perform the call in which they did, and tell
        the chatters in one line.

        :raise AccessError: the user may not note for this customer
        :raise UserError: something is missing; a manager has to take the promise
        :raise ValidationError: promise, dispute or reason are not possible as noted
        """
        self.ensure_one()
        self._check_subject()
        self._check_contact()
        self._check_said()
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
        self._note_satisfaction(action)
        dispute = self._open_dispute(action, day)
        self._take_promise(action, day)
        dispute._register_outcome("dispute", "opened_date")
        self._note_reason(action)
        action.filtered(lambda action: not action.outcome)._register_answer(
            "reply", day
        )
        self._close_tasks()
        if not called:
            self._tell(action, summary)

    # ---- what has to be said ---------------------------------------------------------

    def _check_subject(self):
        """:raise AccessError: customer, company or contact are not the user's"""
        self._check_allowed(self.partner_id, self.company_id)
        action = self.action_id
        action.check_access("read")
        customer = self.partner_id.commercial_partner_id
        if action and (action.partner_id, action.company_id) != (
            customer,
            self.company_id,
        ):
            raise AccessError(
                self.env._(
                    "This contact was not one of %(company)s with %(customer)s.",
                    company=self.company_id.name,
                    customer=customer.name,
                )
            )

    def _check_contact(self):
        if self.action_id:
            return
        if not self.channel:
            raise UserError(self.env._("Say how you had contact with the customer."))
        if self._get_day() > self.company_id._dunning_today():
            raise UserError(
                self.env._("This contact has not taken place yet: choose a past day.")
            )

    def _check_said(self):
        has_answer = self._has_answer()
        if not self._has_said():
            raise UserError(
                self.env._(
                    "Nothing is noted yet: choose what the customer said, or write a "
                    "note."
                )
            )
        if has_answer and not self._get_ticked():
            raise UserError(self.env._("Tick the invoices that this is about."))
        if (
            self.has_promise
            and self.currency_id.compare_amounts(self.promise_amount, 0) <= 0
        ):
            raise UserError(self.env._("Say how much the customer pays."))
        if self.has_promise and not self.promise_date:
            raise UserError(self.env._("Say by which day the customer pays."))
        if self.has_dispute and not self.dispute_reason_id:
            raise UserError(self.env._("Say why the customer disputes."))
        if self.has_reason and not self.reason:
            raise UserError(self.env._("Say why the customer has not paid."))

    def _has_answer(self):
        return self.has_promise or self.has_dispute or self.has_reason

    def _has_said(self):
        """Tell whether there is something to note."""
        note = (self.note or "").strip()
        return bool(self._has_answer() or self._get_score() or note)

    def _get_day(self):
        """Return the company's day on which the customer answered."""
        today = self.company_id._dunning_today()
        is_now = self.action_id and not self.message_id
        return today if is_now else self.contact_date or today

    def _get_score(self):
        return int(self.satisfaction or 0)

    def _get_source(self):
        """Return how the answer came, as promises and disputes tell it."""
        if self.message_id:
            return "email"
        channel = self.action_id.channel or self.channel
        if channel == "visit":
            return "visit"
        is_written = self.env["dunning.channel"]._get_nature(channel) != "human"
        return "email" if is_written and not self.action_id else "call"

    # ---- what is written -------------------------------------------------------------

    def _record_contact(self, day):
        """Record the contact in which the customer answered, made by hand."""
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
        # sudo: the journal is written by methods only, once the right is checked
        action_sudo = self.env["dunning.action"].sudo().create(values)
        return action_sudo.with_env(self.env)

    def _note_reason(self, action):
        if not self.has_reason:
            return
        values = {
            "action_id": action.id,
            "source": self._get_source(),
            "note": self.note,
        }
        if self.reason == "paid":
            values |= {
                "paid_date": self.paid_date,
                "payment_reference": self.payment_reference,
            }
        self.env["dunning.nonpayment"]._note(self._get_items(), self.reason, values)

    def _note_satisfaction(self, action):
        if score := self._get_score():
            action._register_satisfaction(
                score, self.satisfaction_words, self._get_source()
            )

    def _take_promise(self, action, day):
        if not self.has_promise:
            return
        promise = self.env["dunning.promise"].create(
            {
                **self._prepare_answer_values(action),
                "currency_id": self.currency_id.id,
                "amount": self.promise_amount,
                "date": self.promise_date,
                "taken_date": day,
                "is_reminder_wanted": self.is_reminder_wanted,
                "note": self.note,
                "claim_ids": [
                    Command.create({"move_line_id": item.id})
                    for item in self._get_items()
                ],
            }
        )
        promise.sudo(False)._check_manager()
        if self.is_confirmation_wanted:
            promise.action_confirm_by_email()

    def _open_dispute(self, action, day):
        """Open the dispute, and return it: what is not disputed can be promised."""
        if not self.has_dispute:
            return self.env["dunning.dispute"]
        dispute = self.env["dunning.dispute"].create(
            {
                **self._prepare_answer_values(action),
                "reason_id": self.dispute_reason_id.id,
                "description": self.dispute_description,
                "opened_date": day,
                "claim_ids": [
                    Command.create({"move_line_id": item.id, "amount": amount})
                    for item, amount in self._get_disputed().items()
                ],
            }
        )
        self._hand_files(dispute)
        return dispute

    def _prepare_answer_values(self, action):
        """Return the values that promises and disputes have in common."""
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "action_id": action.id,
            "source": self._get_source(),
        }

    def _get_disputed(self):
        """Return {item: what is disputed of it, in the company's currency}: first what
        is not disputed yet, the oldest first.

        :raise ValidationError: more than what is open is disputed
        """
        amounts, left = self._get_amounts(), self.dispute_amount
        parts = dict.fromkeys(amounts, 0)
        for room in (self._get_undisputed(), amounts):
            for line, value in room.items():
                more = max(min(left, value - parts[line]), 0)
                parts[line] += more
                left -= more
        disputed = {
            item: item.company_currency_id.round(
                item.amount_residual * part / amounts[line]
            )
            for line, part in parts.items()
            if self.currency_id.compare_amounts(part, 0) > 0
            for item in line._get_item()
        }
        if self.currency_id.compare_amounts(left, 0) > 0 or not disputed:
            raise ValidationError(
                self.env._(
                    "%(open)s is open on these invoices: more than nothing, and that "
                    "much at most can be disputed.",
                    open=self.currency_id.format(self.amount_ticked),
                )
            )
        return disputed

    def _hand_files(self, dispute):
        """Give the dispute its files: those uploaded here, copies of the message's."""
        files = self.dispute_attachment_ids
        if not files:
            return
        files.sudo(False).check_access("read")
        place = {"res_model": dispute._name, "res_id": dispute.id}
        uploaded = files.filtered(lambda file: file.res_model == self._name)
        uploaded.write(place)
        files = uploaded | (files - uploaded).copy(place)
        dispute.message_post(
            body=self.env._("Files of the customer"), attachment_ids=files.ids
        )

    # ---- what is told ----------------------------------------------------------------

    def _get_summary(self):
        """Say in one line what is noted."""
        parts = [self._get_promise_text(), self._get_dispute_text()]
        parts.append(self._get_reason_text())
        said = " ".join(filter(None, parts))
        if said:
            said = f"{self._get_invoices_text()}: {said}"
        rest = (self._get_satisfaction_text(), (self.note or "").strip())
        return " ".join(filter(None, (said, *rest)))

    def _get_invoices_text(self):
        names = list(dict.fromkeys(self._get_ticked().mapped("name")))
        if len(names) > NAMED_INVOICES:
            return self.env._("%(count)s invoices", count=len(names))
        return format_list(self.env, names)

    def _get_promise_text(self):
        return self.has_promise and self.env._(
            "promises %(amount)s by %(day)s.",
            amount=self.currency_id.format(self.promise_amount),
            day=format_date(self.env, self.promise_date),
        )

    def _get_dispute_text(self):
        return self.has_dispute and self.env._(
            "disputes %(amount)s (%(reason)s).",
            amount=self.currency_id.format(self.dispute_amount),
            reason=self.dispute_reason_id.name,
        )

    def _get_reason_text(self):
        if not self.has_reason:
            return False
        text = dict(self._fields["reason"]._description_selection(self.env))[
            self.reason
        ].lower()
        if self.reason != "paid":
            return self.env._("not paid because: %(reason)s.", reason=text)
        details = (
            self.paid_date and format_date(self.env, self.paid_date),
            self.payment_reference,
        )
        return ", ".join(filter(None, (text, *details))) + "."

    def _get_satisfaction_text(self):
        score = self._get_score()
        if not score:
            return False
        text = self.env._("Satisfaction: %(score)s of 5.", score=score)
        if words := self.satisfaction_words:
            text += " " + self.env._("“%(words)s”", words=words)
        return text

    def _tell(self, action, summary):
        """Tell the contact's chatter all of it, the customer's that they answered."""
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
        """Return by which channel the customer answered, in the user's words."""
        if not self.action_id:
            channels = self._fields["channel"]._description_selection(self.env)
            return dict(channels)[self.channel]
        source = self.env["dunning.promise"]._fields["source"]
        return dict(source._description_selection(self.env))[self._get_source()]

    def _close_tasks(self):
        """Mark the user's tasks as done that asked for this answer."""
        if self.activity_id.active:
            self.activity_id.sudo(False).action_feedback()
        if self.message_id:
            self.partner_id.commercial_partner_id.activity_feedback(
                [ACTIVITY_REPLY], user_id=self.env.uid
            )
