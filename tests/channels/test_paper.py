from itertools import permutations

from odoo.tests import tagged

from .lre_common import LreCommon

# What the PDF of each is called, and whether a person posts it, bound with others.
PAPER = {
    "letter": ("Letter", True),
    "registered_letter": ("Registered letter", True),
    "electronic_registered_letter": ("Electronic registered letter", False),
    "fax": ("Fax", False),
}


@tagged("post_install", "-at_install")
class TestPaper(LreCommon):
    """All that brings a letter has its words and sheets in common, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sudo().dunning_fax_gateway = "{number}@fax.example.com"
        cls._create_provider()
        cls.customer.dunning_fax = "01 44 55 66 77"

    def _get_paper(self):
        """Return the codes of the channels that bring a letter."""
        Channel = self.env["dunning.channel"]
        base = self.env.registry["dunning.paper.channel"]
        codes = Channel._get_codes()
        return [code for code in codes if isinstance(Channel._get(code), base)]

    def test_no_letter_is_made_of_another(self):
        """What is the ordinary letter's alone reaches no other by mistake."""
        self.assertEqual(set(self._get_paper()), set(PAPER))
        Channel = self.env["dunning.channel"]
        for code, other in permutations(PAPER, 2):
            with self.subTest(code, of=other):
                base = self.env.registry[Channel._get(other)._name]
                self.assertNotIsInstance(Channel._get(code), base)

    def _remove(self, action):
        """Remove an action with what it sent; a mail goes with its message, in whatever
        order the database has it."""
        ways = action.sudo().delivery_ids
        ways.write({"mail_mail_id": False, "mail_message_id": False})
        action.sudo().unlink()

    def test_each_is_called_by_its_name_and_bound_where_a_person_posts_it(self):
        for code, (name, is_bound) in PAPER.items():
            self._use_channel(code)
            action = self._prepare()
            self._print(action)
            way = action.delivery_ids
            with self.subTest(code):
                self.assertEqual(way.state, "waiting", way.failure_reason)
                file = f"{name} {self.TODAY} {self.customer.name}.pdf"
                self.assertEqual(way.attachment_id.name, file)
                self.assertEqual(bool(way.batch_attachment_id), is_bound)
            self._remove(action)

    def test_postal_service_gets_ordinary_letters_alone(self):
        self.company.dunning_is_snailmail = True
        for code in PAPER:
            self._use_channel(code)
            action = self._prepare()
            self._print(action)
            with self.subTest(code):
                letter = action.delivery_ids.snailmail_letter_id
                self.assertEqual(bool(letter), code == "letter")
            self._remove(action)
