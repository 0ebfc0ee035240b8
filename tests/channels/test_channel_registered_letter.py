import base64
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ...models.channels.registered_letter.postal_number import (
    format_number,
    is_valid_number,
)
from ..common import day
from .letter_common import LetterCommon

NUMBERS = ("1A12345678901", "2C98765432109", "RR473124829FR")
PROOF = base64.b64encode(b"stamped")


@tagged("post_install", "-at_install")
class TestChannelRegisteredLetter(LetterCommon):
    """The registered letter (S1-12): its deposit form, its number, its journey."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("registered_letter", fallback_channel=False)

    @classmethod
    def _print_for(cls, *names):
        """Print registered letters to customers of these names; return the actions."""
        customers = [cls._create_customer(name) for name in names] or [cls.customer]
        actions = cls._prepare(*customers)
        cls._print(actions)
        return actions.sorted("id")

    @staticmethod
    def _on(when):
        return freeze_time(f"{when} 10:00:00")

    @classmethod
    def _open_deposit(cls, actions, **values):
        return (
            cls.env["dunning.delivery.deposit"]
            .with_user(cls.collector)
            .with_context(active_ids=actions.ids)
            .create(values)
        )

    @classmethod
    def _deposit(cls, actions, numbers=NUMBERS, **values):
        text = "\n".join(numbers[: len(actions)])
        cls._open_deposit(actions, numbers=text, **values).action_deposit()
        return actions.delivery_ids

    @classmethod
    def _note(cls, state, on, **values):
        (
            cls.env["dunning.delivery.result"]
            .with_user(cls.collector)
            .create({"postal_state": state, "result_date": on, **values})
            .action_save()
        )

    # ---- paper -----------------------------------------------------------------------

    def test_letter_brings_a_deposit_form_for_the_post_office(self):
        """Sender, addressee, reference, number and receipt are on a sheet of their own,
        which is no page of the letter."""
        action = self._print_for()
        letter, form = self._get_text(self._get_pdf(action))
        self.assertIn("Registered letter with acknowledgement of receipt", letter)
        for text in (
            "Do not put this sheet into the envelope",
            "Fournitures Azur SAS",
            "14 rue du Port",
            "Azur Interior 8 rue des Lilas 69003 Lyon",
            "Number of the registered letter",
            f"R{action.id:07d}",
            "With acknowledgement of receipt",
            "proof of deposit",
        ):
            self.assertIn(text, form)
        self.assertNotIn("1 / 2", letter)

    def test_deposit_form_is_in_the_language_of_who_deposits(self):
        self.customer.lang = "fr_FR"
        form = self._get_text(self._get_pdf(self._print_for()))[-1]
        self.assertIn("Deposit form", form)

    def test_mention_leaves_the_window_of_the_envelope_alone(self):
        words = self._get_words(self._get_pdf(self._print_for()))[0]
        address = self._get_box(words, ["Interior", "Lilas", "Lyon"])
        mention = self._get_box(words, ["Registered", "acknowledgement"])
        self.assertLess(address[3], mention[1])
        self.assertLess(mention[2], 100)

    def test_batch_of_several_letters_is_one_pdf(self):
        actions = self._print_for("Bleu", "Corail")
        batch = actions.delivery_ids.batch_attachment_id
        self.assertEqual(len(self._get_text(batch.raw)), 4)

    # ---- number ----------------------------------------------------------------------

    def test_numbers_of_registered_letters(self):
        for number in (*NUMBERS, "RR123456785FR", "RR473124829DE"):
            with self.subTest(number):
                self.assertTrue(is_valid_number(number))
        for number in ("1A1234567890", "RR123456789FR", "6A", "12345678901234"):
            with self.subTest(number):
                self.assertFalse(is_valid_number(number))
        self.assertEqual(format_number(NUMBERS[0]), "1A 123 456 7890 1")

    def test_wrong_number_says_what_is_expected_and_records_nothing(self):
        actions = self._print_for("Bleu", "Corail")
        with self.assertRaisesRegex(UserError, "1A 123 456 7890 1.*RR 473 124 829 DE"):
            self._deposit(actions, (NUMBERS[0], "RR473124828FR"))
        self.assertEqual(set(actions.mapped("state")), {"in_progress"})
        self.assertEqual(actions.delivery_ids.mapped("tracking_number"), [False] * 2)

    def test_all_that_is_wrong_with_a_list_is_told_at_once(self):
        actions = self._print_for("Bleu", "Corail", "Dune")
        with self.assertRaises(UserError) as caught:
            self._deposit(actions, (NUMBERS[0], NUMBERS[0]))
        told = str(caught.exception)
        self.assertIn("Nothing was recorded", told)
        self.assertIn("is named twice", told)
        self.assertIn("Dune: the number is missing", told)
        self.assertIn("2 numbers were pasted for 3 letters", told)

    def test_number_of_another_letter_is_refused(self):
        self._deposit(self._print_for("Bleu"))
        with self.assertRaisesRegex(
            UserError, "already the number of a letter to Bleu"
        ):
            self._deposit(self._print_for("Corail"))

    # ---- deposit ---------------------------------------------------------------------

    def test_deposited_performs_the_step_on_that_day(self):
        """Printed on Wednesday, deposited that day, noted on Thursday: the step counts
        from Wednesday."""
        actions = self._print_for("Bleu", "Corail")
        self.assertEqual(set(actions.mapped("state")), {"in_progress"})
        with self._on(day("03-05")):
            letters = self._deposit(actions, deposit_date=day("03-04"))
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(set(actions.mapped("performed_date")), {day("03-04")})
        self.assertEqual(set(actions.line_ids.mapped("performed_date")), {day("03-04")})
        self.assertEqual(set(letters.mapped("postal_state")), {"deposited"})
        self.assertEqual(letters.mapped("tracking_number"), list(NUMBERS[:2]))
        note = actions[0].partner_id.message_ids[0]
        self.assertIn("Registered letter 1A 123 456 7890 1 deposited", note.body)

    def test_deposit_is_not_before_the_letter_nor_in_the_future(self):
        action = self._print_for()
        for wrong in (day("03-03"), day("03-05")):
            with self.subTest(wrong), self.assertRaises(UserError):
                self._deposit(action, deposit_date=wrong)
        self.assertEqual(action.state, "in_progress")

    def test_proof_of_deposit_is_kept_with_each_letter(self):
        actions = self._print_for("Bleu", "Corail")
        letters = self._deposit(actions, proof=PROOF, proof_name="slip.pdf")
        self.assertEqual(
            [proof.raw for proof in letters.deposit_proof_id], [b"stamped"] * 2
        )

    def test_posted_without_a_number_is_deposited_all_the_same(self):
        """Who has no numbers at hand marks the letters as posted."""
        action = self._print_for()
        action.with_user(self.collector).action_mark_posted()
        self.assertEqual(action.state, "done")
        self.assertEqual(action.delivery_ids.postal_state, "deposited")

    # ---- results ---------------------------------------------------------------------

    def test_results_of_several_letters_by_their_numbers(self):
        """S3-10: two came, one was refused; each is dated, the steps stay performed."""
        actions = self._print_for("Bleu", "Corail", "Dune")
        letters = self._deposit(actions)
        with self._on(day("03-09")):
            self._note("delivered", day("03-06"), numbers="\n".join(NUMBERS[:2]))
            self._note(
                "refused",
                day("03-07"),
                delivery_ids=letters[2].ids,
                receipt=PROOF,
                receipt_name="receipt.pdf",
            )
        self.assertEqual(
            letters.mapped("postal_state"), ["delivered", "delivered", "refused"]
        )
        self.assertEqual(letters[2].postal_date, day("03-07"))
        self.assertEqual(letters[2].receipt_id.raw, b"stamped")
        self.assertEqual(set(actions.mapped("state")), {"done"})

    def test_unknown_number_records_nothing(self):
        letters = self._deposit(self._print_for("Bleu"))
        with self.assertRaisesRegex(UserError, "No letter has the number 2C 987"):
            self._note("delivered", self.TODAY, numbers="\n".join(NUMBERS[:2]))
        self.assertEqual(letters.postal_state, "deposited")

    def test_result_is_not_before_the_deposit_nor_in_the_future(self):
        letters = self._deposit(self._print_for())
        for wrong in (day("03-03"), day("03-05")):
            with self.subTest(wrong), self.assertRaises(UserError):
                self._note("delivered", wrong, delivery_ids=letters.ids)

    def test_unknown_address_fails_the_letter_with_a_task(self):
        """S3-10: the letter comes back. The action waits on the desk, the collector has
        to find the address, and no letter goes there before it is changed."""
        action = self._print_for()
        self._deposit(action)
        with self._on(day("03-09")):
            self._note("returned", day("03-09"), numbers=NUMBERS[0])
            self._send(action, datetime(2026, 3, 9, 12))
        self.assertEqual(action.state, "failed")
        self.assertEqual(action.line_ids.state, "open")
        self.assertIn("came back", action.reason)
        task = self.customer.activity_ids
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("8 rue des Lilas", task.note)
        channel = self.env["dunning.channel.letter"]
        self.assertFalse(channel._get_addresses(action))
        self.customer.street = "12 rue des Lilas"
        self.assertTrue(channel._get_addresses(action))

    def test_returned_letter_takes_the_fallback(self):
        self._use_channel("registered_letter", fallback_channel="email")
        action = self._print_for()
        self._deposit(action)
        self._note("returned", self.TODAY, numbers=NUMBERS[0])
        self._send(action)
        self.assertEqual(action.state, "done")
        self.assertEqual(action.delivery_ids[-1].channel, "email")

    def test_who_knows_better_may_write_there_again(self):
        self._deposit(self._print_for())
        self._note("returned", self.TODAY, numbers=NUMBERS[0])
        self.assertTrue(self.customer.dunning_returned_address)
        self.customer.with_user(self.collector).action_trust_address()
        self.assertFalse(self.customer.dunning_returned_address)

    def test_who_is_no_collector_records_nothing(self):
        action = self._print_for()
        accountant = new_test_user(
            self.env, login="ada", groups="account.group_account_readonly"
        )
        with self.assertRaises(AccessError):
            self.env["dunning.delivery.deposit"].with_user(accountant).with_context(
                active_ids=action.ids
            ).create({})

    # ---- clock -----------------------------------------------------------------------

    def _get_next_day(self):
        """Return when the next step of the customer's claim falls due."""
        item = self.env["account.move.line"].search(
            [("partner_id", "=", self.customer.id), ("debit", ">", 0)]
        )
        (answer,) = self.planner._explain(item, self.TODAY)
        return answer["trigger_date"]

    def test_clock_starts_when_the_letter_is_sent_by_default(self):
        self._deposit(self._print_for())
        self.assertEqual(self._get_next_day(), self.TODAY + timedelta(8))

    def test_clock_starts_at_delivery(self):
        """S3-09: as long as nothing is known the post takes its usual time; then the
        step counts from the day the customer had the letter."""
        self.reminder.clock_start = "delivered"
        letters = self._deposit(self._print_for())
        self.assertEqual(self._get_next_day(), self.TODAY + timedelta(2 + 8))
        with self._on(day("03-20")):
            self._note("delivered", day("03-11"), delivery_ids=letters.ids)
        self.assertEqual(self._get_next_day(), day("03-11") + timedelta(8))

    def test_letters_abroad_take_longer(self):
        """S3-48: four days to Belgium, eight to Japan."""
        self.reminder.clock_start = "delivered"
        delay = self.env["dunning.postal.delay"]
        for country, days in (("be", 4), ("jp", 8)):
            self.assertEqual(delay._get_days(self.env.ref(f"base.{country}")), days)
        self.customer.country_id = self.env.ref("base.jp")
        self._deposit(self._print_for())
        self.assertEqual(self._get_next_day(), self.TODAY + timedelta(8 + 8))

    def test_an_email_has_arrived_at_once(self):
        self._use_channel("email", clock_start="delivered")
        self._remind()
        self.assertEqual(self._get_next_day(), self.TODAY + timedelta(8))

    def test_delays_are_the_managers(self):
        delay = self.env["dunning.postal.delay"].with_user(self.collector)
        self.assertTrue(delay.search([]))
        with self.assertRaises(AccessError):
            delay.create({"days": 3})

    def test_a_country_has_one_delay(self):
        with self.assertRaisesRegex(UserError, "already has a postal delay"):
            self.env["dunning.postal.delay"].create(
                {"country_ids": self.env.ref("base.fr").ids, "days": 3}
            )
