from odoo import api, fields, models
from odoo.fields import Domain


class DunningLegalRule(models.Model):
    """Legal rights on late payment in a creditor's country, by legal status of the
    customer."""

    _name = "dunning.legal.rule"
    _description = "Legal Rule"
    _inherit = ["dunning.shared.mixin"]
    _order = "country_id, status"

    country_id = fields.Many2one(
        comodel_name="res.country",
        index="btree_not_null",
        ondelete="restrict",
        help="Country of the creditor; empty: the other countries.",
    )
    status = fields.Selection(
        selection=[
            ("business", "Business"),
            ("consumer", "Consumer"),
            ("public", "Public body"),
        ],
        string="Customer",
        required=True,
    )
    reference = fields.Selection(
        selection=[
            ("ecb", "ECB refinancing rate"),
            ("legal_interest", "Legal interest rate (France)"),
        ],
        required=True,
    )
    points = fields.Float(
        digits=(16, 2), help="Percentage points added to the reference rate."
    )
    is_single_rate = fields.Boolean(
        string="Single Rate",
        help="The rate of the half-year in which interest begins counts for the whole "
        "delay; otherwise each half-year has its own.",
    )
    is_from_notice = fields.Boolean(
        string="From the Formal Notice",
        help="Interest begins with the formal notice, not on the day after the due "
        "date.",
    )
    is_indemnity_due = fields.Boolean(string="Recovery Indemnity")
    source = fields.Char(required=True)

    _rule_unique = models.UniqueIndex(
        "(COALESCE(country_id, 0), status)",
        "A rule already exists for this country and this kind of customer.",
    )
    _consumer_protected = models.Constraint(
        "CHECK (status != 'consumer'"
        " OR (is_from_notice IS TRUE AND is_indemnity_due IS NOT TRUE))",
        "A consumer owes interest only from the formal notice on, and no recovery "
        "indemnity: tick “From the Formal Notice” and untick “Indemnity”.",
    )

    @api.model
    def _get_rules(self, company):
        """Return {legal status: rule} for a creditor; rules of its country come before
        general ones.

        :param company: res.company
        """
        country = company.account_fiscal_country_id or company.country_id
        domain = Domain("country_id", "in", [False, *country.ids])
        # sudo: the law is public
        rules = self.sudo().search(domain).sorted(lambda rule: bool(rule.country_id))
        return {rule.status: rule for rule in rules}
