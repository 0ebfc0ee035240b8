"""Roles: of users, and of those addressed besides the usual contacts of a customer."""

COLLECTOR = "account_dunning_scenario.dunning_group_collector"
MANAGER = "account_dunning_scenario.dunning_group_manager"
# Roles that a customer's contacts may have, with the roles that stand in for each.
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
# Addressees who belong to the company, not to the customer (S3-33, S3-41).
COLLEAGUES = ("salesperson", "collector")
