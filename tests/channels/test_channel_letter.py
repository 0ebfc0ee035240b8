import io
from subprocess import CompletedProcess
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from ...report.paper import printer
from ..common import day
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestChannelLetter(DeliveryCommon):
    """The letter: a real PDF, its address, its figures, the batch, the posting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("letter", fallback_channel=False)
        cls.company.partner_id.write({"city": "Paris", "country_id": cls._france().id})

    @classmethod
    def _france(cls):
        return cls.env.ref("base.fr")

    def _get_letter(self, action):
        return self._get_text(action.delivery_ids.attachment_id.raw)

    def test_letter_says_who_what_and_how_much(self):
        """One claim, one page: address, date, subject, text, statement."""
        self.customer.ref = "C0042"
        action = self._prepare()
        self._print(action)
        (page,) = self._get_letter(action)
        for text in (
            "Azur Interior 8 rue des Lilas 69003 Lyon",
            "Paris, 4 March 2026",
            "Subject: Your account",
            "We expect",
            "Your customer number: C0042",
            action.line_ids.move_id.name,
            "100.00",
            f"R{action.id:07d}",
        ):
            self.assertIn(text, page)

    def test_thanks_show_no_debt(self):
        """Another invoice is open: it is none of what the customer is thanked for."""
        self._add_steps(
            self.scenario,
            self._thanks(
                delay=0, channel="letter", letter_template_id=self.letter_text.id
            ),
        )
        paid = self._create_claim(day("02-20"))
        self._pay(paid, day("03-02"))
        other = self._create_claim(day("03-30"), 4711.0)
        action = self._plan().filtered(lambda action: action.kind == "thanks")
        self.assertTrue(action)
        action.with_user(self.collector).action_confirm()
        self._print(action)
        (page,) = self._get_letter(action)
        self.assertNotIn("4,711", page)
        self.assertNotIn(other.move_id.name, page)
        self.assertNotIn("Days late", page)

    def test_text_is_compiled_once_for_all_letters_of_a_language(self):
        """Each letter says its own figures all the same."""
        names = ("Ajoncs", "Bruyère", "Callune")
        actions = self._prepare(*(self._create_customer(name) for name in names))
        body = "<p>To <t t-out='object.partner_id.name.upper()'/></p>"
        self.letter_text.body_html = body
        compiled = []
        qweb = type(self.env["ir.qweb"])
        compile_template = qweb._generate_code_uncached

        def count(records, template):
            if isinstance(template, etree._Element):
                compiled.append(template)
            return compile_template(records, template)

        with patch.object(qweb, "_generate_code_uncached", count):
            texts = self.env["dunning.channel.letter"]._get_texts(actions)
        self.assertEqual(len(compiled), 1)
        bodies = {text["body_html"] for text in texts.values()}
        self.assertEqual(bodies, {f"<p>To {name.upper()}</p>" for name in names})

    def test_country_shows_on_letters_that_go_abroad(self):
        action = self._prepare()
        self.customer.country_id = self.env.ref("base.be")
        self._print(action)
        self.assertIn("BELGIUM", self._get_letter(action)[0])

    def test_account_to_pay_on_is_the_invoices(self):
        self.env["res.partner.bank"].sudo().create(
            {
                "acc_number": "FR7630006000011234567890189",
                "allow_out_payment": True,
                "partner_id": self.company.partner_id.id,
            }
        )
        action = self._prepare()
        self._print(action)
        self.assertIn(
            "IBAN FR76 3000 6000 0112 3456 7890 189", self._get_letter(action)[0]
        )

    def test_letter_is_in_the_customers_language(self):
        french = self._create_customer("Boulangerie Dupré", lang="fr_FR")
        self.letter_text.with_context(
            lang="fr_FR"
        ).body_html = "<p>Nous attendons <t t-out='object.totals_text'/>.</p>"
        actions = self._prepare(self.customer, french)
        self._print(actions)
        by_customer = actions.grouped("partner_id")
        letter = self._get_letter(by_customer[french])[0]
        self.assertIn("Nous attendons", letter)
        self.assertIn("4 mars 2026", letter)
        self.assertIn("We expect", self._get_letter(by_customer[self.customer])[0])

    def test_twelve_claims_take_numbered_pages(self):
        for number in range(2, 41):
            self._create_late_claim(amount=number)
        action = self._prepare(amount=1)
        self._print(action)
        pages = self._get_letter(action)
        self.assertGreater(len(pages), 1)
        self.assertIn(f"1 / {len(pages)}", pages[0])
        names = action.line_ids.move_id.mapped("name")
        self.assertEqual([n for n in names if n not in " ".join(pages)], [])

    def _check_cut(self):
        """Print three letters, the second of two pages: each customer's PDF has their
        own pages only, the merged one has all four."""
        customers = [self._create_customer(name) for name in ("Bleu", "Corail", "Dune")]
        for _number in range(20):
            self._create_late_claim(customers[1])
        actions = self._prepare(*customers)
        self._print(actions)
        for action in actions:
            text = " ".join(self._get_letter(action))
            own = action.partner_id.name
            others = {c.name for c in customers} - {own}
            self.assertIn(own, text)
            self.assertFalse([name for name in others if name in text])
        batch = actions.delivery_ids.batch_attachment_id
        self.assertEqual(len(batch), 1)
        pages = [len(self._get_letter(action)) for action in actions]
        self.assertEqual(len(PdfReader(io.BytesIO(batch.raw)).pages), sum(pages))
        self.assertGreater(sum(pages), 3)
        bound = " ".join(self._get_text(batch.raw))
        places = [bound.index(customer.name) for customer in customers]
        self.assertEqual(places, sorted(places))

    def test_batch_is_one_pdf_cut_into_letters(self):
        self._check_cut()

    def test_batch_printed_by_two_programs_is_one_pdf_cut_into_letters(self):
        """A large batch is printed by two programs at a time; nobody sees it."""
        with (
            patch.object(printer, "FEWEST_DOCUMENTS", 1),
            patch.object(printer.os, "sched_getaffinity", return_value={0, 1}),
            patch.object(
                printer, "_run_wkhtmltopdf", wraps=printer._run_wkhtmltopdf
            ) as run,
        ):
            self._check_cut()
        self.assertEqual(run.call_count, 2)

    def test_program_that_fails_is_said_clearly(self):
        """One of two programs is killed for want of memory: no letter is lost."""
        action = self._prepare()
        killed = CompletedProcess("wkhtmltopdf", -9, "", "Killed")
        with (
            patch.object(printer, "_run_wkhtmltopdf", return_value=killed),
            self.assertRaisesRegex(UserError, "memory of the server may be full"),
        ):
            self._print(action)
        self._print(action)
        self.assertTrue(action.delivery_ids.attachment_id)

    def test_text_written_for_email_brings_one_statement_only(self):
        """E-mail steps fall back to letter with their own text; its statement is not
        printed twice."""
        self._use_channel("email", fallback_channel="letter", letter_template_id=False)
        self.customer.email = False
        action = self._prepare()
        self._print(action)
        text = " ".join(self._get_letter(action))
        self.assertIn("Please pay", text)
        self.assertEqual(text.count(action.line_ids.move_id.name), 1)

    def test_letter_is_performed_when_it_is_posted(self):
        """Case C19: printed is not posted. The step counts from the posting."""
        action = self._prepare()
        self._print(action)
        self.assertEqual(action.state, "in_progress")
        self.assertTrue(action.delivery_ids.attachment_id)
        action.with_user(self.collector).action_mark_posted()
        self.assertEqual(action.state, "done")
        self.assertEqual(action.line_ids.performed_date, self.TODAY)

    def test_letter_cannot_be_posted_before_its_pdf_exists(self):
        """Case C19, the other way round."""
        action = self._remind()
        self.assertFalse(action.delivery_ids.attachment_id)
        with self.assertRaisesRegex(UserError, "no letter to post"):
            action.with_user(self.collector).action_mark_posted()

    def test_posted_letter_is_in_the_actions_chatter(self):
        """The customer's says that it was posted."""
        action = self._prepare()
        self._print(action)
        self.assertFalse(action.message_ids.attachment_ids)
        action.with_user(self.collector).action_mark_posted()
        message = action.message_ids[0]
        self.assertEqual(message.attachment_ids, action.delivery_ids.attachment_id)
        for told in (message, self.customer.message_ids[0]):
            self.assertIn("8 rue des Lilas", told.body)
        self.assertFalse(self.customer.message_ids.attachment_ids)

    def test_letter_of_a_paid_claim_leaves_the_batch(self):
        """Paid before the post: the letter is withdrawn, the merged PDF too is printed
        without it, and it cannot be marked as posted."""
        customers = [self._create_customer(name) for name in ("Bleu", "Corail")]
        actions = self._prepare(*customers)
        self._print(actions)
        batch = actions.delivery_ids.batch_attachment_id
        paid, kept = actions.sorted("partner_id")
        self._pay(paid.line_ids.move_line_id, self.TODAY)
        self.assertEqual(paid.state, "cancelled")
        self.assertFalse(paid.delivery_ids.attachment_id)
        (page,) = self._get_text(batch.raw)
        self.assertIn(kept.partner_id.name, page)
        self.assertNotIn(paid.partner_id.name, page)

    def test_letter_skipped_by_a_person_is_withdrawn(self):
        action = self._prepare()
        self._print(action)
        batch = action.delivery_ids.batch_attachment_id
        action.with_user(self.collector).action_skip()
        self.assertFalse(batch.exists())
        self.assertEqual(action.line_ids.state, "skipped")
        self.assertEqual(action.line_ids.performed_date, day("03-04"))

    def test_missing_text_is_said_clearly(self):
        """A letter to be personalised was confirmed and nobody had written it."""
        action = self._prepare()
        self.reminder.sudo().write(
            {
                "letter_template_id": False,
                "mail_template_id": False,
                "mode": "personalise",
            }
        )
        self._print(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("no letter text", action.reason)

    def test_user_can_print_a_letter_before_it_is_sent(self):
        """The report of the print button shows the letter as it would be now."""
        self._create_late_claim()
        action = self._plan()
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.collector)
            ._render_qweb_html(
                "account_dunning_scenario.action_report_letter", action.ids
            )
        )
        self.assertIn("We expect", html.decode())
