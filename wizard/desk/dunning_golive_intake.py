from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...models.planner.pipeline.film_tables import FilmTables
from ...models.scenario.film import Film


class DunningGoliveIntake(models.TransientModel):
    """Take old claims and opening balances into the follow-up, or out of it again.

    They start at the first step, or at the step that matches the days late: the steps
    before it are recorded as skipped on the day they were due, so that the scenario
    does not replay them.
    """

    _name = "dunning.golive.intake"
    _description = "Old Claims to Take In"
    _inherit = ["dunning.wizard.mixin"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    direction = fields.Selection(
        selection=[("in", "Take in"), ("out", "Take out again")],
        default="in",
        required=True,
        help="Taking in can be undone as long as nothing was sent about the entry.",
    )
    position = fields.Selection(
        selection=[
            ("first", "At the first step"),
            ("matching", "At the step that matches the days late"),
        ],
        default="matching",
        required=True,
    )
    partner_ids = fields.Many2many(comodel_name="res.partner", string="Customers")
    account_ids = fields.Many2many(
        comodel_name="account.account",
        string="Accounts",
        domain="[('account_type', '=', 'asset_receivable')]",
        check_company=True,
    )
    due_from = fields.Date()
    due_to = fields.Date()
    amount_from = fields.Monetary()
    amount_to = fields.Monetary(help="0: no limit.")
    is_entry_only = fields.Boolean(
        string="Entries Without Invoice Only", help="Opening balances."
    )
    is_paid_out = fields.Boolean(
        string="Refunds and Returned Payments Too",
        help="Money paid out to customers that is not matched: take it in only if they "
        "owe it.",
    )
    item_count = fields.Integer(string="Entries", compute="_compute_counts")
    customer_count = fields.Integer(
        string="Number of Customers", compute="_compute_counts"
    )
    amount = fields.Monetary(compute="_compute_counts")

    @api.depends(
        "company_id",
        "direction",
        "partner_ids",
        "account_ids",
        "due_from",
        "due_to",
        "amount_from",
        "amount_to",
        "is_entry_only",
        "is_paid_out",
    )
    def _compute_counts(self):
        for wizard in self:
            [(items, customers, amount)] = self.env["account.move.line"]._read_group(
                wizard._get_domain(),
                [],
                ["__count", "partner_id:count_distinct", "amount_residual:sum"],
            )
            wizard.item_count = items
            wizard.customer_count = customers
            wizard.amount = amount

    # ---- entries ---------------------------------------------------------------------

    def _get_domain(self):
        """Return the domain of the open claims that match the filters."""
        self.ensure_one()
        day = self.company_id._dunning_today()
        Item = self.env["account.move.line"]
        domain = Item._get_dunning_owed_domain(self.company_id, day)
        if self.direction == "in":
            domain &= self._get_outside_domain()
            if self.is_paid_out:
                domain |= self._get_paid_out_domain(day)
        else:
            domain &= Domain("dunning_is_taken_in", "=", True) & ~Domain(
                "dunning_line_ids", "any", [("state", "=", "done")]
            )
        if self.partner_ids:
            customers = self.partner_ids.commercial_partner_id
            domain &= Domain("partner_id.commercial_partner_id", "in", customers.ids)
        if self.account_ids:
            domain &= Domain("account_id", "in", self.account_ids.ids)
        if self.is_entry_only:
            domain &= Domain("move_id.move_type", "=", "entry")
        return domain & self._get_range_domain()

    def _get_paid_out_domain(self, day):
        """Return the domain of the open items that are money paid out to customers."""
        Item = self.env["account.move.line"]
        open_items = Item._get_dunning_open_domain(self.company_id, day)
        return open_items & Item._get_dunning_paid_out_domain()

    def _get_outside_domain(self):
        """Return the domain of claims outside the follow-up: entries without an
        invoice, which Odoo excludes by default, and claims due before the start.
        Invoices excluded by hand stay excluded."""
        outside = Domain("move_id.move_type", "=", "entry") & Domain(
            "no_followup", "=", True
        )
        starts = self.company_id._dunning_go_live_day()
        if starts:
            old = self.env["account.move.line"]._get_dunning_due_domain("<", starts)
            old &= Domain("no_followup", "=", False)
            outside |= old & Domain("dunning_is_taken_in", "=", False)
        return outside

    def _get_range_domain(self):
        domain, Item = Domain.TRUE, self.env["account.move.line"]
        if self.due_from:
            domain &= Item._get_dunning_due_domain(">=", self.due_from)
        if self.due_to:
            domain &= Item._get_dunning_due_domain("<=", self.due_to)
        if self.amount_from:
            domain &= Domain("amount_residual", ">=", self.amount_from)
        if self.amount_to:
            domain &= Domain("amount_residual", "<=", self.amount_to)
        return domain

    # ---- buttons ---------------------------------------------------------------------

    def action_view_items(self):
        """Open the entries that match the filters."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.account_move_line_action"
        )
        return {**action, "domain": list(self._get_domain()), "context": {}}

    def action_apply(self):
        """Take the entries in, or out again.

        :raise UserError: no entry matches
        :raise AccessError: the user is not a collection manager
        """
        self.ensure_one()
        self.env["dunning.golive"]._check_manager()
        self.company_id._dunning_check_allowed()
        items = self.env["account.move.line"].search(self._get_domain())
        if not items:
            raise UserError(
                self.env._("No entry matches these filters: widen them first.")
            )
        if self.direction == "in":
            self._take_in(items)
            text = self.env._("%(count)s entries are taken in.", count=len(items))
        else:
            self._take_out(items)
            text = self.env._("%(count)s entries are left out again.", count=len(items))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ---- in and out ------------------------------------------------------------------

    def _take_in(self, items):
        # sudo: a collection manager may not have the right to write journal items
        items.sudo().write({"dunning_is_taken_in": True, "no_followup": False})
        if self.position == "matching":
            self._skip_overtaken(items)

    def _take_out(self, items):
        lines_sudo = (
            items.sudo().dunning_line_ids
        )  # sudo: users may not write the journal
        taken_in = lines_sudo.filtered(
            lambda line: line.action_id.origin == "taken_in" and line.state == "skipped"
        )
        taken_in.write(
            {"state": "dropped", "reason": self.env._("The item was taken out again.")}
        )
        taken_in.action_id.filtered(
            lambda action: set(action.line_ids.mapped("state")) <= {"dropped"}
        ).state = "cancelled"
        entries_sudo = items.sudo().filtered(lambda i: i.move_id.move_type == "entry")
        items.sudo().dunning_is_taken_in = False
        entries_sudo.no_followup = True
        (items.sudo() - entries_sudo)._dunning_recheck()

    def _skip_overtaken(self, items):
        """Record the steps before the matching one as skipped, one action per
        customer."""
        day = self.company_id._dunning_today()
        rows = self._get_overtaken(items, day)
        steps = self.env["dunning.step"].browse({row["step_id"] for row in rows})
        steps.fetch(["scenario_id", "code", "kind", "channel"])
        by_customer = {}
        for row in rows:
            by_customer.setdefault(row["partner_id"], []).append(row)
        # sudo: the journal is written by methods only
        self.env["dunning.action"].sudo().create(
            [
                self._prepare_action(partner_id, of_customer, day)
                for partner_id, of_customer in by_customer.items()
            ]
        )

    def _get_overtaken(self, items, day):
        """Return the steps that the planner would overtake if all scenarios jumped.

        Steps that an item has performed before, or waits in now, are left out.

        :return: list of dicts, by item and step, earliest first
        """
        planner = self.env["dunning.planner"]
        settings = planner._prepare(self.company_id, day)
        settings.film = JumpingFilm(settings.scenarios)
        scope = planner._get_scope(settings, items.partner_id.commercial_partner_id)
        tables = FilmTables(settings, scope)
        return planner._fetch(
            [*tables.ledger(), *tables.film()],
            SQL(
                """SELECT f.id AS item_id, f.move_id, f.partner_id, f.cycle, f.due_date,
                          f.currency_id, f.amount_residual, f.amount_residual_currency,
                          o.step_id, o.trigger_date
                     FROM overtaken o
                     JOIN film f ON f.id = o.id
                    WHERE f.id = ANY(%s)
                      AND NOT EXISTS (
                              SELECT FROM dunning_action_line played
                               WHERE played.move_line_id = f.id
                                 AND played.step_id = o.step_id
                                 AND played.cycle = f.cycle
                                 AND played.state IN ('open', 'done', 'skipped'))
                    ORDER BY f.id, o.rank""",
                items.ids,
            ),
        )

    def _prepare_action(self, partner_id, rows, day):
        last = self.env["dunning.step"].browse(rows[-1]["step_id"])
        return {
            "company_id": self.company_id.id,
            "partner_id": partner_id,
            "scenario_id": last.scenario_id.id,
            "step_id": last.id,
            "kind": last.kind,
            "channel": last.channel,
            "state": "skipped",
            "origin": "taken_in",
            "is_ticked": False,
            "planned_date": day,
            "reason": self.env._(
                "Taken in by %(user)s at the step that matches the days late",
                user=self.env.user.name,
            ),
            "line_ids": [Command.create(self._prepare_line(row)) for row in rows],
        }

    def _prepare_line(self, row):
        step = self.env["dunning.step"].browse(row["step_id"])
        return {
            "company_id": self.company_id.id,
            "partner_id": row["partner_id"],
            "move_line_id": row["item_id"],
            "move_id": row["move_id"],
            "scenario_id": step.scenario_id.id,
            "step_id": step.id,
            "step_code": step.code,
            "kind": step.kind,
            "cycle": row["cycle"],
            "state": "skipped",
            "trigger_date": row["trigger_date"],
            # Later steps count from the day on which it would have been due.
            "performed_date": row["trigger_date"],
            "due_date": row["due_date"],
            "currency_id": row["currency_id"],
            "amount_residual": row["amount_residual"],
            "amount_residual_currency": row["amount_residual_currency"],
        }


class JumpingFilm(Film):
    """Film of scenarios, treated as if all jumped to the latest due step."""

    def has_jump(self):
        return True

    def _get_row(self, step, rank, anchor, delay):
        return super()._get_row(step, rank, anchor, delay)._replace(is_jump=True)
