from datetime import timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from ...journal.dunning_action import OPEN_STATES
from ...planner.pipeline.sentences import LEFT_OUT
from ...planner.pipeline.thanks_tables import WINDOW

PAST_SHOWN = 30
COMING_SHOWN = 20
NAMES_SHOWN = 3
NOTE_LENGTH = 300
# Days after payment within which an invoice may still be thanked for, including the
# step's own days.
THANKS_DAYS = 2 * WINDOW
OUTCOME_TONES = {
    "paid": "success",
    "partly_paid": "success",
    "promise": "info",
    "promise_broken": "danger",
    "dispute": "warning",
    "reply": "info",
    "dissatisfied": "danger",
}
PROMISE_TONES = {"kept": "success", "partly_kept": "warning", "broken": "danger"}


class DunningGlance(models.AbstractModel):
    """Extend the glance with the timeline of the customer, past and to come.

    A scene is a dict: `date`, `is_past`, `kind` (action, step, payment, promise or
    dispute), `channel`, `title`, `about`, `count`, `amount`, `currency_id`, `state`,
    `outcome`, `tone` (of Bootstrap), `note`, the record it opens, `model` and `id`, and
    the `item_ids` of a coming step.
    """

    _inherit = "dunning.glance"

    def _get_film(self, subject, items, outlook):
        """Return the scenes, the oldest first."""
        scenes = [
            *self._get_past_actions(subject),
            *self._get_open_actions(subject),
            *self._get_payments(subject),
            *self._get_answer_scenes(subject),
            *self._get_coming_steps(subject, items, outlook),
        ]
        return sorted(scenes, key=lambda scene: (scene["date"], not scene["is_past"]))

    def _prepare_scene(self, kind, day, record, **values):
        return {
            "kind": kind,
            "date": self._date(day),
            "is_past": True,
            "model": record._name,
            "id": record.id,
            "channel": "",
            "title": "",
            "about": "",
            "count": 0,
            "amount": 0,
            "currency_id": False,
            "state": "",
            "outcome": "",
            "tone": "",
            "note": "",
            "item_ids": [],
            **values,
        }

    # ---- contacts --------------------------------------------------------------------

    def _search_actions(self, subject, states, order, limit=None):
        return self.env["dunning.action"].search(
            [
                ("partner_id", "=", subject.customer.id),
                ("company_id", "in", subject.companies.ids),
                ("state", "in", states),
            ],
            order=order,
            limit=limit,
        )

    def _get_past_actions(self, subject):
        actions = self._search_actions(
            subject, ("done",), "performed_date desc, id desc", PAST_SHOWN
        )
        notes = self._get_notes(actions)
        return [
            self._prepare_action(
                action,
                action.performed_date,
                outcome=self._label(action, "outcome"),
                tone=OUTCOME_TONES.get(action.outcome, ""),
                note=action.wait_text or notes.get(action.id, ""),
            )
            for action in actions
        ]

    def _get_open_actions(self, subject):
        """Return the open actions on their planned day, or today if that is past."""
        actions = self._search_actions(subject, OPEN_STATES, "planned_date, id")
        return [
            self._prepare_action(
                action,
                max(self._get_planned_day(action), subject.day),
                is_past=False,
                state=self._label(action, "state"),
                tone="danger" if action.state == "failed" else "",
                note=action.reason or "",
            )
            for action in actions
        ]

    def _get_planned_day(self, action):
        if action.state == "scheduled" and action.scheduled_at:
            return action.company_id._dunning_today(action.scheduled_at)
        return action.planned_date

    def _prepare_action(self, action, day, **values):
        # sudo: invoice names of an action that the user sees
        lines = action.sudo().line_ids.filtered(lambda line: line.state != "dropped")
        return self._prepare_scene(
            "action",
            day,
            action,
            channel=action.channel,
            title=action.step_id.name or self._label(action, "channel"),
            about=self._join(lines.move_id.mapped("name")),
            count=len(lines),
            amount=action.amount_total,
            currency_id=action.currency_id.id,
            **values,
        )

    def _get_notes(self, actions):
        """Return {action id: note}: from the customer's chatter for calls and visits,
        from the action's own for contacts made by hand."""
        Channel = self.env["dunning.channel"]
        notes = {}
        for action in actions.sudo():  # sudo: the user sees these actions
            if action.origin == "manual":
                message = action.message_ids[:1]
            elif Channel._get_nature(action.channel) == "human":
                message = action.delivery_ids.mail_message_id[:1]
            else:
                continue
            text = html2plaintext(message.body or "", include_references=False)
            notes[action.id] = text[:NOTE_LENGTH]
        return notes

    # ---- payments and answers --------------------------------------------------------

    def _get_payments(self, subject):
        """Return the payments received, by entry, without credit notes and
        write-offs."""
        Item = self.env["account.move.line"].sudo()  # sudo: see `_get_open_items`
        domain = Item._get_dunning_posted_domain(subject.companies, subject.day)
        items = Item.search(
            domain
            & Domain("partner_id.commercial_partner_id", "=", subject.customer.id)
            & Domain("balance", "<", 0)
            & Domain.custom(to_sql=self._is_payment),
            order="date desc, id desc",
            limit=PAST_SHOWN,
        )
        scenes = []
        for move, of_move in items.grouped("move_id").items():
            amount = sum(map(self._get_kept, of_move))
            if not of_move.currency_id[:1].is_zero(amount):
                scene = self._prepare_scene(
                    "payment",
                    move.date,
                    move,
                    title=self.env._("Payment"),
                    about=move.name,
                    amount=amount,
                    currency_id=of_move.currency_id[:1].id,
                    tone="success",
                )
                scenes.append(scene)
        return scenes

    def _get_kept(self, item):
        """Return the part of a payment that was neither refunded nor taken back."""
        gone = item.matched_debit_ids.filtered(
            lambda partial: partial.debit_move_id._dunning_is_money()
        )
        return -item.amount_currency - sum(gone.mapped("credit_amount_currency"))

    def _is_payment(self, model, alias, _query):
        return SQL(
            """EXISTS (SELECT 1 FROM account_journal journal
                        WHERE journal.id = %s AND %s)""",
            model._field_to_sql(alias, "journal_id"),
            self.env["account.move.line"]._dunning_is_payment(alias, "journal"),
        )

    def _get_answer_scenes(self, subject):
        """Return the dates of promises, and the opening days of disputes."""
        promises = self._search_answers(
            "dunning.promise", subject, "date desc, id desc"
        )
        disputes = self._search_answers(
            "dunning.dispute", subject, "opened_date desc, id desc"
        )
        told = promises.filtered(lambda p: p.state not in ("cancelled", "replaced"))
        return [
            self._prepare_scene(
                "promise",
                promise.date,
                promise,
                is_past=promise.date < subject.day,
                title=self.env._("Promised payment"),
                amount=promise.amount,
                currency_id=promise.currency_id.id,
                outcome=self._label(promise, "state"),
                tone=PROMISE_TONES.get(promise.state, "info"),
            )
            for promise in told
        ] + [
            self._prepare_scene(
                "dispute",
                dispute.opened_date,
                dispute,
                title=self.env._("Dispute: %(reason)s", reason=dispute.reason_id.name),
                amount=dispute.amount,
                currency_id=dispute.currency_id.id,
                outcome=self._label(dispute, "outcome")
                or self._label(dispute, "state"),
                tone="warning" if dispute.state != "settled" else "",
            )
            for dispute in disputes
        ]

    # ---- coming steps ----------------------------------------------------------------

    def _get_coming_steps(self, subject, items, outlook):
        """Return the coming steps that nothing stops, grouped by day and step."""
        scenes = {}
        for item in items:
            for step, day in self._get_coming(subject, outlook[item]):
                scenes.setdefault((day, step), []).append(item)
        for item, (step, day) in self._get_thanks(subject).items():
            scenes.setdefault((day, step), []).append(item)
        coming = sorted(scenes, key=lambda scene: (scene[0], scene[1].id))
        return [
            self._prepare_step(subject, step, day, scenes[day, step])
            for day, step in coming[:COMING_SHOWN]
        ]

    def _get_coming(self, subject, view):
        """Return the coming [(step, day)] of an item: its next step on the earliest
        possible day; the later steps, or those after the action in which it waits, as
        far as their days are known, that is if the claim is on schedule."""
        answer, left = view["answer"], view["steps"]
        failed = {rule["code"] for rule in answer["rules"] if rule["passed"] is False}
        stops = failed & LEFT_OUT.keys()
        if stops - {"in_action"} or not left:
            return []
        if stops:
            return left
        trigger = answer["trigger_date"]
        later = left[1:] if trigger >= subject.day else []
        spaced = answer["spaced_until"] if "spacing" in failed else trigger
        day = max(trigger, spaced, subject.day)
        return [(self.env["dunning.step"].browse(answer["next_step_id"]), day), *later]

    def _get_thanks(self, subject):
        """Return {paid item: (step, day)} of the coming thanks."""
        Item = self.env["account.move.line"].sudo()  # sudo: see `_get_open_items`
        since = subject.day - timedelta(days=THANKS_DAYS)
        paid = Item.search(
            Item._get_dunning_posted_domain(subject.companies, subject.day)
            & Domain("partner_id.commercial_partner_id", "=", subject.customer.id)
            & Domain("reconciled", "=", True)
            & Domain("balance", ">", 0)
            & ~Item._get_dunning_paid_out_domain()
            & Domain("matched_credit_ids.max_date", ">", since)
        )
        explainer = self.env["dunning.explainer"].sudo()  # sudo: see the items
        coming = {}
        for item, answer in zip(
            paid, explainer._explain(paid, subject.day), strict=True
        ):
            failed = {r["code"] for r in answer["rules"] if r["passed"] is False}
            if not failed - {"trigger", "business_day"} and answer["next_step_id"]:
                step = self.env["dunning.step"].browse(answer["next_step_id"])
                coming[item] = (step, max(answer["trigger_date"], subject.day))
        return coming

    def _prepare_step(self, subject, step, day, items):
        is_one = len(items) == 1
        return self._prepare_scene(
            "step",
            day,
            items[0].move_id if is_one else subject.customer,
            is_past=False,
            channel=step.channel,
            title=step.name,
            about=self._join([item.move_id.name for item in items]),
            count=len(items),
            item_ids=[item.id for item in items],
            amount=subject.company.currency_id.round(
                sum(item.amount_residual for item in items)
            ),
            currency_id=subject.company.currency_id.id,
        )

    def _join(self, names):
        """Return the first names and the number of the others."""
        names = list(dict.fromkeys(filter(None, names)))
        shown = ", ".join(names[:NAMES_SHOWN])
        rest = len(names) - NAMES_SHOWN
        if rest <= 0:
            return shown
        return self.env._("%(names)s and %(count)s more", names=shown, count=rest)
