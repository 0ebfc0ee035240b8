from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.bus.models.bus import BusBus

from ..common import day
from .common import DeliveryCommon

COURIER = "odoo.addons.account_dunning_scenario.models.delivery.dunning_courier_run"
COLLECTOR = "account_dunning_scenario.dunning_group_collector"
TICKED = [("state", "=", "to_confirm"), ("is_ticked", "=", True)]


class DispatchCommon(DeliveryCommon):
    """A collector's morning: reminder 1 waits, ticked, for Bleu, Corail and Dune."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("account_dunning_scenario.ir_cron_deliver_actions")
        cls.bleu, cls.corail, cls.dune = cls.customers = [
            cls._create_customer(name) for name in ("Bleu", "Corail", "Dune")
        ]
        for customer in cls.customers:
            cls._create_late_claim(customer)
        cls.actions = cls._plan().sorted(lambda action: action.partner_id.name)
        cls.actions.sudo().scheduled_at = "2026-03-04 09:00:00"
        cls.other = new_test_user(
            cls.env,
            login="dominique",
            name="Dominique Petit",
            groups=COLLECTOR,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _open_dialog(self, user=None, **context):
        """Press “Send N Ticked” on the desk; return the dialog."""
        wizards = self.env["dunning.action.confirm"].with_user(user or self.collector)
        return Form(wizards.with_context(**context)).save()

    def _press_send(self, user=None, **context):
        """Press it, and “Send” in the dialog; return the dispatch."""
        answer = self._open_dialog(user, **context).action_confirm()
        return self._get_dispatch(answer)

    def _get_dispatch(self, answer):
        progress = answer["infos"]["dunning_dispatch"]
        dispatches = self.env["dunning.dispatch"].with_user(self.collector)
        return dispatches.browse(progress["id"])

    def _deliver_in_background(self, batch_size=50):
        """Run the job; return what it published to whom, by order of commit."""
        published = []
        send = BusBus._sendone

        def record(bus, target, kind, message):
            if kind == "dunning.dispatch/progress":
                published.append((target, message))
            return send(bus, target, kind, message)

        self.env.flush_all()
        with (
            patch(f"{COURIER}.BATCH_SIZE", batch_size),
            patch.object(BusBus, "_sendone", record),
            self._in_test_mode(),
        ):
            self.cron.sudo().method_direct_trigger()
        self.env.invalidate_all()
        return published

    def _let_mails_leave(self):
        """Let the mail server take what is in the queue, and the job hear of it."""
        # sudo: the queue is the system's
        mails = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
        mails.state = "sent"
        self._deliver_in_background()

    def _in_test_mode(self):
        return self.enter_registry_test_mode()

    def _break_text_for(self, customer):
        """Make the text fail for one customer: it needs a reference they have not."""
        for other in self.customers:
            other.ref = other != customer and other.name
        self.mail_text.subject = "{{ object.partner_id.ref.upper() }}"

    def _get_results(self, dispatch):
        return {a.partner_id.name: a.dispatch_result for a in dispatch.action_ids}


@tagged("post_install", "-at_install")
class TestDispatch(DispatchCommon):
    """“Send” is pressed: it leaves in the background, and one sees how far it is."""

    def test_everything_ticked_leaves(self):
        """S1-04: three customers followed up by one press, the user goes on at once."""
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        dispatch = self._press_send()
        self.assertTrue(triggers.search([("cron_id", "=", self.cron.id)]) - triggers)
        self.assertEqual(dispatch.action_ids, self.actions)
        self.assertEqual((dispatch.total_count, dispatch.progress), (3, 0))
        self.assertEqual(dispatch.user_id, self.collector)
        self._deliver_in_background()
        self.assertEqual((dispatch.queued_count, dispatch.progress), (3, 100))
        self._let_mails_leave()
        self.assertEqual((dispatch.sent_count, dispatch.progress), (3, 100))

    def test_progress_is_what_is_committed(self):
        """The bar moves when a batch is committed, by what is in it: no clock."""
        dispatch = self._press_send()
        published = self._deliver_in_background(batch_size=1)
        self.assertEqual(
            {target for target, _ in published}, {self.collector.partner_id}
        )
        self.assertEqual({message["id"] for _, message in published}, {dispatch.id})
        left = [message["under_way_count"] for _, message in published]
        self.assertEqual(left, [2, 1, 0])
        self.assertEqual(published[-1][1]["queued_count"], 3)

    def test_time_over_leaves_the_rest_under_way(self):
        dispatch = self._press_send()
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=0
        ):
            self._deliver_in_background(batch_size=1)
        self.assertEqual((dispatch.queued_count, dispatch.under_way_count), (1, 2))
        self.assertEqual(dispatch.progress, 33)

    def test_later_ones_wait_for_their_hour(self):
        """S0-31: what is for the afternoon is said to wait, with its hour."""
        self.actions[0].sudo().scheduled_at = "2026-03-04 13:00:00"
        dispatch = self._press_send()
        (_, last) = self._deliver_in_background()[-1]
        self.assertEqual((last["queued_count"], last["waiting_count"]), (2, 1))
        self.assertEqual(last["next_at"], "2026-03-04 13:00:00")
        self.assertEqual((last["under_way_count"], last["progress"]), (0, 100))
        with freeze_time("2026-03-04 13:05:00"):
            self._deliver_in_background()
        self.assertEqual((dispatch.queued_count, dispatch.waiting_count), (3, 0))

    @mute_logger(COURIER, "odoo.addons.mail.models.mail_render_mixin")
    def test_failed_one_says_why_and_is_retried(self):
        """The reason stands beside it; once mended, one button sends it again, and it
        is counted in the same dispatch."""
        self._break_text_for(self.corail)
        dispatch = self._press_send()
        self._deliver_in_background()
        self.assertEqual((dispatch.queued_count, dispatch.failed_count), (2, 1))
        failed = dispatch.action_ids.filtered(lambda a: a.dispatch_result == "failed")
        self.assertEqual(failed.partner_id, self.corail)
        self.assertIn("could not be filled in for Corail", failed.dispatch_note)
        dispatch.action_put_away()
        self.corail.ref = "C-17"
        dispatch.action_retry()
        self.assertEqual((dispatch.under_way_count, dispatch.failed_count), (1, 0))
        self.assertFalse(dispatch.is_seen)
        self._deliver_in_background()
        self.assertEqual(dispatch.queued_count, 3)

    def test_nothing_to_retry_is_said(self):
        dispatch = self._press_send()
        with self.assertRaisesRegex(UserError, "None of these actions has failed"):
            dispatch.action_retry()

    def test_paid_meanwhile_is_not_sent(self):
        """Case C6: the payment came between screen and send: dropped, and said."""
        dispatch = self._press_send()
        claim = self.actions.filtered(lambda a: a.partner_id == self.dune).line_ids
        self._pay(claim.move_line_id, day("03-04"))
        self._deliver_in_background()
        self.assertEqual(
            self._get_results(dispatch),
            {"Bleu": "queued", "Corail": "queued", "Dune": "dropped"},
        )
        self.assertEqual(dispatch.dropped_count, 1)
        dropped = dispatch.action_ids.filtered(lambda a: a.partner_id == self.dune)
        self.assertIn("paid", dropped.dispatch_note.lower())
        self.assertFalse(dropped.delivery_ids)

    def test_mail_server_down(self):
        """The e-mail was not taken: put off, when it is tried again, the answer."""
        dispatch = self._press_send()
        self._deliver_in_background()
        mails = dispatch.action_ids.sudo().delivery_ids.mail_mail_id
        mails[0].write({"state": "exception", "failure_reason": "Connection refused"})
        self._deliver_in_background()
        self.assertEqual((dispatch.queued_count, dispatch.put_off_count), (2, 1))
        put_off = dispatch.action_ids.filtered(lambda a: a.dispatch_result == "put_off")
        self.assertIn("Connection refused", put_off.dispatch_note)

    def test_calls_are_handed_over(self):
        """A call does not leave by itself: it is counted among those to make."""
        self.actions[0].sudo().channel = "phone"
        dispatch = self._press_send()
        self._deliver_in_background()
        self.assertEqual((dispatch.queued_count, dispatch.handed_count), (2, 1))

    def test_called_back_ones_are_on_the_desk(self):
        dispatch = self._press_send()
        self.actions[0].sudo().state = "to_confirm"
        self.assertEqual(dispatch.returned_count, 1)

    # ---- two collectors --------------------------------------------------------------

    def test_what_another_collector_sent_is_named(self):
        """Dominique sends one of them while Camille reads the summary: it leaves once,
        the result says by whom."""
        dialog = self._open_dialog()
        mine = self.actions[0]
        self._press_send(self.other, active_ids=mine.ids)
        dispatch = self._get_dispatch(dialog.action_confirm())
        self.assertEqual(dispatch.action_ids, self.actions - mine)
        self.assertEqual(dispatch.missed_action_ids, mine)
        self.assertEqual(dispatch.missed_action_ids.dealt_with_by, "Dominique Petit")
        self._deliver_in_background()
        self.assertEqual(len(mine.delivery_ids), 1)

    def test_what_is_in_other_hands_is_left_to_them(self):
        """Somebody works on one of them right now: the others leave all the same."""
        held = self.actions[0]
        with self._held_by_another_worker(held):
            dispatch = self._press_send()
        self.assertEqual(dispatch.missed_action_ids, held)
        self.assertEqual(dispatch.action_ids, self.actions - held)
        with (
            self._held_by_another_worker(held),
            self.assertRaisesRegex(UserError, "working on these actions right now"),
        ):
            self._press_send()

    def test_unticked_meanwhile_stays(self):
        dialog = self._open_dialog()
        self.actions[0].with_user(self.other).is_ticked = False
        dispatch = self._get_dispatch(dialog.action_confirm())
        self.assertEqual(dispatch.missed_action_ids, self.actions[0])
        self.assertEqual(self.actions[0].state, "to_confirm")

    def test_all_of_it_was_sent_by_another(self):
        dialog = self._open_dialog()
        self._press_send(self.other)
        with self.assertRaisesRegex(UserError, "in the meantime by Dominique Petit"):
            dialog.action_confirm()

    def test_nothing_ticked_is_said(self):
        self.actions.is_ticked = False
        dialog = self._open_dialog()
        self.assertFalse(dialog.action_count)
        self.assertIn("Nothing is ticked", dialog.summary)
        with self.assertRaisesRegex(UserError, "Nothing is ticked"):
            dialog.action_confirm()

    # ---- who sees what ---------------------------------------------------------------

    def test_page_opened_again_knows_what_is_under_way(self):
        """After a reload the bar is there again; once put away, it is not."""
        dispatch = self._press_send()
        Dispatch = self.env["dunning.dispatch"]
        (progress,) = Dispatch.with_user(self.collector)._get_unseen()
        self.assertEqual((progress["id"], progress["total_count"]), (dispatch.id, 3))
        self.assertFalse(Dispatch.with_user(self.other)._get_unseen())
        dispatch.with_user(self.other).action_put_away()
        self.assertFalse(dispatch.is_seen)
        dispatch.action_open()
        self.assertFalse(Dispatch.with_user(self.collector)._get_unseen())

    def test_history_cannot_be_changed(self):
        dispatch = self._press_send()
        for change in (
            lambda: dispatch.write({"user_id": self.other.id}),
            lambda: dispatch.unlink(),
            lambda: dispatch.create({"user_id": self.other.id}),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_other_company_and_others_see_nothing(self):
        dispatch = self._press_send()
        company = self.setup_other_company()["company"]
        users = [
            self._create_reader("abroad", COLLECTOR, company),
            self._create_reader("sales", "base.group_user", self.company),
        ]
        for user in users:
            with self.subTest(user=user.login):
                found = self.env["dunning.dispatch"].with_user(user).search([])
                self.assertFalse(found)
                with self.assertRaises(AccessError):
                    dispatch.with_user(user).read(["started_at"])
        accountant = self._create_reader(
            "reader", "account.group_account_readonly", self.company
        )
        self.assertEqual(dispatch.with_user(accountant).total_count, 3)
        with self.assertRaises(AccessError):
            dispatch.action_ids.with_user(accountant).action_retry()

    def _create_reader(self, login, groups, company):
        return new_test_user(
            self.env,
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )


@tagged("post_install", "-at_install")
class TestDesk(DispatchCommon):
    """What the desk shows, and what its dialog says before anything leaves."""

    def _get_figures(self, domain=()):
        actions = self.env["dunning.action"].with_user(self.collector)
        return actions.get_desk_summary(list(domain))

    def test_banner(self):
        self.actions[0].is_ticked = False
        self.actions[1].sudo().write({"state": "failed", "reason": "No address"})
        figures = self._get_figures([("id", "in", self.actions.ids)])
        self.assertEqual(
            (figures["count"], figures["ticked"], figures["failed"]), (3, 1, 1)
        )
        self.assertEqual(
            figures["amounts"],
            [{"currency_id": self.company.currency_id.id, "amount": 100.0}],
        )

    def test_banner_counts_what_comes_first(self):
        """S2-20: disputes and broken promises are told before all else."""
        claim = self.actions[0].line_ids.move_line_id
        self.env["dunning.dispute"].create(
            {
                "partner_id": self.bleu.id,
                "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
                "claim_ids": [
                    Command.create({"move_line_id": claim.id, "amount": 40.0})
                ],
            }
        )
        self.assertEqual(self._get_figures(TICKED)["first"], 1)

    def test_lateness_is_of_the_companys_day(self):
        """Where the user travels it is tomorrow already: the company's day counts."""
        self.collector.tz = "Pacific/Kiritimati"
        self.assertEqual(self.actions[0].with_user(self.collector).days_late, 8)

    def test_filters_of_the_list_count(self):
        """What is filtered out is not sent, and the dialog says so."""
        shown = [("partner_id", "=", self.bleu.id)]
        dialog = self._open_dialog(dunning_domain=shown)
        self.assertEqual(dialog.action_ids, self.actions[0])
        self.assertIn("2 more are ticked outside", dialog.summary)
        dispatch = self._get_dispatch(dialog.action_confirm())
        self.assertEqual(dispatch.action_ids, self.actions[0])

    def test_selection_counts(self):
        dialog = self._open_dialog(active_ids=self.actions[1:].ids)
        self.assertEqual(dialog.action_ids, self.actions[1:])

    def test_summary_says_by_what_how_much_and_when(self):
        self.actions[0].sudo().write(
            {"channel": "phone", "scheduled_at": "2026-03-04 13:00:00"}
        )
        rows = {row["channel"]: row for row in self._open_dialog()._get_summary_rows()}
        emails, calls = rows["E-mail"], rows["Phone"]
        self.assertEqual((emails["count"], emails["amount"]), (2, 200.0))
        self.assertEqual(emails["leaves"], "at once")
        self.assertIn("from", calls["leaves"])
        self.actions[1].sudo().scheduled_at = "2026-03-04 13:00:00"
        rows = {row["channel"]: row for row in self._open_dialog()._get_summary_rows()}
        self.assertIn("1 at once, 1 from", rows["E-mail"]["leaves"])

    def test_unreachable_customers_are_named(self):
        """No address at all: their action would fail, the summary says it before."""
        self.bleu.write({"email": False, "street": False, "zip": False, "city": False})
        self.corail.email = False
        summary = self._open_dialog().summary
        self.assertIn("No usable address: Bleu.", summary)
        self.assertIn("for the first channel: Corail.", summary)
        self.assertNotIn("Dune", summary)

    def test_ticked_although_in_stop_is_named(self):
        self.bleu.dunning_is_stopped = True
        self.assertIn("but ticked: Bleu.", self._open_dialog().summary)
        self.bleu.dunning_stop_until = day("03-03")
        self.assertNotIn("but ticked", self._open_dialog().summary)

    def test_company_that_is_not_switched_on_is_named(self):
        """Nothing would leave: the summary says so, and so does the button."""
        self.company.dunning_is_live = False
        dialog = self._open_dialog()
        self.assertIn("is not switched on yet", dialog.summary)
        with self.assertRaisesRegex(UserError, "is not switched on yet"):
            dialog.action_confirm()

    def test_mail_server_that_is_down_is_told(self):
        self.env["ir.mail_server"].search([]).active = False
        self.assertIn("No outgoing mail server", self._open_dialog().summary)
        self.env["ir.mail_server"].create(
            {"name": "Relay", "smtp_host": "relay.example.com"}
        )
        self.assertNotIn("mail server", self._open_dialog().summary)
        self._press_send(active_ids=self.actions[0].ids)
        self._deliver_in_background()
        mail = self.actions[0].sudo().delivery_ids.mail_mail_id
        mail.write({"state": "exception", "failure_reason": "Connection refused"})
        self._deliver_in_background()
        self.assertIn(
            "Not accepted yet by the mail server: 1 messages",
            self._open_dialog().summary,
        )

    def test_mail_server_is_missed_by_whatever_leaves_by_it(self):
        """By e-mail, with buttons or without, by fax to its gateway; as first way, as
        second, or as what is left when the first leads nowhere; by nothing else."""
        self.env["ir.mail_server"].search([]).active = False
        customers = self.bleu | self.corail | self.dune
        self.company.sudo().dunning_fax_gateway = "{number}@fax.example.com"
        customers.dunning_fax = "+33491900001"
        mails = {"email", "interactive_email", "fax"}
        for code in self.env["dunning.channel"]._get_codes():
            with self.subTest(code):
                self._let_leave_by(code)
                missed = "No outgoing mail server" in self._open_dialog().summary
                self.assertEqual(missed, code in mails)
        customers.write({"phone": False})
        for role in ("second_channel", "fallback_channel"):
            self._let_leave_by("phone", **{role: "interactive_email"})
            self.assertIn("No outgoing mail server", self._open_dialog().summary)

    def _let_leave_by(self, channel, **values):
        """Let what is on the desk leave by a channel, and by nothing else."""
        ways = {"second_channel": False, "fallback_channel": False, **values}
        self.actions.sudo().step_id.write(
            {"sms_audience": "all", "script": "Call back.", **ways}
        )
        self.actions.sudo().channel = channel

    def test_message_is_written_in_a_dialog_and_ticks(self):
        """S4-29: personalise: the text of the step is there, saving it ticks."""
        action = self.actions[0].with_user(self.collector)
        action.sudo().write({"is_ticked": False, "untick_reason": "personalise"})
        opened = action.action_edit_message()
        self.assertEqual(opened["target"], "new")
        self.assertIn("To settle", action.mail_subject)
        self.assertFalse(action.is_ticked)
        with Form(action, view=opened["views"][0][0]) as form:
            form.mail_body = "<p>Dear Jeanne, as we said…</p>"
        self.assertTrue(action.is_ticked)

    # ---- queries ---------------------------------------------------------------------

    def _get_specification(self):
        """Return what the web client asks the list of the desk for."""
        actions = self.env["dunning.action"].with_user(self.collector)
        view = self.env.ref("account_dunning_scenario.dunning_action_view_list_desk")
        models = actions.get_view(view.id, "list")["models"]
        names = {"display_name": {}}
        specification = {}
        for name in models["dunning.action"]:
            field = actions._fields[name]
            specification[name] = {"fields": names} if field.relational else {}
        return specification

    def test_queries_do_not_grow_with_the_rows(self):
        """List, banner and summary take as many queries for 15 customers as for 3."""
        specification = self._get_specification()
        actions = self.env["dunning.action"].with_user(self.collector)
        order = "first_reason desc, channel, partner_id"
        functions = {
            "list": lambda: actions.web_search_read(
                TICKED, specification, order=order, limit=80
            ),
            "banner": lambda: actions.get_desk_summary(TICKED),
            "summary": lambda: self._open_dialog().summary,
            "send": lambda: self._press_send(),
        }
        counts = {}
        for size in (1, 3, 15):  # the first one fills what is read once per process
            for number in range(size):
                self._create_late_claim(
                    self._create_customer(f"Row{size}-{number} Ltd")
                )
            self._plan()
            counts[size] = {
                name: self._count_queries(function)
                for name, function in functions.items()
            }
        self.assertEqual(counts[3], counts[15])
