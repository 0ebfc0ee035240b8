from odoo.tests import HttpCase, freeze_time, tagged

from ..answers.test_entry import EntryCommon
from ..common import day
from ..desk.test_tours import CALLS


@tagged("post_install", "-at_install", "browser")
class TestCallTour(EntryCommon, HttpCase):
    """A collector calls, twice, in the browser."""

    def test_not_available_then_reached(self):
        """S0-25: nobody there today; tomorrow the customer promises."""
        self.collector.tour_enabled = False
        call = self._call()
        self.start_tour(CALLS, "dunning_call_absent", login="camille")
        self.assertEqual((call.state, call.call_date), ("in_progress", day("03-05")))
        with freeze_time("2026-03-05 10:00:00"):
            self.start_tour(CALLS, "dunning_call_reached", login="camille")
        promise = self._get_answers("dunning.promise")
        self.assertEqual((promise.amount, promise.date), (170, day("03-10")))
        self.assertEqual((call.state, call.outcome), ("done", "promise"))
        self.assertEqual(call.call_ids.mapped("result"), ["reached", "absent"])
