"""Reasons for the user when a rule stops a claim: one sentence per rule code.

`rules` has the SQL and the requirement of each rule; this module has the meaning of its
failure, with the deciding value where it helps.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

REASONS = {
    "open": _lt("Nothing to follow up"),
    # the claim
    "no_followup": _lt("Excluded from follow-up"),
    "go_live": _lt("Due on %(value)s, before the follow-up started"),
    "insolvent": _lt("Older than the insolvency of %(value)s: to be declared"),
    "handed_over": _lt("Handed over on %(value)s: a third party collects it"),
    "held": _lt("Promised, disputed or being paid"),
    "scenario": _lt("No scenario applies"),
    "payment_method": _lt("Paid by a method that is not followed up"),
    "partial": _lt("Partly paid: not followed up by the scenario"),
    # its history and next step
    "postponed": _lt("Postponed until %(value)s"),
    "in_action": _lt("Already part of an action"),
    "step": _lt("No step is left"),
    "filter": _lt("The filter of the step cannot be used"),
    "last_resort": _lt("The last resort waits for another reminder"),
    "overdue": _lt("Not due before %(value)s"),
    "trigger": _lt("The step is due on %(value)s"),
    "business_day": _lt("Not a working day"),
    "same_day": _lt("Another step was played that day"),
    # the customer
    "net": _lt("The customer owes nothing, credits deducted"),
    "spacing": _lt("Too soon after the contact of %(value)s"),
    "reply": _lt("The customer answered on %(value)s: automatic steps wait"),
    "dissatisfied": _lt(
        "Dissatisfied on %(value)s: automatic steps wait until this is dealt with"
    ),
    # the action it would join
    "minimum": _lt("Below the minimum of the scenario: %(value)s"),
    "ceiling": _lt("Ceiling of contacts in 7 or 30 days reached"),
    "merged": _lt("Another contact comes first that day"),
    # thanks
    "paid": _lt("Not paid in full by a payment that stayed"),
    "debited": _lt("We debited it ourselves"),
    "too_late": _lt("Too late to thank"),
    "thanked": _lt("Already thanked for"),
    "all_paid": _lt("Another item of the customer is overdue"),
}
