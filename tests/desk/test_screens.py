from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import DunningCommon, day

MODULE = "account_dunning_scenario"


@tagged("post_install", "-at_install")
class TestScreens(DunningCommon):
    """The lists answer the questions that people ask, the forms open and save."""

    def _get_filters(self, view):
        arch = self.env.ref(f"{MODULE}.{view}")._get_combined_arch()
        return {
            node.get("name"): safe_eval(node.get("domain"), {"uid": self.env.uid})
            for node in arch.iter("filter")
            if node.get("domain")
        }

    def _get_found(self, model, view, name):
        return self.env[model].search(self._get_filters(view)[name])

    def test_every_filter_of_the_desk_can_be_applied(self):
        """No filter names a field that is gone; each keeps to the actions there are."""
        self._create_claim(day("02-20"))
        actions = self._plan()
        filters = self._get_filters("dunning_action_view_search")
        self.assertIn("due_today", filters)
        for name, domain in filters.items():
            with self.subTest(filter=name):
                self.assertLessEqual(self.env["dunning.action"].search(domain), actions)

    def test_desk_finds_what_is_due_today(self):
        self._create_claim(day("02-20"))
        action = self._plan()
        search = ("dunning.action", "dunning_action_view_search")
        for name in ("to_confirm", "ticked", "mine", "due_today", "last_week"):
            with self.subTest(filter=name):
                self.assertIn(action, self._get_found(*search, name))
        for name in ("failed", "unticked", "calls_to_make", "letters_to_post", "done"):
            with self.subTest(filter=name):
                self.assertNotIn(action, self._get_found(*search, name))

    def test_confirmed_call_is_among_the_calls_to_make(self):
        self._create_claim(day("02-20"))
        action = self._plan()
        action.action_confirm()
        action.action_deliver()
        found = self._get_found(
            "dunning.action", "dunning_action_view_search", "calls_to_make"
        )
        self.assertIn(action, found)

    def test_stopped_customer_is_found_with_the_reason(self):
        """S1-54: customers in stop are listed, unticked."""
        self.customer.dunning_is_stopped = True
        self._create_claim(day("02-20"))
        action = self._plan()
        found = self._get_found(
            "dunning.action", "dunning_action_view_search", "unticked_stop"
        )
        self.assertIn(action, found)

    def test_open_items_are_told_apart(self):
        """Late, not yet due, excluded, postponed, without scenario, in our favour."""
        late = self._create_claim(day("02-20"))
        early = self._create_claim(day("03-30"))
        excluded = self._create_claim(day("03-29"))
        excluded.no_followup = True
        credit = self._create_credit_note(10.0, day("02-01"))
        self._plan().action_postpone(day("03-20"))
        expected = {
            "late": late,
            "not_due": early | excluded | credit,
            "excluded": excluded,
            "postponed": late,
            "claims": late | early | excluded,
            "offsets": credit,
            "no_scenario": self.env["account.move.line"],
        }
        everything = late | early | excluded | credit
        for name, items in expected.items():
            with self.subTest(filter=name):
                found = self._get_found(
                    "account.move.line", "account_move_line_view_search", name
                )
                self.assertEqual(found & everything, items)

    def test_items_without_scenario_are_found(self):
        """No one follows them up, nobody would notice: archived counts as none."""
        claim = self._create_claim(day("02-20"))
        search = ("account.move.line", "account_move_line_view_search", "no_scenario")
        self.assertNotIn(claim, self._get_found(*search))
        self.scenario.active = False
        self.assertIn(claim, self._get_found(*search))
        claim.move_id.dunning_scenario_id = self._create_scenario(
            self._step("reminder_1")
        )
        self.assertNotIn(claim, self._get_found(*search))

    def test_customer_shows_the_open_items_and_their_next_step(self):
        claim = self._create_claim(day("02-20"))
        with Form(self.customer) as form:
            form.dunning_segment_id = self.env.ref(f"{MODULE}.dunning_segment_export")
        self.assertEqual(self.customer.dunning_open_item_ids, claim)
        self.assertEqual(claim.dunning_next_step_id.code, "reminder_1")
        self.assertEqual(claim.dunning_next_date, day("02-28"))
        self.assertEqual(claim.dunning_why, "Due")

    def test_contact_shows_the_items_of_its_company(self):
        claim = self._create_claim(day("02-20"))
        contact = self.env["res.partner"].create(
            {"name": "Jeanne", "parent_id": self.customer.id}
        )
        self.assertEqual(contact.dunning_open_item_ids, claim)
        action = self._plan()
        opened = contact.action_view_dunning_actions()
        self.assertEqual(self.env["dunning.action"].search(opened["domain"]), action)
        self.assertEqual(contact.dunning_action_count, 1)

    def test_invoice_shows_its_open_instalments_and_history(self):
        claim = self._create_claim(day("02-20"))
        invoice = claim.move_id
        self.assertEqual(invoice.dunning_item_ids, claim)
        self._play(day("03-01"))
        with Form(invoice) as form:
            form.dunning_scenario_id = self.scenario.copy()
        self.assertEqual(invoice.dunning_line_ids.mapped("step_code"), ["reminder_1"])
        self._pay(claim, day("03-02"))
        self.assertFalse(invoice.dunning_item_ids)

    def test_settings_are_those_of_the_company(self):
        self.env.user.group_ids |= self.env.ref("base.group_system")
        with Form(self.env["res.config.settings"]) as settings:
            settings.dunning_scenario_id = self.scenario
            settings.dunning_min_days_between_contacts = 7
            settings.dunning_go_live_date = day("01-01")
        settings.record.execute()
        self.assertEqual(self.company.dunning_scenario_id, self.scenario)
        self.assertEqual(self.company.dunning_min_days_between_contacts, 7)
        self.assertEqual(self.company.dunning_go_live_date, day("01-01"))
