"""Sentences for the user about a claim, by the rule that stops it.

`reasons` has one line for a column of a list; these are for calls with the customer.
Placeholders: `step` its name, `means` ("by phone"), `day` and `timing` the date and its
base, `value` of the deciding rule, `until` and `kinds` of a hold, `contact` the last
contact as text, `reason` of a waiting action.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

COMING = _lt("%(step)s, %(means)s, on %(day)s: %(timing)s.")
DUE = _lt("%(step)s, %(means)s, due since %(day)s: %(timing)s.")
DUE_TODAY = _lt("%(step)s, %(means)s, today: %(timing)s.")
THEN = _lt("Afterwards: %(step)s, %(means)s.")
READY = _lt("The next planning prepares it.")
COLLECTION_FAILED = _lt(
    "The direct debit or card payment failed on %(day)s: it is followed up like any "
    "other."
)
STOPPED = _lt("The customer is in stop: it will wait on the desk, unticked.")
HELD_UNTIL = _lt("On hold until %(until)s: %(kinds)s.")
HELD = _lt("On hold: %(kinds)s.")
NEVER_PLAYED = _lt("No step of the scenario applies.")

# Rules that stop a claim whatever the day: shown instead of its next step.
LEFT_OUT = {
    "open": _lt("Not followed up: there is nothing to ask for."),
    "no_followup": _lt("Not followed up: it was excluded from follow-up."),
    "go_live": _lt(
        "Not followed up: it was due on %(value)s, before the follow-up started, and "
        "was not taken in."
    ),
    "insolvent": _lt(
        "Not followed up: it is older than the customer’s insolvency of %(value)s and "
        "has to be declared."
    ),
    "handed_over": _lt(
        "Not followed up: it was handed over on %(value)s, and a third party collects "
        "it."
    ),
    "held": _lt("On hold: a payment is in process."),
    "scenario": _lt(
        "Not followed up: no scenario applies. Choose one for the customer, its "
        "segment or the company."
    ),
    "payment_method": _lt(
        "Not followed up: it is paid by a method that the scenario does not follow up."
    ),
    "partial": _lt(
        "Not followed up: it is partly paid, and the scenario does not follow up the "
        "rest."
    ),
    "postponed": _lt("Postponed until %(value)s."),
    "in_action": _lt("Already part of an action."),
    "step": _lt("The scenario is over: %(position)s was the last step."),
}

# Rules that delay a step whose day has come: shown after it.
WAITS = {
    "filter": _lt(
        "It waits: the filter of this step cannot be used until a manager corrects it "
        "in the scenario."
    ),
    "last_resort": _lt("It waits: a last resort only comes after another reminder."),
    "overdue": _lt("It waits until the item is overdue, after %(value)s."),
    "business_day": _lt("It waits for the next working day."),
    "same_day": _lt("It waits: another step of this item was played on that day."),
    "net": _lt("It waits: the customer owes nothing, credits deducted."),
    "spacing": _lt("It waits until %(until)s because %(contact)s."),
    "reply": _lt(
        "It waits because the customer answered on %(value)s: read the answer first."
    ),
    "dissatisfied": _lt(
        "It waits because the customer was dissatisfied on %(value)s: deal with that "
        "first."
    ),
    "minimum": _lt("It waits: %(value)s is below the minimum of the scenario."),
    "ceiling": _lt(
        "It waits: the company's ceiling of contacts in 7 or 30 days is reached."
    ),
    "merged": _lt("It waits: another contact with the customer comes first that day."),
}
# Rules shown already before the day of the step.
WAITS_AHEAD = ("filter", "last_resort", "net", "spacing")

# States of an unfinished action.
IN_ACTION = {
    "to_confirm": _lt(
        "%(step)s, %(means)s, has been on the desk since %(day)s, to be confirmed."
    ),
    "unticked": _lt(
        "%(step)s, %(means)s, has been on the desk since %(day)s, unticked: %(reason)s."
    ),
    "scheduled": _lt("%(step)s, %(means)s, is scheduled for %(day)s."),
    "in_progress": _lt("%(step)s, %(means)s, has been under way since %(day)s."),
    "failed": _lt("%(step)s, %(means)s, failed: %(reason)s"),
}

# Settled claims.
THANKS_LEFT_OUT = {
    "open": _lt("Not followed up: there is nothing to ask for."),
    "paid": _lt(
        "Settled, but not by a payment that stayed: there is nothing to thank for."
    ),
    "no_followup": _lt("Paid. No thanks: it was excluded from follow-up."),
    "go_live": _lt("Paid. No thanks: it was due before the follow-up started."),
    "handed_over": _lt("Paid. No thanks: the customer was handed over."),
    "scenario": _lt("Paid. No scenario applies."),
    "debited": _lt("Paid. No thanks: we debited it ourselves."),
    "step": _lt("Paid: the scenario is over."),
    "too_late": _lt("Paid: the scenario is over. It is too late to say thank you."),
    "thanked": _lt("Paid, and the customer was thanked: the scenario is over."),
}
THANKS_COMING = _lt("Paid. Thanks to come on %(day)s, %(means)s: %(timing)s.")
THANKS_WAITS = {
    "business_day": _lt("They wait for the next working day."),
    "all_paid": _lt("They wait: another item of the customer is overdue."),
}
