from odoo.tests import HttpCase, tagged

from ..answers.test_entry import EntryCommon
from ..common import day


@tagged("post_install", "-at_install", "browser")
class TestGlanceTour(EntryCommon, HttpCase):
    """Whoever talks to a customer looks, understands and notes without searching."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector.tour_enabled = False
        cls._play(day("02-18"))

    def test_from_the_customer(self):
        """From the customer to what was done, to why, to a promise."""
        url = f"/odoo/res.partner/{self.customer.id}"
        self.start_tour(url, "dunning_glance_customer", login="camille")
        self.assertEqual(self._get_answers("dunning.promise").date, day("03-10"))

    def test_from_an_invoice(self):
        """The invoice in front of one is seldom the only one: see them all."""
        url = f"/odoo/account.move/{self.later.move_id.id}"
        self.start_tour(url, "dunning_glance_invoice", login="camille")
