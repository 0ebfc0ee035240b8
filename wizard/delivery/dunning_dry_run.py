from contextlib import closing
from datetime import timedelta
from time import monotonic

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import retrying

from ...models.setup.guard.guard import by_code
from ...models.setup.labels import get_labels

NOTIFICATION = "account_dunning_scenario/dry_run"
DAYS = 60
# A run without news for this long was cut off with its server.
SILENCE = timedelta(minutes=3)


class DunningDryRun(models.TransientModel):
    """Dry run: the contacts that a company would make in the coming days.

    The real planner plays day after day in a separate transaction that is rolled back,
    see dunning_dry_run_stage.py. Progress and result are written in other transactions,
    so that they are visible at once. The run is limited in customers and in time, and
    shows these limits.
    """

    _name = "dunning.dry.run"
    _description = "Dry Run of the Follow-Up"
    _inherit = ["dunning.wizard.mixin"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day_count = fields.Integer(string="Days", default=DAYS, required=True)
    customer_limit = fields.Integer(
        string="Maximum Customers",
        default=1000,
        required=True,
        help="Customers who owe the most come first.",
    )
    second_limit = fields.Integer(
        string="Maximum Seconds",
        default=60,
        required=True,
        help="Once this time is up, the run ends with the day it has reached.",
    )
    payment_habit = fields.Selection(
        selection=[
            ("nobody", "Nobody pays"),
            ("usual", "Everybody pays as late as usual"),
        ],
        string="Payments",
        default="nobody",
        required=True,
        help="As late as usual: the average over the customer's last twelve months. "
        "Customers who are already later than that, or have never paid, do not "
        "pay.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "To start"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        default="draft",
        readonly=True,
    )
    progress = fields.Integer(string="Days Played", readonly=True)
    is_stop_wanted = fields.Boolean(string="Stop Requested", readonly=True)
    bound = fields.Text(string="Limit Reached", readonly=True)
    line_ids = fields.One2many(
        comodel_name="dunning.dry.run.line",
        inverse_name="run_id",
        string="Contacts",
    )
    cost_ids = fields.One2many(
        comodel_name="dunning.dry.run.cost",
        inverse_name="run_id",
        string="Costs",
        default=lambda self: self._default_cost_ids(),
    )
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    has_waiting = fields.Boolean(
        string="Has Waiting Contacts", compute="_compute_has_waiting"
    )

    _bounds_positive = models.Constraint(
        "CHECK (day_count BETWEEN 1 AND 366 AND customer_limit > 0 "
        "AND second_limit BETWEEN 1 AND 600)",
        "Choose 1 to 366 days, at least one customer, and 1 to 600 seconds.",
    )

    @api.model
    def _default_cost_ids(self):
        company = self.env.company
        costs = self.env["dunning.channel.cost"]._get_costs(
            company, company._dunning_today()
        )
        return [
            fields.Command.create({"channel": code, "amount": costs.get(code, 0)})
            for code in self.env["dunning.channel"]._get_codes()
        ]

    @api.depends("company_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Dry Run of %s", run.company_id.name)

    @api.depends("line_ids", "state")
    def _compute_summary(self):
        for run in self:
            run.summary = run.state in ("done", "failed") and self.env[
                "ir.qweb"
            ]._render(
                "account_dunning_scenario.dunning_dry_run_summary",
                {"run": run, **run._get_figures()},
            )

    @api.depends("line_ids.is_leaving")
    def _compute_has_waiting(self):
        for run in self:
            run.has_waiting = not all(run.line_ids.mapped("is_leaving"))

    # ---- buttons ---------------------------------------------------------------------

    def action_run(self):
        """Play the days until they are over, stopped or out of time.

        Meanwhile the user's web client is notified of each day, see `NOTIFICATION`.

        :raise UserError: a run is under way
        """
        self.ensure_one()
        self.check_access("write")
        self._check_company_access()
        self._check_not_running()
        self._write_apart(
            {"state": "running", "progress": 0, "is_stop_wanted": False, "bound": False}
        )
        try:
            rows, result = self._play_apart()
        except Exception:
            self._write_apart({"state": "failed"})
            raise
        self._write_apart({**result, "state": "done"}, rows)
        return True

    def action_stop(self):
        """Stop the run after the current day."""
        self.is_stop_wanted = True
        return True

    def action_view_lines(self):
        """Open the contacts that would leave, as a list, pivot table or graph."""
        return self._view_lines("leaving")

    def action_view_waiting(self):
        """Open the contacts that would wait on the desk for a decision."""
        return self._view_lines("waiting")

    def _view_lines(self, filter_name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_dry_run_line_action"
        )
        return {
            **action,
            "domain": [("run_id", "=", self.id)],
            "context": {f"search_default_{filter_name}": 1},
        }

    # ---- running ---------------------------------------------------------------------

    def _check_company_access(self):
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "Choose %(company)s among your companies first.",
                    company=self.company_id.name,
                )
            )

    def _check_not_running(self):
        alive_since = fields.Datetime.now() - SILENCE
        if self.state == "running" and self.write_date > alive_since:
            raise UserError(
                self.env._("This dry run is under way: wait for its end, or stop it.")
            )

    def _keep_costs(self):
        """Record the costs from today on."""
        self.env["dunning.channel.cost"]._set_costs(
            self.company_id,
            self.company_id._dunning_today(),
            {cost.channel: cost.amount for cost in self.cost_ids},
        )

    def _play_apart(self):
        """Play the days in a transaction that is rolled back.

        :return: values of the lines, values of the run
        """
        costs = {cost.channel: cost.amount for cost in self.cost_ids}
        deadline = monotonic() + self.second_limit
        options = {
            "start": self.company_id._dunning_today(),
            "days": self.day_count,
            "limit": self.customer_limit,
            "habit": self.payment_habit,
            "costs": costs,
        }

        def go_on(progress):
            return self._report(progress) and monotonic() < deadline

        company_id = self.company_id.id
        # The other transaction only sees saved data.
        with closing(self.env.registry.cursor()) as cr:
            stage = by_code(self.with_env(self.env(cr=cr, su=True))).with_context(
                allowed_company_ids=[company_id],
                tracking_disable=True,
                mail_activity_quick_update=True,
            )
            return stage._play(company_id, options, go_on)

    def _report(self, progress):
        """Save and send the number of days played; return whether to continue."""
        return not self._write_apart({"progress": progress})

    def _write_apart(self, values, lines=()):
        """Write to the run at once in a separate transaction: the caller's stays open
        as long as the run takes.

        :param lines: values of the lines that replace the present ones
        :return: whether the user wants to stop
        """
        with self.env.registry.cursor() as cr:
            run = self.with_env(self.env(cr=cr))
            # The user may press “Stop” at the same moment.
            return retrying(lambda: run._write_and_notify(values, lines), run.env)

    def _write_and_notify(self, values, lines):
        """Write the values, see `_write_apart`, and notify the user's web client."""
        self.write(values)
        if self.state == "done":
            self._keep_costs()
            self.line_ids.sudo().unlink()  # sudo: users may not delete them
            self.line_ids.create([{**line, "run_id": self.id} for line in lines])
        self.env.user._bus_send(
            NOTIFICATION,
            {
                "id": self.id,
                "state": self.state,
                "progress": self.progress,
                "days": self.day_count,
            },
        )
        return self.is_stop_wanted

    # ---- result ----------------------------------------------------------------------

    def _get_figures(self):
        """Return the figures of the summary: per channel, the peak of calls, the
        total."""
        Line = self.env["dunning.dry.run.line"]
        leaving = [("run_id", "=", self.id), ("is_leaving", "=", True)]
        aggregates = ["__count", "partner_id:count_distinct", "cost:sum"]
        labels = dict(self.env["dunning.channel"]._get_selection())
        by_channel = Line._read_group(leaving, ["channel"], aggregates)
        by_day = Line._read_group(
            [*leaving, ("channel", "in", self.env["dunning.channel"]._get_calling())],
            ["date:day"],
            ["__count"],
            order="__count desc, date:day",
            limit=1,
        )
        stuck = [("run_id", "=", self.id), ("is_leaving", "=", False)]
        return {
            "channels": [(labels[code], *figures) for code, *figures in by_channel],
            "peak": by_day[0] if by_day else None,
            "cost": sum(figures[-1] or 0 for figures in by_channel),
            "contacts": sum(figures[1] for figures in by_channel),
            "stuck": len(Line._read_group(stuck, ["partner_id"])),
            "habit": get_labels(self, "payment_habit")[self.payment_habit],
        }
