from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain

# Kinds that have a place on the scale of days; thanks have none.
RANKED_KINDS = ("notice", "reminder")


class DunningStep(models.Model):
    """One scene: when, by which channel, in which tone, to obtain what (S0-09, S0-13).

    Steps are ordered by sequence, then id.
    """

    _name = "dunning.step"
    _description = "Dunning Step"
    _order = "scenario_id, sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    scenario_id = fields.Many2one(
        comodel_name="dunning.scenario", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scenario_id.company_id")
    currency_id = fields.Many2one(related="scenario_id.currency_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_enabled = fields.Boolean(
        string="Enabled",
        default=True,
        help="A step that is switched off stays in the scenario and is not played.",
    )
    is_last_resort = fields.Boolean(
        help="Never sent without a person's decision, never before another reminder.",
    )
    code = fields.Char(
        required=True,
        help="Recognises the step when it is moved, or when an invoice changes "
        "scenario.",
    )
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        selection=[
            ("notice", "Notice"),
            ("reminder", "Reminder"),
            ("thanks", "Thanks"),
        ],
        default="reminder",
        required=True,
    )
    anchor = fields.Selection(
        selection=[
            ("due_date", "Due date"),
            ("invoice_date", "Invoice date"),
            ("previous_step", "Previous step"),
            ("step", "Named step"),
            ("payment_date", "Payment date"),
        ],
        string="Counted From",
        default="due_date",
        required=True,
    )
    anchor_step_id = fields.Many2one(
        comodel_name="dunning.step",
        domain="[('scenario_id', '=', scenario_id), ('kind', '!=', 'thanks')]",
        index="btree_not_null",
        ondelete="restrict",
    )
    delay = fields.Integer(
        string="Days",
        help="Days after the date they are counted from; negative: before it.",
    )
    mode = fields.Selection(
        selection=[
            ("auto", "Automatic"),
            ("confirm", "To confirm"),
            ("personalise", "To personalise"),
            ("optional", "Optional"),
        ],
        default="confirm",
        required=True,
    )
    channel = fields.Selection(
        selection=lambda self: self._selection_channel(),
        default="email",
        required=True,
    )
    second_channel = fields.Selection(
        selection=lambda self: self._selection_channel(),
        help="Used at the same time as the first one.",
    )
    fallback_channel = fields.Selection(
        selection=lambda self: self._selection_channel(),
        help="Used when the customer cannot be reached by the first one.",
    )
    send_hour = fields.Float(
        string="Hour", default=9.0, help="In the time zone of the customer."
    )
    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="E-mail Text",
        domain="[('model', '=', 'dunning.action')]",
        index="btree_not_null",
        ondelete="restrict",
    )
    letter_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Letter Text",
        domain="[('model', '=', 'dunning.action')]",
        index="btree_not_null",
        ondelete="restrict",
    )
    script = fields.Html(translate=True, help="Guide for the person who calls.")
    activity_user = fields.Selection(
        selection=[("collector", "Collector"), ("salesperson", "Salesperson")],
        string="Done By",
        default="collector",
        required=True,
    )
    tone = fields.Selection(
        selection=[
            ("courteous", "Courteous"),
            ("neutral", "Neutral"),
            ("firm", "Firm"),
            ("formal", "Formal"),
        ],
        default="courteous",
        required=True,
    )
    request = fields.Selection(
        selection=[
            ("payment", "A payment"),
            ("reply", "A reply"),
            ("confirmation", "A confirmation"),
        ],
        default="payment",
        help="What the message asks for.",
    )
    request_days = fields.Integer(
        default=8, help="The message asks for it within this number of days."
    )
    amount_from = fields.Monetary(help="0: no lower limit.")
    amount_to = fields.Monetary(help="0: no upper limit.")
    items_from = fields.Integer(
        string="Open Items From", help="Number of open items of the customer."
    )
    items_to = fields.Integer(string="Open Items To", help="0: no upper limit.")
    domain = fields.Char(
        string="Invoices Filter",
        help="Only the journal items that match are followed up by this step.",
    )
    timing = fields.Char(compute="_compute_timing")
    way = fields.Char(compute="_compute_way", help="The channels used, in words.")

    _code_unique = models.UniqueIndex(
        "(scenario_id, code) WHERE active IS TRUE",
        "Two steps of a scenario cannot share a code.",
    )
    _delay_sane = models.Constraint(
        "CHECK (delay BETWEEN -3650 AND 3650)",
        "The days of a step must lie between -3650 and 3650.",
    )
    _hour_of_day = models.Constraint(
        "CHECK (send_hour >= 0 AND send_hour < 24)",
        "The hour of a step must lie between 0:00 and 23:59.",
    )
    _conditions_positive = models.Constraint(
        "CHECK (amount_from >= 0 AND amount_to >= 0"
        " AND items_from >= 0 AND items_to >= 0 AND request_days >= 0)",
        "Amounts, numbers of items and days asked for cannot be negative.",
    )

    @api.model
    def _selection_channel(self):
        return self.env["dunning.channel"]._get_selection()

    @api.depends("anchor", "anchor_step_id.name", "delay")
    def _compute_timing(self):
        for step in self:
            step.timing = step._get_timing()

    @api.depends("channel", "second_channel", "fallback_channel")
    def _compute_way(self):
        labels = dict(self._selection_channel())
        for step in self:
            first, second, fallback = (
                labels.get(code)
                for code in (step.channel, step.second_channel, step.fallback_channel)
            )
            ways = self.env._("%(first)s and %(second)s", first=first, second=second)
            way = ways if second else first
            step.way = (
                self.env._("%(way)s, else %(fallback)s", way=way, fallback=fallback)
                if fallback
                else way
            )

<<<<<<< HEAD
    # ---- business --------------------------------------------------------------------
=======
    # ---- constraints -----------------------------------------------------------------

    @api.constrains(
        "scenario_id", "sequence", "anchor", "anchor_step_id", "kind", "delay", "active"
    )
    def _check_anchor(self):
        """Refuse a clock that never starts.

        :raise ValidationError: with what to change, in the user's words
        """
        if self.env.context.get("dunning_replacing_step"):
            return  # checked once, when the copy stands and is counted from
        for scenario in self.scenario_id:
            steps = scenario.step_ids.sorted(lambda s: (s.sequence, s.id))
            for step in steps:
                step._check_anchor_in(steps)

    def _check_anchor_in(self, steps):
        self.ensure_one()
        ranked = steps.filtered(lambda s: s.kind in RANKED_KINDS)
        if self.kind == "thanks":
            return self._check_thanks_anchor()
        if self.anchor == "payment_date":
            raise ValidationError(
                self.env._(
                    "“%(step)s”: only thanks are counted from the payment. Choose "
                    "another date to count from.",
                    step=self.name,
                )
            )
        base = self.browse()
        if self.anchor == "previous_step":
            base = ranked[: list(ranked).index(self)][-1:]
            if not base:
                raise ValidationError(
                    self.env._(
                        "“%(step)s” is the first step: it has no previous step to be "
                        "counted from. Count it from the due date.",
                        step=self.name,
                    )
                )
        if self.anchor == "step":
            base = self.anchor_step_id
            self._check_named_step(list(ranked))
        return self._check_notice(base)

    def _check_thanks_anchor(self):
        if self.anchor != "payment_date" or self.delay < 0:
            raise ValidationError(
                self.env._(
                    "“%(step)s”: thanks are counted from the payment date, on the day "
                    "or after it.",
                    step=self.name,
                )
            )

    def _check_named_step(self, ranked):
        base = self.anchor_step_id
        if not base:
            raise ValidationError(
                self.env._(
                    "“%(step)s”: name the step that it is counted from.",
                    step=self.name,
                )
            )
        if base == self:
            raise ValidationError(
                self.env._("“%(step)s” cannot be counted from itself.", step=self.name)
            )
        if base.scenario_id != self.scenario_id:
            raise ValidationError(
                self.env._(
                    "“%(step)s” is counted from a step of another scenario.",
                    step=self.name,
                )
            )
        if base not in ranked or ranked.index(base) > ranked.index(self):
            raise ValidationError(
                self.env._(
                    "“%(step)s” must be counted from an earlier notice or reminder; "
                    "“%(base)s” comes later.",
                    step=self.name,
                    base=base.name,
                )
            )

    def _check_notice(self, base):
        if self.kind != "notice":
            return
        if self.anchor == "due_date" and self.delay > 0:
            raise ValidationError(
                self.env._(
                    "“%(step)s”: a notice comes before the due date, its days are "
                    "negative or 0.",
                    step=self.name,
                )
            )
        if base and base.kind != "notice":
            raise ValidationError(
                self.env._(
                    "“%(step)s”: a notice is counted from the due date, from the "
                    "invoice date or from an earlier notice.",
                    step=self.name,
                )
            )

    @api.constrains("is_last_resort", "mode")
    def _check_last_resort(self):
        for step in self:
            if step.is_last_resort and step.mode == "auto":
                raise ValidationError(
                    self.env._(
                        "“%(step)s” is a last resort: a person has to decide it. "
                        "Choose another mode than automatic.",
                        step=step.name,
                    )
                )

    @api.constrains("mail_template_id", "letter_template_id")
    def _check_template_model(self):
        for step in self:
            for template in step.mail_template_id | step.letter_template_id:
                if template.model != "dunning.action":
                    raise ValidationError(
                        self.env._(
                            "“%(step)s”: the text “%(template)s” is not made for "
                            "follow-up actions. Choose one that is, or copy a "
                            "delivered one.",
                            step=step.name,
                            template=template.name,
                        )
                    )

    @api.constrains(
        "channel",
        "second_channel",
        "fallback_channel",
        "mail_template_id",
        "letter_template_id",
    )
    def _check_channels(self):
        for step in self:
            channels = [step.channel, step.second_channel, step.fallback_channel]
            named = [code for code in channels if code]
            if len(set(named)) != len(named):
                raise ValidationError(
                    self.env._(
                        "“%(step)s” names a channel twice: first, second and fallback "
                        "channel must differ.",
                        step=step.name,
                    )
                )
            for code in named:
                self.env[f"dunning.channel.{code}"]._check_step(step)

    @api.constrains("amount_from", "amount_to", "items_from", "items_to")
    def _check_condition_ranges(self):
        for step in self:
            amounts = 0 < step.amount_to < step.amount_from
            items = 0 < step.items_to < step.items_from
            if amounts or items:
                raise ValidationError(
                    self.env._(
                        "“%(step)s”: a condition ends before it starts.",
                        step=step.name,
                    )
                )

    @api.constrains("domain")
    def _check_domain(self):
        for step in self.filtered("domain"):
            try:
                step._get_domain().validate(self.env["account.move.line"])
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "“%(step)s”: the filter on invoices cannot be read: %(error)s",
                        step=step.name,
                        error=error,
                    )
                ) from error

    # ---- ORM -------------------------------------------------------------------------

    def write(self, vals):
        """Move played steps by archiving them in place and copying them to their new
        place, so that what happened keeps its place in the film (S0-44)."""
        moved = self._filtered_moved(vals)
        super(DunningStep, self - moved).write(vals)
        for step in moved:  # each gets a copy with its own values
            step._replace(vals)
        return True

    def _filtered_moved(self, vals):
        place = {name: vals[name] for name in PLACE_FIELDS if name in vals}
        if not place:
            return self.browse()
        return self._filtered_played().filtered(lambda step: step._changes_place(place))

    def _changes_place(self, place):
        """Tell whether the values change the step's rank, anchor, kind or channel."""
        self.ensure_one()
        current = self._convert_to_write({name: self[name] for name in place})
        changed = {name for name in place if place[name] != current[name]}
        if "channel" in changed:
            Channel = self.env["dunning.channel"]
            if Channel._get_nature(place["channel"]) == Channel._get_nature(
                self.channel
            ):
                changed.remove("channel")
        if changed == {"sequence"}:
            return self._changes_rank(place["sequence"])
        return bool(changed)

    def _changes_rank(self, sequence):
        others = self.scenario_id.with_context(active_test=False).step_ids - self
        before = others.filtered(
            lambda s: (s.sequence, s.id) < (self.sequence, self.id)
        )
        return before != others.filtered(
            lambda s: (s.sequence, s.id) < (sequence, self.id)
        )

    def _filtered_played(self):
        lines = self.env["dunning.action.line"]._read_group(
            [("step_id", "in", self.ids), ("state", "in", ("open", "done", "skipped"))],
            ["step_id"],
        )
        return self.browse([step.id for (step,) in lines])

    def _replace(self, vals):
        """Archive this played step where it stands, put a changed copy in its place.

        Without a new sequence the copy comes just before the original, so that a claim
        that played the original is past both.
        """
        self.ensure_one()
        step = self.with_context(dunning_replacing_step=True)
        super(DunningStep, step).write({"active": False})
        step.flush_recordset(["active"])  # frees the code for the copy
        default = {"code": self.code, "name": self.name, "active": True} | vals
        if "sequence" not in vals:
            default["sequence"] = step._free_sequence()
        copied = step.copy(default)
        siblings = step.scenario_id.step_ids.filtered(
            lambda sibling: sibling.anchor_step_id == self
        )
        super(DunningStep, siblings).write({"anchor_step_id": copied.id})
        copied.with_context(dunning_replacing_step=False)._check_anchor()
        return copied

    def _free_sequence(self):
        """Shift this step and the following ones by one; return the freed sequence."""
        sequence = self.sequence
        following = self.scenario_id.with_context(active_test=False).step_ids.filtered(
            lambda step: (step.sequence, step.id) >= (self.sequence, self.id)
        )
        for step in following.sorted("sequence", reverse=True):
            super(DunningStep, step).write({"sequence": step.sequence + 1})
        return sequence

    @api.ondelete(at_uninstall=False)
    def _unlink_except_played(self):
        if self._filtered_played():
            raise UserError(
                self.env._(
                    "A step that was played cannot be deleted: the history of the "
                    "customers needs it. Archive it instead."
                )
            )
>>>>>>> c315098 ([ADD] tests: delivery, job and channels)

    def _copy_to(self, scenario):
        """Copy these steps into another scenario, anchors pointing into the copy."""
        copied = {}
        for step in self.sorted(lambda s: (s.sequence, s.id)):  # anchors come first
            copied[step] = step.copy(
                {
                    "scenario_id": scenario.id,
                    "code": step.code,
                    "anchor_step_id": copied.get(step.anchor_step_id, self.browse()).id,
                }
            )
        return self.browse([step.id for step in copied.values()])

    def _get_domain(self):
        """Return the filter on journal items as a domain.

        :raise ValueError, SyntaxError: the text is not a domain
        """
        self.ensure_one()
        return Domain(literal_eval(self.domain or "[]"))

    def _get_timing(self):
        """Say in words when the step is due ("8 days after the due date")."""
        self.ensure_one()
        anchor = {
            "due_date": self.env._("the due date"),
            "invoice_date": self.env._("the invoice date"),
            "previous_step": self.env._("the previous step"),
            "step": self.anchor_step_id.name or "",
            "payment_date": self.env._("the payment"),
        }[self.anchor]
        if not self.delay:
            return self.env._("on the day of %(anchor)s", anchor=anchor)
        if self.delay < 0:
            return self.env._(
                "%(days)s days before %(anchor)s", days=-self.delay, anchor=anchor
            )
        return self.env._(
            "%(days)s days after %(anchor)s", days=self.delay, anchor=anchor
        )
