from datetime import timedelta
from decimal import Decimal

from odoo import models

from ...setup.working_days import WorkingDays
from ..person_name import split_name
from .message_advice import Facts, find_advice, find_heavy_style
from .message_check import Fault, get_words
from .spelling import find_misspelt

# Days ahead among which a requested one may be a day off.
HORIZON = 60


class DunningMessageChecker(models.AbstractModel):
    """Extend the check with advice, which stops no message: what contradicts the facts
    (S4-16), and what is hard to read or misspelt in a user's own text
    (S4-17..S4-20)."""

    _inherit = "dunning.message.checker"

    def _advise(self, actions, texts):
        """Return {action: list of Finding} of advice on rendered messages; see
        `_check`."""
        langs = actions._get_reader_langs()
        working_days, found = WorkingDays(self.env), {}
        for action in actions:
            lang = langs[action]
            words = self.env["dunning.word.list"]._get_words(lang)
            message = self._prepare_message(action, texts[action], lang)
            facts = self._prepare_facts(action, working_days)
            faults = find_advice(message, facts, words)
            if action.mail_body:
                faults += self._find_style_faults(get_words(message.body), lang)
            if faults:
                found[action] = [self._tell(f.code, f.excerpt) for f in faults]
        return found

    def _find_style_faults(self, text, lang):
        """Return the faults of style and spelling of a user's own text.

        :param text: see `get_words`
        """
        faults = find_heavy_style(text) if text else []
        if misspelt := find_misspelt(text, lang):
            faults.append(Fault("spelling", ", ".join(misspelt)))
        return faults

    def _prepare_facts(self, action, working_days):
        """Return what is known of a message, as Facts.

        :param working_days: WorkingDays, shared by the messages
        """
        contact, day = action.contact_id, action._get_message_day()
        country = (contact or action.partner_id).country_id
        days = [day + timedelta(days=number) for number in range(1, HORIZON)]
        code = self.env["dunning.channel"]._get_current_code() or action.channel
        is_overheard = (
            code and self.env["dunning.channel"]._get(code)._channel_is_overheard
        )
        return Facts(
            amounts=self._get_amounts(action),
            days_off={
                one
                for one in days
                if working_days.find_next(action.company_id, country, one) != one
            },
            departments=[
                one.name
                for one in contact | action.partner_id
                if one.name and (one.is_company or not split_name(one.name)[1])
            ],
            has_history=bool(action.history_text),
            has_contacts=bool(action._get_earlier_contacts()),
            secrets=self._get_secrets(action) if is_overheard else None,
        )

    def _get_secrets(self, action):
        """Return what a message that others may hear must not name (J18)."""
        moves = action._get_message_lines().move_id
        return [*filter(None, moves.mapped("name")), action.payment_reference]

    def _get_amounts(self, action):
        """Return the amounts that a message may name in its request: each row, their
        sums, and what is open of each item."""
        rows = action._unpack_rows()
        amounts = [row.amount for row in rows]
        amounts += [row.item.amount_residual_currency for row in rows]
        for currency in {row.currency for row in rows}:
            own = [row for row in rows if row.currency == currency]
            amounts.append(sum(row.amount for row in own))
            amounts.append(sum(r.amount for r in own if r.code in ("claim", "credit")))
        return {Decimal(str(round(abs(amount), 2))) for amount in amounts}

    def _get_explanation(self, code):
        explanations = self._get_fact_explanations() | self._get_style_explanations()
        return explanations.get(code) or super()._get_explanation(code)

    def _get_fact_explanations(self):
        env = self.env
        return {
            "amount": (
                env._("The text asks for an amount that is not the one in the table."),
                env._("Use the step's request, which has the amount of the day."),
            ),
            "day_off": (
                env._("The day named is a day off at the reader's."),
                env._("Name a working day, or use the step's request."),
            ),
            "department": (
                env._("A department or a company is greeted as a person."),
                env._("Use the greeting of the message, or none with a name."),
            ),
            "history": (
                env._("The text supposes an oversight, although something happened."),
                env._("Say what happened: the message's history has the sentence."),
            ),
            "no_history": (
                env._("The text mentions earlier messages, and there were none."),
                env._("Leave it out, or name the contact and its day."),
            ),
            "overheard": (
                env._("A spoken message tells an amount or an invoice."),
                env._("Others may hear it: ask to be called back, and say no more."),
            ),
        }

    def _get_style_explanations(self):
        env = self.env
        return {
            "sentences": (
                env._("The sentences have more than 25 words on average."),
                env._("Split the longest: one idea in each."),
            ),
            "paragraphs": (
                env._("A paragraph is longer than five lines."),
                env._("Split it, so that the text breathes."),
            ),
            "spelling": (
                env._("These words are in no dictionary of the text's language."),
                env._("Check their spelling."),
            ),
        }
