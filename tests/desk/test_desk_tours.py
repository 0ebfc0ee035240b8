from contextlib import nullcontext

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..delivery.test_dispatch import COURIER, DispatchCommon

MODULE = "account_dunning_scenario"
DESK = f"/odoo/action-{MODULE}.dunning_action_action"
INVOICING = "/odoo/action-account.action_move_out_invoice"


@tagged("post_install", "-at_install", "browser")
class TestDeskTours(DispatchCommon, HttpCase):
    """The collector's morning, in the browser: fifty customers ticked, one in stop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector.tour_enabled = False
        cls.actions.sudo().unlink()
        cls.corail.dunning_is_stopped = True
        for number in range(48):
            customer = cls._create_customer(f"Morning {number:02}")
            cls.customers.append(customer)
            cls._create_late_claim(customer)
        cls.actions = cls._plan()
        cls.actions.sudo().scheduled_at = "2026-03-04 09:00:00"

    def _in_test_mode(self):
        return nullcontext()  # tests in the browser are in it from the start

    @mute_logger(COURIER, "odoo.addons.mail.models.mail_render_mixin")
    def test_morning(self):
        """Three clicks from the opened Invoicing app follow up fifty customers; the
        bar comes along to other pages and back after a reload, the result is kept."""
        self.start_tour(INVOICING, "dunning_desk_morning", login="camille")
        dispatch = self.env["dunning.dispatch"].search([])
        self.assertEqual((dispatch.total_count, dispatch.under_way_count), (50, 50))
        self._break_text_for(self.dune)
        self._deliver_in_background()
        self.assertEqual((dispatch.queued_count, dispatch.failed_count), (49, 1))
        self.start_tour(INVOICING, "dunning_desk_result", login="camille")
        self.dune.ref = "D-4"
        self._deliver_in_background()
        self._let_mails_leave()
        self.assertEqual(dispatch.sent_count, 50)

    def test_keys(self):
        """Without the mouse: next row, untick, send."""
        self.start_tour(DESK, "dunning_desk_keys", login="camille")
        self.assertEqual(self.actions.mapped("is_ticked").count(False), 2)
