import io
import subprocess

import zxingcpp
from PIL import Image

from odoo.tests import tagged

from .letter_common import LetterCommon


@tagged("post_install", "-at_install")
class TestLetterLayout(LetterCommon):
    """The letter on paper: envelope window, pages, totals, payment slip, measured in
    the PDF."""

    def _print_one(self, count=1, customer=None):
        self._create_euro_claims(count, customer)
        action = self._write_letters()
        return action, self._get_pdf(action)

    def _has_mark(self, pdf, height):
        """Tell whether there is a fold mark `height` mm below the top of page 1."""
        png = subprocess.run(
            ["pdftoppm", "-r", "127", "-gray", "-f", "1", "-l", "1", "-png", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout
        strip = Image.open(io.BytesIO(png)).crop(
            (30, height * 5 - 3, 35, height * 5 + 3)
        )
        return min(strip.tobytes()) < 200

    def test_address_is_in_the_window_of_a_french_envelope(self):
        """DL, window 35 x 100 mm on the right: whatever way the sheet slides,
        between 100 and 190 mm from the left and 55 and 79 mm from the top the address
        is seen, and nothing else is near it."""
        _action, pdf = self._print_one()
        words = self._get_words(pdf)[0]
        left, top, right, bottom = self._get_box(words, ["Interior", "Lilas"])
        self.assertTrue(100 <= left and right <= 190 and 55 <= top and bottom <= 79)
        address = set("Azur Interior 8 rue des Lilas 69003 Lyon".split())
        near = {w[0] for w in words if w[3] > 90 and w[4] > 44 and w[2] < 90}
        self.assertEqual(near, address)
        self.assertTrue(self._has_mark(pdf, 99) and self._has_mark(pdf, 198))

    def test_address_is_in_the_window_of_a_german_envelope(self):
        """DIN 5008 form B: 20 mm from the left, 45 mm from the top, 85 x 45 mm with the
        line of the sender; folds at 105 and 210 mm."""
        self._move_to_germany()
        _action, pdf = self._print_one()
        words = self._get_words(pdf)[0]
        window = [w for w in words if w[1] < 105 and w[4] > 45 and w[2] < 90]
        self.assertEqual(
            " ".join(w[0] for w in window if w[2] > 62),
            "Azur Interior 8 rue des Lilas 69003 Lyon FRANCE",
        )
        sender = " ".join(w[0] for w in window if w[2] <= 62)
        self.assertIn("Fournitures Azur SAS · 14 rue du Port", sender)
        self.assertTrue(all(20 <= w[1] and w[3] <= 105 for w in window))
        self.assertTrue(self._has_mark(pdf, 105) and self._has_mark(pdf, 210))
        self.assertFalse(self._has_mark(pdf, 99))

    def test_longest_address_wraps_within_the_window(self):
        """Smaller letters, no word lost, for both envelopes."""
        customer = self._create_long_customer()
        action, pdf = self._print_one(customer=customer)
        place = ["Boîte postale 1204", "Établissements", "Bouzemont"]
        place = [*place, "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"]
        box = self._get_box(self._get_words(pdf)[0], place)
        self.assertTrue(
            100 <= box[0] and box[2] <= 190 and 55 <= box[1] and box[3] <= 79
        )
        self._move_to_germany()
        report = self.env["report.account_dunning_scenario.letter"]
        (pdf,) = report._get_streams(action.ids).values()
        box = self._get_box(self._get_words(pdf)[0], place)
        self.assertTrue(
            20 <= box[0] and box[2] <= 105 and 62 <= box[1] and box[3] <= 90
        )

    def test_one_claim_takes_one_page(self):
        """Text, statement, total, account: one sheet, nothing enclosed."""
        action, pdf = self._print_one()
        (page,) = self._get_text(pdf)
        for text in (
            action.line_ids.move_id.name,
            "Balance of your account 100.00 €",
            "IBAN FR76 3000 6000 0112 3456 7890 189",
            "BIC AGRIFRPP",
            "Crédit du Port",
            f"Please quote {action.payment_reference}",
            "Fournitures Azur SAS · 334 175 221 00017",
        ):
            self.assertIn(text, page)
        self.assertNotIn("Enclosure", page)
        self.assertNotIn("1 / 1", page)

    def test_twelve_claims_are_enclosed_on_one_sheet(self):
        """The letter asks and says how to pay; the statement follows."""
        action, pdf = self._print_one(12)
        letter, statement = self._get_text(pdf)
        self.assertIn("Enclosure: statement of account of 4 March 2026", letter)
        self.assertIn("IBAN FR76", letter)
        self.assertIn("Balance of your account 1,266.00 €", statement)
        self.assertIn("1–30 days late 1,266.00 €", statement)
        for name in action.line_ids.move_id.mapped("name"):
            self.assertIn(name, statement)

    def test_ninety_claims_are_readable_on_every_page(self):
        """Heads on all sheets, page x / y, no row lost, no total alone."""
        action, pdf = self._print_one(90)
        letter, *sheets = self._get_text(pdf)
        count = len(sheets) + 1
        self.assertGreater(count, 3)
        names = action.line_ids.move_id.mapped("name")
        for number, sheet in enumerate([letter, *sheets], start=1):
            self.assertIn(f"{number} / {count}", sheet)
        for sheet in sheets:
            self.assertIn("Document Date Due date Days late Amount", sheet)
            self.assertGreaterEqual(sum(name in sheet for name in names), 2)
        self.assertEqual([n for n in names if n not in " ".join(sheets)], [])
        total = sum(100 + n for n in range(90))
        self.assertIn(f"Balance of your account {total:,}.00 €", sheets[-1])

    def test_each_currency_has_its_own_total(self):
        self._create_euro_claims(2)
        self._create_late_claim(amount=500)
        action = self._write_letters()
        text = " ".join(self._get_text(self._get_pdf(action)))
        self.assertIn("Balance of your account in EUR 201.00 €", text)
        self.assertIn("Balance of your account in USD $ 500.00", text)

    def test_code_fills_in_the_transfer(self):
        """Scanned as banking apps do: euros asked for, account, reference."""
        action, pdf = self._print_one(2)
        png = subprocess.run(
            ["pdftoppm", "-r", "150", "-gray", "-png", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        ).stdout
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
        self.assertEqual(
            code.text.splitlines(),
            [
                "BCD",
                "002",
                "1",
                "SCT",
                "AGRIFRPP",
                "Fournitures Azur SAS",
                "FR7630006000011234567890189",
                "EUR201.0",
                "",
                "",
                action.payment_reference,
            ],
        )

    def test_no_code_for_another_currency(self):
        self._create_late_claim(amount=500)
        action = self._write_letters()
        page = " ".join(self._get_text(self._get_pdf(action)))
        self.assertNotIn("Scan", page)
        self.assertIn("IBAN FR76", page)

    def test_payment_slip_is_never_alone_on_a_page(self):
        """A text that fills the first page: closing and slip go on together."""
        self.letter_text.body_html = (
            "<div>%s<p>Yours faithfully,</p><p>Camille</p></div>" % ("<p>Word</p>" * 24)
        )
        _action, pdf = self._print_one(12)
        _first, second, _statement = self._get_text(pdf)
        self.assertIn("Yours faithfully, Camille To pay by bank transfer", second)

    def test_letter_says_what_the_customers_own_reference_is(self):
        self._create_euro_claims(1, ref="PO-778")
        action = self._write_letters()
        self.assertIn(
            "Your reference: PO-778", self._get_text(self._get_pdf(action))[0]
        )

    def test_company_line_has_the_letters_of_any_language(self):
        """The foot of the page is stamped: it needs a font of its own."""
        self.company.partner_id.name = "Łódź Żelazo"
        _action, pdf = self._print_one()
        (words,) = self._get_words(pdf)
        foot = " ".join(w[0] for w in words if w[2] > 280)
        self.assertIn("Łódź Żelazo", foot)

    def test_batch_is_sorted_by_postcode(self):
        """At home first, then abroad; by postcode within a country."""
        belgium = self.env.ref("base.be").id
        for name, values in {
            "Zinc": {"zip": "01000"},
            "Liege": {"zip": "00001", "country_id": belgium},
            "Alu": {"zip": "75001"},
        }.items():
            self._create_euro_claims(1, self._create_customer(name, **values))
        actions = self._write_letters()
        batch = actions.delivery_ids.batch_attachment_id
        pages = self._get_text(batch.raw)
        order = [n for page in pages for n in ("Zinc", "Alu", "Liege") if n in page]
        self.assertEqual(order, ["Zinc", "Alu", "Liege"])
