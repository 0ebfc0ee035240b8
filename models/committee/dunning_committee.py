from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# Working days from today to a session planned for a step.
NOTICE_DAYS = 10


class DunningCommittee(models.Model):
    """Session in which people decide about customers who do not pay.

    Collectors prepare it: it gathers the customers with a step by committee, those
    whose scenario is over, and those who owe more than the limit set by the company.
    Managers decide.
    """

    _name = "dunning.committee"
    _description = "Committee"
    _inherit = ["dunning.guard.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _form_fields = frozenset({"case_ids", "date", "member_ids", "note"})
    _new_fields = frozenset({"company_id"})
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Day",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        tracking=True,
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        string="Members",
        default=lambda self: self._default_member_ids(),
        domain="[('share', '=', False)]",
    )
    state = fields.Selection(
        selection=[("open", "In preparation"), ("closed", "Closed")],
        default="open",
        required=True,
        copy=False,
        tracking=True,
    )
    case_ids = fields.One2many(
        comodel_name="dunning.committee.case",
        inverse_name="committee_id",
        string="Cases",
    )
    case_count = fields.Integer(string="Number of Cases", compute="_compute_counts")
    open_count = fields.Integer(string="To Decide", compute="_compute_counts")
    amount_total = fields.Monetary(string="Overdue", compute="_compute_counts")
    note = fields.Html(string="Minutes")

    @api.model
    def _default_member_ids(self):
        setup = self.env.company._dunning_setup_company()
        return setup.dunning_committee_member_ids

    @api.depends("date", "company_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for committee in self:
            committee.display_name = committee.date and self.env._(
                "Committee of %(day)s", day=format_date(self.env, committee.date)
            )

    @api.depends("case_ids.state", "case_ids.amount_overdue")
    def _compute_counts(self):
        for committee in self:
            cases = committee.case_ids.filtered(lambda case: case.state != "dropped")
            committee.case_count = len(cases)
            committee.open_count = len(cases.filtered(lambda c: c.state == "open"))
            committee.amount_total = sum(cases.mapped("amount_overdue"))

    def _get_form_fields(self):
        """Return the fields that a form may write: the minutes alone after closing."""
        if "closed" in self.mapped("state"):
            return {"note"}
        return self._form_fields

    @api.model
    def _get_refusal(self, names):
        if "state" in names:
            return self.env._("Close a session with its button “Close the Session”.")
        return self.env._(
            "The company of a session cannot be changed, nor its day and cases once it "
            "is closed: prepare another one instead."
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        """Refuse to delete a session with decided cases: they would be deleted, too."""
        self.case_ids._unlink_except_decided()

    # ---- buttons ---------------------------------------------------------------------

    def action_gather(self):
        """Update the cases: add new ones with their amounts, drop the settled ones.
        Decided cases stay.

        :raise UserError: the session is closed
        """
        self.check_access("write")
        if "closed" in self.mapped("state"):
            raise UserError(
                self.env._("This session is closed: prepare the next one instead.")
            )
        for committee in self:
            committee._gather()
        return True

    def action_print_agenda(self):
        """Print a page per case, the largest amount first."""
        self.ensure_one()
        self.check_access("read")
        if not self.case_count:
            raise UserError(
                self.env._("There is no case yet: press “Gather Cases” first.")
            )
        return self.env.ref(
            "account_dunning_scenario.action_report_committee_agenda"
        ).report_action(self)

    def action_close(self):
        """Close the session; undecided cases move to the next one.

        :raise AccessError: the user is not a collection manager
        """
        self._check_manager()
        for committee in self.filtered(lambda session: session.state == "open"):
            left = committee.case_ids.filtered(lambda case: case.state == "open")
            # sudo: the state is written here only, see `write`
            committee.sudo().state = "closed"
            left._defer()
        return True

    def _check_manager(self):
        """Refuse users who are not collection managers.

        :raise AccessError: the user is not a collection manager
        """
        self.check_access("write")
        self.env["dunning.committee.case"]._check_manager()

    # ---- sessions --------------------------------------------------------------------

    @api.model
    def _get_next(self, company, after=None):
        """Return the next session of a company, planning one if there is none.

        :param after: dunning.committee, a session to skip

        :param after: dunning.committee, a session that is not meant
        """
        today = max(filter(None, [company._dunning_today(), after and after.date]))
        planned = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("date", ">=", today),
                ("id", "!=", after.id if after else False),
            ],
            order="date, id",
            limit=1,
        )
        day = company._dunning_add_working_days(today, NOTICE_DAYS)
        return planned or self.with_company(company).create(
            {"company_id": company.id, "date": day}
        )
