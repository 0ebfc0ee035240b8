"""The yardstick of the property test, checked against days worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from odoo.tests import BaseCase, tagged

from . import oracle
from .world import (
    Action,
    Claim,
    Company,
    Customer,
    Entry,
    HistoryLine,
    Hold,
    Offset,
    Payment,
    Scenario,
    Segment,
    Step,
    World,
)

DAY = date(2026, 3, 11)  # a Wednesday


def days(number):
    return timedelta(days=number)


@tagged("post_install", "-at_install")
class TestOracle(BaseCase):
    """One customer of one company, three reminders at +8, +8 and +8 after that."""

    def setUp(self):
        super().setUp()
        self.ids = count(1)
        self.company = Company(1)
        self.customer = Customer(1)
        self.world = World(companies=[self.company], customers=[self.customer])
        self.scenario = self.add_scenario()
        self.notice = self.add_step("notice", kind="notice", delay=-8)
        self.first = self.add_step("reminder_1", delay=8)
        self.second = self.add_step("reminder_2", anchor="previous_step", delay=8)
        self.third = self.add_step(
            "reminder_3", anchor="step", anchor_step=self.first, delay=16
        )
        self.company.scenario = self.scenario

    def add_scenario(self, **values):
        scenario = Scenario(next(self.ids), **values)
        self.world.scenarios.append(scenario)
        return scenario

    def add_step(self, code, scenario=None, **values):
        scenario = scenario or self.scenario
        step = Step(next(self.ids), code, scenario=scenario, **values)
        scenario.steps.append(step)
        return step

    def add_claim(self, late, amount=100, residual=None, entry=None, **values):
        """A claim `late` days overdue on DAY, invoiced 30 days before it was due."""
        due = DAY - days(late)
        customer = values.pop("customer", self.customer)
        company = values.pop("company", self.company)
        if not entry:
            invoiced = due - days(30)
            entry = Entry(next(self.ids), company, invoiced, invoiced)
        residual = Decimal(amount if residual is None else residual)
        claim = Claim(
            next(self.ids),
            entry,
            customer,
            Decimal(amount),
            residual,
            maturity=due,
            **values,
        )
        self.world.claims.append(claim)
        return claim

    def add_action(self, claim, step, state="done", ago=5, line_state=None, **values):
        """An action of `ago` days before DAY with one line."""
        day = DAY - days(ago)
        is_closed = state in ("done", "skipped")
        line_states = {"done": "done", "skipped": "skipped", "cancelled": "dropped"}
        line = HistoryLine(
            next(self.ids),
            claim,
            step,
            line_state or line_states.get(state, "open"),
            cycle=claim.cycle,
            performed_date=day if is_closed else None,
        )
        action = Action(
            next(self.ids),
            claim.company,
            claim.customer,
            step.scenario,
            step.kind,
            step.mode,
            state,
            planned_date=day,
            performed_date=day if is_closed else None,
            lines=[line],
            **values,
        )
        self.world.actions.append(action)
        return action

    def planned(self, day=DAY, company=None):
        actions = oracle.plan(self.world, company or self.company, day)
        return [
            (action.step.code, [(line.claim, line.step.code) for line in action.lines])
            for action in actions
        ]

    def failed(self, claim, day=DAY):
        return set(oracle.explain(self.world, claim, day).failed)

    # -- trigger and position -----------------------------------------------

    def test_trigger_to_the_day(self):
        """The first reminder is due eight days after the due date, not seven."""
        claim = self.add_claim(8)
        self.assertEqual(self.planned(), [("reminder_1", [(claim, "reminder_1")])])
        self.assertEqual(self.failed(claim, DAY - days(1)), {"trigger"})

    def test_notice_expires_after_due_day(self):
        """A notice may leave on the due day itself, not on the next one."""
        claim = self.add_claim(0)
        self.assertEqual(self.planned(), [("notice", [(claim, "notice")])])
        explained = oracle.explain(self.world, claim, DAY + days(1))
        self.assertIs(explained.step, self.first)
        self.assertEqual(explained.failed, {"trigger"})

    def test_reminder_waits_until_overdue(self):
        """A reminder anchored long before the due date waits until the day after it."""
        self.notice.is_enabled = False
        self.first.anchor, self.first.delay = "invoice_date", 5
        claim = self.add_claim(0)
        self.assertEqual(self.failed(claim), {"overdue", "net"})
        self.assertFalse(self.failed(claim, DAY + days(1)))

    def test_anchors_count_from_the_real_day(self):
        """A late first reminder moves the second one, not the one anchored on a step
        that was never played."""
        claim = self.add_claim(30)
        self.add_action(claim, self.first, ago=10)
        explained = oracle.explain(self.world, claim, DAY)
        self.assertIs(explained.position, self.first)
        self.assertIs(explained.step, self.second)
        self.assertEqual(explained.trigger, DAY - days(2))
        self.second.is_enabled = False
        explained = oracle.explain(self.world, claim, DAY)
        self.assertIs(explained.step, self.third)
        self.assertEqual(explained.trigger, DAY + days(6))

    def test_base_of_unplayed_step_is_its_own_trigger(self):
        """A disabled first reminder still carries the second one."""
        self.first.is_enabled = False
        claim = self.add_claim(16)
        explained = oracle.explain(self.world, claim, DAY)
        self.assertIs(explained.step, self.second)
        self.assertEqual(explained.trigger, DAY)

    def test_archived_step_counts_once_played(self):
        """An archived step is base and position where it was played, else nothing."""
        old = self.add_step("reminder_2", sequence=5, active=False)
        self.notice.sequence = self.first.sequence = 1
        claim = self.add_claim(30)
        self.second.delay = 3
        self.add_action(claim, self.first, ago=10)
        self.assertEqual(oracle.explain(self.world, claim, DAY).trigger, DAY - days(7))
        self.add_action(claim, old, ago=1)
        explained = oracle.explain(self.world, claim, DAY)
        self.assertIs(explained.position, old)
        self.assertEqual(explained.trigger, DAY + days(2))

    def test_archived_namesake_is_named_base(self):
        """A moved step that the claim played keeps the clock of what counts from it."""
        old = self.add_step("reminder_1", sequence=9, active=False, delay=8)
        claim = self.add_claim(30)
        self.add_action(claim, old, ago=3)
        self.first.is_enabled = self.second.is_enabled = False
        explained = oracle.explain(self.world, claim, DAY)
        self.assertIs(explained.step, self.third)
        self.assertEqual(explained.trigger, DAY + days(13))

    def test_fresh_start_forgets_the_first_cycle(self):
        """After a fresh start the claim is chased from the beginning."""
        claim = self.add_claim(30)
        self.add_action(claim, self.second, ago=20)
        claim.cycle = 1
        self.assertIs(oracle.explain(self.world, claim, DAY).step, self.first)

    def test_condition_passes_step_over(self):
        """A small claim passes the call over and records nothing."""
        self.first.amount_from = Decimal(500)
        claim = self.add_claim(30)
        self.assertEqual(self.planned(), [("reminder_2", [(claim, "reminder_2")])])
        self.second.items_from = 2
        self.assertEqual(self.planned(), [("reminder_3", [(claim, "reminder_3")])])
        self.third.only_label = "x"
        self.assertEqual(self.failed(claim), {"step"})

    # -- several steps overdue ----------------------------------------------

    def test_sequential_takes_the_first(self):
        claim = self.add_claim(120)
        self.assertEqual(self.planned(), [("reminder_1", [(claim, "reminder_1")])])

    def test_jump_takes_the_latest(self):
        """A claim 120 days late starts at the last reminder, the others are skipped."""
        self.scenario.catch_up = "jump"
        self.add_claim(120)
        [action] = oracle.plan(self.world, self.company, DAY)
        self.assertIs(action.step, self.third)
        self.assertEqual(action.lines[0].skipped, (self.first, self.second))

    def test_jump_stops_before_last_resort(self):
        """The last resort needs a reminder performed, else the one below is played."""
        self.scenario.catch_up = "jump"
        self.third.is_last_resort = True
        claim = self.add_claim(120)
        self.assertEqual(self.planned()[0][0], "reminder_2")
        self.first.is_enabled = self.second.is_enabled = False
        self.assertEqual(self.failed(claim), {"last_resort"})
        self.add_action(claim, self.first, ago=20)
        self.assertEqual(self.planned()[0][0], "reminder_3")

    def test_one_step_per_day(self):
        """A claim that played a step this morning plays no other today."""
        self.second.delay = 0
        claim = self.add_claim(20)
        self.add_action(claim, self.first, ago=0)
        self.assertEqual(self.failed(claim), {"same_day"})

    # -- left out -----------------------------------------------------------

    def test_no_followup(self):
        claim = self.add_claim(10, no_followup=True)
        self.assertEqual(self.failed(claim), {"no_followup", "net"})

    def test_settled_claim_is_up_for_thanks_only(self):
        claim = self.add_claim(10, residual=0)
        self.assertEqual(self.failed(claim), {"paid", "step"})

    def test_blocked_invoice_is_no_claim(self):
        claim = self.add_claim(10)
        for status in ("paid", "blocked", "reversed", "invoicing_legacy"):
            claim.entry.status = status
            self.assertEqual(self.failed(claim), {"open"})

    def test_go_live_unless_taken_in(self):
        claim = self.add_claim(10)
        self.company.go_live = DAY - days(10)
        self.assertFalse(self.failed(claim))
        self.company.go_live = DAY - days(9)
        self.assertEqual(self.failed(claim), {"go_live", "net"})
        claim.is_taken_in = True
        self.assertFalse(self.failed(claim))

    def test_insolvent_for_older_claims(self):
        """Claims invoiced before the judgment are declared, later ones are chased."""
        claim = self.add_claim(10)
        self.customer.insolvent_since = claim.entry.invoice_date + days(1)
        self.assertEqual(self.failed(claim), {"insolvent", "net"})
        self.customer.insolvent_since = claim.entry.invoice_date
        self.assertFalse(self.failed(claim))

    def test_handed_over_until_taken_back(self):
        claim = self.add_claim(10)
        self.customer.handovers[self.company] = (DAY, None)
        self.assertEqual(self.failed(claim), {"handed_over", "net"})
        self.customer.handovers[self.company] = (DAY - days(2), DAY)
        self.assertFalse(self.failed(claim))
        self.customer.handovers[self.company] = (DAY + days(1), None)
        self.assertFalse(self.failed(claim))

    def test_payment_method(self):
        claim = self.add_claim(10)
        claim.entry.payment_method = "sepa"
        self.assertEqual(self.failed(claim), {"payment_method"})
        self.scenario.payment_methods = "all"
        self.assertFalse(self.failed(claim))
        self.scenario.payment_methods = "manual"
        claim.entry.is_invoice = False
        self.assertFalse(self.failed(claim))
        self.customer.payment_methods[self.company] = "card"
        self.assertEqual(self.failed(claim), {"payment_method"})

    def test_partial_where_excluded(self):
        claim = self.add_claim(10, residual=60)
        self.assertFalse(self.failed(claim))
        self.scenario.is_partial_chased = False
        self.assertEqual(self.failed(claim), {"partial"})

    def test_hold_until_its_day(self):
        """A promise holds up to its day included, a part of the claim stays chased."""
        claim = self.add_claim(10)
        hold = Hold(claim, None, DAY)
        self.world.holds.append(hold)
        self.assertEqual(self.failed(claim), {"held", "net"})
        hold.amount = Decimal(40)
        self.assertFalse(self.failed(claim))
        hold.amount, hold.until = None, DAY - days(1)
        self.assertFalse(self.failed(claim))

    def test_payment_in_process_earliest_first(self):
        """A payment without entry covers the first instalment and half the second."""
        first = self.add_claim(20)
        second = self.add_claim(10, entry=first.entry)
        payment = Payment(1, self.company, self.customer, Decimal(150))
        payment.entries.append(first.entry)
        self.world.payments.append(payment)
        self.assertEqual(self.failed(first), {"held"})
        self.assertFalse(self.failed(second))
        self.scenario.minimum = Decimal(51)
        self.assertEqual(self.failed(second), {"minimum"})

    # -- net and minimum ----------------------------------------------------

    def test_offset_stops_the_reminder(self):
        """Who owes 100 and has 100 unallocated is not chased; one cent more, he is."""
        claim = self.add_claim(10)
        offset = Offset(1, self.company, self.customer, DAY, Decimal(100))
        self.world.offsets.append(offset)
        self.assertEqual(self.failed(claim), {"net"})
        offset.amount = Decimal("99.99")
        self.assertFalse(self.failed(claim))
        self.scenario.minimum = Decimal(1)
        self.assertEqual(self.failed(claim), {"minimum"})
        offset.date = DAY + days(1)
        self.assertFalse(self.failed(claim))

    def test_net_over_the_tree(self):
        """The credit note of a branch counts for the parent; that of a stranger not."""
        branch, stranger = Company(2, parent=self.company), Company(3)
        claim = self.add_claim(10)
        offset = Offset(1, stranger, self.customer, DAY, Decimal(100))
        self.world.offsets.append(offset)
        self.assertFalse(self.failed(claim))
        offset.company = branch
        self.assertEqual(self.failed(claim), {"net"})

    def test_notice_uses_total_net(self):
        """A credit above what is overdue stops the reminder, not the notice."""
        late = self.add_claim(10, amount=50)
        soon = self.add_claim(-5, amount=80)
        offset = Offset(1, self.company, self.customer, DAY, Decimal(60))
        self.world.offsets.append(offset)
        self.assertEqual(self.failed(late), {"net"})
        self.assertFalse(self.failed(soon))

    def test_minimum_by_action(self):
        """Two claims of 60 pass a minimum of 100 together, not one by one."""
        self.scenario.minimum = Decimal(100)
        claims = [self.add_claim(10, amount=60), self.add_claim(12, amount=60)]
        self.assertEqual(len(self.planned()), 1)
        self.scenario.grouping = "invoice"
        self.assertEqual([self.failed(claim) for claim in claims], [{"minimum"}] * 2)

    # -- scenario -----------------------------------------------------------

    def test_scenario_by_the_nearest_choice(self):
        claim = self.add_claim(10)
        sources = ["company"]
        segment = Segment(1, self.add_scenario())
        self.customer.segments[self.company] = segment
        sources.append(oracle.explain(self.world, claim, DAY).source)
        self.customer.scenarios[self.company] = self.add_scenario()
        sources.append(oracle.explain(self.world, claim, DAY).source)
        claim.entry.scenario = self.add_scenario()
        sources.append(oracle.explain(self.world, claim, DAY).source)
        self.assertEqual(sources, ["company", "segment", "customer", "entry"])
        claim.entry.scenario.active = False
        self.customer.scenarios[self.company].company = Company(9)
        self.assertEqual(oracle.explain(self.world, claim, DAY).source, "segment")

    def test_no_scenario(self):
        claim = self.add_claim(10)
        self.company.scenario = None
        self.assertEqual(self.failed(claim), {"scenario", "step"})

    def test_branch_inherits_setup(self):
        branch = Company(2, parent=self.company)
        claim = self.add_claim(10, company=branch)
        self.assertFalse(self.failed(claim))
        self.assertEqual(self.planned(), [])
        self.assertEqual(len(self.planned(company=branch)), 1)
        self.customer.scenarios[self.company] = self.add_scenario()
        self.assertEqual(self.failed(claim), {"step"})
        self.customer.scenarios[branch] = self.scenario
        self.company.spacing = 5
        self.add_action(claim, self.notice, ago=1)
        self.assertEqual(self.failed(claim), {"spacing"})
        branch.has_own_setup = True
        self.assertFalse(self.failed(claim))

    def test_moved_claim_passes_by_code_and_by_date(self):
        """Steps of the new scenario pass by code, or when overtaken by the last day."""
        claim = self.add_claim(20)
        self.add_action(claim, self.first, ago=10)
        other = self.add_scenario()
        early = self.add_step("call", other, delay=9, sequence=1)
        named = self.add_step("reminder_1", other, delay=60, sequence=2)
        late = self.add_step("letter", other, delay=20, sequence=3)
        self.customer.scenarios[self.company] = other
        explained = oracle.explain(self.world, claim, DAY)
        self.assertEqual((explained.position, explained.step), (named, late))
        self.assertFalse(explained.failed)
        named.code = "else"
        explained = oracle.explain(self.world, claim, DAY)
        self.assertEqual((explained.position, explained.step), (early, named))

    def test_moved_claim_drops_waiting_line(self):
        claim = self.add_claim(20)
        self.add_action(claim, self.first, "to_confirm", ago=1)
        self.assertEqual(self.failed(claim), {"in_action"})
        other = self.add_scenario(spacing=5)
        step = self.add_step("letter", other, delay=20)
        self.customer.scenarios[self.company] = other
        [released] = oracle.release(self.world, self.company, DAY)
        self.assertEqual(released.state, "dropped")
        self.assertEqual(self.planned(), [(step.code, [(claim, step.code)])])

    # -- spacing and grouping -----------------------------------------------

    def test_spacing_counts_every_scenario(self):
        """Five days: a contact four days ago makes it wait, five days ago not."""
        self.company.spacing = 5
        other = self.add_claim(30, no_followup=True)
        claim = self.add_claim(10)
        action = self.add_action(other, self.first, ago=4)
        self.assertEqual(self.failed(claim), {"spacing"})
        for field, value in [
            ("state", "cancelled"),
            ("kind", "thanks"),
            ("performed_date", DAY - days(5)),
            ("company", Company(9)),
        ]:
            before = getattr(action, field)
            setattr(action, field, value)
            self.assertFalse(self.failed(claim), field)
            setattr(action, field, before)
        self.company.spacing = 0
        self.scenario.spacing = 6
        self.assertEqual(self.failed(claim), {"spacing"})

    def test_grouping_keeps_own_step(self):
        """A claim due for its first reminder joins and does not jump to the last."""
        old, new = self.add_claim(40), self.add_claim(10)
        self.add_action(old, self.second, ago=20)
        lines = [(old, "reminder_3"), (new, "reminder_1")]
        self.assertEqual(self.planned(), [("reminder_3", lines)])
        self.scenario.grouping = "step"
        self.assertEqual(len(self.planned()), 2)

    def test_notice_and_optional_apart(self):
        self.second.mode = "optional"
        self.third.is_enabled = False
        late = self.add_claim(40)
        self.add_action(late, self.first, ago=20)
        self.add_claim(10)
        self.add_claim(-3)
        self.assertEqual(
            sorted(code for code, _lines in self.planned()),
            ["notice", "reminder_1", "reminder_2"],
        )
        self.company.spacing = 1
        self.assertEqual([code for code, _lines in self.planned()], ["reminder_1"])

    def test_merged_prefers_oldest(self):
        self.scenario.grouping = "invoice"
        self.scenario.spacing = 1
        old, new = self.add_claim(20), self.add_claim(10)
        self.assertEqual(self.planned(), [("reminder_1", [(old, "reminder_1")])])
        self.assertEqual(self.failed(new), {"merged"})

    # -- modes --------------------------------------------------------------

    def outcome(self):
        [action] = oracle.plan(self.world, self.company, DAY)
        return action.state, action.is_ticked, action.reason

    def test_modes(self):
        self.add_claim(10)
        expected = {
            "auto": ("scheduled", True, None),
            "confirm": ("to_confirm", True, None),
            "personalise": ("to_confirm", False, "personalise"),
            "optional": ("to_confirm", False, "optional"),
        }
        for mode, outcome in expected.items():
            self.first.mode = mode
            self.assertEqual(self.outcome(), outcome)

    def test_stop_and_stale_books(self):
        self.add_claim(10)
        self.first.mode = "auto"
        self.customer.stops[self.company] = DAY
        self.assertEqual(self.outcome(), ("to_confirm", False, "stop"))
        self.company.books_max_age = 10
        self.company.newest_bank_entry = DAY - days(10)
        self.assertEqual(self.outcome(), ("to_confirm", False, "stop"))
        self.company.newest_bank_entry = DAY - days(11)
        self.assertEqual(self.outcome(), ("to_confirm", False, "stale"))
        self.company.newest_bank_entry = None
        self.assertEqual(self.outcome(), ("to_confirm", False, "stale"))
        self.company.books_max_age = 0
        self.customer.stops[self.company] = DAY - days(1)
        self.assertEqual(self.outcome(), ("scheduled", True, None))

    def test_optional_lapses_when_the_next_falls_due(self):
        """The optional reminder of ten days ago gives way to the next one, counted as
        if it stood at its own trigger."""
        self.first.mode = "optional"
        claim = self.add_claim(15)
        action = self.add_action(
            claim, self.first, "to_confirm", ago=1, is_ticked=False
        )
        self.assertEqual(self.failed(claim), {"in_action"})
        [released] = oracle.release(self.world, self.company, DAY + days(1))
        self.assertEqual(
            (released.state, released.performed_date), ("skipped", DAY - days(7))
        )
        self.assertEqual(
            self.planned(DAY + days(1)), [("reminder_2", [(claim, "reminder_2")])]
        )
        action.is_ticked = True
        self.assertEqual(self.failed(claim, DAY + days(1)), {"in_action"})

    def test_expired_notice_is_dropped(self):
        claim = self.add_claim(8)
        self.add_action(claim, self.notice, "to_confirm", ago=12)
        self.company.spacing = 50
        self.assertEqual(self.planned(), [("reminder_1", [(claim, "reminder_1")])])

    def test_business_days_only(self):
        self.scenario.is_business_days_only = True
        claim = self.add_claim(8)
        self.assertFalse(self.failed(claim))
        self.assertEqual(self.failed(claim, DAY + days(3)), {"business_day"})
        self.company.holidays = frozenset([DAY])
        self.assertEqual(self.failed(claim), {"business_day"})

    def test_holiday_of_the_customers_country(self):
        self.scenario.is_business_days_only = True
        claim = self.add_claim(8)
        self.world.holidays_abroad = frozenset([DAY])
        self.assertFalse(self.failed(claim))
        self.customer.is_abroad = True
        self.assertEqual(self.failed(claim), {"business_day"})

    # -- thanks -------------------------------------------------------------

    def paid(self, ago, kind="payment", **values):
        claim = self.add_claim(20, residual=0, **values)
        half = claim.amount / 2
        claim.settlements = [
            (DAY - days(ago + 5), "payment", half),
            (DAY - days(ago), kind, half),
        ]
        claim.entry.status = "paid"
        return claim

    def add_thanks(self):
        return self.add_step(
            "thanks", kind="thanks", anchor="payment_date", delay=8, sequence=99
        )

    def test_thanks_in_its_window(self):
        """Eight days after the last payment, and no later than thirty days on."""
        self.add_thanks()
        claim = self.paid(8)
        self.assertEqual(self.planned(), [("thanks", [(claim, "thanks")])])
        self.assertEqual(self.planned(DAY - days(1)), [])
        self.assertEqual(len(self.planned(DAY + days(29))), 1)
        self.assertEqual(self.planned(DAY + days(30)), [])

    def test_thanks_once_and_to_good_payers(self):
        thanks = self.add_thanks()
        claim = self.paid(8)
        overdue = self.add_claim(1, no_followup=True)
        self.assertEqual(self.planned(), [])
        self.world.claims.remove(overdue)
        self.add_action(claim, thanks, ago=2)
        self.assertEqual(self.planned(), [])

    def test_no_thanks_for_a_credit_note(self):
        self.add_thanks()
        claim = self.paid(8)
        claim.settlements = [(DAY - days(8), "credit_note", claim.amount)]
        self.assertEqual(self.planned(), [])

    def test_thanks_ignore_stop_and_spacing(self):
        thanks = self.add_thanks()
        thanks.mode = "auto"
        self.paid(8)
        self.paid(9)
        self.company.spacing = 30
        other = self.add_claim(-60)
        self.add_action(other, self.first, ago=1)
        self.customer.stops[self.company] = None
        self.assertEqual(self.outcome(), ("scheduled", True, None))
