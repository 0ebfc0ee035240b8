from odoo.tests import freeze_time, tagged

from ..common import day
from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestSentContent(DeliveryCommon):
    """What was sent, and by which way, is found from the action."""

    def test_email(self):
        """One click on the delivery shows the e-mail as it left; once Odoo has cleaned
        it up, the text that the chatter keeps."""
        delivery = self._remind().delivery_ids.with_user(self.collector)
        shown = delivery.action_open_content()
        self.assertEqual(
            (shown["res_model"], shown["res_id"]), (delivery._name, delivery.id)
        )
        self.assertIn("To settle", delivery.sent_subject)
        self.assertIn("<html", delivery.sent_body)
        delivery.sudo().mail_mail_id.unlink()
        self.assertIn("Please pay", delivery.sent_body)

    def test_letter(self):
        """One click on the delivery of a letter opens its PDF."""
        self._use_channel("letter", fallback_channel=False)
        action = self._prepare()
        self._print(action)
        delivery = action.delivery_ids
        self.assertIn(
            f"/web/content/{delivery.attachment_id.id}",
            delivery.action_open_content()["url"],
        )

    def test_channel_used(self):
        """The list names the way really taken: no e-mail address, hence the letter."""
        self.customer.email = False
        action = self._prepare()
        self.assertEqual(action.channel_text, "E-mail")
        self._send(action)
        self.assertEqual(action.channel_text, "Letter")

    def test_day_of_the_company(self):
        """It is already the 5th in Auckland: its actions are postponed and explained
        from there, whatever the company that the collector is in."""
        self.company.partner_id.tz = "Pacific/Auckland"
        lima = self.env["res.company"].create({"name": "Lima"})
        lima.partner_id.tz = "America/Lima"
        claim = self._create_late_claim()
        action = self._plan(day("03-04"))
        there = self.env(context={"allowed_company_ids": (lima | self.company).ids})
        with freeze_time("2026-03-04 22:00:00"):
            postpone = there["dunning.action.postpone"].with_context(
                active_ids=action.ids
            )
            explain = there["dunning.planner.explain"].with_context(
                active_ids=claim.ids
            )
            self.assertEqual(postpone.create({}).until, day("03-12"))
            self.assertEqual(explain.create({}).day, day("03-05"))
