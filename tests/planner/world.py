"""What a planning looks at, in plain Python: ledger, set-up, history.

Nothing here knows Odoo. Objects are compared by identity; ``id`` only puts them in
order, as the ids of records do.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
OPEN_STATES = {"to_confirm", "scheduled", "in_progress", "failed"}


@dataclass(eq=False)
class Company:
    id: int
    name: str = ""
    parent: "Company | None" = None
    has_own_setup: bool = False
    scenario: "Scenario | None" = None
    spacing: int = 0
    go_live: date | None = None
    max_contacts_week: int = 0
    max_contacts_month: int = 0
    is_ceiling_shared: bool = False
    books_max_age: int = 0
    reply_days: int = 0
    dissatisfied_days: int = 0
    newest_bank_entry: date | None = None
    weekdays: frozenset = frozenset(range(5))
    holidays: frozenset = frozenset()

    @property
    def root(self):
        return self.parent.root if self.parent else self

    @property
    def ancestors(self):
        return [self] + (self.parent.ancestors if self.parent else [])

    @property
    def setup(self):
        """The company whose numbers apply: a branch without set-up has its parent's."""
        inherits = self.parent and not self.has_own_setup
        return self.parent.setup if inherits else self

    @property
    def first_day(self):
        """The go-live date, inherited by a branch that has none."""
        dates = [company.go_live for company in self.ancestors if company.go_live]
        return dates[0] if dates else None

    def works_on(self, day):
        """A working day of the company's calendar: attendances, company-wide leaves."""
        return day.weekday() in self.weekdays and day not in self.holidays


@dataclass(eq=False)
class Scenario:
    id: int
    name: str = ""
    company: Company | None = None
    active: bool = True
    grouping: str = "customer"
    catch_up: str = "sequential"
    is_business_days_only: bool = False
    minimum: Decimal = ZERO
    spacing: int = 0
    payment_methods: str = "manual"
    is_partial_chased: bool = True
    is_debit_thanked: bool = False
    steps: list = field(default_factory=list)

    @property
    def ranked_steps(self):
        """Steps in order; archived ones stay in place, thanks have no rank."""
        steps = [step for step in self.steps if step.kind != "thanks"]
        return sorted(steps, key=lambda step: (step.sequence, step.id))


@dataclass(eq=False)
class Step:
    id: int
    code: str
    kind: str = "reminder"
    sequence: int = 10
    active: bool = True
    is_enabled: bool = True
    is_last_resort: bool = False
    anchor: str = "due_date"
    anchor_step: "Step | None" = None
    delay: int = 0
    mode: str = "confirm"
    amount_from: Decimal = ZERO
    amount_to: Decimal = ZERO
    items_from: int = 0
    items_to: int = 0
    customer_size: str | None = None
    is_export_only: bool | None = None
    only_label: str | None = None
    scenario: Scenario | None = None

    @property
    def rank(self):
        return self.scenario.ranked_steps.index(self)


@dataclass(eq=False)
class Segment:
    id: int
    scenario: Scenario | None = None


@dataclass(eq=False)
class Customer:
    """A commercial partner; what depends on the company is keyed by it.

    What a branch has not for its customer it takes from its parent.
    """

    id: int
    name: str = ""
    segments: dict = field(default_factory=dict)
    scenarios: dict = field(default_factory=dict)
    stops: dict = field(default_factory=dict)  # company: last day, None = no end
    payment_methods: dict = field(default_factory=dict)
    insolvent_since: date | None = None
    size: str | None = None
    is_abroad: bool = False
    handovers: dict = field(default_factory=dict)  # company: (day, taken back or None)


@dataclass(eq=False)
class Entry:
    """A posted journal entry; ``is_invoice`` is a customer invoice, ``is_bank`` money
    that the bank paid out."""

    id: int
    company: Company
    date: date
    invoice_date: date | None = None
    is_invoice: bool = True
    status: str = "not_paid"
    scenario: Scenario | None = None
    payment_method: str | None = None
    is_bank: bool = False
    is_foreign: bool = False  # the currency of the document; amounts are the company's


@dataclass(eq=False)
class Claim:
    """A receivable item in the company's favour, open or settled."""

    id: int
    entry: Entry
    customer: Customer
    amount: Decimal
    residual: Decimal
    maturity: date | None = None
    no_followup: bool = False
    is_taken_in: bool = False
    cycle: int = 0
    counted_from: date | None = None
    label: str = ""
    failed_on: date | None = None  # its collection, by direct debit or card
    settlements: list = field(default_factory=list)  # (day, kind, amount)

    @property
    def company(self):
        return self.entry.company

    @property
    def is_paid_out(self):
        """A refund, or a payment taken back, unless it was taken in."""
        return self.entry.is_bank and not self.is_taken_in

    @property
    def due_date(self):
        """Due date = `date_maturity`, else the entry's `date`."""
        return self.maturity or self.entry.date


@dataclass(eq=False)
class Offset:
    id: int
    company: Company
    customer: Customer
    date: date
    amount: Decimal
    no_followup: bool = False
    is_payment: bool = False  # an unallocated payment, else a credit note


@dataclass(eq=False)
class Payment:
    """A payment in process without an entry, received or (a refund) paid out."""

    id: int
    company: Company
    customer: Customer
    amount: Decimal
    is_inbound: bool = True
    entries: list = field(default_factory=list)  # that it is linked to


@dataclass(eq=False)
class Revaluation:
    """An entry in foreign currency whose amount in that currency is zero."""

    id: int
    company: Company
    customer: Customer
    date: date
    amount: Decimal


@dataclass(eq=False)
class Hold:
    claim: Claim
    amount: Decimal | None = None
    until: date | None = None


@dataclass(eq=False)
class HistoryLine:
    id: int
    claim: Claim
    step: Step
    state: str
    cycle: int = 0
    performed_date: date | None = None
    postponed_until: date | None = None
    arrival_date: date | None = None

    @property
    def base_date(self):
        """The day that later steps count from: the arrival, where the clock starts
        there, else the day performed."""
        return self.arrival_date or self.performed_date


@dataclass(eq=False)
class Action:
    """A contact on record; a manual one may have no line."""

    id: int
    company: Company
    customer: Customer
    scenario: Scenario | None
    kind: str
    mode: str
    state: str
    is_ticked: bool = True
    planned_date: date | None = None
    performed_date: date | None = None
    replied_on: date | None = None
    dissatisfied_on: date | None = None  # a bad answer
    is_settled: bool = False  # somebody dealt with the bad answer
    lines: list = field(default_factory=list)

    @property
    def is_open(self):
        return self.state in OPEN_STATES

    @property
    def contact_date(self):
        """Contacts are actions done or open; thanks excepted."""
        if self.kind == "thanks":
            return None
        if self.is_open:
            return self.planned_date
        return self.performed_date if self.state == "done" else None


@dataclass(eq=False)
class World:
    companies: list = field(default_factory=list)
    customers: list = field(default_factory=list)
    scenarios: list = field(default_factory=list)
    claims: list = field(default_factory=list)
    offsets: list = field(default_factory=list)
    payments: list = field(default_factory=list)
    revaluations: list = field(default_factory=list)
    holds: list = field(default_factory=list)
    actions: list = field(default_factory=list)
    holidays_abroad: frozenset = frozenset()  # of the country of customers abroad
