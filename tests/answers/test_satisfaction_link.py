import re

from lxml import html

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.message.plain_text import to_plain_text
from ...models.setup.guard.guard import in_channel
from ..common import day
from ..delivery.common import DeliveryCommon

MODULE = "account_dunning_scenario"


@tagged("post_install", "-at_install")
class TestSatisfactionLink(DeliveryCommon, HttpCase):
    """An e-mail of thanks asks how satisfied the customer is; they follow its link
    without logging in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        question, answer = "How satisfied are you with us?", "Êtes-vous satisfait ?"
        for view, term in (
            ("mail_satisfaction", "<b>%s</b>"),
            ("satisfaction_page_form", "%s"),
        ):
            cls.env.ref(f"{MODULE}.{view}").update_field_translations(
                "arch_db", {"fr_FR": {term % question: term % answer}}
            )
        text = cls.env.ref(f"{MODULE}.mail_template_thanks")
        text.with_context(lang="fr_FR").body_html = text.body_html
        cls._add_steps(
            cls.scenario,
            cls._thanks(
                delay=1,
                sequence=90,
                mode="auto",
                channel="email",
                fallback_channel="letter",
                mail_template_id=text.id,
                letter_template_id=cls.env.ref(
                    f"{MODULE}.mail_template_letter_thanks"
                ).id,
            ),
        )

    @classmethod
    def _thank(cls, *customers):
        """Receive a payment of each customer, then thank for it; return the actions."""
        for customer in customers or [cls.customer]:
            claim = cls._create_claim(day("03-20"), 100.0, customer)
            cls._pay(claim, day("03-03"))
        actions = cls._plan()
        cls._send(actions)
        return actions

    def _get_links(self, action):
        body = html.fromstring(action.delivery_ids.mail_mail_id.body_html)
        links = body.xpath("//*[contains(@class, 'o_dunning_satisfaction')]//a/@href")
        return [link[link.index("/rate/") :] for link in links]

    def _submit(self, page, **values):
        """Send the form of a page as a browser does."""
        (form,) = html.fromstring(page.text).forms
        sent = {**dict(form.form_values()), **values}
        return self.url_open(form.action, data=sent)

    # ---- the mail --------------------------------------------------------------------

    def test_thanks_ask_for_the_satisfaction(self):
        """S2-19: the survey goes with the thanks, where nothing else is asked for."""
        action = self._thank()
        token = action.rating_ids.access_token
        links = [f"/rate/{token}/{score}" for score in (1, 2, 3, 4, 5, 0)]
        self.assertEqual(self._get_links(action), links)

    def test_plain_text_has_one_link(self):
        action = self._thank()
        text = to_plain_text(action.delivery_ids.mail_mail_id.body_html)
        (line,) = [line for line in text.splitlines() if "/rate/" in line]
        url = f"{action.get_base_url()}/rate/{action.rating_ids.access_token}/0"
        self.assertEqual(line, f"Tell us in your own words ({url})")

    def test_question_is_in_the_readers_language(self):
        self.customer.lang = "fr_FR"
        mail = self._thank().delivery_ids.mail_mail_id
        self.assertIn("Êtes-vous satisfait", mail.body_html)

    def test_letter_does_not_ask(self):
        self.customer.email = False
        action = self._thank()
        letter = action.delivery_ids.filtered(lambda way: way.channel == "letter")
        self.assertEqual(letter.state, "waiting")
        self.assertFalse(in_channel(action, "letter").satisfaction_html)

    def test_reminder_does_not_ask(self):
        action = self._remind()
        self.assertFalse(action.rating_ids)
        self.assertFalse(action.satisfaction_html)

    def test_ratings_of_a_batch_are_made_at_once(self):
        customers = [self._create_customer(f"Customer {n}") for n in range(5)]
        for customer in customers:
            self._pay(self._create_claim(day("03-20"), 9.0, customer), day("03-03"))
        actions = self._plan()
        self._count_queries(actions[:1])  # what is read once
        one, three = map(self._count_queries, (actions[1], actions[2:]))
        self.assertEqual(one, three)
        self.assertEqual(len(actions.rating_ids), 5)

    def _count_queries(self, actions):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        actions._ensure_keys()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    # ---- the page --------------------------------------------------------------------

    def test_following_a_link_is_no_answer(self):
        """Programs that read e-mails follow every link."""
        action = self._thank()
        links = self._get_links(action)
        for link in [*links, links[0].removesuffix("/1") + "/submit_feedback"]:
            self.assertEqual(self.url_open(link).status_code, 200)
        self.assertFalse(action.rating_ids.consumed)
        self.assertFalse(action.satisfaction)

    def test_anonymous_customer_answers(self):
        action = self._thank()
        page = self.url_open(self._get_links(action)[3])
        self.assertIn('value="4" checked="checked"', " ".join(page.text.split()))
        answer = self._submit(page, feedback="Fast delivery")
        self.assertIn("Thank you for your answer", answer.text)
        action.invalidate_recordset()
        self.assertEqual(action.satisfaction, 4)
        self.assertEqual(action.satisfaction_words, "Fast delivery")
        self.assertEqual(action.rating_ids.dunning_source, "email")

    def test_bad_answer_has_the_same_effects_as_in_a_call(self):
        action = self._thank()
        page = self.url_open(self._get_links(action)[0])
        answer = self._submit(page, feedback="<b>Never again</b>")
        self.assertIn("get in touch", answer.text)
        action.invalidate_recordset()
        self.assertTrue(action.is_dissatisfied)
        (task,) = self.customer.activity_ids
        self.assertEqual(task.user_id, self.collector)
        self.assertNotIn("Never again", task.note, "all who read the customer read it")
        words = "".join(action.message_ids.mapped("body"))
        self.assertIn("&lt;b&gt;Never again", words)

    def test_second_answer_corrects_the_first(self):
        action = self._thank()
        self._submit(self.url_open(self._get_links(action)[1]), feedback="Bad")
        page = self.url_open(self._get_links(action)[4])
        self.assertIn("Bad", page.text, "the words are there to be corrected")
        self._submit(page, feedback="All is well now")
        action.invalidate_recordset()
        self.assertEqual(len(action.rating_ids), 1)
        self.assertEqual(action.satisfaction, 5)
        self.assertFalse(self.customer.activity_ids)

    def test_page_is_in_the_customers_language(self):
        self.customer.lang = "fr_FR"
        page = self.url_open(self._get_links(self._thank())[4])
        self.assertIn("Êtes-vous satisfait", page.text)
        self.assertIn('lang="fr-FR"', page.text)

    def test_page_is_of_the_company_that_asks(self):
        page = self.url_open(self._get_links(self._thank())[4])
        self.assertIn(self.company.name, page.text)

    def test_form_without_score_asks_again(self):
        action = self._thank()
        page = self.url_open(self._get_links(action)[-1])
        for rate in ("", "9", "²", "five"):
            answer = self._submit(page, rate=rate, feedback="Hm")
            self.assertIn("Please choose a number", answer.text)
        self.assertFalse(action.satisfaction)

    def test_form_of_another_site_is_refused(self):
        action = self._thank()
        url = self._get_links(action)[0].removesuffix("/1") + "/submit_feedback"
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.url_open(url, data={"rate": 1})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(action.satisfaction)

    def test_unknown_link(self):
        self.assertEqual(self.url_open("/rate/unknown/5").status_code, 404)

    def test_colleague_does_not_answer_for_the_customer(self):
        """The mail, links included, stands in the customer's chatter."""
        action = self._thank()
        link = self._get_links(action)[0]
        new_test_user(self.env, login="marc", groups="base.group_user")
        self.authenticate("marc", "marc")
        self.assertIn("You cannot rate", self.url_open(link).text)
        url = re.sub(r"/\d$", "/submit_feedback", link)
        answer = self.url_open(
            url, data={"rate": 1, "csrf_token": http.Request.csrf_token(self)}
        )
        self.assertIn("You cannot rate", answer.text)
        self.assertFalse(action.satisfaction)

    def test_ratings_of_other_documents_keep_their_page(self):
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.customer.id,
                "partner_id": self.customer.id,
            }
        )
        page = self.url_open(f"/rate/{rating.access_token}/5")
        self.assertIn("Thank you for rating our services", page.text)
