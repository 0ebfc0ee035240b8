import doctest
import io
import re
from datetime import timedelta
from unittest.mock import patch

import openpyxl
from lxml import html

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged

from ...controllers import customer_page
from ...models.answers.page import page_form
from ..common import day
from ..delivery.common import DeliveryCommon

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
PNG = b"\x89PNG\r\n\x1a\n and the rest of a photo"


class PageCommon(DeliveryCommon, HttpCase):
    """A customer who was reminded of two invoices, on their page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("interactive_email")
        cls.first = cls._create_claim(day("02-20"), 100.0)
        cls.second = cls._create_claim(day("02-24"), 50.0)
        cls.action = cls._plan()
        cls.action.with_user(cls.collector).action_confirm()
        cls._send(cls.action)
        cls.delivery = cls.action.delivery_ids
        cls.delivery.sudo().mail_mail_id.state = "sent"
        cls.path = cls._get_path(cls.delivery)
        cls.declarations = cls.env["dunning.declaration"].sudo()

    @classmethod
    def _get_path(cls, delivery):
        """Return the address of the page, as the message has it."""
        body = delivery.sudo().mail_mail_id.body_html
        return re.search(r"/f/[\w-]{32}", body).group()

    def _open(self, path=""):
        response = self.url_open(self.path + path, headers=BROWSER)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _get_sent(self, page):
        """Return what a browser sends of a page as it is shown."""
        sent = []
        for field in page.forms[0].xpath(".//input[@name]"):
            kind = field.get("type")
            if kind == "file":
                continue
            if kind not in ("checkbox", "radio") or field.get("checked") is not None:
                sent.append((field.get("name"), field.get("value") or ""))
        for field in page.forms[0].xpath(".//textarea"):
            sent.append((field.get("name"), field.text or ""))
        return sent

    def _answer(self, kind, page=None, files=None, items=None, **values):
        """Send the form of the page, with some values; return the response."""
        page = self._open() if page is None else page
        values["kind"] = kind
        sent = [(n, v) for n, v in self._get_sent(page) if n not in values]
        if items is not None:
            sent = [(n, v) for n, v in sent if n != "i"]
            sent += [("i", str(item.id)) for item in items]
        sent += list(values.items())
        action = page.forms[0].get("action")
        response = self.url_open(
            action, data=sent, files=files, headers=BROWSER, method="POST"
        )
        self.env.invalidate_all()
        return response

    def _get_last(self):
        return self.declarations.search([], limit=1)

    def _get_errors(self, response):
        self.assertEqual(response.status_code, 422)
        page = html.fromstring(response.text)
        return " ".join(page.xpath("//*[@role='alert']//li/text()"))


@tagged("post_install", "-at_install")
class TestCustomerPage(PageCommon):
    """What the customer reads, selects and says on their page (S3-42, S4-30)."""

    def test_examples_of_the_form(self):
        self.assertFalse(doctest.testmod(page_form).failed)

    # ---- reading ---------------------------------------------------------------------

    def test_page_says_who_writes_and_what_is_open(self):
        page = self._open()
        words = " ".join(page.text_content().split())
        for text in (
            self.company.name,
            self.customer.name,
            self.first.move_id.name,
            self.second.move_id.name,
            "To pay for your selection: $ 150.00",
            "12 days late",
        ):
            self.assertIn(text, words)
        chosen = page.xpath("//input[@name='i'][@checked]/@value")
        self.assertEqual(set(chosen), {str(self.first.id), str(self.second.id)})

    def test_company_answers_where_the_collector_has_no_address(self):
        self.collector.sudo().partner_id.email = False
        self.company.sudo().email = "azur@example.com"
        links = self._open().xpath("//a/@href")
        self.assertIn("mailto:azur@example.com", links)

    def test_invoice_not_yet_due_is_not_selected(self):
        later = self._create_claim(day("03-20"), 480.0)
        chosen = self._open().xpath("//input[@name='i'][@checked]/@value")
        self.assertNotIn(str(later.id), chosen)

    def test_amount_follows_the_selection_without_script(self):
        response = self._answer("", items=self.second, show="1")
        self.assertEqual(response.status_code, 200)
        words = " ".join(html.fromstring(response.text).text_content().split())
        self.assertIn("your selection: $ 50.00", words)
        self.assertFalse(self._get_last())

    def test_nothing_of_the_page_is_written_into_it(self):
        """No style and no script in it, nothing from elsewhere."""
        response = self.url_open(self.path, headers=BROWSER)
        self.assertTrue(response.text.lstrip().startswith("<!DOCTYPE html>"))
        policy = response.headers["Content-Security-Policy"]
        self.assertIn("default-src 'self'", policy)
        self.assertNotIn("unsafe", policy)
        page = html.fromstring(response.text)
        self.assertFalse(page.xpath("//*[@style] | //style | //script[not(@src)]"))
        self.assertFalse(page.xpath("//*[starts-with(name(@*), 'on')]"))
        for address in page.xpath("//link/@href | //script/@src | //img/@src"):
            self.assertTrue(address.startswith("/"), address)
        for address in page.xpath("//link/@href | //script/@src"):
            self.assertEqual(self.url_open(address).status_code, 200)

    def test_statement_as_spreadsheet(self):
        response = self.url_open(f"{self.path}/statement.xlsx", headers=BROWSER)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        rows = list(book.active.iter_rows(min_row=2, values_only=True))
        self.assertEqual(
            [row[0] for row in rows],
            [self.first.move_id.name, self.second.move_id.name],
        )
        self.assertEqual([row[5] for row in rows], [100.0, 50.0])

    def test_cell_is_never_a_formula(self):
        self.first.move_id.sudo().ref = "=HYPERLINK(1)"
        response = self.url_open(f"{self.path}/statement.xlsx", headers=BROWSER)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        cell = book.active.cell(row=2, column=2)
        self.assertEqual((cell.value, cell.data_type), ("=HYPERLINK(1)", "s"))

    def test_code_pays_the_selection(self):
        euro = self.env.ref("base.EUR")
        euro.sudo().active = True
        claims = [
            self._create_claim(day("02-20"), amount, currency_id=euro.id)
            for amount in (30.0, 12.5)
        ]
        self.env["res.partner.bank"].sudo().create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        page = self.env["dunning.customer.page"].sudo()
        rows = page._get_rows(self.delivery.sudo())
        ((payment, ids),) = page._get_transfers(self.delivery.sudo(), rows, set(claims))
        self.assertEqual(payment.amount, 42.5)
        self.assertEqual(set(ids), {claim.id for claim in claims})
        path = f"{self.path}/code?i={claims[0].id}&i={claims[1].id}"
        response = self.url_open(path, headers=BROWSER)
        self.assertEqual(response.headers["Content-Type"], "image/png")

    # ---- answering -------------------------------------------------------------------

    def test_promise_of_a_day_for_the_selection(self):
        response = self._answer("promise", items=self.first, day1="2026-03-20")
        self.assertEqual(response.status_code, 200)
        self.assertIn("What happens next", response.text)
        declaration = self._get_last()
        self.assertEqual(declaration.kind, "promise")
        self.assertEqual(declaration.claim_ids.move_line_id, self.first)
        self.assertEqual(declaration.term_ids.date, day("03-20"))
        self.assertEqual(declaration.term_ids.amount, 100.0)
        self.assertEqual(self.action.outcome, "reply")

    def test_promise_in_parts(self):
        self._answer(
            "promise",
            day1="2026-03-20",
            amount1="100,00",
            day2="2026-04-20",
            amount2="$ 50",
        )
        self.assertEqual(self._get_last().term_ids.mapped("amount"), [100.0, 50.0])

    def test_more_than_is_open(self):
        """Nothing is noted, and what was typed is still there."""
        response = self._answer("promise", day1="2026-03-20", amount1="151")
        self.assertIn("enter at most", self._get_errors(response))
        page = html.fromstring(response.text)
        self.assertEqual(page.xpath("//input[@name='amount1']/@value"), ["151"])
        self.assertEqual(page.xpath("//input[@name='day1']/@value"), ["2026-03-20"])
        self.assertTrue(page.xpath("//input[@value='promise'][@checked]"))
        self.assertFalse(self._get_last())

    def test_paid_already(self):
        self._answer("paid", paid_date="2026-03-02", means="transfer", reference="V 42")
        declaration = self._get_last()
        self.assertEqual(declaration.paid_date, day("03-02"))
        self.assertEqual(declaration.payment_reference, "V 42")

    def test_problem_with_a_photo(self):
        reason = self.declarations._get_reasons(self.company)[0]
        self._answer(
            "dispute",
            items=self.second,
            reason=str(reason.id),
            dispute_text="The door is scratched.",
            dispute_amount="20",
            files={"files": ("C:\\me\\photo of Ann.png", PNG)},
        )
        declaration = self._get_last()
        self.assertEqual(declaration.reason_id, reason)
        self.assertEqual(declaration.line_ids.amount_currency, 20.0)
        self.assertEqual(declaration.description, "The door is scratched.")
        self.assertEqual(declaration.attachment_ids.name, "file-1.png")
        self.assertEqual(declaration.attachment_ids.raw, PNG)

    def test_part_of_several_invoices_is_not_guessed(self):
        reason = self.declarations._get_reasons(self.company)[0]
        response = self._answer(
            "dispute",
            reason=str(reason.id),
            dispute_text="Wrong price",
            dispute_amount="20",
        )
        self.assertIn("one invoice at a time", self._get_errors(response))

    def test_files_that_could_act_are_refused(self):
        reason = self.declarations._get_reasons(self.company)[0]
        for content in (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
            b"<html><script>x()</script></html>",
            b"MZ\x90 a program",
            b"%PDF-1.7 /OpenAction /JavaScript (x)",
        ):
            with self.subTest(content):
                response = self._answer(
                    "dispute",
                    reason=str(reason.id),
                    dispute_text="See the file",
                    files={"files": ("photo.png", content)},
                )
                self.assertIn("pictures or PDF", self._get_errors(response))
        self.assertFalse(self._get_last())

    def test_question_contact_and_missing_invoice(self):
        self._answer("question", question_text="Which pallet was it?")
        self.assertEqual(self._get_last().description, "Which pallet was it?")
        self._answer("contact", contact_name="Berthe", contact_email="b@x.example.com")
        self.assertEqual(self._get_last().new_contact_name, "Berthe")
        self._answer("not_received", items=self.first)
        self.assertEqual(self._get_last().kind, "not_received")

    def test_nothing_chosen(self):
        response = self._answer("")
        self.assertIn("Choose what you want to tell", self._get_errors(response))
        response = self._answer("paid", items=(), paid_date="2026-03-02")
        self.assertTrue(self._get_errors(response))

    def test_receipt_is_confirmed_by_email(self):
        self._answer("paid", paid_date="2026-03-02")
        mail = (
            self.env["mail.mail"].sudo().search([("model", "=", "dunning.declaration")])
        )
        self.assertIn("we have noted it", mail.subject)
        self.assertIn("We will check what you told us by", mail.body_html)

    def test_answer_is_shown_on_the_page(self):
        self._answer("paid", items=self.first, paid_date="2026-03-02")
        states = self._open().xpath("//*[@class='state']/text()")
        self.assertIn("you told us that it is paid", " ".join(states))

    # ---- twice, late, changed --------------------------------------------------------

    def test_delivery_tells_that_it_was_answered(self):
        """S4-02: the collector sees which messages were followed, and to what end."""
        deliveries = self.env["dunning.delivery"].with_user(self.collector)
        answered = [("declaration_ids", "!=", False)]
        self.assertFalse(deliveries.search(answered))
        self._answer("paid", paid_date="2026-03-02")
        self.assertEqual(deliveries.search(answered), self.delivery)
        self.assertEqual(deliveries.browse(self.delivery.id).declaration_count, 1)

    def test_form_sent_twice_counts_once(self):
        page = self._open()
        for _time in range(2):
            self._answer("paid", page=page, paid_date="2026-03-02")
        self.assertEqual(self.declarations.search_count([]), 1)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search_count([("model", "=", "dunning.declaration")])
        )
        self.assertEqual(mails, 1)

    def test_paid_meanwhile(self):
        """What was typed is not lost; the amounts are checked by the customer."""
        page = self._open()
        self._pay(self.first, day("03-04"), amount=40.0)
        response = self._answer("promise", page=page, day1="2026-03-20")
        self.assertIn("Something changed", self._get_errors(response))
        again = html.fromstring(response.text)
        self.assertEqual(again.xpath("//input[@name='day1']/@value"), ["2026-03-20"])
        self._answer("promise", page=again, day1="2026-03-20")
        self.assertEqual(self._get_last().term_ids.amount, 110.0)

    def test_form_of_yesterday(self):
        page = self._open()
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            response = self._answer("paid", page=page, paid_date="2026-03-02")
            self.assertIn("open for a long time", self._get_errors(response))

    def test_token_of_another_page_or_none(self):
        for token in ("", "1.2.3.4", "x" * 500, "1.é.3.4"):
            with self.subTest(token):
                response = self._answer("paid", paid_date="2026-03-02", token=token)
                self.assertEqual(response.status_code, 422)
        self.assertFalse(self._get_last())

    def test_claim_of_another_customer_is_not_taken(self):
        other = self._create_customer("Boulangerie Dupré")
        foreign = self._create_claim(day("02-20"), 77.0, other)
        response = self._answer("promise", items=foreign, day1="2026-03-20")
        self.assertEqual(response.status_code, 422)
        self._answer("promise", items=(foreign, self.first), day1="2026-03-20")
        self.assertEqual(self._get_last().line_ids.move_line_id, self.first)

    def test_looking_at_an_answer_of_another_key(self):
        other = self._create_customer("Boulangerie Dupré")
        self._create_claim(day("02-20"), 77.0, other)
        delivery = self._remind(other).delivery_ids
        delivery.sudo().mail_mail_id.state = "sent"
        self._answer("question", question_text="Secret words?")
        path = self._get_path(delivery)
        number = self._get_last().id
        response = self.url_open(f"{path}/done/{number}", headers=BROWSER)
        self.assertNotIn("Thank you for", response.text)
        self.assertNotIn("What happens next", response.text)

    def test_forms_are_limited(self):
        with patch.object(customer_page, "MOST_FORMS_BY_A_KEY", 2):
            answers = [
                self._answer("question", question_text="Again?").status_code
                for _time in range(3)
            ]
        self.assertEqual(answers, [200, 200, 429])

    # ---- who answers -----------------------------------------------------------------

    def test_network_is_noted_and_not_the_address(self):
        self._answer("question", question_text="Which pallet?", author="Ann")
        declaration = self._get_last()
        self.assertEqual(declaration.address_prefix, "127.0.0.0/24")
        self.assertEqual(declaration.author_name, "Ann")

    def test_customer_who_was_handed_over_is_told_whom_to_write_to(self):
        agent = self.env["res.partner"].create({"name": "Huissier Legrand"})
        self.env["dunning.handover"].sudo().create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "agent_id": agent.id,
                "date": self.TODAY,
            }
        )
        page = self._open()
        self.assertIn("Huissier Legrand", page.text_content())
        self.assertFalse(page.xpath("//input[@name='kind']"))
