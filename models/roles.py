"""Who may be addressed besides the usual contacts of a customer."""

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
