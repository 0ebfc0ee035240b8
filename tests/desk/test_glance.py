from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..answers.test_entry import EntryCommon
from ..common import day
from ..planner.money_common import MoneyCommon


class GlanceCommon(EntryCommon):
    """The day on which a collector looks at Azur Interior."""

    def _look(self, customer=None, user=None, **context):
        customer = (customer or self.customer).with_user(user or self.collector)
        self.env.flush_all()
        self.env.invalidate_all()
        return customer.with_context(**context).get_dunning_glance()

    def _get_scenes(self, glance, *kinds):
        return [scene for scene in glance["film"] if scene["kind"] in kinds]


@tagged("post_install", "-at_install")
class TestGlance(GlanceCommon, MoneyCommon):
    """All that is known about a customer, on one screen."""

    # ---- what is open ----------------------------------------------------------------

    def test_each_open_item_says_what_comes_next(self):
        """The situation of the account, item by item, at one look."""
        items = {item["id"]: item for item in self._look()["items"]}
        self.assertEqual(list(items), (self.late | self.later | self.early).ids)
        late = items[self.late.id]
        self.assertEqual((late["amount"], late["days_late"]), (100, 22))
        self.assertEqual(late["next_step"], "Reminder 1")
        self.assertEqual(late["next_date"], "2026-02-18")
        self.assertIn("8 days after the due date", late["sentence"])
        early = items[self.early.id]
        self.assertEqual((early["next_step"], early["days_late"]), ("Notice", 0))

    def test_balance_by_age_and_net_of_credits(self):
        self._create_claim(day("01-15"), 40)
        self._create_claim(day("02-01"), 20)
        self._create_claim(None, 10, date=day("01-01"), invoice_date_due="2025-10-01")
        self._create_credit_note(30, day("03-01"))
        balance = self._look()["balance"]
        self.assertEqual(
            {age["code"]: age["amount"] for age in balance["ages"]},
            {"not_due": 50, "1_30": 170, "31_60": 60, "61_90": 0, "91": 10},
        )
        self.assertEqual(balance["credits"], -30)
        self.assertEqual((balance["overdue"], balance["total"]), (210, 260))

    def test_promise_is_no_credit(self):
        """270 are late, 100 of it promised, 20 disputed, and there is a credit of 10:
        140 may be asked for. My Customers, analysis and message say the same."""
        promised = self._create_claim(day("02-20"), 100)
        self._create_promise(promised)
        self._create_credit_note(10, day("03-01"))
        self._create_dispute(self.late, 20)
        self.env.flush_all()
        balance = self._look()["balance"]
        wanted = {"late": 270, "promised": 100, "disputed": 20, "to_ask": 140}
        self.assertEqual({name: balance[name] for name in wanted}, wanted)
        self.assertEqual(balance["credits"], -10)
        row = self.env["dunning.customer.report"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(
            (
                row.amount_overdue,
                row.amount_promised,
                row.amount_disputed,
                row.amount_credits,
                row.amount_to_ask,
            ),
            (270, 100, 20, -10, 140),
        )
        rows = self.env["dunning.overdue.report"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(sum(rows.mapped("amount_overdue")), 270)
        action = self._plan()
        self.assertIn("140.00", action.amount_text)
        self.assertEqual(action.amount_total, 140)

    def test_money_that_came_and_went(self):
        """An advance of 500 was paid back, 30 are under way: 170 are late, 140 may be
        asked for. My Customers and the analysis say the same."""
        receipt = self._create_receipt(500, day("03-01"))
        refund = self._pay_out(500, day("03-02"))
        self._wait_for_bank(30)
        glance = self._look()
        balance = glance["balance"]
        self.assertEqual((balance["late"], balance["to_ask"]), (170, 140))
        self.assertEqual((balance["credits"], balance["overdue"]), (-30, 140))
        ages = {age["code"]: age["amount"] for age in balance["ages"]}
        self.assertEqual((ages["not_due"], ages["1_30"]), (50, 170))
        items = {item["id"]: item for item in glance["items"]}
        self.assertEqual(items[refund.id]["days_late"], 0)
        self.assertEqual(items[refund.id]["name"], f"Refund {refund.move_id.name}")
        own = [("partner_id", "=", self.customer.id)]
        row = self.env["dunning.customer.report"].search(own)
        figures = (row.amount_open, row.amount_overdue, row.amount_to_ask)
        self.assertEqual(figures, (220, 170, 140))
        self.assertEqual((row.amount_credits, row.days_late), (0, 22))
        rows = self.env["dunning.overdue.report"].search(own)
        self.assertNotIn(refund, rows.move_line_id)
        self.assertEqual(sum(rows.mapped("amount_overdue")), 170)
        (receipt | refund).reconcile()
        kinds = [scene["kind"] for scene in self._look()["film"]]
        self.assertNotIn("payment", kinds)

    def _create_promise(self, claim):
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "amount": claim.amount_residual,
                "date": day("03-20"),
                "claim_ids": [Command.create({"move_line_id": claim.id})],
            }
        )

    def _create_dispute(self, claim, amount):
        reason = self.env["dunning.dispute.reason"].search([], limit=1)
        part = {"move_line_id": claim.id, "amount": amount}
        self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "reason_id": reason.id,
                "claim_ids": [Command.create(part)],
            }
        )

    def test_item_due_today_is_not_late_yet(self):
        self._create_claim(self.TODAY, 5)
        ages = {a["code"]: a["amount"] for a in self._look()["balance"]["ages"]}
        self.assertEqual((ages["not_due"], ages["1_30"]), (55, 170))

    def test_each_currency_is_summed_up_on_its_own(self):
        other = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        self._create_claim(day("02-15"), 80, currency_id=other.id)
        glance = self._look()
        currencies = {
            total["currency_id"]: total["amount"]
            for total in glance["balance"]["currencies"]
        }
        self.assertEqual(currencies, {self.company.currency_id.id: 220, other.id: 80})
        ages = {a["code"]: a["amount"] for a in glance["balance"]["ages"]}
        self.assertEqual(ages["1_30"], 210)

    def test_customer_who_owes_nothing(self):
        glance = self._look(self._create_customer("Borel"))
        self.assertEqual((glance["items"], glance["film"]), ([], []))
        self.assertEqual(glance["balance"]["total"], 0)
        self.assertEqual(glance["situation"]["scenario"]["id"], self.scenario.id)

    # ---- the film --------------------------------------------------------------------

    def test_film_goes_from_past_contacts_to_coming_steps(self):
        """What was done, by which channel, about what, with which outcome."""
        self._play(day("02-18"))
        self._pay(self.later, day("02-25"))
        call = self._call()
        self._note(call, has_promise=True, promise_date=day("03-10"), note="On Tuesday")
        film = self._look()["film"][:5]
        told = [(s["date"], s["kind"], s["is_past"], s["title"]) for s in film]
        self.assertEqual(
            told,
            [
                ("2026-02-18", "action", True, "Notice"),
                ("2026-02-18", "action", True, "Reminder 1"),
                ("2026-02-25", "payment", True, "Payment"),
                ("2026-03-04", "action", True, "Reminder 2"),
                ("2026-03-10", "promise", False, "Promised payment"),
            ],
        )
        _notice, first, _payment, spoken, promise = film
        self.assertEqual(first["about"], self.late.move_id.name)
        self.assertEqual((first["model"], spoken["id"]), ("dunning.action", call.id))
        self.assertEqual((spoken["outcome"], spoken["channel"]), ("Promise", "phone"))
        self.assertIn("On Tuesday", spoken["note"])
        self.assertEqual(promise["amount"], 100)

    def test_coming_steps_stand_on_their_days(self):
        """An invoice on schedule shows its whole film; what is the same step on the
        same day is one scene."""
        self._create_claim(day("03-30"), 25)
        steps = self._get_scenes(self._look(), "step")
        self.assertEqual(
            [(s["date"], s["title"], s["count"], s["amount"]) for s in steps],
            [
                ("2026-03-04", "Reminder 1", 2, 170),
                ("2026-03-22", "Notice", 2, 75),
                ("2026-04-07", "Reminder 1", 2, 75),
                ("2026-04-15", "Reminder 2", 2, 75),
                ("2026-04-23", "Reminder 3", 2, 75),
            ],
        )

    def test_days_of_coming_steps_are_those_on_which_they_are_planned(self):
        """The film keeps what it announces: each step is planned on its day."""
        (self.late | self.later).move_id.no_followup = True
        announced = [
            (s["date"], s["title"]) for s in self._get_scenes(self._look(), "step")
        ]
        for date, title in announced:
            with self.subTest(title):
                played = self._play(day(date[5:]))
                self.assertEqual(played.step_id.name, title)

    def test_prepared_action_takes_the_place_of_its_step(self):
        action = self._plan()
        film = self._look()["film"]
        (scene,) = [scene for scene in film if scene["date"] == "2026-03-04"]
        self.assertEqual((scene["model"], scene["id"]), ("dunning.action", action.id))
        self.assertEqual((scene["is_past"], scene["state"]), (False, "To confirm"))
        later = [s for s in self._get_scenes({"film": film}, "step") if s["count"] == 2]
        self.assertEqual(
            [(s["date"], s["title"]) for s in later],
            [("2026-03-12", "Reminder 2"), ("2026-03-20", "Reminder 3")],
        )

    def test_spacing_moves_the_coming_step(self):
        self.company.dunning_min_days_between_contacts = 5
        self._note(self.customer, note="They call back", channel="phone")
        (step,) = [s for s in self._get_scenes(self._look(), "step") if s["count"] == 2]
        self.assertEqual(step["date"], "2026-03-09")

    def test_thanks_to_come(self):
        thanks = {**self._thanks(), "scenario_id": self.scenario.id, "sequence": 90}
        self.env["dunning.step"].create(thanks)
        self._pay(self.late, day("03-03"))
        self._pay(self.later, day("03-03"))
        titles = {s["title"]: s["date"] for s in self._get_scenes(self._look(), "step")}
        self.assertEqual(titles["Thanks"], "2026-03-11")

    # ---- words and people ------------------------------------------------------------

    def test_promises_disputes_reasons_and_satisfaction(self):
        call = self._call()
        self._note(call, ticked=self.late, has_reason=True, reason="forgotten")
        self._promise(70, day("03-10"), self.later)
        self._dispute(self.late)
        call.with_user(self.collector)._register_satisfaction(2, "Nobody answers")
        glance = self._look()
        self.assertEqual([p["amount"] for p in glance["promises"]], [70])
        self.assertEqual([d["is_open"] for d in glance["disputes"]], [True])
        self.assertEqual(
            {r["label"] for r in glance["reasons"]}, {"Forgotten", "Dispute"}
        )
        self.assertEqual(glance["satisfaction"]["score"], 2)
        self.assertTrue(glance["satisfaction"]["is_dissatisfied"])

    def test_people_to_contact_best_first(self):
        """Whoever follows up calls the accounts department, not the switchboard."""
        for name, type_, phone in (
            ("Zoé", "followup", "+33 6 00 00 00 01"),
            ("Anne", "contact", "+33 6 00 00 00 02"),
            ("Nobody", "contact", False),
        ):
            values = {"name": name, "type": type_, "phone": phone}
            self.customer.child_ids = [Command.create(values)]
        people = self._look()["people"]
        self.assertEqual(
            [person["name"] for person in people], ["Zoé", "Azur Interior", "Anne"]
        )
        self.assertEqual(people[0]["phone"], "+33 6 00 00 00 01")

    def test_situation_says_who_follows_up_and_how(self):
        self.customer.write(
            {"dunning_is_stopped": True, "dunning_stop_reason": "Key account"}
        )
        situation = self._look()["situation"]
        self.assertEqual(situation["scenario"]["name"], self.scenario.name)
        self.assertEqual(situation["scenario_source"], "chosen for the customer")
        self.assertEqual(situation["collector"]["name"], self.collector.name)
        self.assertEqual(
            (situation["is_stopped"], situation["stop_reason"]), (True, "Key account")
        )

    def test_contact_shows_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Anne", "parent_id": self.customer.id}
        )
        self.assertEqual(self._look(contact)["customer"]["id"], self.customer.id)

    # ---- how it is opened ------------------------------------------------------------

    def test_it_opens_from_customer_invoice_and_action(self):
        action = self._plan()
        for record in (self.customer, self.late.move_id, action):
            opened = record.with_user(self.collector).action_open_dunning_glance()
            self.assertEqual(opened["tag"], "dunning_glance")
            self.assertEqual(opened["params"], {"partner_id": self.customer.id})

    # ---- rights ----------------------------------------------------------------------

    def test_salesperson_looks_at_own_customers_only(self):
        """S2-30: their customers, all of it; nothing of others'."""
        self._play(self.TODAY)
        self._promise(70, day("03-10"), self.later)
        mine = self._look(user=self.sarah)
        self.assertEqual(len(mine["items"]), 3)
        self.assertTrue(self._get_scenes(mine, "action"))
        self.assertTrue(mine["promises"])
        self.assertFalse(mine["rights"]["statement"])
        with self.assertRaises(AccessError):
            self._look(self._create_customer("Borel"), user=self.sarah)

    def test_whoever_has_no_business_with_it_is_refused(self):
        stranger = new_test_user(
            self.env,
            login="stan",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._look(user=stranger)

    def test_other_companies_are_never_shown(self):
        """Two companies have the same customer: each looks at what is its own."""
        other = self.setup_other_company()["company"]
        self.env.user.company_ids |= other
        self.collector.company_ids |= other
        theirs = self.env["account.move"].with_company(other)
        theirs = theirs.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": day("02-01"),
                "invoice_date_due": day("02-10"),
                "company_id": other.id,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 999, "tax_ids": []})
                ],
            }
        )
        theirs.action_post()
        both = (self.company | other).ids
        glance = self._look(allowed_company_ids=both)
        self.assertNotIn(theirs.id, [item["move_id"] for item in glance["items"]])
        glance = self._look(allowed_company_ids=both[::-1])
        self.assertEqual([i["move_id"] for i in glance["items"]], [theirs.id])

    # ---- queries ---------------------------------------------------------------------

    def test_queries_do_not_grow(self):
        """As many queries for thirty invoices and contacts as for a few."""
        counts = []
        for size in (1, 10):
            for number in range(size):
                claim = self._create_claim(day("02-20"), 10 + number)
                self._create_claim(day("03-20"), 10 + number)
                self._play(day("02-28"))
                self._pay(claim, day("03-01"), 5)
                self._promise(1, day("03-10"), claim)
                self._dispute(claim, amount=1)
                self._pay(self._create_claim(day("02-26"), 7), day("03-02"))
                child = {"name": f"Anne {number}", "phone": "+33 6 00 00 00 02"}
                self.customer.child_ids = [Command.create(child)]
            self._look()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            glance = self.customer.with_user(self.collector).get_dunning_glance()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertGreater(len(glance["items"]), 20)
        self.assertGreater(len(glance["film"]), 40)
        self.assertLessEqual(counts[1], counts[0])
