"""Roles of users, and of addressees besides a customer's usual contacts."""

COLLECTOR = "account_dunning_scenario.dunning_group_collector"
MANAGER = "account_dunning_scenario.dunning_group_manager"
# Roles of a customer's contacts, with the roles that replace each.
ESCALATION = {
    "purchasing": ("purchasing",),
    "finance": ("finance", "management"),
    "management": ("management", "finance"),
    "legal": ("legal", "management", "finance"),
}
ROLES = [
    ("purchasing", "Purchasing"),
    ("finance", "Finance management"),
    ("management", "General management"),
    ("legal", "Legal department"),
]
# Addressees of the company itself, not of the customer (S3-33, S3-41).
COLLEAGUES = ("salesperson", "collector")
