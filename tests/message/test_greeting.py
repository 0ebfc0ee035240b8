import doctest

from odoo.tests import tagged

from ...models.message import person_name
from ..delivery.common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestGreeting(DeliveryCommon):
    """People are greeted as in their country, departments by no name."""

    def _greet(self, name, **values):
        contact = self.env["res.partner"].create(
            {"name": name, "parent_id": self.customer.id, "type": "other", **values}
        )
        return contact._dunning_get_greeting(), contact._dunning_get_letter_greeting()

    def test_names(self):
        self.assertFalse(doctest.testmod(person_name).failed)

    def test_person_with_title(self):
        for name, values in (
            ("Claire Martin", {"dunning_title": "ms"}),
            ("Mme Claire Martin", {}),
            ("Frau Martin", {}),
        ):
            with self.subTest(name):
                greetings = self._greet(name, **values)
                self.assertEqual(greetings, ("Dear Ms Martin,", "Dear Madam,"))
        greetings = self._greet("James Harwood", dunning_title="mr")
        self.assertEqual(greetings, ("Dear Mr Harwood,", "Dear Sir,"))

    def test_person_without_title(self):
        greetings = self._greet("James Harwood")
        self.assertEqual(greetings, ("Dear James Harwood,", "Dear Sir or Madam,"))

    def test_department(self):
        for name in (
            "Accounts Payable",
            "Service comptabilité",
            "Service des finances, à l’attention de Mme Martin",
            "Direction financière",
            "Kreditorenbuchhaltung",
            "Comptabilité",
            "accounts@azur.example.com",
        ):
            with self.subTest(name):
                self.assertEqual(self._greet(name), ("Hello,", "Dear Sir or Madam,"))

    def test_company(self):
        self.assertEqual(self.customer._dunning_get_greeting(), "Hello,")

    def test_mail_greets_its_reader(self):
        """The greeting of the delivered texts, in the reader's language."""
        claire = self.env["res.partner"].create(
            {
                "name": "Claire Martin",
                "dunning_title": "ms",
                "parent_id": self.customer.id,
                "type": "invoice",
                "email": "claire@example.com",
                "lang": "en_US",
            }
        )
        action = self._prepare()
        self.assertEqual(action.contact_id, claire)
        self.assertEqual(action.greeting, "Dear Ms Martin,")
