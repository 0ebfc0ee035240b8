"""The planner's rules told in plain Python: the yardstick of the property test.

Nothing here knows Odoo, SQL or the planner. A world (see ``world``) is a ledger, its
set-up and its history; :func:`plan` says which actions a planning of a company on
a day makes, :func:`explain` why a claim is in one of them or not. One short method
per rule, which its docstring says.

How to use it: build a world by hand or with ``random_worlds.random_world``, then
``plan(world, company, day)``. Nothing is ever changed in the world.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .world import ZERO, Claim, Customer, HistoryLine, Scenario, Step

CENT = Decimal("0.01")
NO_CLAIM_STATUSES = {"paid", "blocked", "reversed", "invoicing_legacy"}
THANKS_DAYS = 30


@dataclass(frozen=True)
class PlannedLine:
    claim: Claim
    step: Step
    trigger: date
    skipped: tuple = ()


@dataclass(frozen=True)
class PlannedAction:
    customer: Customer
    scenario: Scenario
    step: Step
    state: str
    is_ticked: bool
    reason: str | None
    lines: tuple

    @property
    def kind(self):
        return self.step.kind

    @property
    def mode(self):
        return self.step.mode


@dataclass(frozen=True)
class Released:
    """An open line that the planning closes before it plans."""

    line: HistoryLine
    state: str
    performed_date: date | None = None


@dataclass(frozen=True)
class Explanation:
    scenario: Scenario | None
    source: str | None
    position: Step | None
    step: Step | None
    trigger: date | None
    failed: frozenset


@dataclass(frozen=True)
class Choice:
    """The step that a claim would play next, and the ones it overtakes."""

    step: Step | None = None
    trigger: date | None = None
    skipped: tuple = ()
    is_blocked: bool = False


def plan(world, company, day):
    """Return the actions that a planning of the company on that day makes."""
    return Oracle(world, company, day).planned_actions()


def explain(world, claim, day):
    """Return why the claim is planned on that day, or the codes of what forbids it."""
    return Oracle(world, claim.company, day).explanation(claim)


def release(world, company, day):
    """Return the open lines that a planning closes before it plans."""
    return Oracle(world, company, day).released


class Oracle:
    """One planning: a company and a day."""

    def __init__(self, world, company, day):
        self.world = world
        self.company = company
        self.day = day
        self.actions = world.actions
        self.released = self._released_lines()
        self.actions = self._actions_after_release()

    # -- Claims -------------------------------------------------------------

    def is_claim(self, claim):
        """Items of a posted entry dated ≤ D, unreconciled, `amount_residual > 0`.

        Invoices that are `paid`, `blocked`, `reversed` or `invoicing_legacy` are no
        claim. Debit items of the bank are none unless taken in.
        """
        return (
            self.is_open(claim)
            and not claim.is_paid_out
            and claim.entry.status not in NO_CLAIM_STATUSES
        )

    def is_open(self, claim):
        return claim.entry.date <= self.day and claim.residual > 0

    def is_overdue(self, claim):
        """Overdue on D: due date < D."""
        return claim.due_date < self.day

    def company_claims(self, customer=None):
        """It takes the journal items of exactly that company."""
        return [
            claim
            for claim in self.world.claims
            if claim.company is self.company
            and self.is_claim(claim)
            and (customer is None or claim.customer is customer)
        ]

    # -- Payments in process ------------------------------------------------

    def counting_payments(self):
        """Payments in process without an entry, of the tree; one whose linked entries
        are all settled by other means counts no more.
        """
        return [
            payment
            for payment in self.world.payments
            if payment.company.root is self.company.root
            and not (payment.entries and all(map(self.is_settled, payment.entries)))
        ]

    def is_settled(self, entry):
        return not any(claim.residual for claim in self.claims_of(entry))

    def claims_of(self, entry):
        return [claim for claim in self.world.claims if claim.entry is entry]

    def open_instalments(self, entry):
        """The open items of an entry, earliest first."""
        claims = [
            claim
            for claim in self.claims_of(entry)
            if self.is_open(claim) and claim.company.root is self.company.root
        ]
        return sorted(claims, key=lambda claim: (claim.due_date, claim.id))

    def linked_shares(self, payment):
        """What an inbound payment pays of the entries that it is linked to: the
        earliest due first.
        """
        opens = {entry: self.open_instalments(entry) for entry in payment.entries}
        opens = {entry: claims for entry, claims in opens.items() if claims}
        rest, shares = payment.amount if payment.is_inbound else ZERO, {}
        for entry in sorted(opens, key=lambda e: (opens[e][0].due_date, e.id)):
            owed = sum(claim.residual for claim in opens[entry])
            shares[entry] = min(rest, owed)
            rest -= shares[entry]
        return shares

    def absorbed(self, entry):
        """Payment: what it pays of the entry, which is paid only once."""
        rest = sum((c.residual for c in self.open_instalments(entry)), ZERO)
        parts = {}
        for payment in sorted(self.world.payments, key=lambda p: p.id):
            if payment.company.root is self.company.root and entry in payment.entries:
                share = self.linked_shares(payment).get(entry, ZERO)
                parts[payment] = min(share, rest)
                rest -= parts[payment]
        return parts

    def in_process_share(self, claim):
        """Inbound payments reduce first the instalments of the invoices that they are
        linked to, earliest first.
        """
        rest = sum(self.absorbed(claim.entry).values(), ZERO)
        for other in self.open_instalments(claim.entry):
            share = min(rest, other.residual)
            if other is claim:
                return share
            rest -= share
        return ZERO

    def left_of(self, payment):
        """The rest of an inbound payment, and unlinked ones, are credits; outbound ones
        reduce the customer's credits.
        """
        if not payment.is_inbound:
            return -payment.amount
        parts = [self.absorbed(entry).get(payment, ZERO) for entry in payment.entries]
        return payment.amount - sum(parts, ZERO)

    # -- Holds --------------------------------------------------------------

    def held_amount(self, claim):
        """Planner rows (claim, kind, amount or empty = all, until)."""
        holds = [
            hold
            for hold in self.world.holds
            if hold.claim is claim and (hold.until is None or hold.until >= self.day)
        ]
        if any(hold.amount is None for hold in holds):
            return claim.residual
        return sum((hold.amount for hold in holds), ZERO)

    def chaseable(self, claim):
        """Chaseable amount = residual − holds, never below zero."""
        free = claim.residual - self.in_process_share(claim) - self.held_amount(claim)
        return max(ZERO, free)

    # -- Left out -----------------------------------------------------------

    def is_before_go_live(self, claim):
        """Due before the company's go-live date and not taken in."""
        start = claim.company.first_day
        return bool(start and claim.due_date < start and not claim.is_taken_in)

    def is_insolvent(self, claim):
        """Customer in insolvency and claim older than the judgment."""
        judgment = claim.customer.insolvent_since
        origin = claim.entry.invoice_date or claim.entry.date
        return bool(judgment and origin < judgment)

    def is_handed_over(self, claim):
        """Handed-over customers leave the planner, until they are taken back."""
        start, end = claim.customer.handovers.get(claim.company, (None, None))
        return bool(start and start <= self.day and not (end and end <= self.day))

    def is_method_chased(self, claim):
        """By default none stated or *manual* is chased; a direct debit or a card on
        file is not, unless its collection failed.
        """
        if self.scenario(claim).payment_methods == "all":
            return True
        has_failed = claim.failed_on and claim.failed_on <= self.day
        return bool(has_failed) or self.is_manual(claim)

    def is_manual(self, claim):
        """Invoices have a method of their own, other entries the customer's."""
        method = claim.entry.payment_method
        if not claim.entry.is_invoice:
            method = self.own_value(claim.customer.payment_methods)
        return method in (None, "manual")

    def is_partial_left_out(self, claim):
        """Partly reconciled where the scenario excludes it (included by default)."""
        is_partial = claim.residual < claim.amount
        return is_partial and not self.scenario(claim).is_partial_chased

    def is_postponed(self, claim):
        """Postponed: somebody put its action off to a later day."""
        return any(
            line.postponed_until and line.postponed_until > self.day
            for line in self.lines(claim)
            if line.state == "dropped"
        )

    def is_in_action(self, claim):
        """Already in an open action."""
        return any(line.state == "open" for line in self.lines(claim))

    # -- Net balance --------------------------------------------------------

    def counts_in_net(self, claim):
        """What is never chased does not count: no follow-up, go-live, insolvency, what
        was handed over.
        """
        return (
            claim.company.root is self.company.root
            and self.is_claim(claim)
            and not claim.no_followup
            and not self.is_before_go_live(claim)
            and not self.is_insolvent(claim)
            and not self.is_handed_over(claim)
        )

    def offsets(self, customer):
        """All open offsets dated ≤ D, whatever their `no_followup`, and payments in
        process; never below zero: refunds in process make no claim.
        """
        booked = sum(
            (
                offset.amount
                for offset in self.world.offsets
                if offset.customer is customer
                and offset.company.root is self.company.root
                and offset.date <= self.day
            ),
            ZERO,
        )
        pending = [
            self.left_of(payment)
            for payment in self.counting_payments()
            if payment.customer is customer
        ]
        return max(ZERO, booked + sum(pending, ZERO))

    def paid_out(self, customer):
        """Debit items of the bank count with their sign in both net balances."""
        return sum(
            (
                claim.residual
                for claim in self.world.claims
                if claim.customer is customer
                and claim.company.root is self.company.root
                and claim.is_paid_out
                and self.is_open(claim)
            ),
            ZERO,
        )

    def net(self, customer, kind):
        """Overdue net = chaseable overdue claims + all open offsets; total net = the
        same with claims not yet due. Overdue for reminders, total for notices.
        """
        claims = [
            claim
            for claim in self.world.claims
            if claim.customer is customer
            and self.counts_in_net(claim)
            and (kind == "notice" or self.is_overdue(claim))
        ]
        chased = sum((self.chaseable(claim) for claim in claims), ZERO)
        net = chased + self.paid_out(customer) - self.offsets(customer)
        return net.quantize(CENT)

    # -- Scenario -----------------------------------------------------------

    def usable(self, scenario):
        """An archived or foreign-company scenario counts as not set."""
        return bool(
            scenario
            and scenario.active
            and (scenario.company is None or scenario.company in self.company.ancestors)
        )

    def scenario_and_source(self, claim):
        """The entry's own, else the commercial partner's own, else its segment's, else
        the company's default, else none.
        """
        segment = self.own_value(claim.customer.segments)
        candidates = [("entry", claim.entry.scenario)]
        candidates += [
            ("customer", claim.customer.scenarios.get(company))
            for company in self.company.ancestors
        ]
        candidates.append(("segment", segment and segment.scenario))
        candidates += [
            ("company", company.scenario) for company in self.company.ancestors
        ]
        for source, scenario in candidates:
            if self.usable(scenario):
                return scenario, source
        return None, None

    def own_value(self, values):
        """A branch plans for itself, with set-up inherited from its parent where it has
        none.
        """
        for company in self.company.ancestors:
            if company in values:
                return values[company]
        return None

    def scenario(self, claim):
        return self.scenario_and_source(claim)[0]

    # -- History and position -----------------------------------------------

    def lines(self, claim):
        return [
            line
            for action in self.actions
            for line in action.lines
            if line.claim is claim
        ]

    def cycle_lines(self, claim):
        """What the claim lived through in its current *cycle*."""
        return [line for line in self.lines(claim) if line.cycle == claim.cycle]

    def played(self, claim):
        """Step: day on which the claim performed or skipped it, in this cycle; the day
        it arrived, where its clock starts at the delivery."""
        return {
            line.step: line.base_date
            for line in self.cycle_lines(claim)
            if line.state in ("done", "skipped")
        }

    def lines_elsewhere(self, claim):
        """Done lines in this cycle in another scenario: the claim has moved."""
        return [
            line
            for line in self.cycle_lines(claim)
            if line.state == "done"
            and line.step.kind != "thanks"
            and line.step.scenario is not self.scenario(claim)
        ]

    def is_passed(self, claim, step):
        """A step of the new scenario counts as passed when its `code` was performed in
        this cycle, or when its own trigger (no performance counted) is ≤ the day of
        the claim's last contact.
        """
        moved = self.lines_elsewhere(claim)
        if not moved:
            return False
        done = [
            line.step.code
            for line in self.cycle_lines(claim)
            if line.state == "done" and line.step.kind != "thanks"
        ]
        if step.code in done:
            return True
        last = max(line.performed_date for line in moved)
        return self.trigger(claim, step, {}) <= last

    def position(self, claim):
        """The highest step that the claim performed, skipped or passed."""
        played = self.played(claim)
        steps = [
            step
            for step in self.scenario(claim).ranked_steps
            if step in played or self.is_passed(claim, step)
        ]
        return steps[-1] if steps else None

    def has_done_reminder(self, claim):
        return any(
            line.state == "done" and line.step.kind == "reminder"
            for line in self.cycle_lines(claim)
        )

    # -- Trigger date -------------------------------------------------------

    def trigger(self, claim, step, played):
        """`due_date`, `invoice_date`: that date + delay; `previous_step`, `step`: the
        base of that step + delay.
        """
        delay = timedelta(days=step.delay)
        if step.anchor == "due_date":
            return self.counted(claim, claim.due_date) + delay
        if step.anchor == "invoice_date":
            issued = claim.entry.invoice_date or claim.entry.date
            return self.counted(claim, issued) + delay
        if step.anchor == "previous_step":
            return self.base(claim, self.previous_step(step, played), played) + delay
        return self.named_base(claim, step.anchor_step, played) + delay

    def counted(self, claim, anchor):
        """Invoice not received: resent at once, the film counts from there."""
        return max(anchor, claim.counted_from or anchor)

    def previous_step(self, step, played):
        """The nearest lower notice or reminder; an archived one only if played."""
        lower = [
            other
            for other in step.scenario.ranked_steps[: step.rank]
            if other.active or other in played
        ]
        return lower[-1]

    def base(self, claim, step, played):
        """The day on which the claim performed or skipped it; if it did neither, that
        step's own trigger, recursively, enabled, expired, conditional or not.
        """
        return played[step] if step in played else self.trigger(claim, step, played)

    def named_base(self, claim, step, played):
        """An archived step with the code of the named one, if played, stands for it."""
        stand_ins = [
            played[other]
            for other in step.scenario.ranked_steps
            if not other.active and other.code == step.code and other in played
        ]
        if step not in played and stand_ins:
            return max(stand_ins)
        return self.base(claim, step, played)

    # -- Next step ----------------------------------------------------------

    def is_expired(self, claim, step):
        """A notice expires when its claim is overdue."""
        return step.kind == "notice" and self.is_overdue(claim)

    def condition_holds(self, claim, step):
        """Claim amount from/to, number of the customer's open items from/to, a domain
        on the journal item.
        """
        amount = self.chaseable(claim)
        items = self.open_items(claim.customer)
        return (
            (not step.amount_from or amount >= step.amount_from)
            and (not step.amount_to or amount <= step.amount_to)
            and (not step.items_from or items >= step.items_from)
            and (not step.items_to or items <= step.items_to)
            and (step.only_label is None or claim.label == step.only_label)
            and self.is_size_meant(claim.customer, step)
            and step.is_export_only in (None, claim.customer.is_abroad)
        )

    def is_size_meant(self, customer, step):
        """The size of the customer; one whose size is not stated meets no condition."""
        if step.customer_size == "larger":
            return customer.size in ("medium", "large")
        return step.customer_size in (None, customer.size)

    def open_items(self, customer):
        """Claims and offsets of the customer in that company."""
        offsets = [
            offset
            for offset in self.world.offsets
            if offset.customer is customer
            and offset.company is self.company
            and offset.date <= self.day
        ]
        return len(self.company_claims(customer)) + len(offsets)

    def eligible_steps(self, claim, after):
        """The enabled steps after the position that are not expired and whose condition
        holds; archived steps are never next.
        """
        scenario = self.scenario(claim)
        start = after.rank + 1 if after else 0
        return [
            step
            for step in scenario.ranked_steps[start:]
            if step.active
            and step.is_enabled
            and not self.is_expired(claim, step)
            and self.condition_holds(claim, step)
        ]

    def is_late_enough(self, claim, step):
        """A reminder is never due before its claim is overdue, whatever its anchor."""
        return step.kind != "reminder" or self.is_overdue(claim)

    def is_due(self, claim, step, played):
        """The step is due when trigger ≤ D."""
        is_triggered = self.trigger(claim, step, played) <= self.day
        return is_triggered and self.is_late_enough(claim, step)

    def choice(self, claim):
        """The first step after the position, or where a jump lands."""
        return self.choice_after(claim, self.position(claim), self.played(claim))

    def choice_after(self, claim, after, played):
        """`sequential` takes the first step; `jump` the latest one that is due and
        records the overtaken ones as skipped.
        """
        steps = self.eligible_steps(claim, after)
        is_jump = self.scenario(claim).catch_up == "jump"
        if not steps:
            return Choice()
        candidates = self.landing_steps(claim, steps, played) if is_jump else []
        step = candidates[-1] if candidates else steps[0]
        return Choice(
            step=step,
            trigger=self.trigger(claim, step, played),
            skipped=tuple(candidates[:-1]),
            is_blocked=is_jump and not self.may_land(claim, step),
        )

    def landing_steps(self, claim, steps, played):
        """The steps that a jump may land on."""
        return [
            step
            for step in steps
            if self.is_due(claim, step, played) and self.may_land(claim, step)
        ]

    def may_land(self, claim, step):
        """A jump never lands on a step marked *last resort* before another reminder was
        performed.
        """
        return not step.is_last_resort or self.has_done_reminder(claim)

    # -- Days ---------------------------------------------------------------

    def is_closed_day(self, scenario, customer):
        """With *business days only*, nothing becomes due on a D that is not a working
        day of the company's calendar, or of the customer's country.
        """
        is_closed = customer.is_abroad and self.day in self.world.holidays_abroad
        return scenario.is_business_days_only and (
            is_closed or not self.company.works_on(self.day)
        )

    def has_played_today(self, claim):
        """A claim plays at most one step per calendar day."""
        return any(
            line.state == "done" and line.performed_date == self.day
            for line in self.lines(claim)
        )

    def spacing_days(self, scenario):
        """`min_days_between_contacts`: a scenario may raise the company's."""
        return max(self.company.setup.spacing, scenario.spacing)

    def last_contact(self, customer):
        """Done or open actions of any scenario and channel, thanks excepted, over the
        company's root and all its branches.
        """
        dates = [
            action.contact_date
            for action in self.actions
            if action.customer is customer
            and action.company.root is self.company.root
            and action.contact_date
        ]
        return max(dates, default=None)

    def count_contacts(self, customer, days):
        """Contacts of the last days, of all companies that share the customer if set,
        else of the company's root and all its branches.
        """
        is_shared = self.company.setup.is_ceiling_shared
        dates = [
            action.contact_date
            for action in self.actions
            if action.customer is customer
            and (is_shared or action.company.root is self.company.root)
            and action.contact_date
        ]
        return sum(made > self.day - timedelta(days=days) for made in dates)

    def exceeds_ceiling(self, customer, more):
        """Ceiling on contacts per customer per 7 and 30 days."""
        setup = self.company.setup
        limits = {7: setup.max_contacts_week, 30: setup.max_contacts_month}
        return any(
            limit and self.count_contacts(customer, days) + more > limit
            for days, limit in limits.items()
        )

    def must_wait(self, claim):
        """Last contact + n > D → the step waits."""
        days = self.spacing_days(self.scenario(claim))
        last = self.last_contact(claim.customer)
        return bool(days and last and last + timedelta(days=days) > self.day)

    # -- Rules --------------------------------------------------------------

    def claim_failures(self, claim):
        """The rules that leave a claim out, its own history aside."""
        failed = set()
        if not self.is_claim(claim):
            failed.add("open")
        if claim.no_followup:
            failed.add("no_followup")
        if self.is_before_go_live(claim):
            failed.add("go_live")
        if self.is_insolvent(claim):
            failed.add("insolvent")
        if self.is_handed_over(claim):
            failed.add("handed_over")
        if not self.chaseable(claim):
            failed.add("held")
        if not self.scenario(claim):
            return failed | {"scenario"}
        if not self.is_method_chased(claim):
            failed.add("payment_method")
        if self.is_partial_left_out(claim):
            failed.add("partial")
        return failed

    def history_failures(self, claim):
        """The rules about what the claim and its customer lived through."""
        failed = set()
        if self.is_postponed(claim):
            failed.add("postponed")
        if self.is_in_action(claim):
            failed.add("in_action")
        if self.has_played_today(claim):
            failed.add("same_day")
        return failed

    def scenario_failures(self, claim):
        """The rules of the scenario, whatever the step."""
        scenario = self.scenario(claim)
        failed = set()
        if self.is_closed_day(scenario, claim.customer):
            failed.add("business_day")
        if self.must_wait(claim):
            failed.add("spacing")
        return failed

    def step_failures(self, claim, choice):
        """The rules between a claim and its next step."""
        if not choice.step:
            return {"step"}
        failed = set()
        if choice.is_blocked:
            failed.add("last_resort")
        if not self.is_late_enough(claim, choice.step):
            failed.add("overdue")
        if choice.trigger > self.day:
            failed.add("trigger")
        if choice.step.mode == "auto":
            failed |= self.answers(claim.customer)
        return failed

    def net_failures(self, claim, choice):
        """Overdue net ≤ 0: no reminder. Total net ≤ 0: no notice."""
        kind = choice.step.kind if choice.step else "reminder"
        return {"net"} if self.net(claim.customer, kind) <= 0 else set()

    def failures(self, claim):
        """All that forbids a claim its next step, the other claims aside."""
        if not self.is_claim(claim):
            return {"open"}
        failed = self.claim_failures(claim) | self.history_failures(claim)
        choice = Choice()
        if self.scenario(claim):
            choice = self.choice(claim)
            failed |= self.scenario_failures(claim)
        failed |= self.step_failures(claim, choice)
        return failed | self.net_failures(claim, choice)

    # -- Actions ------------------------------------------------------------

    def group_key(self, claim, step):
        """`customer`: one action per customer, notices and optional steps apart;
        `step`: one per customer and step; `invoice`: one per claim.
        """
        scenario = step.scenario
        key = [claim.customer.id, scenario.id, step.kind, step.mode == "optional"]
        if scenario.grouping == "step":
            key.append(step.id)
        if scenario.grouping == "invoice":
            key.append(claim.id)
        return tuple(key)

    def groups(self):
        """Every claim that is due joins, each line keeping its own step."""
        groups = {}
        for claim in self.company_claims():
            if self.failures(claim):
                continue
            choice = self.choice(claim)
            line = PlannedLine(claim, choice.step, choice.trigger, choice.skipped)
            groups.setdefault(self.group_key(claim, choice.step), []).append(line)
        return list(groups.values())

    def top_step(self, lines):
        """The action's step is the highest one due."""
        return max((line.step for line in lines), key=_rank)

    def is_below_minimum(self, lines):
        """The scenario's minimum is compared with the lesser of net and the action's
        lines.
        """
        step = self.top_step(lines)
        total = sum((self.chaseable(line.claim) for line in lines), ZERO)
        net = self.net(lines[0].claim.customer, step.kind)
        return min(total, net) < step.scenario.minimum

    def preference(self, lines):
        """Overdue before notice, mandatory before optional, then the higher step, the
        oldest due date, the first scenario.
        """
        step = self.top_step(lines)
        return (
            step.kind == "notice",
            step.mode == "optional",
            -step.rank,
            min(line.claim.due_date for line in lines),
            step.scenario.id,
            min(line.claim.id for line in lines),
        )

    def worthy_groups(self):
        """The groups that the minimum lets pass, in their order of preference."""
        worth = [lines for lines in self.groups() if not self.is_below_minimum(lines)]
        return sorted(worth, key=self.preference)

    def capped_groups(self):
        """One contact more than the ceiling allows waits, the less urgent first."""
        turns, capped = {}, []
        for lines in self.worthy_groups():
            customer = lines[0].claim.customer
            turns[customer] = turns.get(customer, 0) + 1
            if self.exceeds_ceiling(customer, turns[customer]):
                capped.append(lines)
        return capped

    def merged_groups(self):
        """With n ≥ 1 one planning makes at most one action per customer."""
        seen, merged = set(), []
        for lines in self.worthy_groups():
            customer = lines[0].claim.customer
            is_spaced = self.spacing_days(lines[0].step.scenario) >= 1
            if customer in seen and is_spaced:
                merged.append(lines)
            seen.add(customer)
        return merged

    def group_failures(self, claim):
        """The rules that a claim fails with its action."""
        for lines in self.groups():
            if claim in [line.claim for line in lines]:
                if self.is_below_minimum(lines):
                    return {"minimum"}
                groups = {
                    "ceiling": self.capped_groups(),
                    "merged": self.merged_groups(),
                }
                return {code for code, stopped in groups.items() if lines in stopped}
        return set()

    def is_stopped(self, customer):
        """A customer in *stop*, until the day it ends; a parent's stop counts too."""
        ends = [
            customer.stops[company]
            for company in self.company.ancestors
            if company in customer.stops
        ]
        return any(until is None or until >= self.day for until in ends)

    def are_books_stale(self):
        """The newest posted bank entry, of the company or its parents, is older than
        the company allows, or there is none.
        """
        allowed = self.company.setup.books_max_age
        entries = [
            company.newest_bank_entry
            for company in self.company.ancestors
            if company.newest_bank_entry
        ]
        if not allowed:
            return False
        return not entries or max(entries) < self.day - timedelta(days=allowed)

    def answers(self, customer):
        """What a person has to look at before anything leaves by itself: an answer to
        a message, a bad answer not dealt with, each for the days the company allows.
        """
        setup, codes = self.company.setup, set()
        for action in self.actions:
            if action.customer is not customer:
                continue
            if action.company.root is not self.company.root:
                continue
            if self.is_within(action.replied_on, setup.reply_days):
                codes.add("reply")
            is_open = not action.is_settled
            if is_open and self.is_within(
                action.dissatisfied_on, setup.dissatisfied_days
            ):
                codes.add("dissatisfied")
        return codes

    def is_within(self, said, days):
        return bool(said and said + timedelta(days=days) > self.day)

    def untick_reason(self, customer, step):
        """Stale books: everything waits, unticked, with that reason. A customer in stop
        or with something to say waits too, thanks excepted. `optional` waits unticked.
        """
        if self.are_books_stale():
            return "stale"
        if step.kind != "thanks":
            answers = self.answers(customer)
            is_stopped = self.is_stopped(customer)
            waiting = {"stop"} | answers if is_stopped else answers
            for reason in ("stop", "dissatisfied", "reply"):
                if reason in waiting:
                    return reason
        return step.mode if step.mode in ("optional", "personalise") else None

    def action(self, lines, step):
        """`auto` → `scheduled`; `confirm` waits on the desk, ticked."""
        customer = lines[0].claim.customer
        reason = self.untick_reason(customer, step)
        return PlannedAction(
            customer=customer,
            scenario=step.scenario,
            step=step,
            state="scheduled" if step.mode == "auto" and not reason else "to_confirm",
            is_ticked=not reason,
            reason=reason,
            lines=tuple(sorted(lines, key=lambda line: line.claim.id)),
        )

    def planned_actions(self):
        stopped = self.merged_groups() + self.capped_groups()
        chased = [
            self.action(lines, self.top_step(lines))
            for lines in self.groups()
            if not self.is_below_minimum(lines) and lines not in stopped
        ]
        return chased + self.thanks_actions()

    # -- Thanks -------------------------------------------------------------

    def thanks_step(self, claim):
        """The thanks step of the claim's scenario, played or not."""
        scenario = self.scenario(claim)
        steps = [
            step
            for step in (scenario.steps if scenario else [])
            if step.kind == "thanks" and step.active and step.is_enabled
        ]
        return min(steps, key=lambda step: (step.sequence, step.id), default=None)

    def settled_on(self, claim):
        """Fully reconciled on day P (latest day of what settled it)."""
        if claim.residual or not claim.settlements:
            return None
        return max(settled for settled, _kind, _amount in claim.settlements)

    def is_paid(self, claim):
        """By a payment or bank entry, not by a credit note, write-off or transfer
        alone; and the money stayed.
        """
        kinds = {kind for _day, kind, _amount in claim.settlements}
        is_paid = not claim.residual and "payment" in kinds
        return is_paid and not self.is_returned(claim)

    def is_returned(self, claim):
        """The bank took its payment back: money paid out of the same amount, not
        earlier, is not matched yet.
        """
        return any(
            other.is_paid_out
            and self.is_open(other)
            and other.customer is claim.customer
            and other.company is claim.company
            and other.entry.is_foreign == claim.entry.is_foreign
            and other.residual == amount
            and other.entry.date >= paid
            for other in self.world.claims
            for paid, kind, amount in claim.settlements
            if kind == "payment"
        )

    def is_debited(self, claim):
        """Debited by us: paid by the bank's entry alone, by a method that the scenario
        does not chase and that did not fail.
        """
        scenario = self.scenario(claim)
        kinds = {kind for _day, kind, _amount in claim.settlements}
        is_ours = scenario and scenario.payment_methods != "all"
        return bool(
            "payment" in kinds
            and is_ours
            and not claim.failed_on
            and not self.is_manual(claim)
        )

    def was_thanked(self, claim):
        """Never thanked before."""
        return any(
            line.step.kind == "thanks" and line.state in ("open", "done", "skipped")
            for line in self.lines(claim)
        )

    def has_overdue_claim(self, customer):
        """No claim of the customer overdue."""
        return any(self.is_overdue(claim) for claim in self.company_claims(customer))

    def thanks_trigger(self, claim):
        """P + delay."""
        step, settled = self.thanks_step(claim), self.settled_on(claim)
        return settled + timedelta(days=step.delay) if step and settled else None

    def thanks_failures(self, claim):
        """Due when P + delay ≤ D < P + delay + 30, never thanked before, and no claim
        of the customer overdue.
        """
        trigger = self.thanks_trigger(claim)
        scenario = self.scenario(claim)
        rules = {
            "paid": not self.is_paid(claim),
            "no_followup": claim.no_followup,
            "go_live": self.is_before_go_live(claim),
            "handed_over": self.is_handed_over(claim),
            "scenario": not scenario,
            "step": not self.thanks_step(claim),
            "debited": self.is_debited(claim) and not scenario.is_debit_thanked,
            "trigger": trigger and trigger > self.day,
            "too_late": trigger and trigger + timedelta(days=THANKS_DAYS) <= self.day,
            "business_day": scenario and self.is_closed_day(scenario, claim.customer),
            "thanked": self.was_thanked(claim),
            "all_paid": self.has_overdue_claim(claim.customer),
        }
        return {code for code, failed in rules.items() if failed}

    def thanks_actions(self):
        """One action per customer; it neither waits for the spacing nor counts."""
        groups = {}
        settled = [
            claim
            for claim in self.world.claims
            if claim.company is self.company
            and not claim.residual
            and not claim.is_paid_out
        ]
        for claim in settled:
            if not self.thanks_failures(claim):
                step, trigger = self.thanks_step(claim), self.thanks_trigger(claim)
                line = PlannedLine(claim, step, trigger)
                groups.setdefault(claim.customer, []).append(line)
        return [
            self.action(lines, min((line.step for line in lines), key=_thanks_order))
            for lines in groups.values()
        ]

    # -- Open actions before a planning -------------------------------------

    def _released_lines(self):
        """Lines of open actions that lapse or are dropped before a planning."""
        released = []
        for action in self.world.actions:
            if action.company is not self.company or action.kind == "thanks":
                continue
            for line in action.lines:
                if line.state != "open":
                    continue
                if self.is_dropped(action, line):
                    released.append(Released(line, "dropped"))
                elif self.lapses(action, line):
                    own = self.trigger(line.claim, line.step, self.played(line.claim))
                    released.append(Released(line, "skipped", own))
        return released

    def is_dropped(self, action, line):
        """Dropped: the claims that are no longer chased, waiting lines of the old
        scenario or of an earlier cycle, expired notices, reminders of claims that are
        not overdue any more, steps switched off meanwhile, and what credits cover by
        now.
        """
        claim, step = line.claim, line.step
        is_playable = step.active and step.is_enabled
        return bool(
            self.claim_failures(claim)
            or step.scenario is not self.scenario(claim)
            or line.cycle != claim.cycle
            or self.is_expired(claim, step)
            or not self.is_late_enough(claim, step)
            or (not is_playable and action.state != "in_progress")
            or self.net(claim.customer, step.kind) <= 0
        )

    def lapses(self, action, line):
        """`optional` lapses (`skipped`) when the step after it falls due, computed as
        if it stood at its own trigger; it has at least one day on the desk, since
        planning twice creates nothing the second time.
        """
        is_waiting = action.state == "to_confirm" and not action.is_ticked
        is_fresh = action.planned_date == self.day
        if not is_waiting or is_fresh or action.mode != "optional":
            return False
        claim, played = line.claim, self.played(line.claim)
        played[line.step] = self.trigger(claim, line.step, played)
        steps = [step for step in (self.position(claim), line.step) if step]
        following = self.choice_after(claim, max(steps, key=_rank), played)
        return (
            following.step is not None
            and not following.is_blocked
            and self.is_due(claim, following.step, played)
            and not self.is_closed_day(line.step.scenario, line.claim.customer)
        )

    def _actions_after_release(self):
        """The actions on record as they stand once those lines are closed."""
        by_line = {released.line: released for released in self.released}
        return [
            _close_lines(action, by_line)
            if any(line in by_line for line in action.lines)
            else action
            for action in self.world.actions
        ]

    # -- Answers ------------------------------------------------------------

    def explanation(self, claim):
        if not claim.residual and not claim.is_paid_out:
            return self.settled_explanation(claim)
        if not self.is_claim(claim):
            return Explanation(None, None, None, None, None, frozenset(["open"]))
        scenario, source = self.scenario_and_source(claim)
        failed = self.failures(claim) or self.group_failures(claim)
        choice = self.choice(claim) if scenario else Choice()
        return Explanation(
            scenario=scenario,
            source=source,
            position=self.position(claim) if scenario else None,
            step=choice.step,
            trigger=choice.trigger,
            failed=frozenset(failed),
        )

    def settled_explanation(self, claim):
        scenario, source = self.scenario_and_source(claim)
        return Explanation(
            scenario=scenario,
            source=source,
            position=None,
            step=self.thanks_step(claim),
            trigger=self.thanks_trigger(claim),
            failed=frozenset(self.thanks_failures(claim)),
        )


def _rank(step):
    return step.rank


def _thanks_order(step):
    return step.scenario.id, step.sequence, step.id


def _close_lines(action, by_line):
    """`cancelled` when every line was dropped, `skipped` when one of them lapsed."""
    lines = [
        replace(
            line,
            state=by_line[line].state,
            performed_date=by_line[line].performed_date,
        )
        if line in by_line
        else line
        for line in action.lines
    ]
    states = {line.state for line in lines}
    state = action.state
    if states == {"dropped"}:
        state = "cancelled"
    elif "open" not in states:
        state = "skipped"
    return replace(action, lines=lines, state=state)
