"""The delivered scenarios and segments: what the user's documents ask for."""

from itertools import product

from lxml import html

from odoo.tests import TransactionCase, tagged

MODULE = "account_dunning_scenario"
LANGS = ("en_US", "fr_FR")


@tagged("post_install", "-at_install")
class TestDeliveredScenarios(TransactionCase):
    def test_standard_scenario_is_the_one_of_the_documents(self):
        """A standard customer gets e-mails, two calls counted from the first reminder,
        two letters and thanks (S1-16..S1-23); the call before the due date is there,
        switched off (S2-11)."""
        self._assert_steps(
            "standard",
            """
satisfaction_call | notice   | phone  | due_date     | -14 | confirm | off
notice            | notice   | email  | due_date     | -8  | confirm | letter
reminder_1        | reminder | email  | due_date     | +8  | confirm | letter
reminder_2        | reminder | phone  | reminder_1   | +8  | confirm |
reminder_3        | reminder | phone  | reminder_1   | +16 | confirm |
reminder_4        | reminder | letter | reminder_3   | +8  | confirm |
reminder_5        | reminder | letter | reminder_4   | +8  | confirm |
thanks            | thanks   | email  | payment_date | +8  | confirm |
            """,
        )

    def test_customers_without_email_get_letters_instead(self):
        """The variant by post writes letters where the standard one sends e-mails
        (S1-24, S1-25); thanks by letter are switched off."""
        self._assert_steps(
            "standard_post",
            """
satisfaction_call | notice   | phone  | due_date     | -14 | confirm | off
notice            | notice   | letter | due_date     | -8  | confirm |
reminder_1        | reminder | letter | due_date     | +8  | confirm |
reminder_2        | reminder | phone  | reminder_1   | +8  | confirm |
reminder_3        | reminder | phone  | reminder_1   | +16 | confirm |
reminder_4        | reminder | letter | reminder_3   | +8  | confirm |
reminder_5        | reminder | letter | reminder_4   | +8  | confirm |
thanks            | thanks   | letter | payment_date | +8  | confirm | off
            """,
        )

    def test_export_scenario_counts_everything_from_the_due_date(self):
        """An export customer gets two e-mails, a call and two letters, eight days
        apart, neither notice nor thanks (S1-30..S1-35); e-mails may go by post when
        there is no address (S1-36)."""
        self._assert_steps(
            "export",
            """
reminder_1 | reminder | email  | due_date | +8  | confirm | letter
reminder_2 | reminder | email  | due_date | +16 | confirm | letter
reminder_3 | reminder | phone  | due_date | +24 | confirm |
reminder_4 | reminder | letter | due_date | +32 | confirm |
reminder_5 | reminder | letter | due_date | +40 | confirm |
            """,
        )

    def test_key_account_steps_are_decided_by_people(self):
        """A key account is called first, its e-mail is personal, the rest is played
        when needed (S1-40..S1-46)."""
        self._assert_steps(
            "key_account",
            """
satisfaction_call | notice   | phone  | due_date     | -14 | confirm     | off
notice            | notice   | email  | due_date     | -8  | optional    | letter
reminder_1        | reminder | phone  | due_date     | +8  | confirm     |
reminder_2        | reminder | email  | due_date     | +16 | personalise | letter
reminder_3        | reminder | email  | due_date     | +24 | optional    | letter
reminder_4        | reminder | letter | due_date     | +32 | optional    |
reminder_5        | reminder | letter | due_date     | +40 | optional    |
thanks            | thanks   | email  | payment_date | +8  | confirm     |
            """,
        )

    def test_bad_payers_are_followed_closely(self):
        """A bad payer always gets the notice, closer and firmer steps, and the letter
        on legal consequences before the last resort (S1-47..S1-49, S0-34)."""
        self._assert_steps(
            "bad_payer",
            """
notice     | notice   | email  | due_date     | -8  | confirm | letter
reminder_1 | reminder | email  | due_date     | +3  | confirm | letter
reminder_2 | reminder | phone  | due_date     | +8  | confirm |
reminder_3 | reminder | email  | due_date     | +12 | confirm | letter
reminder_4 | reminder | registered_letter | due_date | +18 | confirm |
reminder_5 | reminder | letter | due_date     | +30 | confirm | last
thanks     | thanks   | email  | payment_date | +8  | confirm |
            """,
        )
        legal = self._ref("dunning_step_bad_payer_reminder_4")
        self.assertEqual(
            legal.letter_template_id, self._ref("mail_template_letter_reminder_law")
        )

    def test_each_segment_plays_its_scenario(self):
        """Each kind of customer of the documents has its segment (S1-10, S1-38), and
        the key accounts, export customers and bad payers their own scenario."""
        scenarios = {
            "standard": "standard",
            "standard_post": "standard_post",
            "export": "export",
            "key_account": "key_account",
            "bad_payer": "bad_payer",
            "public_sector": "standard",
            "small_business": "standard",
        }
        for code, scenario in scenarios.items():
            segment = self._ref(f"dunning_segment_{code}")
            self.assertEqual(segment.code, code)
            self.assertEqual(
                segment.scenario_id, self._ref(f"dunning_scenario_{scenario}")
            )

    def test_each_step_has_the_text_its_channels_need(self):
        """A written step brings its text for each way it may take, a call its guide
        (S0-23), and only letters and e-mails have templates."""
        for step in self._get_delivered_steps():
            with self.subTest(step=step.display_name, scenario=step.scenario_id.name):
                ways = {step.channel, step.second_channel, step.fallback_channel}
                letters = {"letter", "registered_letter"}
                self.assertEqual(bool(step.mail_template_id), "email" in ways)
                self.assertEqual(bool(step.letter_template_id), bool(letters & ways))
                self.assertEqual(bool(step.script), "phone" in ways)

    def test_tone_grows_firmer_and_never_softer(self):
        """Within a scenario the tone never softens (S1-27..S1-29); the fourth reminder
        is the first firm one for customers who usually pay."""
        tones = ("courteous", "neutral", "firm", "formal")
        for scenario in self._get_delivered_steps().scenario_id:
            steps = scenario.step_ids.filtered(lambda step: step.kind != "thanks")
            ranks = [tones.index(step.tone) for step in steps]
            self.assertEqual(ranks, sorted(ranks), scenario.name)
        for code in ("standard", "standard_post", "export"):
            steps = self._ref(f"dunning_scenario_{code}").step_ids
            first_firm = steps.filtered(lambda step: step.tone == "firm")[:1]
            self.assertEqual(first_firm.code, "reminder_4")

    def test_calls_ask_open_questions(self):
        """A call guide listens, rephrases and asks (S0-24..S0-27, S1-28); the one
        before the due date never asks for money (S2-12..S2-16)."""
        self._load_french()
        for lang, step in product(LANGS, self._get_delivered_steps()):
            if step.channel != "phone":
                continue
            guide = html.fromstring(step.with_context(lang=lang).script)
            questions = [item.text_content() for item in guide.iter("li")]
            self.assertGreaterEqual(len(questions), 3)
            for question in questions:
                self.assertTrue(question.strip().endswith("?"), question)
        call = self._ref("dunning_step_standard_satisfaction_call")
        self.assertIn("Do not ask for money", call.script)
        self.assertIn("Only if every answer is positive", call.script)

    def test_messages_ask_within_the_time_before_the_next_step(self):
        """Who answers by the date asked for is not contacted before it (S4-26)."""
        for step in self._get_delivered_steps():
            if step.kind == "thanks":
                self.assertFalse(step.request)
                continue
            self.assertTrue(step.request)
            self.assertGreaterEqual(step.request_days, 3)
            following = step.scenario_id.step_ids.filtered(
                lambda other, step=step: (
                    other.anchor == step.anchor == "due_date"
                    and other.delay > step.delay
                    and step.kind == other.kind == "reminder"
                )
            )
            for other in following:
                self.assertLessEqual(step.request_days, other.delay - step.delay)

    # ---- helpers -------------------------------------------------------------------

    def _ref(self, name):
        return self.env.ref(f"{MODULE}.{name}")

    def _assert_steps(self, scenario, expected):
        """Compare the steps of a delivered scenario with a table, a row per step.

        A row reads `code | kind | channel | anchor | delay | mode | marks`: an anchor
        that is no date is the code of a step; marks are `off`, `last` and `letter`
        (the fallback).
        """
        steps = self._ref(f"dunning_scenario_{scenario}").step_ids
        rows = [self._describe(step) for step in steps]
        table = [
            tuple(cell.strip() for cell in row.split("|"))
            for row in expected.strip().splitlines()
        ]
        self.assertEqual(rows, table)
        for step in steps:
            self.assertEqual(self._ref(f"dunning_step_{scenario}_{step.code}"), step)

    def _describe(self, step):
        anchor = step.anchor_step_id.code if step.anchor == "step" else step.anchor
        marks = [
            "" if step.is_enabled else "off",
            "last" if step.is_last_resort else "",
            step.fallback_channel or "",
        ]
        return (
            step.code,
            step.kind,
            step.channel,
            anchor,
            f"{step.delay:+d}",
            step.mode,
            " ".join(mark for mark in marks if mark),
        )

    def _get_delivered_steps(self):
        records = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "dunning.step")]
        )
        return self.env["dunning.step"].browse(records.mapped("res_id")).exists()

    def _load_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
