from odoo import models
from odoo.tools import SQL, format_date, html2plaintext

from ..setup.guard.guard import by_code
from ..setup.labels import get_labels

# Earlier contacts shown in the note of a task.
HISTORY_LENGTH = 3


class DunningActivityChannel(models.AbstractModel):
    """Base of the channels that are a person's task: an activity on the action, for
    the collector or the salesperson, performed when it is done.

    Each gives its `_activity_type` and `_activity_note` (xml ids of an activity type
    and of the template of the note), and implements `_get_unassigned_reason`,
    `_get_performed_note` and, where its note shows more, `_prepare_note_values`.
    """

    # Not `dunning.channel.…`: it is no channel by itself.
    _name = "dunning.activity.channel"
    _description = "Follow-Up Channel: Task of a Person"
    _inherit = ["dunning.channel"]

    _channel_nature = "human"
    _activity_type = None
    _activity_note = None

    def _get_unassigned_reason(self):
        """Return the reason why the task has no assignee, and the remedy, in the user's
        language."""
        raise NotImplementedError

    def _get_performed_note(self, delivery):
        """Return the note for the customer's chatter that the contact took place."""
        raise NotImplementedError

    def _deliver(self, deliveries, now):
        """Assign each task to a person; one activity per delivery, in one go."""
        deliveries = self._in_channel(deliveries)
        users = {
            delivery: delivery.intermediary_id or self._get_user(delivery.action_id)
            for delivery in deliveries
        }
        ready = deliveries.filtered(lambda delivery: users[delivery])
        (deliveries - ready)._fail(self._get_unassigned_reason())
        # Without this key, Odoo mails each user about each call.
        activities = (
            by_code(self.env["mail.activity"])
            .with_context(mail_activity_quick_update=True)
            .create([self._prepare_activity_values(d, users[d]) for d in ready])
        )
        notes = self._get_notes(ready, users)
        self._write_notes({a: notes[d] for a, d in zip(activities, ready, strict=True)})
        for delivery, activity in zip(ready, activities, strict=True):
            delivery.activity_id = activity

    def _get_step_fields(self, step):
        return "script", "activity_user"

    def _get_user(self, action):
        """Return the assignee of the task: the salesperson if the step says so, else
        the collector, else the company's default collector."""
        setup = action.company_id._dunning_setup_company()
        users = action.collector_id | setup.dunning_collector_id
        if action.step_id.activity_user == "salesperson":
            users = action.salesperson_id | users
        return users.filtered("active")[:1]

    def _prepare_activity_values(self, delivery, user):
        action = delivery.action_id.with_context(lang=user.lang)
        Model, Data = self.env["ir.model"], self.env["ir.model.data"]
        return {
            "res_model_id": Model._get_id(action._name),
            "res_id": action.id,
            "activity_type_id": Data._xmlid_to_res_id(self._activity_type),
            "summary": action.display_name,
            "user_id": user.id,
            "date_deadline": action._get_message_day(),
        }

    # ---- notes -----------------------------------------------------------------------

    def _get_notes(self, deliveries, users):
        """Return {delivery: note of its task}, in the language of its user.

        :param users: {delivery: whose task it is}
        """
        history = self._get_history(deliveries.action_id)
        notes = {}
        for lang, group in deliveries.grouped(lambda d: users[d].lang).items():
            for delivery in group.with_context(lang=lang):
                action = delivery.action_id
                past = history.get(action.partner_id, action.browse())
                channel = self.with_env(action.env)
                values = channel._prepare_note_values(
                    delivery, past.with_env(action.env)
                )
                qweb = action.env["ir.qweb"]
                notes[delivery] = qweb._render(self._activity_note, values)
        return notes

    def _prepare_note_values(self, delivery, past):
        """Return the values of the template of the note.

        :param past: the last actions performed with the customer
        """
        action = delivery.action_id
        return {
            "action": action,
            "contact": delivery.contact_id,
            "address": delivery.address,
            "figures": action._tell_figures(),
            "history": [self._get_history_line(earlier) for earlier in past],
            "script": action.step_id.script,
        }

    def _write_notes(self, notes):
        """Write the notes of activities.

        In SQL: the ORM would sanitize each script again, which takes longer than all
        the rest. It was sanitized when it was written, and all else in a note is
        escaped.

        :param notes: {mail.activity: markup}
        """
        if not notes:
            return
        activities = self.env["mail.activity"].union(*notes)
        activities.flush_recordset(["note"])
        self.env.cr.execute(
            SQL(
                """UPDATE mail_activity SET note = written.note
                     FROM UNNEST(%s, %s) AS written (id, note)
                    WHERE mail_activity.id = written.id""",
                activities.ids,
                [str(notes[activity]) for activity in activities],
            )
        )
        activities.invalidate_recordset(["note"])

    def _get_history(self, actions):
        """Return {customer: the last actions performed with them}, latest first, in one
        query for all the tasks."""
        actions.flush_model(["company_id", "partner_id", "performed_date", "state"])
        self.env.cr.execute(
            SQL(
                """SELECT id
                     FROM (SELECT id, performed_date,
                                  ROW_NUMBER() OVER (
                                      PARTITION BY company_id, partner_id
                                      ORDER BY performed_date DESC, id DESC) AS place
                             FROM dunning_action
                            WHERE state = 'done' AND company_id = ANY(%s)
                              AND partner_id = ANY(%s)) past
                    WHERE place <= %s
                 ORDER BY performed_date DESC, id DESC""",
                actions.company_id.ids,
                actions.partner_id.ids,
                HISTORY_LENGTH,
            )
        )
        past = actions.browse([id_ for (id_,) in self.env.cr.fetchall()])
        return past.grouped("partner_id")

    def _get_history_line(self, action):
        """Return the text of an earlier action: contact, result and notes."""
        outcomes = get_labels(action, "outcome")
        labels = get_labels(action, "channel")
        what = (action.step_id.name, labels[action.channel])
        made = f"{format_date(action.env, action.performed_date)}: " + ", ".join(
            filter(None, what)
        )
        notes = action.delivery_ids.filtered(
            lambda way: self._get_nature(way.channel) == "human"
        ).mail_message_id
        said = [html2plaintext(note.body) for note in notes]
        told = [made, action.wait_text, outcomes.get(action.outcome), *said]
        return " – ".join(filter(None, told))

    def _withdraw(self, deliveries):
        deliveries.activity_id.unlink()

    def _refresh(self, deliveries):
        """Update the notes of the activities with the present figures."""
        tasks = self._in_channel(deliveries).filtered("activity_id")
        users = {delivery: delivery.activity_id.user_id for delivery in tasks}
        notes = self._get_notes(tasks, users)
        self._write_notes({d.activity_id: notes[d] for d in tasks})

    def _log_performed(self, deliveries, feedback):
        notes = {
            delivery: self._get_performed_note(delivery) for delivery in deliveries
        }
        deliveries._log_in_chatter(notes, feedback)

    def _get_content(self, delivery):
        activity = delivery.activity_id
        return {
            "recipients": f"{delivery.contact_id.display_name}, {delivery.address}",
            "sender": activity.user_id.name,
            "subject": activity.summary,
            "body": activity.note,
        }
