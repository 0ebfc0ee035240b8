from odoo import api, fields, models


class ResCompany(models.Model):
    """Extend the company with its committee and its account for losses."""

    _inherit = "res.company"

    dunning_committee_amount = fields.Monetary(
        string="Amount for the Committee",
        help="Customers with at least this amount overdue, credits deducted, go to the "
        "committee at any point of their scenario. 0: only those whose scenario is "
        "over, and steps by committee.",
        groups="base.group_user",
    )
    dunning_committee_member_ids = fields.Many2many(
        comodel_name="res.users",
        relation="dunning_committee_member_rel",
        string="Members of the Committee",
        help="Members of each new session.",
        groups="base.group_user",
    )
    dunning_accountant_id = fields.Many2one(
        comodel_name="res.users",
        string="Accountant",
        help="Checks and posts the losses that the committee decides on.",
        groups="base.group_user",
    )
    dunning_writeoff_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Loss Account",
        check_company=True,
        help="Debited by the draft entry that the committee's decision to write off "
        "prepares.",
        groups="base.group_user",
    )

    _dunning_committee_amount_positive = models.Constraint(
        "CHECK (dunning_committee_amount >= 0)",
        "The amount for the committee cannot be negative.",
    )

    @api.model
    def _get_dunning_people_fields(self):
        people = {"dunning_accountant_id", "dunning_committee_member_ids"}
        return super()._get_dunning_people_fields() | people
