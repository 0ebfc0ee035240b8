from odoo import Command, api, fields, models

from ..setup.guard.guard import SEAL


class DunningScenario(models.Model):
    """Film in several scenes: ordered steps, filters and timing rules (S0-01)."""

    _name = "dunning.scenario"
    _description = "Follow-Up Scenario"
    _inherit = ["dunning.shared.mixin", "dunning.guard.mixin"]
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: the scenario is shared by all companies.",
        tracking=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    description = fields.Text(translate=True)
    step_ids = fields.One2many(comodel_name="dunning.step", inverse_name="scenario_id")
    step_count = fields.Integer(string="Steps", compute="_compute_step_counts")
    archived_step_count = fields.Integer(
        string="Archived Steps", compute="_compute_step_counts"
    )
    grouping = fields.Selection(
        selection=[
            ("customer", "One action per customer"),
            ("step", "One action per customer and step"),
            ("invoice", "One action per invoice"),
        ],
        default="customer",
        required=True,
        help="Per customer: a single contact, by the channel of the highest step due; "
        "each invoice keeps its own step.",
        tracking=True,
    )
    catch_up = fields.Selection(
        selection=[
            ("sequential", "Play them one after the other"),
            ("jump", "Jump to the latest one"),
        ],
        string="If Several Steps Are Overdue",
        default="sequential",
        required=True,
        tracking=True,
    )
    is_business_days_only = fields.Boolean(
        string="Business Days Only",
        help="No step becomes due on a non-working day of the company's calendar.",
        tracking=True,
    )
    amount_minimum = fields.Monetary(
        string="Minimum Amount",
        help="No contact below this amount, in the currency of the company.",
        tracking=True,
    )
    min_days_between_contacts = fields.Integer(
        string="Days Between Contacts",
        help="Raises the company's number of days between two contacts. 0: the "
        "company's number.",
        tracking=True,
    )
    payment_methods = fields.Selection(
        selection=[
            ("manual", "Manual or not stated"),
            ("all", "All, direct debits included"),
        ],
        string="Payment Methods Followed Up",
        default="manual",
        required=True,
        tracking=True,
    )
    dispute_hold = fields.Selection(
        selection=[
            ("amount", "The disputed amount"),
            ("claim", "The whole invoice"),
            ("customer", "Everything the customer owes"),
        ],
        string="Put on Hold by a Dispute",
        default="amount",
        required=True,
        tracking=True,
    )
    after_dispute = fields.Selection(
        selection=[
            ("continue", "Carry on where it stopped"),
            ("restart", "Start afresh"),
        ],
        string="After the Dispute",
        default="continue",
        required=True,
        tracking=True,
    )
    is_partial_chased = fields.Boolean(
        string="Follow Up Partly Paid Invoices", default=True, tracking=True
    )
    is_debit_thanked = fields.Boolean(
        string="Thank for Direct Debits",
        tracking=True,
        help="Also thank for what we debited ourselves: by direct debit, or on a saved "
        "card.",
    )

    _amount_minimum_positive = models.Constraint(
        "CHECK (amount_minimum >= 0)", "The minimum amount cannot be negative."
    )
    _min_days_positive = models.Constraint(
        "CHECK (min_days_between_contacts BETWEEN 0 AND 3650)",
        "Enter 0 to 3650 days between two contacts.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for scenario in self:
            company = scenario.company_id or self.env.company
            scenario.currency_id = company.currency_id

    @api.depends("step_ids.active")
    def _compute_step_counts(self):
        counts = {
            (scenario, active): count
            for scenario, active, count in self.env["dunning.step"]
            .with_context(active_test=False)
            ._read_group(
                [("scenario_id", "in", self.ids)],
                ["scenario_id", "active"],
                ["__count"],
            )
        }
        for scenario in self:
            scenario.step_count = counts.get((scenario._origin, True), 0)
            scenario.archived_step_count = counts.get((scenario._origin, False), 0)

    def write(self, vals):
        """Move steps together, and archive removed steps that were played.

        Dragging one step gives several steps new sequences. Written one by one, each
        would seem to overtake the others, and played steps would be replaced for
        nothing.
        """
        if len(self) != 1 or not vals.get("step_ids"):
            return super().write(vals)
        commands, sequences = self._split_step_commands(vals["step_ids"])
        wanted = {
            step: (sequences.get(step.id, step.sequence), step.id)
            for step in self.step_ids
        }
        result = super().write({**vals, "step_ids": commands})
        if sequences:
            self._reorder_steps(wanted)
        return result

    def copy_data(self, default=None):
        values_list = super().copy_data(default=default)
        if not (default or {}).get("name"):
            for scenario, values in zip(self, values_list, strict=True):
                values["name"] = self.env._("%(name)s (copy)", name=scenario.name)
        return values_list

    def copy(self, default=None):
        """Copy scenarios with their steps and texts: anchors refer to the copied steps,
        and texts can be changed without changing the original's."""
        copies = super().copy(default=default)
        for scenario, copied in zip(self, copies, strict=True):
            scenario.step_ids._copy_to(copied)._copy_texts()
            if "name" not in (default or {}):
                scenario._copy_name_to(copied)
        return copies

    def _copy_name_to(self, copied):
        """Set the name of a copy in each language."""
        for lang, _name in self.env["res.lang"].get_installed():
            scenario = self.with_context(lang=lang)
            copied.with_context(lang=lang).name = scenario.copy_data()[0]["name"]

    def action_view_archived_steps(self):
        """Open the archived steps of the scenario."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_scenario.dunning_step_action"
        )
        domain = [("scenario_id", "=", self.id), ("active", "=", False)]
        return {
            **action,
            "name": self.env._("Archived Steps"),
            "domain": domain,
            "context": {"active_test": False},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_played(self):
        """Refuse to delete a scenario that was played: it still explains its
        actions."""
        self.with_context(active_test=False).step_ids._check_never_played()

    def _get_uses(self):
        return (
            *super()._get_uses(),
            ("res.company", "dunning_scenario_id"),
            ("dunning.segment", "scenario_id"),
            ("res.partner", "dunning_scenario_id"),
            ("account.move", "dunning_scenario_id"),
        )

    # ---- order of the steps ----------------------------------------------------------

    def _split_step_commands(self, commands):
        """Split the sequences from the commands on steps.

        :return: the commands without sequences, deletions of played steps replaced by
            archiving; and {step id: sequence}
        """
        removed = [command[1] for command in commands if command[0] == Command.DELETE]
        played = set(self.env["dunning.step"].browse(removed)._filtered_played().ids)
        kept, sequences = [], {}
        for command in commands:
            if command[0] == Command.DELETE and command[1] in played:
                kept.append(Command.update(command[1], {"active": False}))
            elif command[0] == Command.UPDATE and "sequence" in command[2]:
                values = dict(command[2])
                sequences[command[1]] = values.pop("sequence")
                kept.append(Command.update(command[1], values))
            else:
                kept.append(command)
        return kept, sequences

    def _reorder_steps(self, wanted):
        """Reorder the steps with as few moves as possible.

        Moved steps that were played are replaced by a copy. Archived steps stay behind
        the step that they follow, so that claims that played them keep their position.

        :param wanted: {step: sort key} of the steps before the change
        """
        everything = self.with_context(active_test=False).step_ids.sorted(
            lambda step: (step.sequence, step.id)
        )
        current = everything.filtered("active")
        versions = {step.code: key for step, key in wanted.items() if not step.active}
        order = current.sorted(
            lambda step: (
                wanted.get(step) or versions.get(step.code) or (step.sequence, step.id)
            )
        )
        moved = current._get_moved(order)
        copies = {step: step._replace({}) for step in moved._filtered_played()}
        film = [copies.get(step, step) for step in order]
        before = None
        for step in everything:
            if step in copies or not step.active:
                film.insert(film.index(before) + 1 if before else 0, step)
            elif step in moved:
                continue
            before = step
        for number, step in enumerate(film, start=1):
            step.with_context(dunning_in_place=SEAL).sequence = 10 * number
        self.step_ids._check_anchor()
