"""Small worlds drawn at random for the property test, the same for the same seed.

``random_world(rng)`` returns a world and days worth planning. Dates lie near the first
day and amounts come from a short list, so that limits are often met exactly.
History is what a planner could have left behind: one step per claim and day, the
unique indexes of the lines respected.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from .oracle import Oracle
from .world import (
    ZERO,
    Action,
    Claim,
    Company,
    Customer,
    Entry,
    HistoryLine,
    Hold,
    Offset,
    Payment,
    Revaluation,
    Scenario,
    Segment,
    Step,
    World,
)

DAYS = [0, 1, 6]
FIRST_DAY = date(2026, 3, 9)  # a Monday
AMOUNTS = [Decimal(text) for text in ("50", "99.99", "100", "100.01", "200", "500")]
MODES = ["auto", "auto", "confirm", "confirm", "personalise", "optional", "optional"]
SETTLEMENTS = ["payment"] * 6 + ["credit_note", "write_off", "transfer"]
LABELS = ["", "", "", "works", "rent"]


def random_world(rng):
    """Draw a world and the days to plan."""
    return _Draw(rng).draw()


class _Draw:
    def __init__(self, rng):
        self.rng = rng
        self.ids = count(1)
        self.world = World()
        self.is_good_payer = False
        self.day = FIRST_DAY + timedelta(days=rng.randrange(14))

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def ago(self, start, end):
        """A day between `start` and `end` days before the day."""
        return self.day - timedelta(days=self.rng.randint(start, end))

    def maybe(self, percent, values, default=None):
        return self.rng.choice(values) if self.chance(percent) else default

    def draw(self):
        self.add_companies()
        for number in range(self.rng.randint(1, 3)):
            self.add_scenario(number)
        self.set_up_companies()
        for number in range(self.rng.randint(2, 4)):
            self.add_customer(number)
        for customer in self.world.customers:
            self.is_good_payer = self.chance(20)
            for _number in range(self.rng.randint(1, 4)):
                self.add_entry(customer)
            self.add_offsets(customer)
            self.add_revaluation(customer)
        for customer in self.world.customers:
            self.add_payments(customer)
        self.add_holds()
        self.set_newest_bank_entries()
        self.world.holidays_abroad = frozenset(self.maybe(25, [{self.day}], set()))
        for claim in self.world.claims:
            self.add_history(claim)
        for customer in self.world.customers:
            self.add_manual_contact(customer)
        self.add_answers()
        self.add_handovers()
        return self.world, [self.day + timedelta(days=days) for days in DAYS]

    def draw_company(self):
        root = self.world.companies[0]
        return root if self.chance(70) else self.rng.choice(self.world.companies)

    def add_handovers(self):
        """Some customers were handed over, some of them taken back since."""
        for customer in self.world.customers:
            if self.chance(8):
                start = self.ago(0, 20)
                end = self.maybe(40, [start + timedelta(days=2)])
                customer.handovers[self.draw_company()] = (start, end)

    # -- Set-up ---------------------------------------------------------------

    def add_companies(self):
        """A company, often with a branch, sometimes with a stranger beside it."""
        root = Company(next(self.ids), "root")
        self.world.companies.append(root)
        if self.chance(40):
            branch = Company(next(self.ids), "branch", parent=root)
            branch.has_own_setup = self.chance(50)
            self.world.companies.append(branch)
        if self.chance(20):
            self.world.companies.append(Company(next(self.ids), "stranger"))

    def set_up_companies(self):
        for company in self.world.companies:
            company.scenario = self.maybe(95, self.usable_scenarios(company))
            company.spacing = self.maybe(40, [1, 2, 5], 0)
            company.max_contacts_week = self.maybe(20, [1, 2], 0)
            company.max_contacts_month = self.maybe(20, [1, 2, 3], 0)
            company.is_ceiling_shared = self.chance(30)
            company.go_live = self.maybe(15, [self.ago(0, 30)])
            company.books_max_age = self.maybe(35, [2, 4], 0)
            company.newest_bank_entry = self.maybe(80, [self.ago(0, 9)])
            company.holidays = frozenset(self.maybe(20, [{self.day}], set()))

    def add_scenario(self, number):
        scenario = Scenario(
            next(self.ids),
            f"scenario {number}",
            company=self.maybe(25, self.world.companies) if number else None,
            active=number == 0 or self.chance(85),
            grouping=self.rng.choice(["customer", "customer", "step", "invoice"]),
            catch_up=self.rng.choice(["sequential", "jump"]),
            is_business_days_only=self.chance(20),
            minimum=self.maybe(30, AMOUNTS[1:5], ZERO),
            spacing=self.maybe(20, [1, 3, 8], 0),
            payment_methods=self.maybe(20, ["all"], "manual"),
            is_partial_chased=self.chance(75),
            is_debit_thanked=self.chance(30),
        )
        self.world.scenarios.append(scenario)
        for index in range(self.rng.choice([2, 4, 5, 6, 6])):
            self.add_step(scenario, index)
        if self.chance(65):
            self.add_thanks(scenario)

    def add_step(self, scenario, index):
        """A notice or reminder, the first one active, counted from what is allowed."""
        kinds = ["notice", "reminder"] if index < 2 else ["reminder"] * 14 + ["notice"]
        step = Step(
            next(self.ids),
            f"code_{self.rng.randrange(4)}",
            kind=self.rng.choice(kinds),
            sequence=index // 2,
            active=index == 0 or self.chance(88),
            is_enabled=self.chance(90),
            mode=self.rng.choice(MODES),
            scenario=scenario,
        )
        if step.active and step.code in _active_codes(scenario):
            step.code = f"own_{index}"
        scenario.steps.append(step)
        self.set_anchor(step)
        if step.kind == "reminder" and step.mode != "auto":
            step.is_last_resort = self.chance(20)
        self.set_conditions(step)

    def set_anchor(self, step):
        """A notice is counted from its claim or from an earlier notice only."""
        lower = [
            other for other in step.scenario.ranked_steps[: step.rank] if other.active
        ]
        bases = [
            other for other in lower if step.kind != "notice" or other.kind == "notice"
        ]
        anchors = ["due_date", "due_date", "invoice_date"]
        if lower and lower[-1] in bases:
            anchors += ["previous_step", "previous_step"]
        if bases:
            anchors.append("step")
        step.anchor = self.rng.choice(anchors)
        if step.anchor == "step":
            step.anchor_step = self.rng.choice(bases)
        delays = {
            "due_date": (-10, 0) if step.kind == "notice" else (-2, 20),
            "invoice_date": (0, 30),
        }
        step.delay = self.rng.randint(*delays.get(step.anchor, (0, 8)))

    def set_conditions(self, step):
        if self.chance(7):
            step.amount_from = self.rng.choice(AMOUNTS)
        if self.chance(7):
            step.amount_to = step.amount_from + self.rng.choice(AMOUNTS)
        if self.chance(5):
            step.items_from = self.rng.randint(1, 3)
        if self.chance(5):
            step.items_to = step.items_from + self.rng.randint(1, 2)
        if self.chance(5):
            step.only_label = "works"
        step.customer_size = self.maybe(6, ["small", "larger", "large"])
        step.is_export_only = self.maybe(6, [True, False])

    def add_thanks(self, scenario):
        step = Step(
            next(self.ids),
            "thanks",
            kind="thanks",
            sequence=self.rng.choice([0, 9]),
            active=self.chance(90),
            is_enabled=self.chance(90),
            anchor="payment_date",
            delay=self.rng.randint(0, 8),
            mode=self.rng.choice(["auto", "confirm"]),
            scenario=scenario,
        )
        scenario.steps.append(step)

    # -- Ledger ---------------------------------------------------------------

    def add_customer(self, number):
        customer = Customer(next(self.ids), f"customer {number}")
        customer.insolvent_since = self.maybe(6, [self.ago(5, 50)])
        customer.size = self.maybe(70, ["small", "medium", "large"])
        customer.is_abroad = self.chance(30)
        for company in self.world.companies:
            usable = self.named_scenarios(company)
            if usable and self.chance(20):
                customer.scenarios[company] = self.rng.choice(usable)
            if usable and self.chance(30):
                segment = Segment(next(self.ids), self.rng.choice(usable))
                customer.segments[company] = segment
            if self.chance(12):
                customer.stops[company] = self.maybe(50, [self.ago(-1, 1)])
            if not company.parent and self.chance(20):
                methods = ["manual", "card"]
                customer.payment_methods[company] = self.rng.choice(methods)
        self.world.customers.append(customer)

    def usable_scenarios(self, company):
        """Those that Odoo lets a record of the company name, archived ones too."""
        return [
            scenario
            for scenario in self.world.scenarios
            if scenario.company in (None, *company.ancestors)
        ]

    def named_scenarios(self, company):
        """Those that a record may name, some given to another company since."""
        if self.chance(15):
            return self.world.scenarios
        return self.usable_scenarios(company)

    def add_entry(self, customer):
        """An invoice or another entry, with one to three instalments."""
        company = self.draw_company()
        due = self.ago(-6, 30)
        entry = Entry(
            next(self.ids),
            company,
            min(due - timedelta(days=self.rng.choice([0, 10, 30])), self.day),
            is_invoice=self.chance(85),
        )
        entry.is_bank = not entry.is_invoice and self.chance(60)
        if not entry.is_bank and self.chance(3):  # not in the books yet
            entry.date = due = self.day + timedelta(days=1)
        if entry.is_invoice:
            entry.invoice_date = entry.date
            entry.payment_method = self.maybe(15, ["manual", "card"])
        usable = self.named_scenarios(company)
        if usable:
            entry.scenario = self.maybe(10, usable)
        instalments = 1 if entry.is_bank else self.rng.choice([1, 1, 1, 2, 3])
        entry.is_foreign = instalments == 1 and self.chance(15)
        label = self.rng.choice(LABELS)
        for _number in range(instalments):
            self.add_claim(entry, customer, due, label)
            due += timedelta(days=self.rng.choice([5, 10]))
        if self.is_good_payer:
            self.pay_all(entry)
        self.set_no_followup(entry)
        self.set_status(entry)

    def add_claim(self, entry, customer, due, label):
        amount = self.rng.choice(AMOUNTS)
        claim = Claim(
            next(self.ids),
            entry,
            customer,
            amount,
            amount,
            maturity=due,
            is_taken_in=self.chance(20),
            cycle=int(self.chance(12)),
            label=label,
        )
        if self.chance(40 if claim.cycle else 5):
            claim.counted_from = self.ago(0, 25)
        claim.failed_on = self.maybe(10, [self.ago(-1, 5)])
        if not entry.is_invoice and self.chance(30):
            claim.maturity = None
        if self.chance(18):
            self.pay(claim, amount / 2 if amount % 2 == 0 else Decimal(20))
        elif self.chance(15):
            self.pay(claim, amount)
        self.world.claims.append(claim)

    def pay_all(self, entry):
        for claim in self.world.claims:
            if claim.entry is entry and claim.residual:
                self.pay(claim, claim.residual)

    def set_no_followup(self, entry):
        """Odoo keeps the instalments of an invoice alike, those of an entry not."""
        claims = [claim for claim in self.world.claims if claim.entry is entry]
        no_followup = self.chance(6)
        for claim in claims:
            claim.no_followup = no_followup if entry.is_invoice else self.chance(25)

    def pay(self, claim, amount):
        """Settle a part or all of it, in one or two goes."""
        parts = (
            [amount]
            if amount <= 10 or self.chance(60)
            else [Decimal(10), amount - Decimal(10)]
        )
        for part in parts:
            kind = self.rng.choice(SETTLEMENTS)
            settled = max(self.ago(0, 45), claim.entry.date)
            claim.settlements.append((min(settled, self.day), kind, part))
            claim.residual -= part

    def set_status(self, entry):
        claims = [claim for claim in self.world.claims if claim.entry is entry]
        residual = sum(claim.residual for claim in claims)
        if entry.date > self.day:
            for claim in claims:
                claim.settlements, claim.residual = [], claim.amount
        elif not residual:
            entry.status = "paid"
        elif entry.is_invoice and self.chance(5):
            entry.status = "blocked"

    def add_offsets(self, customer):
        if self.chance(30):
            offset = Offset(
                next(self.ids),
                self.rng.choice(self.world.companies),
                customer,
                self.ago(-1, 30),
                self.rng.choice(AMOUNTS),
                no_followup=self.chance(30),
                is_payment=self.chance(40),
            )
            self.world.offsets.append(offset)

    def add_revaluation(self, customer):
        """Exchange differences on what the customer owes or is owed."""
        if self.chance(15):
            amount = self.rng.choice(AMOUNTS) * self.rng.choice([1, -1])
            company = self.rng.choice(self.world.companies)
            revaluation = Revaluation(
                next(self.ids), company, customer, self.ago(-1, 30), amount
            )
            self.world.revaluations.append(revaluation)

    def add_payments(self, customer):
        """Payments in process: of some invoices, of none, refunds."""
        invoices = list(
            dict.fromkeys(
                claim.entry
                for claim in self.world.claims
                if claim.customer is customer and claim.entry.is_invoice
            )
        )
        for _number in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            company = self.draw_company()
            is_inbound = self.chance(80)
            own = [entry for entry in invoices if entry.company is company]
            number = self.rng.choice([0, 1, 1, 2]) if is_inbound else 0
            linked = self.rng.sample(own, min(number, len(own)))
            payment = Payment(
                next(self.ids),
                company,
                customer,
                self.rng.choice(AMOUNTS),
                is_inbound,
                linked,
            )
            self.world.payments.append(payment)

    def set_newest_bank_entries(self):
        """Payments are bank entries too."""
        for company in self.world.companies:
            paid = [
                settled
                for claim in self.world.claims
                if claim.company is company
                for settled, kind, _amount in claim.settlements
                if kind in ("payment", "transfer")
            ]
            paid += [
                offset.date
                for offset in self.world.offsets
                if offset.company is company and offset.is_payment
            ]
            paid += [
                claim.entry.date
                for claim in self.world.claims
                if claim.company is company and claim.entry.is_bank
            ]
            if company.newest_bank_entry:
                paid.append(company.newest_bank_entry)
            company.newest_bank_entry = max(paid, default=None)

    def add_holds(self):
        for claim in self.world.claims:
            if self.chance(12):
                amount = self.maybe(50, [Decimal(20), claim.amount, claim.amount * 2])
                until = self.maybe(70, [self.ago(-2, 2)])
                self.world.holds.append(Hold(claim, amount, until))

    # -- History --------------------------------------------------------------

    def add_history(self, claim):
        """What the claim lived through: most often steps of its present scenario."""
        if self.chance(35) or claim.entry.date > self.day:
            return
        oracle = Oracle(self.world, claim.company, self.day)
        usable = self.usable_scenarios(claim.company)
        scenario = oracle.scenario(claim) or self.maybe(100, usable or [None])
        if not scenario:
            return
        for cycle in range(claim.cycle + 1):
            played = self.rng.choice(usable) if self.chance(20) else scenario
            self.play(claim, played, cycle)
        is_chased = oracle.is_claim(claim) and not oracle.claim_failures(claim)
        if self.chance(45 if is_chased else 10):
            self.add_open_line(claim, scenario)
        if not claim.residual and self.chance(20):
            self.play_thanks(claim, scenario)

    def play(self, claim, scenario, cycle):
        """Play the first steps on as many days, the last ones near the day."""
        steps = scenario.ranked_steps
        steps = [step for step in steps if step.active or self.chance(60)]
        steps = steps[: self.rng.choice([0, 1, 1, 1, 2, 2, 3])]
        past = self.rng.sample(range(1, 25), len(steps))
        if past and self.chance(15):
            past[past.index(min(past))] = 0
        for step, ago in zip(steps, sorted(past, reverse=True), strict=True):
            state = self.rng.choice(["done", "done", "done", "skipped", "dropped"])
            self.add_past_line(claim, step, state, cycle, self.ago(ago, ago))

    def add_past_line(self, claim, step, state, cycle, day):
        line = HistoryLine(next(self.ids), claim, step, state, cycle)
        if state == "dropped":
            line.postponed_until = self.maybe(30, [self.ago(-1, 1)])
        else:
            line.performed_date = day
        if state == "done":
            line.arrival_date = self.maybe(
                20, [day, day + timedelta(self.rng.randint(1, 8))]
            )
        states = {"dropped": "cancelled"}
        self.add_action(step, claim, states.get(state, state), day, [line])

    def add_open_line(self, claim, scenario):
        """An open line on the step after the last one played, or elsewhere."""
        if self.chance(10):
            scenario = self.rng.choice(self.usable_scenarios(claim.company))
        oracle = Oracle(self.world, claim.company, self.day)
        played = oracle.played(claim)
        ranked = scenario.ranked_steps
        start = max([step.rank for step in played if step in ranked], default=-1) + 1
        later = [step for step in ranked[start:] if step not in played]
        if not later:
            return
        step = later[0] if self.chance(60) else self.rng.choice(later)
        optional = [
            other
            for other in later
            if other.mode == "optional"
            and not oracle.is_expired(claim, other)
            and oracle.is_late_enough(claim, other)
        ]
        if optional and self.chance(60):
            step = optional[0]
        cycle = claim.cycle
        passed = [line.step for line in oracle.lines(claim) if line.cycle < cycle]
        if cycle and step not in passed and self.chance(40):
            cycle -= 1
        line = HistoryLine(next(self.ids), claim, step, "open", cycle)
        for action in self.world.actions:
            is_same = (action.company, action.customer) == (
                claim.company,
                claim.customer,
            )
            if action.is_open and is_same and action.lines[0].step is step:
                action.lines.append(line)
                return
        state = "scheduled" if step.mode == "auto" else "to_confirm"
        if self.chance(15):
            state = self.rng.choice(["in_progress", "failed"])
        action = self.add_action(step, claim, state, self.ago(0, 9), [line])
        action.is_ticked = state != "to_confirm" or self.chance(25)

    def play_thanks(self, claim, scenario):
        for step in scenario.steps:
            if step.kind == "thanks":
                state = self.rng.choice(["done", "skipped", "dropped"])
                self.add_past_line(claim, step, state, claim.cycle, self.ago(0, 5))

    def add_manual_contact(self, customer):
        """A call that somebody made of their own accord."""
        if self.chance(10):
            company = self.rng.choice(self.world.companies)
            day = self.ago(-1, 7)
            action = Action(
                next(self.ids), company, customer, None, "reminder", "confirm", "done"
            )
            action.planned_date = action.performed_date = day
            self.world.actions.append(action)

    def add_answers(self):
        """What customers answered to contacts, some of it bad, some dealt with."""
        for company in self.world.companies:
            company.reply_days = self.maybe(70, [1, 5], 0)
            company.dissatisfied_days = self.maybe(70, [2, 10], 0)
        for action in self.world.actions:
            if action.state != "done":
                continue
            action.replied_on = self.maybe(8, [self.ago(0, 7)])
            action.dissatisfied_on = self.maybe(8, [self.ago(0, 12)])
            action.is_settled = self.chance(30)

    def add_action(self, step, claim, state, day, lines):
        action = Action(
            next(self.ids),
            claim.company,
            claim.customer,
            step.scenario,
            step.kind,
            step.mode,
            state,
            planned_date=day,
            performed_date=day if state in ("done", "skipped") else None,
            lines=lines,
        )
        self.world.actions.append(action)
        return action


def _active_codes(scenario):
    return {step.code for step in scenario.steps if step.active}
