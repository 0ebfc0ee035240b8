from odoo.tests import Form, freeze_time, tagged

from ..common import day
from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
class TestDeclarationScreens(DeclarationCommon):
    """Whoever looks at the customer sees what was declared and waits for a decision."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(day("02-20"), 100)
        cls.other = cls._create_claim(day("02-21"), 50)

    def test_desk_puts_it_after_disputes_and_broken_promises(self):
        """Three customers: a dispute, a declaration, nothing."""
        second = self._create_customer("Brise Marine")
        third = self._create_customer("Corail")
        for customer in (second, third):
            self._create_claim(day("02-20"), 70, customer)
        disputed = self._create_claim(day("02-22"), 30, second)
        actions = self._plan()
        self._report_paid(self.claim)
        self._dispute(disputed, partner_id=second.id)
        desk = actions.search(
            [("id", "in", actions.ids), ("state", "=", "to_confirm")],
            order="first_reason desc, id",
        )
        self.assertEqual(
            [(a.partner_id, a.first_reason) for a in desk],
            [(second, "dispute"), (self.customer, "declaration"), (third, False)],
        )

    def test_broken_promise_comes_first(self):
        self._create_claim(day("02-22"), 30)
        self._promise(50, day("03-05"), self.other, taken_date=day("03-02"))
        action = self._plan()
        self._report_paid(self.claim)
        self.assertEqual(action.first_reason, "declaration")
        self._judge(day("03-10"))
        action.invalidate_recordset(["first_reason"])
        self.assertEqual(action.first_reason, "promise")

    def test_banner_counts_what_is_on_no_row(self):
        self._report_paid(self.claim)
        desk = self.env["dunning.action"].with_user(self.collector)
        self.assertEqual(desk.get_desk_summary([])["declarations"], 1)

    def test_glance_shows_it(self):
        self._report_paid(self.claim, author="Nadia Roux", reference="VIR 42")
        glance = self.customer.with_user(self.collector).get_dunning_glance()
        (shown,) = glance["declarations"]
        self.assertEqual((shown["is_new"], shown["author"]), (True, "Nadia Roux"))
        self.assertIn("VIR 42", shown["summary"])
        held = {item["id"]: item["is_held"] for item in glance["items"]}
        self.assertEqual(held, {self.claim.id: True, self.other.id: False})

    def test_caller_is_told(self):
        call = self._plan()
        self._report_paid(self.claim)
        (sheet,) = call._get_call_sheets().values()
        self.assertIn(
            "Declared on 4\N{NO-BREAK SPACE}March 2026, to decide on",
            sheet["history"][0],
        )
        self.assertIn(self.claim.move_id.name, sheet["history"][0])

    def test_committee_is_told(self):
        self._object(self.claim)
        agenda = self.env["report.account_dunning_scenario.committee_agenda"]
        page = agenda._prepare_cases(self.customer, self.company, self.TODAY)
        self.assertIn("Problem", dict(page[self.customer]["facts"])["Declared"])

    def test_explanation_says_until_when(self):
        self._report_paid(self.claim)
        text = self.planner._tell(self.claim, self.TODAY)
        self.assertIn("declaration of the customer", next(iter(text.values())))

    def test_customer_counts_what_is_to_decide(self):
        self._report_paid(self.claim)
        customer = self.customer.with_user(self.collector)
        self.assertEqual(customer.dunning_declaration_count, 1)
        opened = customer.action_view_dunning_declarations()
        self.assertEqual(opened["domain"], [("partner_id", "=", self.customer.id)])

    def test_form_is_read_and_has_an_internal_note(self):
        declared = self._object(self.claim).with_user(self.collector)
        with Form(declared) as form:
            form.note = "Paul knows about it"
        self.assertEqual(declared.note, "Paul knows about it")

    def test_page_tells_the_states(self):
        """What the customer reads beside their items."""
        third = self._create_claim(day("02-22"), 30)
        self._report_paid(self.claim)
        self._promise(50, day("03-12"), self.other)
        self._dispute(third, amount=10)
        states = self.declarations._get_item_states(self.claim + self.other + third)
        self.assertEqual(
            {item: len(texts) for item, texts in states.items()},
            {self.claim: 1, self.other: 1, third: 1},
        )
        self.assertIn("being checked", states[self.claim][0])
        self.assertIn("announced by", states[self.other][0])
        self.assertIn("disputed", states[third][0])

    def test_page_tells_what_happens_next(self):
        declared = self._report_paid(self.claim)
        self.assertIn("by 8\N{NO-BREAK SPACE}March 2026", declared._get_next_text())
        self._plan(day("03-09"))
        again = self._report_paid(self.claim, on=day("03-10"))
        with freeze_time("2026-03-10 10:00:00"):
            self.assertIn("our reminder stands", again._get_next_text())
