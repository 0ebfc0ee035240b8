from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from ...journal.dunning_chronicle import Told
from ...setup.labels import get_labels
from .dunning_call import MISSED_RESULTS

# Fewest digits of a telephone number in any country.
MIN_DIGITS = 5


class DunningDelivery(models.Model):
    """Calls under way: each attempt is recorded; a customer who was not reached is
    called again as often as the step says, then the fallback is used or the desk
    decides."""

    _inherit = "dunning.delivery"

    call_ids = fields.One2many(
        comodel_name="dunning.call", string="Calls", inverse_name="delivery_id"
    )

    def _record_calls(self, result, note=False, again_date=False):
        """Record an attempt at each of these calls, made now by the user.

        :param result: code of `result` of dunning.call
        :param note: note of the caller, plain text
        :param again_date: the company's day of the next attempt, if there is one
        """
        # sudo: users who make calls may not write the journal
        self.env["dunning.call"].sudo().create(
            [
                {
                    "delivery_id": delivery.id,
                    "action_id": delivery.action_id.id,
                    "partner_id": delivery.action_id.partner_id.id,
                    "company_id": delivery.company_id.id,
                    "user_id": self.env.uid,
                    "contact_id": delivery.contact_id.id,
                    "phone": delivery.address,
                    "result": result,
                    "again_date": again_date,
                    "note": note,
                }
                for delivery in self
            ]
        )

    def _count_missed(self):
        """Return the number of attempts of this call that reached nobody."""
        self.ensure_one()
        return len(self.call_ids.filtered(lambda call: call.result in MISSED_RESULTS))

    # ---- nobody was reached ----------------------------------------------------------

    def _record_missed_call(self, result, note=False):
        """Record a call that reached nobody: call again as the step says, or give up.

        :param result: one of MISSED_RESULTS
        :return: the company's day of the next attempt, False after the last
        """
        self.ensure_one()
        step = self.action_id.step_id
        if self._count_missed() + 1 >= step.call_attempts:
            self._record_calls(result, note)
            self._give_up_call(self._get_missed_reason())
            return False
        day, at = step._get_retry(self.company_id)
        self._reschedule_call(result, day, at, note)
        return day

    def _reschedule_call(self, result, day, at=False, note=False):
        """Record the attempt, and postpone the call.

        :param day: date of the company
        :param at: datetime (UTC), if an hour was agreed on
        """
        self.ensure_one()
        self._record_calls(result, note, day)
        self.activity_id.date_deadline = day
        self.action_id.write({"call_date": day, "call_at": at})
        self._log_attempt(self.call_ids[:1], at)

    def _log_attempt(self, call, at=False):
        """Log a call that reached nobody in the chatters, in one line; the caller's
        note stays with the action."""
        zone = self.company_id._dunning_zone().key
        results = get_labels(self.env["dunning.call"], "result")
        said = self.env._(
            "Call to %(contact)s, %(phone)s: %(result)s.",
            contact=call.contact_id.name,
            phone=call.phone,
            result=results[call.result].lower(),
        )
        again = (
            at
            and self.env._("Next call: %(at)s.", at=format_datetime(self.env, at, zone))
        ) or (
            call.again_date
            and self.env._(
                "Next call: %(at)s.", at=format_date(self.env, call.again_date)
            )
        )
        told = Told(self.action_id, " ".join(filter(None, (said, again))), call.note)
        self.env["dunning.chronicle"]._tell([told])

    def _get_missed_reason(self):
        """Return the text for the desk on the missed calls, in the company's
        language."""
        env = self.with_context(lang=self.company_id._dunning_get_lang()).env
        day = format_date(env, self.company_id._dunning_today())
        count = self._count_missed()
        if count == 1:
            return env._("Not reached when called on %(day)s.", day=day)
        return env._(
            "Not reached after %(count)s calls, the last on %(day)s.",
            count=count,
            day=day,
        )

    def _give_up_call(self, reason):
        """Give up the call, see `_give_up`.

        :param reason: in the user's words
        """
        self.ensure_one()
        self._log_attempt(self.call_ids[:1])
        # First: deleting the task of a call under way would send it back to the desk.
        self._give_up(reason, "fallback")
        self._withdraw_call()

    def _withdraw_call(self):
        self.env["dunning.channel"]._get(self.channel)._withdraw(self)

    # ---- wrong number ----------------------------------------------------------------

    def _correct_number(self, number, note=False):
        """Write the right number on the contact in place of the wrong one, and go on
        with it.

        :param number: as the user typed it
        :raise UserError: it is no telephone number
        """
        self.ensure_one()
        right = self._format_number(number)
        self._record_calls("wrong_number", note)
        self._replace_number(right)
        self._redirect_call(self.contact_id, right)

    def _format_number(self, number):
        """Return a number in international format.

        Odoo returns it unchanged where it lacks the library for numbers.
        """
        country = self.contact_id.country_id or self.company_id.country_id
        right = self.contact_id._phone_format(
            number=number, country=country, force_format="INTERNATIONAL"
        )
        if not right or sum(map(str.isdigit, right)) < MIN_DIGITS:
            raise UserError(
                self.env._(
                    "“%(number)s” is not a telephone number: ask again, and write it "
                    "with the code of the country if it is abroad.",
                    number=number,
                )
            )
        return right

    def _drop_number(self, note=False):
        """Drop a wrong number that nobody can correct: go on with another number of the
        customer, else give up.

        :return: whether the call goes on
        """
        self.ensure_one()
        wrong = self.address
        self._record_calls("wrong_number", note)
        self._replace_number(False)
        channel = self.env["dunning.channel"]._get(self.channel)
        contact, number = channel._get_addresses(self.action_id).get(
            self.action_id, (None, None)
        )
        if number:
            self._redirect_call(contact, number)
            return True
        env = self.with_context(lang=self.company_id._dunning_get_lang()).env
        self._give_up_call(
            env._(
                "%(phone)s is a wrong number, and the customer has no other: find the "
                "right one, then try again.",
                phone=wrong,
            )
        )
        return False

    def _replace_number(self, right):
        """Write another number on the contact; the wrong one stays in the chatter."""
        # sudo: a salesperson who calls may not write on the customer
        contact_sudo = self.contact_id.sudo()
        contact_sudo.phone = right
        note = (
            self.env._("%(wrong)s is a wrong number.", wrong=self.address)
            if not right
            else self.env._(
                "%(wrong)s is a wrong number, the right one is %(right)s.",
                wrong=self.address,
                right=right,
            )
        )
        contact_sudo._message_log(body=note)

    def _redirect_call(self, contact, number):
        self.write({"contact_id": contact.id, "address": number})
        self.env["dunning.channel"]._get(self.channel)._refresh(self)
