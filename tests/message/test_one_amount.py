"""Every place of a message asks for one amount, read back from the finished message."""

import base64
import doctest
import io
import re
from datetime import date, datetime
from itertools import product
from unittest.mock import patch

import zxingcpp
from lxml import html
from PIL import Image

from odoo import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ...models.ledger import credits as credits_module
from ...models.setup.guard.guard import SEAL, in_channel
from ..channels.letter_common import LetterCommon
from ..common import day

MODULE = "account_dunning_scenario"
OWN = "FR7630006000011234567890189"
FACTOR = "BE71096123456769"
CLOSED = "DE89370400440532013000"
EMAIL_TEXTS = (
    "reminder_courteous",
    "reminder_neutral",
    "reminder_firm",
    "reminder_bad_payer",
    "reminder_law",
    "formal_notice",
)
LETTER_TEXTS = (
    "letter_reminder_courteous",
    "letter_reminder_neutral",
    "letter_reminder_firm",
    "letter_reminder_last",
    "letter_reminder_law",
    "letter_formal_notice",
)
SMS_TEXTS = (
    "reminder_courteous",
    "reminder_neutral",
    "reminder_firm",
    "reminder_formal",
)
TONES = ("courteous", "neutral", "firm", "formal")
LANGS = ("en_US", "fr_FR")
# An amount as it is written in either language, with its currency.
WRITTEN = re.compile(
    r"(?:(?P<before>\$) )?(?P<number>\d{1,3}(?:[ ,]\d{3})*[.,]\d{2})"
    r"(?: (?P<after>[€$]))?"
)


def read_amounts(text):
    """Return the set of (currency, amount) written in a text."""
    plain = re.sub(r"[\u202f\xa0\s]+", " ", text)
    found = set()
    for match in WRITTEN.finditer(plain):
        symbol = match["before"] or match["after"]
        digits = re.sub(r"\D", "", match["number"])
        found.add(({"€": "EUR", "$": "USD"}.get(symbol), int(digits) / 100))
    return found


class AmountCommon(LetterCommon):
    """Customers of all kinds on 4 March 2026, each with invoices due on 24 February.

    `stories` gives per customer what is to be paid on which account, worked out by
    hand: [(account number, currency, amount)].
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"]._load_module_terms([MODULE], ["fr_FR"])
        france = cls.env.ref("base.fr")
        cls.company.account_fiscal_country_id = france
        cls.factor = cls._create_account(FACTOR)
        cls.closed = cls._create_account(CLOSED)
        cls.reminder.is_interest_claimed = False

    @classmethod
    def _create_account(cls, number):
        return (
            cls.env["res.partner.bank"]
            .sudo()
            .create(
                {
                    "acc_number": number,
                    "allow_out_payment": True,
                    "partner_id": cls.company.partner_id.id,
                }
            )
        )

    @classmethod
    def _owe(cls, name, *amounts, **values):
        """Create a customer with an invoice in euros per amount; return the claims."""
        customer = cls._create_customer(name)
        claims = cls.env["account.move.line"]
        for amount in amounts:
            claims |= cls._create_late_claim(
                customer, amount, **{"currency_id": cls.euro.id, **values}
            )
        return claims

    def _tell(self, claims, *payments):
        """Note what a customer is to pay, by default in euros on our account."""
        self.stories[claims.partner_id] = [
            payment if isinstance(payment, tuple) else (OWN, "EUR", payment)
            for payment in payments
        ]

    def _create_stories(self):
        self._tell(self._owe("Plain", 100), 100)
        claim = self._owe("Part-paid", 100)
        self._receive(claim, 25)
        self._tell(claim, 75)
        claim = self._owe("Credit", 100)
        self._credit(claim, 40)
        self._tell(claim, 60)
        claim = self._owe("Branch", 100)
        self._credit(claim, 30, company_id=self.branch.id)
        self._tell(claim, 70)
        claim = self._owe("Disputed", 100)
        self._dispute(claim, 40)
        self._tell(claim, 60)
        claim = self._owe("Promised", 100)
        self._promise(claim, 30, day("03-20"))
        self._tell(claim, 70)
        claim = self._owe("In Process", 1000)
        self._register_in_process(claim.move_id, 200)
        self._tell(claim, 800)
        claims = self._owe("Two Accounts", 100, 50)
        claims[1].move_id.sudo().partner_bank_id = self.factor
        self._tell(claims, 100, (FACTOR, "EUR", 50))
        claims = self._owe("Two Currencies", 100)
        dollars = self._create_late_claim(claims.partner_id, 1234.56)
        self._tell(claims | dollars, 100, (OWN, "USD", 1234.56))
        claim = self._owe("Closed", 100)
        claim.move_id.sudo().partner_bank_id = self.closed
        self._tell(claim, 100)
        self.closed.sudo().active = False
        claims = self._create_instalments(
            day("01-20"),
            34,
            35,
            70,
            80,
            amount=400,
            customer=self._create_customer("Instalments"),
            currency_id=self.euro.id,
        )
        self._tell(claims, 200)

    @classmethod
    def _receive(cls, claim, amount):
        """Receive a part of a claim in euros."""
        receipt = cls._create_euro_receipt(amount, claim.partner_id)
        (claim | receipt).reconcile()

    @classmethod
    def _create_euro_receipt(cls, amount, customer):
        account = cls.company_data["default_account_receivable"]
        journal = cls.company_data["default_journal_bank"]
        lines = [
            (journal.default_account_id, amount, False),
            (account, -amount, customer.id),
        ]
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": day("03-01"),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": of_line.id,
                            "amount_currency": value,
                            "currency_id": cls.euro.id,
                            "partner_id": partner_id,
                        }
                    )
                    for of_line, value, partner_id in lines
                ],
            }
        )
        move.action_post()
        return cls._get_claims(move)

    @classmethod
    def _credit(cls, claim, amount, **values):
        return cls._create_credit_note(
            amount,
            day("02-20"),
            claim.partner_id,
            **{"currency_id": claim.currency_id.id, **values},
        )

    @classmethod
    def _dispute(cls, claim, amount):
        """Open a dispute about a part of a claim, as the collector."""
        reason = cls.env["dunning.dispute.reason"].search([], limit=1)
        values = {
            "partner_id": claim.partner_id.id,
            "reason_id": reason.id,
            "claim_ids": [Command.create({"move_line_id": claim.id, "amount": amount})],
        }
        cls.env["dunning.dispute"].with_user(cls.collector).create(values)

    @classmethod
    def _promise(cls, claim, amount, by):
        """Take a promise for a part of a claim, as the collector."""
        values = {
            "partner_id": claim.partner_id.id,
            "amount": amount,
            "date": by,
            "currency_id": claim.currency_id.id,
            "claim_ids": [Command.create({"move_line_id": claim.id})],
        }
        cls.env["dunning.promise"].with_user(cls.collector).create(values)

    # ---- reading ---------------------------------------------------------------------

    def _get_expected(self, action):
        """Return {(currency, sum)} of what a customer is to pay."""
        sums = {}
        for _account, currency, amount in self.stories[action.partner_id]:
            sums[currency] = round(sums.get(currency, 0) + amount, 2)
        return set(sums.items())

    def _read_mail_payments(self, body):
        """Return (account, currency, amount) of each account box of an e-mail."""
        found = []
        for box in body.find_class("o_dunning_bank"):
            cells = [
                " ".join(cell.text_content().split()) for cell in box.xpath(".//td")
            ]
            said = dict(zip(cells[::2], cells[1::2], strict=True))
            ((currency, amount),) = read_amounts(
                said.get("Amount", said.get("Montant"))
            )
            found.append((said["IBAN"].replace(" ", ""), currency, amount))
        return found

    def _read_slips(self, letter):
        """Return (account, currency, amount) of each slip of a letter; its code says
        the same."""
        found = []
        for slip in letter.find_class("o_dunning_slip"):
            said = {
                line.xpath("string(span)"): line.xpath("string(b)")
                for line in slip.xpath(".//div[span]")
            }
            ((currency, amount),) = read_amounts(
                said.get("Amount", said.get("Montant"))
            )
            found.append((said["IBAN"].replace(" ", ""), currency, amount))
            for image in slip.xpath(".//img/@src"):
                self.assertEqual(self._scan(image), found[-1])
        return found

    def _scan(self, image):
        """Return (account, currency, amount) of a payment code."""
        data = base64.b64decode(image.partition("base64,")[2])
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(data)))
        lines = code.text.splitlines()
        return lines[6], lines[7][:3], float(lines[7][3:])


@tagged("post_install", "-at_install")
class TestOneAmount(AmountCommon):
    """Each delivered text by each medium, for each kind of customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = (
            cls.env["res.company"]
            .sudo()
            .create({"name": "Azur Lyon", "parent_id": cls.company.id})
        )
        for user in (cls.env.user, cls.collector):
            user.sudo().company_ids = [Command.link(cls.branch.id)]
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": (cls.company | cls.branch).ids,
            }
        )

    def setUp(self):
        super().setUp()
        self.stories = {}
        self._create_stories()
        self.env.flush_all()
        self.actions = self._plan()
        self.assertEqual(set(self.actions.partner_id), set(self.stories))

    def _get_action(self, name):
        return self.actions.filtered(lambda a: a.partner_id.name == name)

    def _use(self, **values):
        self.reminder.with_context(dunning_in_place=SEAL).write(values)
        self.env.invalidate_all()

    def _render(self, name, lang, channel, field="body_html"):
        template = self.env.ref(f"{MODULE}.mail_template_{name}")
        actions = in_channel(self.actions, channel).with_context(lang=lang)
        rendered = in_channel(template, channel)._render_field(
            field, actions.ids, set_lang=lang
        )
        return {action: rendered[action.id] for action in actions}

    def test_subject_request_table_and_accounts_of_emails(self, names=EMAIL_TEXTS):
        for (name, lang), tone in zip(product(names, LANGS), TONES * 3, strict=False):
            self._use(request="payment", tone=tone)
            subjects = self._render(name, lang, "email", "subject")
            for action, body in self._render(name, lang, "email").items():
                with self.subTest(text=name, lang=lang, of=action.partner_id.name):
                    expected = self._get_expected(action)
                    self.assertEqual(read_amounts(subjects[action]), expected)
                    tree = html.fromstring(body)
                    self.assertEqual(
                        self._read_mail_payments(tree), self.stories[action.partner_id]
                    )
                    self.assertEqual(self._read_table(tree), expected)
                    self.assertLessEqual(expected, self._read_request(action, lang))

    def _read_request(self, action, lang):
        request = action.with_context(lang=lang).request_html
        return read_amounts(html.fromstring(request).text_content())

    def _read_table(self, tree):
        """Return the amounts that the tables end in: to pay, else of the marked claims,
        else the balance."""
        found = set()
        for table in tree.find_class("o_dunning_table"):
            totals = {}
            for row in table.xpath(".//tr[@align='right']"):
                label, amount = (cell.text_content() for cell in row.xpath("td"))
                totals[re.sub(r"\W", "", label)[:6]] = amount
            keys = ("Topay", "Àrégle", "Thisme", "Concer", "Balanc", "Soldede")
            label = next(key[:6] for key in keys if key[:6] in totals)
            found |= read_amounts(totals[label])
        return {(currency, amount) for currency, amount in found if amount}

    def test_every_request_names_the_amount(self):
        """Of each aim and tone, in both languages."""
        for request, tone, lang in product(
            ("payment", "confirmation", "reply"), TONES, LANGS
        ):
            self._use(request=request, tone=tone)
            for action in self.actions:
                with self.subTest(request=request, tone=tone, lang=lang):
                    found = self._read_request(action, lang)
                    self.assertLessEqual(self._get_expected(action), found)

    def test_subject_statement_slips_and_codes_of_letters(self, names=LETTER_TEXTS):
        """The slips say what the text asks; the codes are scanned as banking apps
        do."""
        for name, lang in zip(names, LANGS * 3, strict=False):
            self._use(request="payment")
            actions = in_channel(self.actions, "letter").with_context(lang=lang)
            actions.partner_id.lang = lang
            texts = {
                action: {"subject": subject, "body_html": body}
                for (action, subject), body in zip(
                    self._render(name, lang, "letter", "subject").items(),
                    self._render(name, lang, "letter").values(),
                    strict=True,
                )
            }
            press = in_channel(self.env[f"report.{MODULE}.letter"], "letter")
            for action, letter in press._get_letters(actions, texts).items():
                with self.subTest(text=name, lang=lang, of=action.partner_id.name):
                    self.assertEqual(
                        self._read_slips(html.fromstring(letter)),
                        self.stories[action.partner_id],
                    )
                    self.assertEqual(
                        read_amounts(texts[action]["subject"]),
                        self._get_expected(action),
                    )

    def test_short_texts_name_the_amount(self):
        """Sent as SMS or spoken."""
        for name, lang in product(SMS_TEXTS, LANGS):
            self.actions.partner_id.lang = lang
            self._use(sms_template_id=self.env.ref(f"{MODULE}.sms_template_{name}").id)
            texts = in_channel(self.actions, "sms")._get_short_texts()
            for action, text in texts.items():
                with self.subTest(text=name, lang=lang, of=action.partner_id.name):
                    text = text.replace("EUR", "€")
                    self.assertEqual(read_amounts(text), self._get_expected(action))

    def test_calls_name_the_amount(self):
        for action in self.actions:
            found = read_amounts(action.with_context(lang="en_US")._tell_figures())
            self.assertLessEqual(self._get_expected(action), found)

    def test_interest_and_indemnity_are_part_of_the_amount(self):
        """In the law's texts, on what is owed after credits and without what is not
        asked for: 8 days (9 since the 23rd) at 2.15 + 10 % by 365, and 40 € an
        invoice. The euro is at par, so that dollars are charged 40, too."""
        self._use(request="payment", is_interest_claimed=True, tone="formal")
        self.env.ref("base.EUR").rate_ids = [
            Command.clear(),
            Command.create({"name": "2026-01-01", "rate": 1.0}),
        ]
        for customer, payments in self.stories.items():
            self.stories[customer] = [
                (account, currency, self._add_law(customer, amount, currency))
                for account, currency, amount in payments
            ]
        self.test_subject_request_table_and_accounts_of_emails(("formal_notice",))
        self.test_subject_statement_slips_and_codes_of_letters(
            ("letter_formal_notice", "letter_reminder_law")
        )
        self.test_calls_name_the_amount()

    def _add_law(self, customer, amount, currency):
        """Return an amount with 8 days of interest and the indemnity, in plain
        Python. Instalments are two claims of one invoice, due on the 23rd and 24th;
        25 of 100 were paid on 1 March, the fifth day."""
        parts = {
            "Instalments": [(amount / 2, 9), (amount / 2, 8)],
            "Part-paid": [(100, 5), (75, 3)],
        }.get(customer.name, [(amount, 8)])
        interest = sum(round(a * 12.15 / 100 * days / 365, 2) for a, days in parts)
        return round(amount + interest + 40, 2)

    def test_amount_followed_up_is_the_one_asked_for(self):
        """On the desk and once it has left, in the company's currency: a euro is a
        dollar where no rate is on record."""
        for action in self.actions:
            with self.subTest(of=action.partner_id.name):
                asked = sum(amount for _c, amount in self._get_expected(action))
                self.assertAlmostEqual(action.amount_total, asked)

    def test_printed_letters(self):
        """The text of the PDF, its table included, has the amounts of each account."""
        self._use(request="payment")
        self.actions.with_user(self.collector).action_confirm()
        with self.allow_pdf_render():
            self._print(self.actions)
        for action in self.actions:
            with self.subTest(of=action.partner_id.name):
                pages = " ".join(self._get_text(self._get_pdf(action)))
                wanted = {pair[1:] for pair in self.stories[action.partner_id]}
                self.assertLessEqual(
                    wanted | self._get_expected(action), read_amounts(pages)
                )
                self.assertNotIn(CLOSED[:4], pages)

    def test_sent_message_keeps_its_amount(self):
        """A credit that comes later changes the next message, not this one."""
        action = self._get_action("Credit")
        action.with_user(self.collector).action_confirm()
        self._send(action)
        self.assertTrue(action.kept_rows)
        self._credit(action.line_ids.move_line_id, 10)
        self.env.invalidate_all()
        self.assertIn("60.00", action.amount_text)
        self.assertEqual(action.amount_total, 60)

    def test_sent_message_is_read_after_its_invoice_was_changed(self):
        """The items that it was about are gone: its amount stands."""
        action = self._get_action("Two Accounts")
        action.with_user(self.collector).action_confirm()
        self._send(action)
        action.sudo()._perform(self.TODAY, datetime(2026, 3, 4, 12))
        for move in action.line_ids.move_id:
            move.button_draft()
            move.invoice_line_ids.unlink()
        self.factor.sudo().unlink()
        self.env.invalidate_all()
        self.assertIn("150.00", action.amount_text)
        self.assertIn("150.00", action.legal_total_text)
        self.assertTrue(action.payment_reference)


@tagged("post_install", "-at_install")
class TestCredits(AmountCommon):
    """Whose claims a credit is set against."""

    def test_examples(self):
        self.assertFalse(
            doctest.testmod(credits_module, extraglobs={"date": date}).failed
        )

    def test_credit_is_used_once_by_two_messages(self):
        """One message per invoice: the credit goes to the older one."""
        self.scenario.grouping = "invoice"
        claim = self._create_claim(day("02-22"), 100)
        later = self._create_late_claim(amount=80)
        self._create_credit_note(30, day("02-01"))
        asked = {
            action.line_ids.move_line_id: action.amount_text for action in self._plan()
        }
        self.assertIn("70.00", asked[claim])
        self.assertIn("80.00", asked[later])

    def test_credit_in_another_currency_is_named(self):
        self._create_late_claim(amount=100)
        self._create_credit_note(40, day("02-20"), currency_id=self.euro.id)
        action = self._plan()
        self.assertIn("100.00", action.amount_text)
        self.assertIn("40.00", action.request_html)
        self.assertIn("it is not deducted", action.request_html)

    def test_claim_that_a_credit_covers_is_not_written_about(self):
        """100 are late since 10 February, 80 since the 24th; a credit of 100 covers the
        older claim: nothing of it is asked for."""
        self.scenario.grouping = "invoice"
        covered = self._create_claim(day("02-10"), 100)
        claim = self._create_late_claim(amount=80)
        self._create_credit_note(100, day("02-01"))
        actions = self._plan()
        actions.with_user(self.collector).action_confirm()
        self._send(actions)
        states = {a.line_ids.move_line_id: a.line_ids.state for a in actions}
        self.assertEqual(states, {covered: "dropped", claim: "open"})

    def test_dispute_after_the_planning_counts(self):
        """The message of the next day asks for what is still asked for then."""
        claim = self._create_late_claim(amount=100)
        action = self._plan()
        self._dispute(claim, 40)
        self.env.invalidate_all()
        self.assertIn("60.00", action.amount_text)


@tagged("post_install", "-at_install")
class TestWaysToPay(AmountCommon):
    """Accounts, buttons and pages that ask for what the message asks for."""

    def _plan_payment(self):
        action = self._plan()
        action.step_id.with_context(dunning_in_place=SEAL).request = "payment"
        return action

    def _get_button(self, action):
        """Return the address of the button, as if payments could be made online."""
        self.env.invalidate_all()
        online = patch.object(type(action), "_filtered_online", lambda actions: actions)
        with online:
            return action.payment_url

    def test_button_leads_to_the_amount_asked_for(self):
        """The whole invoice has a page of its own; Odoo asks for all of it there."""
        claim = self._create_late_claim(amount=100)
        action = self._plan_payment()
        self.assertIn(f"/my/invoices/{claim.move_id.id}", self._get_button(action))

    def test_no_button_that_asks_for_another_amount(self):
        """40 of 100 are disputed (W15): the page would ask for 100."""
        self._dispute(self._create_late_claim(amount=100), 40)
        action = self._plan_payment()
        self.assertIn("60.00", action.amount_text)
        self.assertFalse(self._get_button(action))

    def test_list_of_late_invoices_is_offered_for_all_of_them_only(self):
        """Odoo's list takes two invoices of 100 and 80; a third one that is late, but
        not asked for yet, would be taken with them."""
        new_test_user(self.env, "buyer", "base.group_portal", name="Buyer")
        user = self.env["res.users"].search([("login", "=", "buyer")])
        user.sudo().partner_id = self.customer
        self._create_late_claim(amount=100)
        self._create_late_claim(amount=80)
        action = self._plan_payment()
        self.assertIn("/my/invoices/overdue", self._get_button(action))
        self._create_claim(day("03-02"), 20)
        self.assertFalse(self._get_button(action))

    def test_account_in_the_currency_of_the_invoice(self):
        """Dollars are asked for on the account in dollars, euros on the other one."""
        self.factor.sudo().currency_id = self.env.ref("base.USD")
        claims = self._owe("Export", 100)
        dollars = self._create_late_claim(claims.partner_id, 70)
        (claims | dollars).move_id.sudo().partner_bank_id = False
        action = self._plan_payment()
        payments = action._get_payments(action._unpack_rows())
        self.assertEqual(
            [(p.account.sanitized_acc_number, p.amount) for p in payments],
            [(OWN, 100), (FACTOR, 70)],
        )

    def test_account_that_nobody_trusts_is_not_printed(self):
        claim = self._owe("Azur Interior", 100)
        self.closed.sudo().allow_out_payment = False
        claim.move_id.sudo().partner_bank_id = self.closed
        action = self._plan_payment()
        self.assertIn("FR76", action.payment_html)
        self.assertNotIn("DE89", action.payment_html)

    def test_account_of_a_closed_journal_is_not_printed(self):
        claim = self._owe("Azur Interior", 100)
        journal = self.company_data["default_journal_bank"].sudo().copy()
        journal.bank_account_id = self.closed
        claim.move_id.sudo().partner_bank_id = self.closed
        action = self._plan_payment()
        self.assertIn("DE89", action.payment_html)
        journal.active = False
        self.env.invalidate_all()
        self.assertNotIn("DE89", action.payment_html)

    def test_structured_reference_is_told_to_the_bank(self):
        """As in Odoo's own codes: a reference that banks can check has a place of its
        own (ISO 11649)."""
        claim = self._owe("Azur Interior", 100)
        claim.move_id.sudo().payment_reference = "RF18 5390 0754 7034"
        code = self._get_lines(self._plan_payment())
        self.assertEqual(code[9], "RF18539007547034")

    def _get_lines(self, action):
        """Return the lines of the code of a letter."""
        press = self.env[f"report.{MODULE}.letter"]
        ((image,),) = [[slip["code"] for slip in press._get_action_slips(action)]]
        data = base64.b64decode(image.partition("base64,")[2])
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(data)))
        return code.text.splitlines()

    def test_page_says_the_amount_of_its_day_and_why_it_differs(self):
        """100 were asked for on 4 March; 30 are paid on the 6th."""
        self._use_channel("email", fallback_channel=False)
        claim = self._create_late_claim(amount=100)
        action = self._plan_payment()
        action.with_user(self.collector).action_confirm()
        self._send(action)
        with self.mock_mail_gateway():
            action.delivery_ids.mail_mail_id.sudo().send()
        self.env["dunning.delivery"].sudo()._settle_mails(datetime(2026, 3, 4, 13))
        self.assertFalse(self._get_page(action)["change"])
        with freeze_time("2026-03-06 10:00:00"):
            self._pay(claim, day("03-06"), 30)
            self.env.invalidate_all()
            values = self._get_page(action)
        self.assertIn("70.00", values["selection"])
        self.assertIn("100.00", values["change"])
        self.assertIn("payments received", values["change"])
        self.assertIn("70.00", values["payments"][0]["amount"])
        self.assertIn("100.00", action.amount_text)

    def _get_page(self, action):
        """Return the values of the customer's page."""
        page = self.env["dunning.customer.page"].sudo()
        return page._get_values(action.delivery_ids.sudo())


@tagged("post_install", "-at_install")
class TestDiscount(AmountCommon):
    """Early-payment discounts: 2 % within 10 days, of 1,000 €."""

    def _owe_with_discount(self, on):
        """Post an invoice of a day, payable within 30 days."""
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "excluded",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        return self._create_claim(
            None,
            1000,
            date=on,
            invoice_payment_term_id=term.id,
            currency_id=self.euro.id,
        )

    def _get_request(self, kind):
        action = self._plan()
        self.assertEqual(action.kind, kind)
        return action.with_context(lang="en_US").request_html

    def test_notice_in_time_says_both_amounts(self):
        """Invoiced on 28 February: 980 € until 10 March, else 1,000 € on the 30th."""
        self._get_step("notice").write({"delay": -28, "request": "payment"})
        self._owe_with_discount(day("02-28"))
        request = self._get_request("notice")
        self.assertEqual(read_amounts(request), {("EUR", 1000), ("EUR", 980)})
        self.assertIn("by 10\u00a0March 2026, the discounted amount", request)

    def test_notice_after_the_last_day_says_the_full_amount(self):
        """Invoiced on 10 February: until the 20th only."""
        self._get_step("notice").request = "payment"
        self._owe_with_discount(day("02-10"))
        self.assertEqual(read_amounts(self._get_request("notice")), {("EUR", 1000)})

    def test_reminder_says_the_full_amount(self):
        self._owe_with_discount(day("01-20"))
        self.assertEqual(read_amounts(self._get_request("reminder")), {("EUR", 1000)})
