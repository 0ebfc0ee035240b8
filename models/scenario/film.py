from collections import namedtuple

RANKED_KINDS = ("notice", "reminder")

StepRow = namedtuple(
    "StepRow",
    [
        "id",
        "scenario_id",
        "rank",
        "code",
        "kind",
        "anchor",
        "delay",
        "is_playable",
        "is_broken",
        "is_last_resort",
        "is_optional",
        "is_auto",
        "is_jump",
        "amount_from",
        "amount_to",
        "items_from",
        "items_to",
        "customer_size",
        "customer_area",
        "send_hour",
    ],
)
STEP_TYPES = {
    "id": "int",
    "scenario_id": "int",
    "rank": "int",
    "code": "varchar",
    "kind": "varchar",
    "anchor": "varchar",
    "delay": "int",
    "is_playable": "bool",
    "is_broken": "bool",
    "is_last_resort": "bool",
    "is_optional": "bool",
    "is_auto": "bool",
    "is_jump": "bool",
    "amount_from": "numeric",
    "amount_to": "numeric",
    "items_from": "int",
    "items_to": "int",
    "customer_size": "varchar",
    "customer_area": "varchar",
    "send_hour": "float",
}
ChainRow = namedtuple("ChainRow", ["step_id", "place", "base_step_id", "delay"])
CHAIN_TYPES = {"step_id": "int", "place": "int", "base_step_id": "int", "delay": "int"}


class Film:
    """Steps of scenarios in order, with their anchor chains flattened.

    The chain of a step lists the steps from which its date may be counted, nearest
    first, each with the days in between. The first one that a claim played gives its
    date; without one, the date at the end of the chain does (due or invoice date). So
    nothing recurses per claim.

    A step in `broken` has a filter that cannot be used ({step: reason as text}): claims
    that come to it wait there, because its customers are unknown.

    Archived steps keep their rank. They are never the next step; in a chain they count
    only for the claims that played them, like an earlier version (same code) of a step.
    """

    def __init__(self, scenarios):
        """Read the film of scenarios, archived steps included; of a scenario open in a
        form, the values of the form."""
        all_scenarios = scenarios.with_context(active_test=False)
        self.steps = all_scenarios.step_ids.sorted(
            lambda step: (step.scenario_id._origin.id, *step._get_place())
        )
        ranked = self.steps.filtered(lambda step: step.kind in RANKED_KINDS)
        self._ranked = ranked.grouped("scenario_id")
        self._thanks = self.steps - ranked
        self.broken = {}

    def has_jump(self):
        return any(scenario.catch_up == "jump" for scenario in self._ranked)

    def get_step_rows(self):
        """Return the notices and reminders, ranked from 1 within their scenario."""
        rows = []
        for steps in self._ranked.values():
            for rank, step in enumerate(steps, start=1):
                _nodes, anchor, delay = self._get_chain(step, frozenset())
                rows.append(self._get_row(step, rank, anchor, delay))
        return rows

    def get_thanks_rows(self):
        """Return the first enabled thanks step of each scenario, if any."""
        playable = self._thanks.filtered(lambda step: step.active and step.is_enabled)
        return [
            self._get_row(steps[0], 1, "payment_date", steps[0].delay)
            for steps in playable.grouped("scenario_id").values()
        ]

    def get_chain_rows(self):
        """Return, per step, the steps from which it may be counted, nearest first."""
        rows = []
        for steps in self._ranked.values():
            for step in steps:
                nodes, _anchor, _delay = self._get_chain(step, frozenset())
                delays = {}
                for base, delay in nodes:
                    delays.setdefault(base.id, delay)
                rows += [
                    ChainRow(step.id, place, base_id, delay)
                    for place, (base_id, delay) in enumerate(delays.items())
                ]
        return rows

    def get_conditional_steps(self):
        """Return the playable steps with a filter on journal items."""
        return self.steps.filtered(
            lambda step: (
                step.domain
                and step.domain != "[]"
                and step.kind in RANKED_KINDS
                and step.active
                and step.is_enabled
            )
        )

    def _get_row(self, step, rank, anchor, delay):
        scenario = step.scenario_id
        return StepRow(
            id=step.id,
            scenario_id=scenario.id,
            rank=rank,
            code=step.code,
            kind=step.kind,
            anchor=anchor,
            delay=delay,
            is_playable=step.active and step.is_enabled,
            is_broken=step in self.broken,
            is_last_resort=step.is_last_resort,
            is_optional=step.mode == "optional",
            is_auto=step.mode == "auto",
            is_jump=scenario.catch_up == "jump",
            amount_from=step.amount_from,
            amount_to=step.amount_to,
            items_from=step.items_from,
            items_to=step.items_to,
            customer_size=step.customer_size or None,
            customer_area=step.customer_area or None,
            send_hour=step.send_hour,
        )

    def _get_chain(self, step, seen):
        """Return the chain of a step, its final anchor and the days from it.

        :param seen: steps already in the chain; an archived step may close a circle,
            which is then cut at the due date
        :return: [(step, days)], final anchor, days from it
        """
        if step.anchor not in ("previous_step", "step") or step in seen:
            anchor = "invoice_date" if step.anchor == "invoice_date" else "due_date"
            return [], anchor, step.delay
        near, base = self._get_base(step)
        if not base:
            return [(node, step.delay) for node in near], "due_date", step.delay
        nodes = [*near, base, *self._get_versions(base)]
        further, anchor, delay = self._get_chain(base, seen | {step})
        chain = [(node, step.delay) for node in nodes]
        chain += [(node, days + step.delay) for node, days in further]
        return chain, anchor, delay + step.delay

    def _get_base(self, step):
        """Return the archived steps in between, and the step from which a step is
        counted."""
        steps = list(self._ranked[step.scenario_id])
        if step.anchor == "step":
            base = step.anchor_step_id._origin
            shown = (other for other in steps if other._origin == base)
            return [], next(shown, base)
        near = []
        for lower in reversed(steps[: steps.index(step)]):
            if lower.active:
                return near, lower
            near.append(lower)
        return near, None

    def _get_versions(self, base):
        return self._ranked[base.scenario_id].filtered(
            lambda step: step.code == base.code and step != base and not step.active
        )
