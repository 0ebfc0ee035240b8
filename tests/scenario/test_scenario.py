from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import DunningCommon, day


class TextCommon(DunningCommon):
    """Adds a text for e-mails and letters."""

    @classmethod
    def _create_text(cls):
        return cls.env["mail.template"].create(
            {
                "name": "Reminder",
                "model_id": cls.env.ref(
                    "account_dunning_scenario.model_dunning_action"
                ).id,
                "subject": "Your account",
                "body_html": "<p>Good morning</p>",
            }
        )


@tagged("post_install", "-at_install")
class TestScenarioRules(TextCommon):
    """What a manager cannot write into a scenario, and is told why."""

    def _assert_refused(self, words, values, step=None):
        """Assert that writing the values is refused with these words."""
        with self.assertRaises(ValidationError) as refusal:
            (step or self._get_step("reminder_1")).write(values)
        self.assertRegex(str(refusal.exception), words)

    # ---- when --------------------------------------------------------------------

    def test_step_counted_from_itself_is_refused(self):
        step = self._get_step("reminder_2")
        self._assert_refused("counted from itself", {"anchor_step_id": step.id}, step)

    def test_step_counted_from_a_later_one_is_refused(self):
        later = self._get_step("reminder_3")
        self._assert_refused(
            "comes later", {"anchor": "step", "anchor_step_id": later.id}
        )

    def test_circle_is_refused(self):
        """reminder_2 counts from reminder_1, which cannot count from it in turn."""
        base = self._get_step("reminder_2")
        self.assertEqual(base.anchor_step_id, self._get_step("reminder_1"))
        self._assert_refused(
            "must be counted from an earlier",
            {"anchor": "step", "anchor_step_id": base.id},
        )

    def test_named_step_must_be_named(self):
        self._assert_refused("name the step", {"anchor": "step"})

    def test_step_of_another_scenario_is_no_anchor(self):
        other = self._create_scenario(self._step("reminder_1", delay=8))
        self._assert_refused(
            "another scenario",
            {"anchor": "step", "anchor_step_id": other.step_ids.id},
        )

    def test_first_step_has_no_previous_one(self):
        self._assert_refused(
            "no previous step", {"anchor": "previous_step"}, self._get_step("notice")
        )

    def test_moving_a_step_first_that_counts_from_the_previous_is_refused(self):
        """Dragged to the top, the step would have nothing to count from."""
        step = self._get_step("reminder_3")
        step.write({"anchor": "previous_step", "anchor_step_id": False})
        with self.assertRaisesRegex(ValidationError, "no previous step"):
            step.sequence = 1

    def test_notice_after_the_due_date_is_refused(self):
        self._assert_refused(
            "comes before the due date", {"delay": 1}, self._get_step("notice")
        )

    def test_notice_on_the_due_day_is_accepted(self):
        notice = self._get_step("notice")
        notice.delay = 0
        self.assertEqual(notice.timing, "on the day of the due date")

    def test_notice_counted_from_a_reminder_is_refused(self):
        self._assert_refused(
            "earlier notice", {"kind": "notice"}, self._get_step("reminder_2")
        )

    def test_reminder_counted_from_the_payment_is_refused(self):
        self._assert_refused("only thanks", {"anchor": "payment_date"})

    def test_thanks_not_counted_from_the_payment_are_refused(self):
        self._assert_refused("counted from the payment", {"kind": "thanks"})

    def test_delay_of_a_century_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._get_step("reminder_1").delay = 36500

    # ---- how ---------------------------------------------------------------------

    def test_two_steps_with_one_code_are_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._add_steps(self.scenario, self._step("reminder_1", delay=30))

    def test_code_of_an_archived_step_can_be_used_again(self):
        self._get_step("reminder_3").active = False
        self.env.flush_all()
        self._add_steps(self.scenario, self._step("reminder_3", delay=30))
        self.assertEqual(len(self.scenario.step_ids), 4)

    def test_automatic_last_resort_is_refused(self):
        """The last step needs a conscious decision (S0-34)."""
        self._assert_refused(
            "a person has to decide", {"is_last_resort": True, "mode": "auto"}
        )

    def test_channel_named_twice_is_refused(self):
        self._assert_refused("names a channel twice", {"fallback_channel": "phone"})

    def test_email_without_text_is_refused(self):
        self._assert_refused("sends an e-mail", {"channel": "email"})
        self._assert_refused("sends an e-mail", {"fallback_channel": "email"})

    def test_letter_without_text_is_refused(self):
        self._assert_refused("sends a letter", {"channel": "letter"})

    def test_letter_takes_the_text_of_the_email_if_it_has_none(self):
        step = self._get_step("reminder_1")
        template = self._create_text()
        step.write({"channel": "letter", "mail_template_id": template.id})
        self.assertFalse(step.letter_template_id)

    def test_personalised_step_needs_no_text(self):
        step = self._get_step("reminder_1")
        step.write({"channel": "email", "mode": "personalise"})
        with self.assertRaisesRegex(ValidationError, "choose its text"):
            step.mode = "confirm"

    def test_text_made_for_something_else_is_refused(self):
        template = self.env["mail.template"].create(
            {
                "name": "Invoice",
                "model_id": self.env.ref("account.model_account_move").id,
            }
        )
        self._assert_refused(
            "not made for follow-up", {"mail_template_id": template.id}
        )

    def test_condition_that_ends_before_it_starts_is_refused(self):
        self._assert_refused(
            "below its lower limit", {"amount_from": 500, "amount_to": 50}
        )
        self._assert_refused("below its lower limit", {"items_from": 5, "items_to": 2})

    def test_unreadable_filter_is_refused(self):
        for text in ("[('no_such_field', '=', 1)]", "[oops", "1"):
            with self.subTest(filter=text):
                self._assert_refused("cannot be read", {"domain": text})

    def test_filter_on_the_invoice_is_accepted(self):
        step = self._get_step("reminder_1")
        step.domain = "[('move_id.ref', '!=', 'VIP')]"
        self.assertEqual(step.domain, "[('move_id.ref', '!=', 'VIP')]")

    def test_anchor_that_is_archived_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "is archived"):
            self._get_step("reminder_1").active = False

    # ---- whose -------------------------------------------------------------------

    def test_scenario_of_another_company_is_refused(self):
        """Customer, segment and entry take scenarios of their own company only."""
        other = self.setup_other_company()["company"]
        foreign = self.env["dunning.scenario"].create(
            {"name": "Foreign", "company_id": other.id}
        )
        segment = self.env["dunning.segment"].create(
            {"name": "Ours", "code": "ours", "company_id": self.company.id}
        )
        entry = self._create_claim(day("02-20")).move_id
        with self.assertRaises(UserError):
            self.customer.dunning_scenario_id = foreign
        with self.assertRaises(UserError):
            segment.scenario_id = foreign
        with self.assertRaises(UserError):
            entry.dunning_scenario_id = foreign

    def test_scenario_used_by_others_cannot_be_given_to_one_company(self):
        other = self.setup_other_company()["company"]
        other.dunning_scenario_id = self.scenario
        with self.assertRaisesRegex(ValidationError, "is used by"):
            self.scenario.company_id = self.company

    def test_default_scenario_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        self.scenario.company_id = self.company
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            other.dunning_scenario_id = self.scenario

    def test_branch_may_play_the_scenario_of_its_parent(self):
        self.scenario.company_id = self.company
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        branch.dunning_scenario_id = self.scenario
        self.assertEqual(branch.dunning_scenario_id, self.scenario)

    def test_two_segments_with_one_code_are_refused(self):
        values = {"name": "Export", "code": "exp", "company_id": self.company.id}
        self.env["dunning.segment"].create(values)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["dunning.segment"].create(values)

    # ---- in words ----------------------------------------------------------------

    def test_step_list_reads_in_plain_words(self):
        """S0-02: the film is readable before anything is sent."""
        step = self._get_step("reminder_2")
        self.assertEqual(step.timing, "8 days after Reminder 1")
        step.mail_template_id = self._create_text()
        step.write({"fallback_channel": "letter"})
        self.assertEqual(step.way, "Phone, else Letter")
        step.write({"second_channel": "email"})
        self.assertEqual(step.way, "Phone and E-mail, else Letter")
        self.assertEqual(self._get_step("notice").timing, "8 days before the due date")

    def test_copied_scenario_counts_from_its_own_steps(self):
        """S0-43: a company starts its own scenario from a delivered one."""
        copied = self.scenario.copy()
        self.assertEqual(copied.name, "Story (copy)")
        self.assertEqual(
            copied.step_ids.mapped("code"), self.scenario.step_ids.mapped("code")
        )
        self.assertEqual(
            copied.step_ids.anchor_step_id, self._get_step("reminder_1", copied)
        )

    def test_copied_scenario_has_texts_of_its_own(self):
        """What is written for the variant changes nothing for those who play the
        original; steps that shared a text still share one."""
        self.env["res.lang"]._activate_lang("fr_FR")
        text = self._create_text()
        text.with_context(lang="fr_FR").subject = "Votre compte"
        self.scenario.with_context(lang="fr_FR").name = "Histoire"
        steps = self._get_step("reminder_1") | self._get_step("reminder_2")
        steps.mail_template_id = text
        copied = self.scenario.copy()
        self.assertEqual(copied.with_context(lang="fr_FR").name, "Histoire (copie)")
        own = copied.step_ids.mail_template_id
        self.assertEqual(len(own), 1)
        self.assertNotEqual(own, text)
        self.assertEqual(own.with_context(lang="fr_FR").subject, "Votre compte")
        own.subject = "Another one"
        self.assertEqual(text.subject, "Your account")


@tagged("post_install", "-at_install")
class TestChangeInMidCourse(TextCommon):
    """S0-44: scenarios evolve while customers are in the middle of them.

    A claim due on 20 February has played reminder_1 on 1 March.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"))
        cls._play(day("03-01"))
        cls.played = cls._get_step("reminder_1")
        cls.played.letter_template_id = cls._create_text()

    def _get_all_codes(self):
        """Return the codes in order, archived ones in brackets."""
        steps = self.scenario.with_context(active_test=False).step_ids
        return [
            step.code if step.active else f"({step.code})"
            for step in steps.sorted(lambda s: (s.sequence, s.id))
        ]

    def _count_from_due_date(self, *codes):
        for code in codes:
            self._get_step(code).write({"anchor": "due_date", "anchor_step_id": False})

    def _drag(self, code, place):
        """Drag a step of the scenario's list to a place, as the browser saves it."""
        steps = list(self.scenario.step_ids.sorted(lambda s: (s.sequence, s.id)))
        step = self._get_step(code)
        steps.remove(step)
        steps.insert(place, step)
        self.scenario.write(
            {
                "step_ids": [
                    Command.update(s.id, {"sequence": number})
                    for number, s in enumerate(steps, start=1)
                ]
            }
        )

    # ---- moving ------------------------------------------------------------------

    def test_moved_played_step_stays_and_a_copy_goes(self):
        self._count_from_due_date("reminder_2", "reminder_3")
        self.played.sequence = 35
        self.assertEqual(
            self._get_all_codes(),
            ["notice", "(reminder_1)", "reminder_2", "reminder_1", "reminder_3"],
        )
        self.assertFalse(self.played.active)
        self.assertNotEqual(self._get_step("reminder_1"), self.played)

    def test_moved_step_is_offered_again_at_its_new_place(self):
        """The claim stands where it played; the copy lies ahead of it."""
        self._get_step("reminder_2").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self._get_step("reminder_3").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self.played.sequence = 35
        self.assertEqual(self._get_next(self.claim)[0], "reminder_2")

    def test_unplayed_step_moves_without_copy(self):
        step = self._get_step("reminder_3")
        step.sequence = 25
        self.assertEqual(
            self._get_all_codes(), ["notice", "reminder_1", "reminder_3", "reminder_2"]
        )
        self.assertEqual(self._get_step("reminder_3"), step)

    def test_new_number_without_new_place_is_no_move(self):
        self.played.sequence = 22
        self.assertTrue(self.played.active)

    def test_changed_anchor_replaces_the_step_in_place(self):
        self.played.write({"anchor": "invoice_date", "delay": 40})
        replaced = self._get_step("reminder_1")
        self.assertEqual(
            self._get_all_codes(),
            ["notice", "reminder_1", "(reminder_1)", "reminder_2", "reminder_3"],
        )
        self.assertEqual(
            (replaced.anchor, self.played.anchor), ("invoice_date", "due_date")
        )
        self.assertEqual((replaced.delay, self.played.delay), (40, 8))

    def test_changed_kind_of_channel_replaces_the_step(self):
        self.played.write({"channel": "letter", "name": "Letter instead"})
        self.assertEqual(
            (self.played.channel, self.played.name), ("phone", "Reminder 1")
        )
        replaced = self._get_step("reminder_1")
        self.assertEqual(
            (replaced.channel, replaced.name), ("letter", "Letter instead")
        )

    def test_replaced_step_keeps_its_translations(self):
        for code in ("en_US", "fr_FR"):
            self.env["res.lang"]._activate_lang(code)
        self.played.with_context(lang="fr_FR").name = "Relance n° 1"
        self.played.channel = "letter"
        replaced = self._get_step("reminder_1")
        self.assertEqual(replaced.name, "Reminder 1")
        self.assertEqual(replaced.with_context(lang="fr_FR").name, "Relance n° 1")

    def test_delay_texts_hour_and_mode_change_in_place(self):
        self.played.write(
            {"delay": 9, "name": "First call", "send_hour": 14.5, "mode": "auto"}
        )
        self.assertTrue(self.played.active)
        self.assertEqual(self._get_step("reminder_1"), self.played)
        self.assertEqual(self.played.delay, 9)

    def test_step_replaced_in_place_is_not_played_again(self):
        """Whoever was called does not get the same step once more by letter."""
        self.played.channel = "letter"
        self.assertEqual(self._get_next(self.claim)[0], "reminder_2")

    def test_step_replaced_in_place_is_played_by_the_others(self):
        """A claim that comes later plays the new version."""
        self.played.channel = "letter"
        later = self._create_claim(day("02-24"))
        actions = self.assertDue(later)
        self.assertEqual(actions.channel, "letter")

    # ---- what stays --------------------------------------------------------------

    def test_archived_step_counts_for_the_position(self):
        self._get_step("reminder_2").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self._get_step("reminder_3").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self.played.active = False
        self.assertEqual(self._get_next(self.claim)[0], "reminder_2")

    def test_archived_step_counts_as_base(self):
        """reminder_2 still comes eight days after the call that was made, even though
        the step it counts from has become a letter."""
        self.played.channel = "letter"
        step = self._get_step("reminder_2")
        self.assertEqual(step.anchor_step_id, self._get_step("reminder_1"))
        self.assertEqual(self._get_next(self.claim), ("reminder_2", day("03-09")))

    def test_archived_step_is_never_next(self):
        self._get_step("reminder_2").active = False
        self.assertEqual(self._get_next(self.claim), ("reminder_3", day("03-17")))

    def test_step_added_before_the_position_is_not_played_back(self):
        self._add_steps(self.scenario, self._step("early_call", delay=2, sequence=15))
        self.assertEqual(self._get_next(self.claim)[0], "reminder_2")

    def test_step_added_ahead_is_played(self):
        self._add_steps(self.scenario, self._step("soon_call", delay=10, sequence=25))
        self.assertEqual(self._get_next(self.claim)[0], "soon_call")

    def test_played_step_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.played.unlink()

    def test_step_others_count_from_cannot_be_deleted(self):
        self._add_steps(
            self.scenario,
            self._step("late", delay=30, sequence=50),
            self._step("later", anchor="late", delay=8, sequence=60),
        )
        with self.assertRaisesRegex(UserError, "“Later” is counted from “Late”"):
            self._get_step("late").unlink()

    def test_scenario_with_a_history_cannot_be_deleted(self):
        """Even when its only played step was archived meanwhile."""
        self.scenario.step_ids.write({"anchor": "due_date", "anchor_step_id": False})
        self.scenario.with_context(active_test=False).step_ids.active = False
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.scenario.unlink()

    def test_scenario_never_played_can_be_deleted(self):
        copied = self.scenario.copy()
        copied.unlink()
        self.assertFalse(copied.exists())

    def test_step_played_in_another_company_is_played(self):
        """A shared scenario has a history that this manager does not see."""
        self._count_from_due_date("reminder_2", "reminder_3")
        other = self.setup_other_company()["company"]
        manager = self.env.user.copy(
            {"company_id": other.id, "company_ids": self.env.user.company_ids.ids}
        )
        step = self.played.with_user(manager)
        step = step.with_context(allowed_company_ids=other.ids)
        step.sequence = 35
        self.assertFalse(self.played.active)

    # ---- on the screen -----------------------------------------------------------

    def test_dragging_an_unplayed_step_leaves_played_ones_alone(self):
        """The browser renumbers every step on the way; only one was moved."""
        self._count_from_due_date("reminder_3")
        self._play(day("03-09"))
        self._drag("reminder_3", 0)
        self.assertEqual(
            self._get_all_codes(), ["reminder_3", "notice", "reminder_1", "reminder_2"]
        )

    def test_dragging_a_played_step_replaces_this_one_only(self):
        self._get_step("reminder_2").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self._get_step("reminder_3").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self._play(day("03-09"))
        self._drag("reminder_1", 3)
        self.assertEqual(
            self._get_all_codes(),
            ["notice", "(reminder_1)", "reminder_2", "reminder_3", "reminder_1"],
        )

    def test_archived_step_keeps_its_place_when_others_are_dragged(self):
        """The claims that played it must not lose a step that lies ahead of them."""
        self.played.channel = "letter"
        self._drag("reminder_3", 2)
        self.assertEqual(
            self._get_all_codes(),
            ["notice", "reminder_1", "(reminder_1)", "reminder_3", "reminder_2"],
        )
        self.assertEqual(self._get_next(self.claim)[0], "reminder_3")

    def test_drag_and_change_in_one_save(self):
        """A played step becomes a letter while another one is dragged before it."""
        film = self.scenario.step_ids
        sequences = dict(
            zip(
                ("notice", "reminder_3", "reminder_1", "reminder_2"),
                range(4),
                strict=True,
            )
        )
        self._get_step("reminder_3").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self.scenario.write(
            {
                "step_ids": [
                    Command.update(
                        step.id,
                        {"sequence": sequences[step.code]}
                        | ({"channel": "letter"} if step == self.played else {}),
                    )
                    for step in film
                ]
            }
        )
        self.assertEqual(
            self._get_all_codes(),
            ["notice", "reminder_3", "reminder_1", "(reminder_1)", "reminder_2"],
        )

    def test_removing_a_played_step_from_the_list_archives_it(self):
        self._get_step("reminder_2").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self._get_step("reminder_3").write(
            {"anchor": "due_date", "anchor_step_id": False}
        )
        self.scenario.write({"step_ids": [Command.delete(self.played.id)]})
        self.assertFalse(self.played.active)
        self.assertEqual(self.scenario.archived_step_count, 1)
        action = self.scenario.action_view_archived_steps()
        self.assertEqual(self.env["dunning.step"].search(action["domain"]), self.played)

    def test_step_added_in_the_form(self):
        """A manager adds a call to the list."""
        with Form(self.scenario) as form, form.step_ids.new() as line:
            line.name = "Last call"
            line.code = "last_call"
            line.channel = "phone"
            line.delay = 60
        self.assertEqual(
            self._get_step("last_call").timing, "60 days after the due date"
        )
        self.assertEqual(self.scenario.step_count, 5)

    # ---- to another scenario -----------------------------------------------------

    def test_claim_that_changes_scenario_does_not_repeat_a_code(self):
        """reminder_1 was played in the old scenario: its code counts in the new one."""
        other = self._create_scenario(
            self._step("reminder_1", delay=20), self._step("reminder_2", delay=30)
        )
        self.claim.move_id.dunning_scenario_id = other
        self.assertEqual(self._get_next(self.claim), ("reminder_2", day("03-22")))

    def test_claim_that_changes_scenario_skips_what_is_past(self):
        """A step whose own day lies before the last contact counts as passed."""
        other = self._create_scenario(
            self._step("early", delay=3), self._step("late", delay=30)
        )
        self.claim.move_id.dunning_scenario_id = other
        self.assertEqual(self._get_next(self.claim)[0], "late")

    def test_waiting_step_of_the_old_scenario_is_dropped(self):
        (action,) = self._plan(day("03-09"))
        self.claim.move_id.dunning_scenario_id = self._create_scenario(
            self._step("reminder_9", delay=60)
        )
        self._plan(day("03-09"))
        self.assertEqual(action.line_ids.state, "dropped")
        self.assertEqual(action.state, "cancelled")
