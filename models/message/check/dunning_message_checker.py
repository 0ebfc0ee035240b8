from collections import namedtuple

from odoo import models

from ...setup.day_format import format_day
from .message_check import Message, find_faults, find_message_costs

# `is_refused`: nobody may send the message. Otherwise a user is warned, and an
# automatic step does not send it. The other values are texts, in the user's language.
Finding = namedtuple("Finding", ["code", "is_refused", "problem", "excerpt", "advice"])


class DunningMessageChecker(models.AbstractModel):
    """Check messages before they leave, and report each fault with its excerpt and a
    remedy (S4-12, S4-13, S4-21..S4-26; CPCE L111-8; C. pén. 433-13)."""

    _name = "dunning.message.checker"
    _description = "Message Check"

    # ---- messages --------------------------------------------------------------------

    def _check(self, actions, texts, templates=None):
        """Return {action: list of Finding} of rendered messages; those without a fault
        are left out.

        :param texts: {action: {subject, body_html}} in the readers' languages; without
            `subject` for messages that have none
        :param templates: {action: template}, to detect a missing language; empty for a
            user's own text
        """
        langs = actions._get_reader_langs()
        found = {}
        for lang, group in actions.grouped(lambda action: langs[action]).items():
            words = self.env["dunning.word.list"]._get_words(lang)
            for action in group:
                message = self._prepare_message(action, texts[action], lang)
                faults = find_faults(message, words)
                findings = [self._tell(fault.code, fault.excerpt) for fault in faults]
                if not words:
                    findings.append(self._tell("no_list", self._get_lang_name(lang)))
                findings += self._find_costs(action, message)
                template = (templates or {}).get(action)
                if template and not self._has_lang(template, lang):
                    findings.append(self._tell("lang", self._get_lang_name(lang)))
                if findings:
                    found[action] = findings
        return found

    def _check_costs(self, actions, texts):
        """Return {action: list of Finding} of messages that nobody may send: recovery
        costs requested from a consumer (CPCE L111-8). See `_check`."""
        consumers = actions.filtered(self._is_to_consumer)
        langs = consumers._get_reader_langs()
        found = {}
        for action in consumers:
            message = self._prepare_message(action, texts[action], langs[action])
            if findings := self._find_costs(action, message):
                found[action] = findings
        return found

    def _find_costs(self, action, message):
        """Return the findings of illegal costs in a message to a consumer, with the
        words of all languages: a message is not always in its reader's language."""
        if not self._is_to_consumer(action):
            return []
        words = self.env["dunning.word.list"]._get_cost_words()
        sentence = find_message_costs(message, words)
        return [self._tell("costs", sentence)] if sentence else []

    def _is_to_consumer(self, action):
        return action.partner_id.dunning_legal_status == "consumer"

    def _prepare_message(self, action, text, lang):
        reader = action.with_context(lang=lang)
        day = reader.request_date
        return Message(
            subject=text.get("subject", None if "subject" not in text else ""),
            body=str(text.get("body_html") or text.get("body") or ""),
            merged=self._get_merged(reader),
            lang=lang,
            day=action._get_message_day(),
            deadline=day and format_day(reader.env, day),
            is_request=bool(action.step_id.request) and action.kind != "thanks",
        )

    def _get_merged(self, action):
        """Return the merged values of a text, which are not checked: people, companies,
        invoices, amounts."""
        moves = action._get_message_lines().move_id
        people = action.partner_id | action.contact_id | action.company_id.partner_id
        users = action.collector_id | action.salesperson_id
        return [
            *people.mapped("name"),
            *users.mapped("name"),
            *moves.mapped("name"),
            *moves.mapped("ref"),
            action.payment_reference,
            action.amount_text,
            action.principal_text,
            action.credits_text,
        ]

    def _has_lang(self, template, lang):
        """Return whether a text exists in a language, or in a regional variant of
        it."""
        field = template._fields[self._get_body_name(template)]
        stored = field._get_stored_translations(template) or {}
        return lang.split("_")[0] in {code.split("_")[0] for code in stored}

    def _get_body_name(self, template):
        return "body_html" if "body_html" in template._fields else "body"

    # ---- texts -----------------------------------------------------------------------

    def _tell(self, code, excerpt=""):
        """Return the finding of a fault, in the user's language."""
        problem, advice = self._get_explanation(code)
        return Finding(code, code == "costs", problem, excerpt, advice)

    def _get_explanation(self, code):
        """Return the problem of a code and its remedy."""
        explanations = self._get_subject_explanations() | self._get_body_explanations()
        return explanations[code]

    def _get_subject_explanations(self):
        env = self.env
        return {
            "subject": (
                env._("The subject has a word that puts readers off."),
                env._("Say what it is about: the amount, the day, what you ask for."),
            ),
            "court": (
                env._("The subject sounds like a court or a bailiff."),
                env._("A creditor may not imitate court documents: say who you are."),
            ),
            "length": (
                env._("The subject is too long to be read at a glance."),
                env._(
                    "Keep the essentials, at the beginning; the rest goes into the "
                    "message."
                ),
            ),
            "no_subject": (env._("The subject is empty."), env._("Write one.")),
        }

    def _get_body_explanations(self):
        env = self.env
        return {
            "empty": (env._("The message is empty."), env._("Write its text.")),
            "exclamation": (
                env._("There is an exclamation mark."),
                env._("End the sentence with a full stop, so that it stays calm."),
            ),
            "placeholder": (
                env._("A placeholder in the text was not filled in."),
                env._("Complete what is missing on the customer, or correct the text."),
            ),
            "date": (
                env._("The text names no day for the payment or the answer."),
                env._("Name one, or use the step's request, which has its day."),
            ),
            "requests": (
                env._("The message asks for more than one thing."),
                env._("Keep the one that the step is meant for."),
            ),
            "lang": (
                env._("The text does not exist in the reader's language."),
                env._("Translate it, or write this message yourself."),
            ),
            "costs": (
                env._("A consumer is asked for recovery costs: the law forbids it."),
                env._("Take the sentence out, or check the customer's legal status."),
            ),
            "costs_unconditional": (
                env._("Recovery costs are mentioned to all readers of the text."),
                env._("It is not sent to consumers: make it depend on their status."),
            ),
            "no_list": (
                env._("No words are on record for a language of this text."),
                env._("Add them in Set-Up, Word Lists: nothing is checked until then."),
            ),
        }

    def _format(self, finding):
        """Return a finding as one line of text."""
        if not finding.excerpt:
            return f"{finding.problem} {finding.advice}"
        return self.env._(
            "%(problem)s (“%(excerpt)s”) %(advice)s",
            problem=finding.problem,
            excerpt=finding.excerpt,
            advice=finding.advice,
        )

    def _format_all(self, findings):
        """Return findings as text on one line."""
        return " ".join(map(self._format, findings))

    def _render(self, findings):
        """Return findings as an HTML list, False without any."""
        if not findings:
            return False
        return self.env["ir.qweb"]._render(
            "account_dunning_scenario.message_findings", {"findings": findings}
        )
