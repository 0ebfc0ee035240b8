"""Activity types of the follow-up."""

# Contacts that a collector makes for an action.
CONTACT_TYPES = (
    "account_dunning_scenario.mail_activity_type_call",
    "account_dunning_scenario.mail_activity_type_visit",
)
# Activities for a customer's answer, beside those of actions.
ANSWER_TYPES = ("mail_activity_type_reply", "mail_activity_type_broken_promise")
# All activity types of the follow-up: the replacement of an absent user gets them.
DUNNING_TYPES = (
    *ANSWER_TYPES,
    "mail_activity_type_call",
    "mail_activity_type_declaration",
    "mail_activity_type_declare_claim",
    "mail_activity_type_dispute",
    "mail_activity_type_dissatisfied",
    "mail_activity_type_dissatisfied_call",
    "mail_activity_type_limitation",
    "mail_activity_type_match_payment",
    "mail_activity_type_mend_filter",
    "mail_activity_type_orders_blocked",
    "mail_activity_type_pass_on",
    "mail_activity_type_send_invoice",
    "mail_activity_type_trouble",
    "mail_activity_type_visit",
    "mail_activity_type_writeoff",
)


def get_dunning_types(env):
    """Return the ids of the activity types of the follow-up."""
    types = (
        env.ref(f"account_dunning_scenario.{name}", raise_if_not_found=False)
        for name in DUNNING_TYPES
    )
    return [type_.id for type_ in types if type_]
