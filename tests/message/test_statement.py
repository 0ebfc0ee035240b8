from unittest.mock import patch

from odoo.tests import tagged

from ..channels.letter_common import LetterCommon
from ..common import day
from ..planner.money_common import MoneyCommon


@tagged("post_install", "-at_install")
class TestStatement(LetterCommon):
    """The statement of account on its own: any customer, any day, PDF and HTML."""

    def _get_section(self, on=None, customer=None):
        customer = customer or self.customer
        sections = self.env["dunning.statement"]._get_sections_by_customer(
            customer, on or self.TODAY, self.company
        )
        (section,) = sections[customer]
        return section

    def _get_total(self, on=None):
        return self._get_section(on)["total"].replace("\N{NO-BREAK SPACE}", " ")

    def _get_ages(self, section):
        return {
            label: amount.replace("\N{NO-BREAK SPACE}", " ")
            for label, amount in section["ageing"]
        }

    def test_statement_of_a_past_day_shows_the_ledger_of_that_day(self):
        """Paid in part on 1 March and in full on 3 March: on 28 February it was open
        whole, on 2 March the rest of it, today nothing."""
        claim = self._create_late_claim(amount=100)
        self._pay(claim, day("03-01"), amount=40)
        self._pay(claim, day("03-03"), amount=60)
        self.assertEqual(self._get_total(day("02-28")), "$ 100.00")
        self.assertEqual(self._get_total(day("03-02")), "$ 60.00")
        statement = self.env["dunning.statement"]
        today = statement._get_sections_by_customer(
            self.customer, self.TODAY, self.company
        )
        self.assertEqual(today, {self.customer: []})

    def test_statement_of_a_past_day_has_no_later_invoice(self):
        self._create_claim(day("04-15"), 100)
        self._create_claim(day("04-03"), 50)  # invoiced on 4 March
        self.assertEqual(self._get_total(day("03-04")), "$ 50.00")

    def test_invoice_paid_without_an_entry_is_not_listed(self):
        """The payment was validated, no entry of the bank says so: open in the ledger,
        paid for the customer; a past day does not bring it back."""
        invoice = self._create_late_claim(amount=100).move_id
        self._create_late_claim(amount=30)
        self._register_in_process(invoice, 100).action_validate()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self._get_total(), "$ 30.00")
        self.assertEqual(self._get_total(day("03-02")), "$ 30.00")

    def test_payment_in_process_stands_beside_its_invoice(self):
        """The customer has paid 40 of 100, the bank's entry is to come."""
        claim = self._create_late_claim(amount=100)
        payment = self._register_in_process(claim.move_id, 40)
        first, second = self._get_section()["rows"]
        self.assertEqual((first["move"], first["amount_open"]), (claim.move_id, 100))
        self.assertIn(payment.name, second["name"])
        self.assertIn("in process", second["name"])
        self.assertEqual((second["amount_open"], second["days_late"]), (-40, 0))
        self.assertEqual(self._get_total(), "$ 60.00")
        self.assertEqual(self._get_total(day("03-03")), "$ 100.00")

    def test_statement_does_not_ask_about_all_invoices_ever_paid(self):
        """What a statement costs does not grow with what all customers have paid."""
        self._create_late_claim(amount=100)
        queries = []
        execute = type(self.env.cr).execute

        def note(cursor, query, *args, **kwargs):
            queries.append(getattr(query, "code", query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", note):
            self._get_total(day("03-02"))
        self.assertTrue(queries)
        of_all_paid = [query for query in queries if '"payment_state" IN' in query]
        self.assertFalse(of_all_paid)

    def test_ageing_adds_up_to_the_balance(self):
        for due, amount in {
            "03-04": 1,
            "03-03": 10,
            "02-02": 100,
            "02-01": 1000,
        }.items():
            self._create_claim(day(due), amount)
        self._create_credit_note(5, self.TODAY)
        section = self._get_section()
        self.assertEqual(
            self._get_ages(section),
            {
                "Not yet due": "$ 1.00",
                "1–30 days late": "$ 110.00",
                "31–60 days": "$ 1,000.00",
                "61–90 days": "$ 0.00",
                "Over 90 days": "$ 0.00",
                "In your favour": "$ -5.00",
            },
        )
        self.assertEqual(self._get_total(), "$ 1,106.00")
        self.assertEqual(section["amount_due"], 1105)

    def test_negative_amounts_hold_no_invisible_sign(self):
        """Odoo puts U+FEFF after the minus sign: a box in some fonts."""
        self._create_late_claim(amount=10)
        self._create_credit_note(500, self.TODAY)
        html = self.env["dunning.statement"]._get_html(self.customer, self.TODAY)
        self.assertIn("-500.00", html[self.customer])
        self.assertNotIn("\N{ZERO WIDTH NO-BREAK SPACE}", html[self.customer])

    def test_pdf_of_each_customer_is_in_their_language(self):
        """One call of wkhtmltopdf for all; letterhead, address, figures."""
        french = self._create_customer("Boulangerie", lang="fr_FR")
        self._create_late_claim(amount=1234.5)
        self._create_late_claim(french, amount=1234.5)
        pdfs = self.env["dunning.statement"]._get_pdfs(
            self.customer | french, self.TODAY, self.company
        )
        (english_page,), (french_page,) = (
            self._get_text(pdfs[customer]) for customer in (self.customer, french)
        )
        for text in (
            "Fournitures Azur SAS",
            "Statement of account",
            "Azur Interior 8 rue des Lilas",
            "Balance of your account $ 1,234.50",
            "IBAN FR76",
        ):
            self.assertIn(text, english_page)
        self.assertIn("4 mars 2026", french_page)
        self.assertIn("24 févr. 2026", french_page)

    def test_code_of_a_statement_asks_for_what_is_due(self):
        """Not for what is not due yet."""
        self._create_euro_claims(1)
        self._create_claim(day("04-03"), 50, currency_id=self.euro.id)
        pdfs = self.env["dunning.statement"]._get_pdfs(self.customer, self.TODAY)
        (page,) = self._get_text(pdfs[self.customer])
        self.assertIn("Balance of your account 150.00 €", page)
        self.assertIn("Scan with your banking app to pay 100.00 €", page)

    def test_long_statement_keeps_its_total_company(self):
        self._create_euro_claims(60)
        pdfs = self.env["dunning.statement"]._get_pdfs(self.customer, self.TODAY)
        *others, last = self._get_text(pdfs[self.customer])
        self.assertNotIn("Balance", " ".join(others))
        self.assertGreaterEqual(last.count("INV/"), 2)
        self.assertIn("IBAN FR76", last)

    def test_customer_who_owes_nothing_is_told_so(self):
        pdfs = self.env["dunning.statement"]._get_pdfs(self.customer, self.TODAY)
        (page,) = self._get_text(pdfs[self.customer])
        self.assertIn("nothing to pay", page)
        self.assertNotIn("IBAN", page)

    def test_contact_gets_the_statement_of_their_company(self):
        self._create_late_claim(amount=77)
        contact = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.customer.id, "lang": "en_US"}
        )
        html = self.env["dunning.statement"]._get_html(contact, self.TODAY)
        self.assertIn("77.00", html[contact])

    def test_print_menu_of_a_customer_gives_the_statement(self):
        self._create_late_claim(amount=77)
        report = self.env["ir.actions.report"].with_user(self.collector)
        with self.allow_pdf_render():
            pdf, kind = report.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(
                "account_dunning_scenario.action_report_statement", self.customer.ids
            )
        self.assertEqual(kind, "pdf")
        self.assertIn("Balance of your account $ 77.00", self._get_text(pdf)[0])


@tagged("post_install", "-at_install")
class TestStatementMoney(LetterCommon, MoneyCommon):
    """What is open on the bank's side stands in the statement as what it is."""

    def _get_rows(self):
        statement = self.env["dunning.statement"]
        sections = statement._get_sections_by_customer(
            self.customer, self.TODAY, self.company
        )
        (section,) = sections[self.customer]
        return section

    def test_refund_is_shown_as_a_refund(self):
        """An advance of 500, paid back: both are shown, and make nothing."""
        self._create_late_claim(amount=200)
        self._create_receipt(500.0, day("02-10"))
        refund = self._pay_out(500.0, day("02-12"))
        section = self._get_rows()
        row = next(row for row in section["rows"] if row["move"] == refund.move_id)
        self.assertEqual(row["name"], f"Refund {refund.move_id.name}")
        self.assertEqual((row["due_date"], row["days_late"]), ("", 0))
        self.assertEqual((section["amount_total"], section["amount_due"]), (200, 200))
        self.assertIn("Refunds and returned payments", dict(section["ageing"]))
        payments = self.env["dunning.statement"]._get_payments([section], self.company)
        self.assertEqual([amount for *_account, amount in payments], [200])

    def test_returned_payment_is_shown_as_one(self):
        """The bank took back the payment of a paid invoice."""
        claim = self._create_claim(day("02-20"), 100.0)
        self._pay(claim, day("02-25"))
        returned = self._pay_out(100.0, day("03-02"), ref="AC04")
        (row,) = self._get_rows()["rows"]
        self.assertEqual(row["name"], f"Returned payment {returned.move_id.name}")
        self.assertEqual(row["days_late"], 0)

    def test_refund_taken_in_is_late_like_any_claim(self):
        refund = self._pay_out(500.0, day("02-12"))
        refund.sudo().dunning_is_taken_in = True
        (row,) = self._get_rows()["rows"]
        self.assertEqual(row["days_late"], 20)

    def test_refund_in_process_reduces_the_credit_only(self):
        """A credit note of 300 is being paid back, 500 by mistake: nothing is owed."""
        self._create_credit_note(300.0, day("02-20"))
        self._wait_for_bank(500.0, payment_type="outbound")
        section = self._get_rows()
        self.assertEqual([row["amount_open"] for row in section["rows"]], [-300, 300])
        self.assertEqual(section["amount_total"], 0)
