from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from ..journal.dunning_action import OPEN_STATES
from ..setup.labels import get_labels
from .pipeline import sentences

CONTACT_STATES = ("done", *OPEN_STATES)


class DunningExplainer(models.AbstractModel):
    """Extend the explainer with sentences: next step, its day, and the reason to wait.

    Nothing is decided here: the first failed rule chooses every sentence.
    """

    _inherit = "dunning.explainer"

    def _tell(self, items, date):
        """Return the explanation of each item as text, see `dunning.planner`."""
        told = self._tell_answers(self._explain(items, date), date)
        return {item: told[item.id] for item in items}

    def _tell_answers(self, answers, date):
        """Return explanations as text, with a constant number of queries.

        :param answers: results of `_explain` on that day
        :param date: the company's day
        :return: {id of the item: text}
        """
        means = self._get_means(answers)
        answers = [{**a, "means": means.get(a["move_line_id"])} for a in answers]
        waiting = self._get_waiting_lines(answers)
        contacts = self._get_last_contacts(answers, date)
        told = {}
        for answer in answers:
            failed = {r["code"]: r for r in answer["rules"] if r["passed"] is False}
            line = waiting.get(answer["move_line_id"])
            if line and failed.keys() & {"in_action", "thanked"}:
                parts = [self._tell_waiting(line)]
            elif any(rule["code"] == "paid" for rule in answer["rules"]):
                parts = self._tell_thanks(answer, failed)
            else:
                parts = self._tell_claim(answer, failed, contacts, date)
            told[answer["move_line_id"]] = " ".join(parts)
        return told

    # ---- one answer ------------------------------------------------------------------

    def _tell_claim(self, answer, failed, contacts, date):
        stop = next((code for code in sentences.LEFT_OUT if code in failed), None)
        values = self._get_step_values(answer)
        if stop:
            return self._tell_left_out(answer, failed[stop], values)
        trigger = answer["trigger_date"]
        if trigger > date:
            main, codes = sentences.COMING, sentences.WAITS_AHEAD
        else:
            main = sentences.DUE_TODAY if trigger == date else sentences.DUE
            codes = sentences.WAITS
        parts = [self._say(main, **values)]
        wait = next((code for code in codes if code in failed), None)
        if wait == "spacing" and answer["spaced_until"] <= trigger:
            wait = None
        if wait:
            values = {
                "value": self._get_long_value(answer, failed[wait]),
                "until": self._format_day(answer["spaced_until"]),
                "contact": contacts.get(answer["move_line_id"]),
            }
            parts.append(self._say(sentences.WAITS[wait], **values))
        elif trigger <= date:
            parts.append(self._say(sentences.READY))
        if failed_on := answer["collection_failed_on"]:
            day = self._format_day(failed_on)
            parts.append(self._say(sentences.COLLECTION_FAILED, day=day))
        if answer["is_stopped"]:
            parts.append(self._say(sentences.STOPPED))
        return parts

    def _tell_left_out(self, answer, rule, values):
        code = rule["code"]
        sentence = sentences.LEFT_OUT[code]
        if code == "step" and not answer["position_step_id"]:
            sentence = sentences.NEVER_PLAYED
        elif code == "held" and answer["held_by"]:
            is_dated = answer["held_until"]
            sentence = sentences.HELD_UNTIL if is_dated else sentences.HELD
        position = self.env["dunning.step"].browse(answer["position_step_id"])
        told = self._say(
            sentence,
            value=self._get_long_value(answer, rule),
            until=self._format_day(answer["held_until"]),
            kinds=answer["held_by"],
            position=position.name,
        )
        if code in ("held", "postponed") and values:
            return [told, self._say(sentences.THEN, **values)]
        return [told]

    def _tell_thanks(self, answer, failed):
        stop = next(
            (code for code in sentences.THANKS_LEFT_OUT if code in failed), None
        )
        if stop:
            value = self._get_long_value(answer, failed[stop])
            return [self._say(sentences.THANKS_LEFT_OUT[stop], value=value)]
        told = self._say(sentences.THANKS_COMING, **self._get_step_values(answer))
        wait = next((code for code in sentences.THANKS_WAITS if code in failed), None)
        if not wait or "trigger" in failed:
            return [told]
        return [told, self._say(sentences.THANKS_WAITS[wait])]

    def _tell_waiting(self, line):
        """Return the state of the action in which a claim waits, as a sentence."""
        action = line.action_id
        key, day = action.state, action.planned_date
        reasons = get_labels(self.env["dunning.action"], "untick_reason")
        reason = reasons.get(action.untick_reason) or action.reason
        if key == "to_confirm" and not action.is_ticked and reason:
            key = "unticked"
        elif key == "scheduled":
            day = action.company_id._dunning_today(action.scheduled_at)
        return self._say(
            sentences.IN_ACTION[key],
            step=line.step_id.name or action.display_name,
            means=self.env["dunning.channel"]._get(action.channel)._get_means(),
            day=self._format_day(day),
            reason=reason,
        )

    # ---- texts -----------------------------------------------------------------------

    def _get_step_values(self, answer):
        """Return the values of an explanation's next step for the sentences."""
        step = self.env["dunning.step"].browse(answer["next_step_id"])
        if not step:
            return {}
        fresh = answer["counted_from"] and self._get_fresh_start(answer)
        return {
            "step": step.name,
            "means": answer["means"],
            "day": self._format_day(answer["trigger_date"]),
            "timing": fresh or step._get_timing(),
        }

    def _get_means(self, answers):
        """Return {id of the item: name of the channel in a sentence} of the next steps:
        the step's channel, or the customer's preferred one."""
        steps = {
            answer["move_line_id"]: self.env["dunning.step"].browse(
                answer["next_step_id"]
            )
            for answer in answers
            if answer["next_step_id"]
        }
        # sudo: a customer's preference does not depend on the user
        actions_sudo = self.env["dunning.action"].sudo()
        samples = {
            item.id: actions_sudo.new(
                {
                    "company_id": item.company_id.id,
                    "partner_id": item.partner_id.commercial_partner_id.id,
                    "step_id": steps[item.id].id,
                    "channel": steps[item.id].channel,
                }
            )
            for item in self.env["account.move.line"].browse(steps)
        }
        with_preference = actions_sudo.concat(*samples.values())._with_preference()
        Channel = self.env["dunning.channel"]
        return {
            item_id: Channel._get(
                action._choose_channel()
                if action in with_preference
                else action.channel
            )._get_means()
            for item_id, action in samples.items()
        }

    def _say(self, sentence, **values):
        return sentence._translate(self.env.lang or "en_US") % values

    def _get_long_value(self, answer, rule):
        return self._format_value(answer, rule, date_format="long")

    def _format_day(self, day):
        return format_date(self.env, day, date_format="long") if day else ""

    def _format_recent_day(self, day, today):
        """Return a day in a sentence: today, yesterday, on a day."""
        if day == today:
            return self.env._("today")
        if day == today - timedelta(days=1):
            return self.env._("yesterday")
        return self.env._("on %(day)s", day=self._format_day(day))

    # ---- further data ----------------------------------------------------------------

    def _get_waiting_lines(self, answers):
        """Return {id of the item: its line in an unfinished action}."""
        asked = [
            answer["move_line_id"]
            for answer in answers
            for rule in answer["rules"]
            if rule["code"] in ("in_action", "thanked") and rule["passed"] is False
        ]
        # sudo: users who may read the item may see the action for which it waits
        lines_sudo = self.env["dunning.action.line"].sudo()
        lines_sudo = lines_sudo.search(
            [("move_line_id", "in", asked), ("state", "=", "open")]
        )
        return {line.move_line_id.id: line for line in lines_sudo}

    def _get_last_contacts(self, answers, date):
        """Return {id of the item: end of a sentence} with the last contact, of items
        that wait for the days between contacts."""
        days = {
            answer["move_line_id"]: rule["value"]
            for answer in answers
            for rule in answer["rules"]
            if rule["code"] == "spacing" and rule["passed"] is False
        }
        if not days:
            return {}
        items = self.env["account.move.line"].browse(days)
        contacts = self._search_contacts(items, since=min(days.values()))
        return {
            item.id: self._tell_contact(
                contacts[item.partner_id.commercial_partner_id, days[item.id]], date
            )
            for item in items
        }

    def _search_contacts(self, items, since):
        """Return {(customer, day as text): last contact of that day}."""
        # sudo: contacts of the whole tree count, see the rule `spacing`
        actions_sudo = self.env["dunning.action"].sudo()
        actions_sudo = actions_sudo.search_fetch(
            Domain("partner_id", "in", items.partner_id.commercial_partner_id.ids)
            & Domain("company_id", "child_of", items.company_id.root_id.ids)
            & Domain("kind", "!=", "thanks")
            & Domain("state", "in", CONTACT_STATES)
            & (
                Domain("performed_date", ">=", since)
                | Domain("planned_date", ">=", since)
            ),
            ["partner_id", "state", "channel", "performed_date", "planned_date"],
            order="id",
        )
        return {
            (action.partner_id, str(action.performed_date or action.planned_date)): (
                action
            )
            for action in actions_sudo
        }

    def _tell_contact(self, action, today):
        day = action.performed_date or action.planned_date
        when = self._format_recent_day(day, today)
        if action.state != "done":
            return self.env._("another contact is prepared %(when)s", when=when)
        if waiting := self._tell_unsettled(action, when):
            return waiting
        channel = self.env["dunning.channel"]._get(action.channel)
        return channel._tell_contact(when)

    def _tell_unsettled(self, action, when):
        """Return a text if the service has not yet taken the message of a performed
        action, False if it has; extended by the deliveries.

        :param when: day of performance, as text
        """
        return False
