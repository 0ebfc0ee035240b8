"""The rules that decide whether a claim performs its next step, each written once.

A rule tells in SQL whether it fails and which value decided; `_plan` filters by it,
`_explain` shows it, the check before leaving uses it again where `is_rechecked`.

Aliases: `f` the claim with its next step (table `film`), `b` the customer's balance,
`k` the customer's last contact, `g` the action it would join, `line` the waiting line
that is checked again.
"""

from collections import namedtuple

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

Rule = namedtuple("Rule", ["code", "scope", "failed", "value", "label"])
Check = namedtuple("Check", ["code", "failed", "label"])

LABEL_OPEN = _lt("Open, posted and owed by the customer")


def claim_rules():
    """Return the rules that look at the claim alone, whatever its next step."""
    return [
        Rule(
            "no_followup",
            "claim",
            SQL("f.no_followup"),
            SQL("f.no_followup::text"),
            _lt("Not excluded from follow-up"),
        ),
        Rule(
            "go_live",
            "claim",
            SQL("f.is_before_go_live"),
            SQL("f.due_date::text"),
            _lt("Due since the follow-up started, or taken in"),
        ),
        Rule(
            "insolvent",
            "claim",
            SQL("f.is_before_judgment"),
            SQL("f.insolvent_since::text"),
            _lt("Not older than the customer's insolvency"),
        ),
        Rule(
            "held",
            "claim",
            SQL("f.chaseable <= 0"),
            SQL("f.chaseable::text"),
            _lt("An amount is left that is not promised, disputed or being paid"),
        ),
        Rule(
            "scenario",
            "claim",
            SQL("f.scenario_id IS NULL"),
            SQL("f.scenario_source"),
            _lt("A scenario applies"),
        ),
        Rule(
            "payment_method",
            "claim",
            SQL("f.is_manual_only AND f.payment_code <> 'manual'"),
            SQL("f.payment_code"),
            _lt("The payment method is followed up"),
        ),
        Rule(
            "partial",
            "claim",
            SQL("f.is_partial AND NOT f.is_partial_chased"),
            SQL("f.is_partial::text"),
            _lt("Partly paid invoices are followed up"),
        ),
    ]


def timing_rules():
    """Return the rules that look at the claim's history and next step."""
    return [
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
            "last_resort",
            "claim",
            SQL("f.is_jump AND f.is_last_resort AND NOT f.has_reminder"),
            SQL("f.has_reminder::text"),
            _lt("A last resort comes after another reminder"),
        ),
        Rule(
            "overdue",
            "claim",
            SQL("f.kind = 'reminder' AND NOT f.is_overdue"),
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
        Rule(
            "business_day",
            "claim",
            SQL("NOT f.is_open_day"),
            SQL("f.day::text"),
            _lt("A day on which the scenario is played"),
        ),
        Rule(
            "same_day",
            "claim",
            SQL("f.is_played_today"),
            SQL("f.is_played_today::text"),
            _lt("No other step of this claim was played that day"),
        ),
    ]


def customer_rules():
    """Return the rules that look at the customer as a whole."""
    return [
        Rule(
            "net",
            "customer",
            SQL("CASE f.kind WHEN 'notice' THEN b.total ELSE b.overdue END <= 0"),
            SQL("CASE f.kind WHEN 'notice' THEN b.total ELSE b.overdue END::text"),
            _lt("The customer owes money, credits deducted"),
        ),
        Rule(
            "spacing",
            "customer",
            SQL("f.spacing >= 1 AND k.contact_date + f.spacing > f.day"),
            SQL("k.contact_date::text"),
            _lt("Enough days since the last contact"),
        ),
    ]


def action_rules():
    """Return the rules that look at the action which the claim would join."""
    return [
        Rule(
            "minimum",
            "action",
            SQL("g.is_below_minimum"),
            SQL("g.decisive_amount::text"),
            _lt("Not below the minimum of the scenario"),
        ),
        Rule(
            "merged",
            "action",
            SQL("g.spacing >= 1 AND g.turn > 1"),
            SQL("g.turn::text"),
            _lt("The first contact of the day with this customer"),
        ),
    ]


def rechecks():
    """Return what takes a waiting line out of its action, the first that holds tells
    why."""
    checks = [
        Check("open", SQL("f.id IS NULL"), _lt("No longer open: paid or withdrawn"))
    ]
    reasons = {
        "no_followup": _lt("Excluded from follow-up"),
        "go_live": _lt("Due before the follow-up started"),
        "insolvent": _lt("The customer is insolvent: the claim has to be declared"),
        "held": _lt("Promised, disputed or being paid"),
        "payment_method": _lt("Paid by a method that is not followed up"),
        "partial": _lt("Partly paid"),
    }
    checks += [
        Check(rule.code, rule.failed, reasons[rule.code])
        for rule in claim_rules()
        if rule.code in reasons
    ]
    return [
        *checks,
        Check(
            "moved",
            SQL("f.scenario_id IS DISTINCT FROM line.scenario_id"),
            _lt("Another scenario applies now"),
        ),
        Check(
            "expired",
            SQL("line.kind = 'notice' AND f.is_overdue"),
            _lt("Overdue by now: too late for a notice"),
        ),
        Check(
            "overdue",
            SQL("line.kind = 'reminder' AND NOT f.is_overdue"),
            _lt("Not overdue any more"),
        ),
        Check(
            "step_off",
            SQL("action.state <> 'in_progress' AND step.is_playable IS NOT TRUE"),
            _lt("The step was switched off"),
        ),
        Check(
            "net",
            SQL("CASE line.kind WHEN 'notice' THEN b.total ELSE b.overdue END <= 0"),
            _lt("Credits of the customer cover what is owed"),
        ),
    ]


THANKS_UNDONE = Check(
    "unpaid",
    SQL("line.kind = 'thanks' AND item.reconciled IS NOT TRUE"),
    _lt("The payment was undone"),
)


def thanks_rules():
    """Return the rules for thanking, on `f` the settled claim with its thanks step."""
    return [
        Rule(
            "paid",
            "claim",
            SQL("NOT f.is_paid"),
            SQL("f.paid_date::text"),
            _lt("Paid in full, by a payment"),
        ),
        Rule(
            "no_followup",
            "claim",
            SQL("f.no_followup"),
            SQL("f.no_followup::text"),
            _lt("Not excluded from follow-up"),
        ),
        Rule(
            "go_live",
            "claim",
            SQL("f.is_before_go_live"),
            SQL("f.due_date::text"),
            _lt("Due since the follow-up started, or taken in"),
        ),
        Rule(
            "scenario",
            "claim",
            SQL("f.scenario_id IS NULL"),
            SQL("f.scenario_source"),
            _lt("A scenario applies"),
        ),
        Rule(
            "step",
            "claim",
            SQL("f.step_id IS NULL"),
            SQL("f.step_code"),
            _lt("The scenario thanks for payments"),
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
        Rule(
            "business_day",
            "claim",
            SQL("NOT f.is_open_day"),
            SQL("f.day::text"),
            _lt("A day on which the scenario is played"),
        ),
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
            _lt("Nothing else of the customer is overdue"),
        ),
    ]


def any_failed(rules):
    """Return the SQL that is true when one of the rules fails."""
    return SQL("(%s)", SQL(" OR ").join(SQL("(%s) IS TRUE", r.failed) for r in rules))


def first_failed(checks):
    """Return the SQL of the code of the first check that holds, NULL if none does."""
    whens = [SQL("WHEN %s THEN %s", check.failed, check.code) for check in checks]
    return SQL("CASE %s END", SQL(" ").join(whens))
