"""Rules that decide whether a claim performs its next step, each defined once.

A rule has the SQL of its failure and of its deciding value; `_plan` filters by it,
`_explain` shows it, the check before sending uses it again (`RECHECKS`).

Aliases: `f` the claim with its next step (table `film`), `b` the customer's balance,
`k` the customer's last contact, `a` their last answers, `g` the action it would join,
`line` the waiting line that is checked again.
"""

from collections import namedtuple

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

Rule = namedtuple("Rule", ["code", "scope", "failed", "value", "label"])
Check = namedtuple("Check", ["code", "failed", "label"])

LABEL_OPEN = _lt("Open, posted and owed by the customer")


def net_balance(alias):
    """Return the SQL of the balance that decides a step of the alias's kind: amounts
    not yet due count for a notice only."""
    return SQL(
        "CASE %s WHEN 'notice' THEN b.total ELSE b.overdue END",
        SQL.identifier(alias, "kind"),
    )


def not_overdue(alias):
    """Return the SQL condition of a reminder that would come too early."""
    return SQL("%s = 'reminder' AND NOT f.is_overdue", SQL.identifier(alias, "kind"))


# Rules for claims and for their thanks.
NO_FOLLOWUP = Rule(
    "no_followup",
    "claim",
    SQL("f.no_followup"),
    SQL("f.no_followup::text"),
    _lt("Not excluded from follow-up"),
)
GO_LIVE = Rule(
    "go_live",
    "claim",
    SQL("f.is_before_go_live"),
    SQL("f.due_date::text"),
    _lt("Due since the follow-up started, or taken in"),
)
HANDED_OVER = Rule(
    "handed_over",
    "claim",
    SQL("f.handed_over_date IS NOT NULL"),
    SQL("f.handed_over_date::text"),
    _lt("Not handed over to a third party"),
)
SCENARIO = Rule(
    "scenario",
    "claim",
    SQL("f.scenario_id IS NULL"),
    SQL("f.scenario_source"),
    _lt("A scenario applies"),
)
BUSINESS_DAY = Rule(
    "business_day",
    "claim",
    SQL("NOT f.is_open_day"),
    SQL("f.day::text"),
    _lt("A day on which the scenario is played"),
)

# Day on which the collection of a claim failed, as long as the claim is followed up for
# that reason.
COLLECTION_FAILED_ON = SQL(
    """CASE WHEN f.is_manual_only AND f.payment_code <> 'manual'
             AND f.collection_failed_date <= f.day
            THEN f.collection_failed_date END"""
)

# Rules on the claim alone, whatever its next step.
CLAIM_RULES = (
    NO_FOLLOWUP,
    GO_LIVE,
    Rule(
        "insolvent",
        "claim",
        SQL("f.is_before_judgment"),
        SQL("f.insolvent_since::text"),
        _lt("Not older than the customer's insolvency"),
    ),
    HANDED_OVER,
    Rule(
        "held",
        "claim",
        SQL("f.chaseable <= 0"),
        SQL("f.chaseable::text"),
        _lt("An amount is left that is not promised, disputed or being paid"),
    ),
    SCENARIO,
    Rule(
        "payment_method",
        "claim",
        SQL(
            """f.is_manual_only AND f.payment_code <> 'manual'
               AND (f.collection_failed_date <= f.day) IS NOT TRUE"""
        ),
        SQL(
            "COALESCE((%s)::text, NULLIF(f.payment_code, 'manual'))",
            COLLECTION_FAILED_ON,
        ),
        _lt("The payment method is followed up"),
    ),
    Rule(
        "partial",
        "claim",
        SQL("f.is_partial AND NOT f.is_partial_chased"),
        SQL("f.is_partial::text"),
        _lt("Partly paid invoices are followed up"),
    ),
)


# Rules on the claim's history and next step.
TIMING_RULES = (
    Rule(
        "postponed",
        "claim",
        SQL("f.postponed_until > f.day"),
        SQL("f.postponed_until::text"),
        _lt("Not postponed"),
    ),
    Rule(
        "in_action",
        "claim",
        SQL("f.is_in_action"),
        SQL("f.is_in_action::text"),
        _lt("Not part of an action that is not finished"),
    ),
    Rule(
        "step",
        "claim",
        SQL("f.step_id IS NULL"),
        SQL("f.step_code"),
        _lt("A step is left to be played"),
    ),
    Rule(
        "filter",
        "claim",
        SQL("f.is_broken"),
        SQL("f.is_broken::text"),
        _lt("The filter of the step can be used"),
    ),
    Rule(
        "last_resort",
        "claim",
        SQL("f.is_jump AND f.is_last_resort AND NOT f.has_reminder"),
        SQL("f.has_reminder::text"),
        _lt("A last resort comes after another reminder"),
    ),
    Rule(
        "overdue",
        "claim",
        not_overdue("f"),
        SQL("f.due_date::text"),
        _lt("Overdue, or announced by a notice"),
    ),
    Rule(
        "trigger",
        "claim",
        SQL("f.trigger_date > f.day"),
        SQL("f.trigger_date::text"),
        _lt("The day of the step has come"),
    ),
    BUSINESS_DAY,
    Rule(
        "same_day",
        "claim",
        SQL("f.is_played_today"),
        SQL("f.is_played_today::text"),
        _lt("No other step of this claim was played that day"),
    ),
)


# Rules on the customer as a whole.
CUSTOMER_RULES = (
    Rule(
        "net",
        "customer",
        SQL("%s <= 0", net_balance("f")),
        SQL("(%s)::text", net_balance("f")),
        _lt("The customer owes money, credits deducted"),
    ),
    Rule(
        "spacing",
        "customer",
        SQL("f.spacing >= 1 AND k.contact_date + f.spacing > f.day"),
        SQL("k.contact_date::text"),
        _lt("Enough days since the last contact"),
    ),
    Rule(
        "reply",
        "customer",
        SQL("f.is_auto AND a.reply_date IS NOT NULL"),
        SQL("a.reply_date::text"),
        _lt("No recent answer to read first"),
    ),
    Rule(
        "dissatisfied",
        "customer",
        SQL("f.is_auto AND a.dissatisfied_date IS NOT NULL"),
        SQL("a.dissatisfied_date::text"),
        _lt("No negative answer to deal with first"),
    ),
)


# Rules on the action which the claim would join.
ACTION_RULES = (
    Rule(
        "minimum",
        "action",
        SQL("g.is_below_minimum"),
        SQL("g.decisive_amount::text"),
        _lt("Not below the minimum of the scenario"),
    ),
    Rule(
        "ceiling",
        "action",
        SQL(
            "g.week_count + g.turn > g.week_limit"
            " OR g.month_count + g.turn > g.month_limit"
        ),
        SQL("g.month_count::text"),
        _lt("Ceiling of contacts in 7 or 30 days not reached"),
    ),
    Rule(
        "merged",
        "action",
        SQL("g.spacing >= 1 AND g.turn > 1"),
        SQL("g.turn::text"),
        _lt("The first contact of the day with this customer"),
    ),
)


# Reasons to drop a waiting line when a claim rule fails later.
_DROP_LABELS = {
    "no_followup": _lt("Excluded from follow-up"),
    "go_live": _lt("Due before the follow-up started"),
    "insolvent": _lt("The customer is insolvent: the claim has to be declared"),
    "handed_over": _lt("Handed over to a third party"),
    "held": _lt("Promised, disputed or being paid"),
    "payment_method": _lt("Paid by a method that is not followed up"),
    "partial": _lt("Partly paid"),
}

# Code of the check before all others, see `_get_settled`.
SETTLED = "open"

# Checks that drop a waiting line; the first one that holds gives the reason.
RECHECKS = (
    Check(SETTLED, SQL("f.id IS NULL"), _lt("No longer open: paid or withdrawn")),
    *(
        Check(rule.code, rule.failed, _DROP_LABELS[rule.code])
        for rule in CLAIM_RULES
        if rule.code in _DROP_LABELS
    ),
    Check(
        "moved",
        SQL("f.scenario_id IS DISTINCT FROM line.scenario_id"),
        _lt("Another scenario applies now"),
    ),
    Check(
        "restarted",
        SQL("COALESCE(line.cycle, 0) <> f.cycle"),
        _lt("The follow-up of the invoice started afresh"),
    ),
    Check(
        "expired",
        SQL("line.kind = 'notice' AND f.is_overdue"),
        _lt("Overdue by now: too late for a notice"),
    ),
    Check("overdue", not_overdue("line"), _lt("Not overdue any more")),
    Check(
        "step_off",
        SQL("action.state <> 'in_progress' AND step.is_playable IS NOT TRUE"),
        _lt("The step was switched off"),
    ),
    Check(
        "net",
        SQL("%s <= 0", net_balance("line")),
        _lt("Credits of the customer cover what is owed"),
    ),
)

THANKS_UNDONE = Check(
    "unpaid",
    SQL("line.kind = 'thanks' AND item.reconciled IS NOT TRUE"),
    _lt("The payment was undone"),
)


# Rules for thanks, on `f` the settled claim with its thanks step.
THANKS_RULES = (
    Rule(
        "paid",
        "claim",
        SQL("NOT f.is_paid OR f.is_returned"),
        SQL("f.paid_date::text"),
        _lt("Paid in full, by a payment that stayed"),
    ),
    NO_FOLLOWUP,
    GO_LIVE,
    HANDED_OVER,
    SCENARIO,
    Rule(
        "step",
        "claim",
        SQL("f.step_id IS NULL"),
        SQL("f.step_code"),
        _lt("The scenario includes thanks for payments"),
    ),
    Rule(
        "debited",
        "claim",
        SQL("f.is_debited AND NOT f.is_debit_thanked"),
        SQL("f.is_debited::text"),
        _lt("Paid by the customer, not debited by us"),
    ),
    Rule(
        "trigger",
        "claim",
        SQL("f.trigger_date > f.day"),
        SQL("f.trigger_date::text"),
        _lt("The day of the thanks has come"),
    ),
    Rule(
        "too_late",
        "claim",
        SQL("f.trigger_date + 30 <= f.day"),
        SQL("f.trigger_date::text"),
        _lt("Not too late to thank"),
    ),
    BUSINESS_DAY,
    Rule(
        "thanked",
        "claim",
        SQL("f.is_thanked"),
        SQL("f.is_thanked::text"),
        _lt("Not thanked for yet"),
    ),
    Rule(
        "all_paid",
        "customer",
        SQL("b.has_overdue"),
        SQL("b.has_overdue::text"),
        _lt("No other item of the customer is overdue"),
    ),
)


def any_failed(rules):
    """Return the SQL condition that one of the rules fails."""
    return SQL("(%s)", SQL(" OR ").join(SQL("(%s) IS TRUE", r.failed) for r in rules))


def first_failed(checks):
    """Return the SQL of the code of the first check that holds, NULL if none does."""
    whens = [SQL("WHEN %s THEN %s", check.failed, check.code) for check in checks]
    return SQL("CASE %s END", SQL(" ").join(whens))
