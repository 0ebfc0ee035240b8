from math import inf

from odoo import api, fields, models

# Kinds of steps; all but thanks have a place on the scale of days.
KINDS = [("notice", "Notice"), ("reminder", "Reminder"), ("thanks", "Thanks")]
# Modes in which a step's actions are sent.
MODES = [
    ("auto", "Automatic"),
    ("confirm", "To confirm"),
    ("personalise", "To personalise"),
    ("optional", "Optional"),
]
RANKED_KINDS = ("notice", "reminder")


class DunningStep(models.Model):
    """Scene of a scenario: one contact, its date, channel, tone and aim (S0-09, S0-13).

    Steps are ordered by sequence, then id.
    """

    _name = "dunning.step"
    _description = "Follow-Up Step"
    _inherit = ["dunning.shared.mixin", "dunning.guard.mixin"]
    _order = "scenario_id, sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of
    # Name of the model that texts are written for; set by the journal.
    _text_model = None

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
        string="Last Resort",
        help="Never sent without a person's decision, never before another reminder.",
    )
    is_formal_notice = fields.Boolean(
        string="Formal Notice",
        help="The text is a formal notice (mise en demeure): interest owed by "
        "consumers "
        "starts with it.",
    )
    is_interest_claimed = fields.Boolean(
        string="Claim Interest",
        help="The message also asks for interest on late payment and the recovery "
        "indemnity, as far as the law grants them towards the customer; the "
        "calculation is attached. Nothing is sent when a rate is not on record.",
    )
    code = fields.Char(
        required=True,
        help="Recognises the step when it is moved, or when an invoice changes "
        "scenario.",
    )
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        selection=KINDS,
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
        help="Days after the date counted from; negative: before it.",
    )
    mode = fields.Selection(
        selection=MODES,
        default="confirm",
        required=True,
    )
    channel = fields.Selection(
        selection=lambda self: self._selection_channel(),
        default=lambda self: self.env["dunning.channel"]._get_codes()[0],
        required=True,
    )
    second_channel = fields.Selection(
        selection=lambda self: self._selection_channel(),
        help="Used at the same time as the first channel.",
    )
    fallback_channel = fields.Selection(
        selection=lambda self: self._selection_channel(),
        help="Used when the customer cannot be reached by the first channel.",
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
    email_from = fields.Char(
        string="Sender",
        help="E-mail address of the sender. Empty: the one of the text, otherwise the "
        "collector's, otherwise the company's. Answers are filed on the customer "
        "in Odoo either way.",
    )
    is_statement_attached = fields.Boolean(
        string="Attach the Statement",
        help="Attaches the statement of account as a PDF to the e-mail.",
    )
    invoice_documents = fields.Selection(
        selection=[
            ("none", "No"),
            ("link", "Links"),
            ("pdf", "Links and PDF"),
        ],
        string="Include the Invoices",
        default="link",
        required=True,
        help="Links open the invoices online, from the numbers in the statement. "
        "Invoices too many or too large for an e-mail are sent as links only.",
    )
    script = fields.Html(translate=True, help="Guide for the caller.")
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
        help="Request made by the message.",
    )
    request_days = fields.Integer(
        default=8, help="Number of days that the message gives the customer."
    )
    amount_from = fields.Monetary(help="0: no lower limit.")
    amount_to = fields.Monetary(help="0: no upper limit.")
    items_from = fields.Integer(
        string="Open Items From", help="Number of open items of the customer."
    )
    items_to = fields.Integer(string="Open Items To", help="0: no upper limit.")
    customer_size = fields.Selection(
        selection=[
            ("small", "Small companies and private individuals"),
            ("larger", "Medium-sized and large companies"),
            ("large", "Large companies"),
        ],
        string="Customers",
        help="A company whose size is not stated meets none of these.",
    )
    customer_area = fields.Selection(
        selection=[("domestic", "In the company's country"), ("export", "Abroad")],
        string="Customer Location",
        help="A customer without a country counts as being in the company's country.",
    )
    domain = fields.Char(
        string="Invoices Filter",
        help="Only the journal items that match are followed up by this step.",
    )
    timing = fields.Char(compute="_compute_timing")
    way = fields.Char(
        string="Channels", compute="_compute_way", help="Channels used, in words."
    )

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
        " AND items_from >= 0 AND items_to >= 0"
        " AND request_days BETWEEN 0 AND 3650)",
        "Amounts and numbers of items cannot be negative; enter 0 to 3650 days for the "
        "request.",
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

    # ---- business --------------------------------------------------------------------

    def _get_channels(self):
        """Return the channel codes of these steps without duplicates: first, second and
        fallback, in this order."""
        codes = (
            code
            for step in self
            for code in (step.channel, step.second_channel, step.fallback_channel)
        )
        return list(dict.fromkeys(filter(None, codes)))

    def _get_place(self):
        """Return the sort key of a step in its scenario; a new step in a form comes
        after those of the same sequence, as it will once saved."""
        self.ensure_one()
        return self.sequence, self._origin.id or inf

    def _copy_to(self, scenario):
        """Copy these steps into another scenario, with anchors on the copied steps."""
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

    def _copy_texts(self):
        """Replace the texts of these steps by copies; steps that shared a text still
        do."""
        self._copy_texts_of("mail_template_id", "letter_template_id")

    def _copy_texts_of(self, *names):
        texts = self[names[0]].union(*(self[name] for name in names[1:]))
        copies = dict(zip(texts, texts.copy(), strict=True))
        for name in names:
            for text, steps in self.filtered(name).grouped(name).items():
                steps[name] = copies[text]

    def _get_timing(self):
        """Return the step's due day in words ("8 days after the due date")."""
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
