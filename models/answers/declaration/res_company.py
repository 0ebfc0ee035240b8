from odoo import fields, models


class ResCompany(models.Model):
    """Extend the company with its rules for declarations of customers."""

    _inherit = "res.company"

    dunning_declaration_days = fields.Integer(
        string="Days to Decide",
        default=5,
        help="Calendar days, the first included, during which the claims of a "
        "declaration wait for a decision. Afterwards the follow-up goes on.",
        groups="base.group_user",
    )
    dunning_is_promise_accepted = fields.Boolean(
        string="Accept Promises",
        help="Accept by itself a promise that a collector could accept: not too far "
        "ahead, and not after several broken ones; once per claim.",
        groups="base.group_user",
    )
    dunning_is_paid_accepted = fields.Boolean(
        string="Accept Payments Reported",
        help="Accept by itself that an invoice is reported as paid, once per claim: it "
        "is held, and the collector matches the payment.",
        groups="base.group_user",
    )
    dunning_is_not_received_accepted = fields.Boolean(
        string="Send Invoices Again",
        help="Send an invoice that was not received again by itself. The first time, "
        "before any firm reminder, its follow-up starts afresh; afterwards a person "
        "decides.",
        groups="base.group_user",
    )
    dunning_is_dispute_accepted = fields.Boolean(
        string="Open Disputes",
        help="Open the dispute of a problem by itself, once per claim.",
        groups="base.group_user",
    )

    _dunning_declaration_days_positive = models.Constraint(
        "CHECK (dunning_declaration_days BETWEEN 1 AND 365)",
        "Leave between 1 and 365 days to decide on a declaration.",
    )
