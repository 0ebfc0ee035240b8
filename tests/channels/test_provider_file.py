import base64
import csv
import doctest
import io
import zipfile

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ...models.channels.provider import dunning_deposit, spreadsheet_cell
from ..common import day
from .lre_common import LreCommon


@tagged("post_install", "-at_install")
class TestProviderFile(LreCommon):
    """Electronic registered letters that are uploaded to the provider (S3-44)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._create_provider()

    def _make_files(self, *names):
        actions = self._send_to(*names)
        self._run(self.submit_job)
        return actions, self._get_submissions(actions).deposit_id

    def _deposit(self, *names):
        actions, files = self._make_files(*names)
        files.with_user(self.collector).action_mark_deposited()
        return actions

    def _open(self, deposit):
        """Return the file as the provider opens it: names, and rows of the list."""
        with zipfile.ZipFile(io.BytesIO(deposit.attachment_id.raw)) as archive:
            self.assertIsNone(archive.testzip())
            text = archive.read("manifest.csv").decode("utf-8")
            rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
            return {name: archive.read(name) for name in archive.namelist()}, rows

    def _import(self, *lines, header="reference;state;date", **values):
        text = "\n".join([header, *lines])
        self.env["dunning.submission.import"].with_user(self.collector).create(
            {
                "provider_id": self.provider.id,
                "file": base64.b64encode(text.encode()),
                **values,
            }
        ).action_import()

    def test_list_that_is_none_is_refused_in_words(self):
        """A spreadsheet that was only renamed: no error of a program."""
        with self.assertRaisesRegex(UserError, "is not a text file"):
            self._import("\0;accepted;2026-01-31")

    # ---- consent ---------------------------------------------------------------------

    def test_person_who_has_not_agreed_gets_none(self):
        """J15: prior consent of who is no professional."""
        self.customer.dunning_legal_status = "consumer"
        action = self._send_to()
        self.assertEqual(action.state, "failed")
        self.assertIn("has not agreed", action.reason)

    def test_person_who_agreed_gets_it(self):
        self.customer.dunning_legal_status = "consumer"
        self.customer.write(
            {
                "dunning_lre_consent_date": day("02-01"),
                "dunning_lre_consent_means": "Clause 7 of the contract",
                "dunning_lre_consent_proof": base64.b64encode(b"signed"),
            }
        )
        self.assertEqual(self._send_to().state, "in_progress")

    def test_agreement_says_how_and_is_not_of_tomorrow(self):
        for values in (
            {"dunning_lre_consent_date": day("02-01")},
            {
                "dunning_lre_consent_date": day("03-05"),
                "dunning_lre_consent_means": "By phone",
            },
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.customer.write(values)

    def test_without_a_provider_nothing_leaves(self):
        self.provider.active = False
        action = self._send_to()
        self.assertEqual(action.state, "failed")
        self.assertIn("no provider", action.reason)

    # ---- file ------------------------------------------------------------------------

    def test_file_holds_a_letter_each_and_a_list(self):
        actions, files = self._make_files("Bleu", "Corail")
        content, rows = self._open(files)
        self.assertEqual(len(content), 3)
        by_email = {row["recipient_email"]: row for row in rows}
        row = by_email["bleu@example.com"]
        self.assertEqual(row["recipient_name"], "Bleu")
        self.assertEqual(row["is_professional"], "yes")
        self.assertEqual(row["sender_name"], self.company.name)
        self.assertIn("Bleu", self._get_text(content[row["document"]])[0])
        self.assertEqual(set(actions.mapped("state")), {"in_progress"})
        self.assertFalse(actions.delivery_ids.batch_attachment_id)

    def test_customer_named_like_a_formula_is_text_in_the_list(self):
        """Who opens the list in a spreadsheet runs nothing of what a customer wrote."""
        names = (
            "=cmd|' /C calc'!A0",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "＝1+1",
            "\ufeff=1+1",
            " \t@x",
        )
        for name in names:
            with self.subTest(name):
                self.assertEqual(spreadsheet_cell.write_cell(name), f"'{name}")
                self.assertEqual(spreadsheet_cell.read_cell(f"'{name}"), name)
        for value in ("Bleu", "-12.50", "+3", 7, -2.5, None, True, "", "l'Azur", "'t"):
            with self.subTest(value):
                self.assertEqual(spreadsheet_cell.write_cell(value), value)
        self.assertFalse(doctest.testmod(spreadsheet_cell).failed)
        self.company.name = "@Azur"
        _actions, files = self._make_files("=HYPERLINK(1)", "Corail")
        _content, rows = self._open(files)
        self.assertEqual(
            {(row["recipient_name"], row["sender_name"]) for row in rows},
            {("'=HYPERLINK(1)", "'@Azur"), ("Corail", "'@Azur")},
        )

    def test_file_is_never_larger_than_the_provider_takes(self):
        """Five letters, files for two at most: three files, each letter once."""
        actions = self._send_to("Aube", "Bleu", "Corail", "Dune", "Ecume")
        submissions = self._get_submissions(actions)
        two = len(self.env["dunning.deposit"].sudo()._zip(submissions[:2]))
        self.patch(dunning_deposit, "MEGABYTE", two + 50)
        self.provider.size_limit = 1
        self._run(self.submit_job)
        files = submissions.deposit_id
        self.assertEqual(sum(files.mapped("letter_count")), 5)
        for file in files:
            self.assertLessEqual(len(file.attachment_id.raw), two + 50)
        references = [row["reference"] for file in files for row in self._open(file)[1]]
        self.assertEqual(sorted(references), sorted(submissions.mapped("key")))

    def test_letter_that_no_file_can_hold_is_told(self):
        self.patch(dunning_deposit, "MEGABYTE", 100)
        self.provider.size_limit = 1
        actions, files = self._make_files("Bleu")
        self.assertFalse(files)
        self.assertEqual(actions.state, "failed")
        self.assertIn("larger than Courrier du Port accepts", actions.reason)

    def test_second_run_makes_no_second_file(self):
        actions, files = self._make_files("Bleu")
        self._run(self.submit_job)
        self.assertEqual(self._get_submissions(actions).deposit_id, files)
        self.assertEqual(self.env["dunning.deposit"].search_count([]), 1)

    def test_paid_meanwhile_leaves_the_file(self):
        actions, file = self._make_files("Bleu", "Corail")
        self._pay(actions[0].line_ids.move_line_id, self.TODAY)
        self.assertEqual(actions[0].state, "cancelled")
        content, rows = self._open(file)
        self.assertEqual(len(content), 2)
        self.assertEqual([row["recipient_name"] for row in rows], ["Corail"])

    def test_partly_paid_meanwhile_is_written_anew(self):
        """The letter left the file; the next run writes it with the figures of now."""
        actions, file = self._make_files("Bleu", "Corail")
        old = actions[0].delivery_ids.attachment_id.id
        self._pay(actions[0].line_ids.move_line_id, self.TODAY, amount=40)
        self.assertEqual(file.letter_count, 1)
        self._run(self.submit_job)
        letter = actions[0].delivery_ids.attachment_id
        self.assertNotEqual(letter.id, old)
        self.assertIn("60.00", " ".join(self._get_text(letter.raw)))

    def test_deposited_performs_the_steps(self):
        actions = self._deposit("Bleu", "Corail")
        self.assertEqual(set(actions.mapped("state")), {"done"})
        letters = actions.delivery_ids
        self.assertEqual(set(letters.mapped("postal_state")), {"deposited"})
        self.assertIn("handed over", actions[0].partner_id.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "was already deposited on"):
            self._get_submissions(actions).deposit_id.action_mark_deposited()

    # ---- results ---------------------------------------------------------------------

    def test_results_come_with_their_proofs(self):
        """J15: accepted, refused, each dated, with its proof; the proof named in
        the list is kept with its letter."""
        actions = self._deposit("Bleu", "Corail")
        keys = self._get_submissions(actions).mapped("key")
        files = self.env["ir.attachment"].with_user(self.collector)
        proof = files.create({"name": "p1.pdf", "raw": b"proof"})
        with self._on(day("03-10")):
            self._import(
                f"{keys[0]};accepted;2026-03-06;p1.pdf",
                f"{keys[1]};refused;2026-03-07;",
                header="reference;state;date;proof",
                proof_ids=proof.ids,
            )
        letters = actions.delivery_ids
        self.assertEqual(letters.mapped("postal_state"), ["delivered", "refused"])
        self.assertEqual(letters.mapped("postal_date"), [day("03-06"), day("03-07")])
        self.assertEqual(letters[0].receipt_id.raw, b"proof")
        self.assertEqual(set(actions.mapped("state")), {"done"})

    def test_unknown_and_doubled_references_record_nothing(self):
        actions = self._deposit("Bleu", "Corail")
        keys = self._get_submissions(actions).mapped("key")
        with self.assertRaises(UserError) as caught, self._on(day("03-10")):
            self._import(
                f"{keys[0]};accepted;2026-03-06",
                "nobody;accepted;2026-03-06",
                f"{keys[1]};accepted;2026-03-06",
                f"{keys[1]};refused;2026-03-07",
                f"{keys[0]};lost;2026-03-06",
            )
        told = str(caught.exception)
        self.assertIn("Line 3: no letter has the reference nobody", told)
        self.assertIn(f"Line 4: the reference {keys[1]} appears twice", told)
        self.assertEqual(actions.delivery_ids.mapped("postal_state"), ["deposited"] * 2)

    def test_files_of_other_kinds_are_told(self):
        """A picture, a spreadsheet, half a file: nothing breaks, and one is told what
        to choose."""
        for content, words in (
            (b"reference;state;date\n\x00;accepted;2026-03-06", "not a text file"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
            (b"PK\x03\x04\x14\x00\x08", "not a text file"),
            (b"\x81\x8d\xff", "not a text file"),
            (b'reference;state;date\n"' + b"x" * 100_000, "Line 2: no letter"),
            (b"", "lacks the columns"),
            (b"x" * (6 * 1024 * 1024), "larger than 5 MB"),
        ):
            wizard = self.env["dunning.submission.import"].create(
                {
                    "provider_id": self.provider.id,
                    "file": base64.b64encode(content) or False,
                }
            )
            with self.subTest(words), self.assertRaisesRegex(UserError, words) as told:
                wizard.action_import()
            self.assertLess(len(str(told.exception)), 1000)

    def test_file_in_the_encoding_of_a_spreadsheet_is_read(self):
        action = self._deposit("Bleu")
        key = self._get_submissions(action).key
        text = f"reference;state;date;reason\n{key};accepted;2026-03-06;reçu"
        for encoding in ("utf-16", "utf-8-sig", "cp1252"):
            with self.subTest(encoding), self._on(day("03-10")):
                self.env["dunning.submission.import"].with_user(self.collector).create(
                    {
                        "provider_id": self.provider.id,
                        "file": base64.b64encode(text.encode(encoding)),
                    }
                ).action_import()
            self.assertEqual(action.delivery_ids.postal_state, "delivered")

    def test_long_list_of_errors_is_cut(self):
        with self.assertRaisesRegex(UserError, "And 150 more lines"):
            self._import(*(f"nobody{n};accepted;2026-03-06" for n in range(200)))

    def test_results_that_cannot_be_are_refused(self):
        action = self._deposit("Bleu")
        key = self._get_submissions(action).key
        for line, told in (
            (f"{key};lost;2026-03-06", "is not a result"),
            (f"{key};accepted;06/03/2026", "is not a date"),
            (f"{key};accepted;2026-03-03", "before the letter was handed over"),
            (f"{key};accepted;2026-04-06", "in the future"),
            (f"{key};unclaimed;2026-03-18", "has until 2026-03-19"),
        ):
            with (
                self.subTest(line),
                self._on(day("03-25")),
                self.assertRaisesRegex(UserError, told),
            ):
                self._import(line)
        with self.assertRaisesRegex(UserError, "lacks the columns"):
            self._import(key, header="reference")

    def test_results_may_be_imported_again(self):
        action = self._deposit("Bleu")
        key = self._get_submissions(action).key
        with self._on(day("03-10")):
            for _time in range(2):
                self._import(f"{key};accepted;2026-03-06")
            with self.assertRaisesRegex(UserError, "another result"):
                self._import(f"{key};refused;2026-03-07")
        self.assertEqual(action.delivery_ids.postal_date, day("03-06"))

    def test_failed_letter_goes_back_to_the_desk(self):
        action = self._deposit("Bleu")
        key = self._get_submissions(action).key
        self._import(
            f"{key};failed;2026-03-04;mailbox unknown",
            header="reference;state;date;reason",
        )
        self.assertEqual(action.delivery_ids.state, "failed")
        self.assertEqual(action.line_ids.state, "open")
        self.assertIn("mailbox unknown", action.delivery_ids.failure_reason)

    def test_not_claimed_after_fifteen_days(self):
        """Handed over on the 4th: the customer may accept from the 5th to the 19th. On
        the 20th it counts as not claimed, of the 19th; what the provider tells later
        replaces it."""
        action = self._deposit("Bleu")
        key = self._get_submissions(action).key
        with self._on(day("03-19")):
            self._run(self.poll_job)
        self.assertEqual(action.delivery_ids.postal_state, "deposited")
        with self._on(day("03-20")):
            self._run(self.poll_job)
        self.assertEqual(action.delivery_ids.postal_state, "unclaimed")
        self.assertEqual(action.delivery_ids.postal_date, day("03-19"))
        self.assertEqual(action.state, "done")
        with self._on(day("03-21")):
            self._import(f"{key};accepted;2026-03-18")
        self.assertEqual(action.delivery_ids.postal_state, "delivered")

    def test_clock_starts_when_the_letter_is_accepted(self):
        self.reminder.clock_start = "delivered"
        action = self._deposit("Bleu")
        self.assertEqual(action.line_ids.arrival_date, day("03-19"))
        with self._on(day("03-10")):
            self._import(f"{self._get_submissions(action).key};accepted;2026-03-06")
        self.assertEqual(action.line_ids.arrival_date, day("03-06"))

    # ---- rights ----------------------------------------------------------------------

    def test_who_may_see_what(self):
        """The key is the manager's; other companies see no provider nor message."""
        self._make_files("Bleu")
        collector = self.provider.with_user(self.collector)
        self.assertTrue(collector.name)
        with self.assertRaises(AccessError):
            collector.read(["api_key"])
        with self.assertRaises(AccessError):
            collector.name = "Mine"
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            login="sonia",
            groups="account_dunning_scenario.dunning_group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        clerk = new_test_user(self.env, login="clerk", groups="base.group_user")
        for model in ("dunning.provider", "dunning.deposit", "dunning.submission"):
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(stranger).search([]))
                with self.assertRaises(AccessError):
                    self.env[model].with_user(clerk).search([])
