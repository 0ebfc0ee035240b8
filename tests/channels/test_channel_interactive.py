import importlib.util
import re
from datetime import timedelta
from hashlib import sha256

from lxml import html

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.misc import file_path

from ..common import day
from ..delivery.common import BODY, DeliveryCommon

SCRIPT = "account_dunning_scenario/migrations/19.0.1.5.0/pre-hash-keys.py"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@tagged("post_install", "-at_install")
class TestChannelInteractive(DeliveryCommon, HttpCase):
    """The interactive e-mail: a personal link, three buttons, and who followed them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"phone": "+33 1 44 55 66 77", "email": "azur@example.com"})
        cls.mail_text.body_html = BODY.replace(
            '<t t-out="object.statement_html"/>',
            '<t t-out="object.request_html"/><t t-out="object.payment_html"/>',
        )
        cls._use_channel("interactive_email")

    def _get_buttons(self, delivery):
        body = html.fromstring(delivery.mail_mail_id.body_html)
        links = body.xpath("//*[contains(@class, 'o_dunning_answers')]//a")
        return {" ".join(link.text.split()): link.get("href") for link in links}

    def _get_path(self, delivery):
        body = delivery.sudo().mail_mail_id.body_html
        return re.search(r"/f/[\w-]{32}", body).group()

    def _follow(self, delivery, **headers):
        return self.url_open(self._get_path(delivery), headers={**BROWSER, **headers})

    def _get_words(self, response):
        page = html.fromstring(response.text)
        (content,) = page.xpath("//main")
        return " ".join(content.text_content().split())

    # ---- the message -----------------------------------------------------------------

    def test_three_buttons_lead_to_the_personal_page(self):
        delivery = self._remind().delivery_ids
        link = delivery.get_base_url() + self._get_path(delivery)
        self.assertEqual(
            self._get_buttons(delivery),
            {
                "See and answer": link,
                "I will pay on…": f"{link}#date",
                "There is a problem": f"{link}#problem",
            },
        )
        self.assertEqual(delivery.channel, "interactive_email")
        self.assertEqual(delivery.mail_mail_id.state, "outgoing")

    def test_no_hidden_picture(self):
        """S4-02: following the link says that it was read; opening is not watched."""
        body = html.fromstring(self._remind().delivery_ids.mail_mail_id.body_html)
        pictures = body.xpath("//img/@src")
        self.assertFalse([src for src in pictures if "/logo.png" not in src])

    def test_a_text_without_room_for_the_buttons_has_them_at_its_end(self):
        self.mail_text.body_html = "<p>Please pay.</p>"
        buttons = self._get_buttons(self._remind().delivery_ids)
        self.assertEqual(len(buttons), 3)

    def test_an_ordinary_mail_has_no_link(self):
        self._use_channel("email")
        delivery = self._remind().delivery_ids
        self.assertFalse(self._get_buttons(delivery))
        self.assertFalse(delivery.sudo().key_hash)

    def test_colleagues_do_not_read_the_key(self):
        delivery = self._remind().delivery_ids
        (values,) = delivery.with_user(self.collector).search_read(
            [("id", "=", delivery.id)]
        )
        self.assertNotIn("key_hash", values)

    # ---- the page --------------------------------------------------------------------

    def test_the_page_lists_what_is_open_in_this_company(self):
        """All that is open, the credit note too; nothing of others."""
        other = self._create_customer("Boulangerie Dupré")
        self._create_claim(day("02-24"), 77, other)
        later = self._create_claim(day("03-20"), 480)
        self._create_credit_note(50, day("02-01"))
        action = self._remind().filtered(lambda a: a.partner_id == self.customer)
        response = self._follow(action.delivery_ids)
        words = self._get_words(response)
        self.assertEqual(response.status_code, 200)
        self.assertIn(action.line_ids.move_id.name, words)
        self.assertIn(later.move_id.name, words)
        self.assertIn("480.00", words)
        self.assertIn("-50.00", words)
        self.assertNotIn("77.00", words)

    def test_each_invoice_opens_by_the_same_key(self):
        later = self._create_claim(day("03-20"), 480)
        action = self._remind()
        page = html.fromstring(self._follow(action.delivery_ids).text)
        links = [a.get("href") for a in page.xpath("//ul[@class='items']//a")]
        key = self._get_path(action.delivery_ids)
        self.assertIn(f"{key}/invoice/{later.id}", links)
        for path in links:
            self.assertEqual(self.url_open(path).status_code, 200)
        self.assertEqual(self.url_open(f"{key}/invoice/0").status_code, 404)

    def test_the_page_reads_as_its_reader(self):
        self.customer.lang = "fr_FR"
        delivery = self._remind().delivery_ids
        text = self._follow(delivery).text
        self.assertIn('lang="fr-FR"', text)
        self.assertIn("24\u00a0févr. 2026", text)
        self.assertIn("100,00", text)

    def test_the_page_reads_as_the_reader_of_its_own_message(self):
        """Beside a letter to somebody who reads English."""
        self._use_channel(
            "interactive_email", second_channel="letter", fallback_channel=False
        )
        self.customer.child_ids = [
            Command.create(
                {
                    "name": "Berthe Lemail",
                    "type": "invoice",
                    "email": "berthe@azur.example.com",
                    "lang": "fr_FR",
                }
            )
        ]
        deliveries = self._remind().delivery_ids
        (mail,) = deliveries.filtered(lambda way: way.channel == "interactive_email")
        self.assertEqual((deliveries - mail).contact_id, self.customer)
        self.assertIn('lang="fr-FR"', self._follow(mail).text)

    def test_no_button_is_dead(self):
        """Each leads to an answer on the page, which also says whom to talk to."""
        page = html.fromstring(self._follow(self._remind().delivery_ids).text)
        for place, kind in (("date", "promise"), ("problem", "dispute")):
            (value,) = page.xpath(f"//*[@id='{place}']/label/input/@value")
            self.assertEqual(value, kind)
        links = page.xpath("//a/@href")
        self.assertIn("mailto:camille@azur.example.com", links)
        self.assertIn("tel:+33144556677", links)

    def test_what_was_paid_since_is_gone(self):
        action = self._remind()
        action.delivery_ids.mail_mail_id.state = "sent"
        self._pay(action.line_ids.move_line_id, day("03-04"))
        words = self._get_words(self._follow(action.delivery_ids))
        self.assertIn("You have nothing to pay", words)

    # ---- who is let in ---------------------------------------------------------------

    def test_a_wrong_key_opens_nothing(self):
        first = self._remind().delivery_ids
        path = self._get_path(first)
        for wrong in (path[:-1], f"{path[:-1]}é", f"{path}x", f"/f/{'x' * 4000}"):
            with self.subTest(path=wrong):
                response = self.url_open(wrong, headers=BROWSER)
                self.assertEqual(response.status_code, 404)
                self.assertIn("no longer valid", response.text)
        self.assertFalse(first.followed_count)

    def test_the_key_of_one_message_opens_no_other(self):
        other = self._create_customer("Boulangerie Dupré")
        mine, theirs = self._remind(self.customer, other).delivery_ids
        self.assertNotEqual(self._get_path(mine), self._get_path(theirs))
        item = theirs.action_id.line_ids.move_line_id
        path = f"{self._get_path(mine)}/invoice/{item.id}"
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_address_of_an_earlier_version_leads_to_the_page(self):
        delivery = self._remind().delivery_ids
        key = self._get_path(delivery).removeprefix("/f/")
        response = self.url_open(f"/my/follow-up/{delivery.id}/{key}", headers=BROWSER)
        self.assertEqual(response.status_code, 200)
        self.assertIn(delivery.action_id.line_ids.move_id.name, response.text)

    def test_link_of_an_earlier_version_survives_the_upgrade(self):
        """Its key was stored as it is: now only its hash is."""
        delivery, key = self._remind().delivery_ids, "k" * 32
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE dunning_delivery ADD COLUMN access_token varchar"
        )
        self.env.cr.execute(
            """UPDATE dunning_delivery SET access_token = %s, key_hash = NULL,
                      key_customer = NULL, key_contact = NULL WHERE id = %s""",
            (key, delivery.id),
        )
        spec = importlib.util.spec_from_file_location("hash_keys", file_path(SCRIPT))
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.4.0")
        self.env.invalidate_all()
        address = f"/my/follow-up/{delivery.id}/{key}"
        self.assertEqual(self.url_open(address, headers=BROWSER).status_code, 200)
        self.env.cr.execute(
            """SELECT 1 FROM information_schema.columns
                WHERE table_name = 'dunning_delivery'
                  AND column_name = 'access_token'"""
        )
        self.assertFalse(self.env.cr.rowcount)

    def test_key_is_kept_nowhere(self):
        """Neither in the database nor in a chatter: only its hash."""
        delivery = self._remind().delivery_ids
        key = self._get_path(delivery).removeprefix("/f/")
        self.assertGreaterEqual(len(key), 32, "192 bits")
        self.assertEqual(delivery.sudo().key_hash, sha256(key.encode()).hexdigest())
        for record in (delivery.action_id, self.customer):
            self.assertNotIn(key, " ".join(record.message_ids.mapped("body")))

    def test_key_ends_with_its_customer_or_contact(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Berthe Lemail",
                "type": "invoice",
                "email": "berthe@azur.example.com",
                "parent_id": self.customer.id,
            }
        )
        delivery = self._remind().delivery_ids
        self.assertEqual(delivery.contact_id, contact)
        elsewhere = self._create_customer("Boulangerie Dupré")
        for change in (
            {"active": False},
            {"parent_id": elsewhere.id},
        ):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                contact.write(change)
                self.assertEqual(self._follow(delivery).status_code, 404)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self._follow(delivery).status_code, 200)
        merge = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        merge._merge([contact.id, elsewhere.id], elsewhere)
        self.assertEqual(self._follow(delivery).status_code, 404)

    def test_a_message_that_was_called_back_opens_nothing(self):
        action = self._remind()
        path = self._get_path(action.delivery_ids)
        self._pay(action.line_ids.move_line_id, day("03-04"))
        self.assertEqual(action.delivery_ids.state, "cancelled")
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_the_link_ends_after_half_a_year(self):
        delivery = self._remind().delivery_ids
        delivery.sudo().performed_date -= timedelta(days=181)
        self.assertEqual(self._follow(delivery).status_code, 404)

    # ---- followed --------------------------------------------------------------------

    def test_following_is_recorded(self):
        """S4-02: when first, how often; a line in the customer's chatter once."""
        delivery = self._remind().delivery_ids
        self._follow(delivery)
        self._follow(delivery)
        self.assertEqual(delivery.followed_count, 2)
        self.assertEqual(delivery.followed_at, fields.Datetime.now())
        notes = self.customer.message_ids.mapped("body")
        self.assertEqual(len([n for n in notes if "followed the link" in n]), 1)
        found = self.env["dunning.delivery"].search([("followed_at", "!=", False)])
        self.assertIn(delivery, found)

    def test_programs_that_look_ahead_do_not_count(self):
        delivery = self._remind().delivery_ids
        self.url_open(self._get_path(delivery), method="HEAD", headers=BROWSER)
        for headers in (
            {"Sec-Purpose": "prefetch;prerender"},
            {"Purpose": "prefetch"},
            {"X-Purpose": "preview"},
            {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
            {"User-Agent": "WhatsApp/2.23"},
        ):
            self._follow(delivery, **headers)
        self.assertFalse(delivery.followed_count)

    def test_colleagues_do_not_count(self):
        """The collector tries the link that they see in the customer's chatter."""
        delivery = self._remind().delivery_ids
        self.authenticate(self.collector.login, self.collector.login)
        self.assertEqual(self._follow(delivery).status_code, 200)
        self.assertFalse(delivery.followed_count)

    def test_the_customers_own_access_counts(self):
        user = new_test_user(self.env, "azur_portal", "base.group_portal")
        user.sudo().partner_id.parent_id = self.customer
        delivery = self._remind().delivery_ids
        self.authenticate("azur_portal", "azur_portal")
        self._follow(delivery)
        self.assertEqual(delivery.followed_count, 1)

    def test_looking_changes_nothing_else(self):
        """An invoice of after the message is shown, too; it gets no portal key."""
        delivery = self._remind().delivery_ids
        new = self._create_claim(day("03-25"), 30)
        self.assertIn(new.move_id.name, self._get_words(self._follow(delivery)))
        self.assertFalse(new.move_id.access_token)

    def test_branches_show_their_own_items(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Azur Lyon", "parent_id": self.company.id})
        )
        self.env.user.sudo().company_ids = [Command.link(branch.id)]
        action = self._remind()
        words = self._get_words(self._follow(action.delivery_ids))
        self.assertIn("100.00", words)
