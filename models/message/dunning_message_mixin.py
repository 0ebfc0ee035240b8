from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty
from odoo.tools.i18n import format_list

from ..setup.guard.guard import SealedDict, get_day
from ..setup.working_days import WorkingDays


class DunningMessageMixin(models.AbstractModel):
    """Message of an action: reader, dates and deadline; figures and payment are in
    files of their own.

    The texts are in the language of the context, set by the channels to the reader's;
    the figures are those of the day of sending: the company's day, or the `dunning_day`
    of the context. Computed for all actions at once.
    """

    _name = "dunning.message.mixin"
    _description = "Follow-Up Message"

    message_line_ids = fields.Many2many(
        comodel_name="dunning.action.line",
        string="Lines of the Message",
        compute="_compute_message_line_ids",
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Addressee",
        compute="_compute_contact_id",
        compute_sudo=True,
        help="Contact written to: the invoice address, otherwise the customer.",
    )
    request_date = fields.Date(
        string="Request Deadline",
        compute="_compute_request_date",
        compute_sudo=True,
        help="Deadline that the message sets for a payment or an answer: a working day "
        "in the reader's country, after the message has arrived; in a notice, the next "
        "due date at the latest.",
    )
    oldest_due_date = fields.Date(compute="_compute_dates", compute_sudo=True)
    next_due_date = fields.Date(compute="_compute_dates", compute_sudo=True)
    days_late = fields.Integer(compute="_compute_dates", compute_sudo=True)
    collector_name = fields.Char(compute="_compute_names", compute_sudo=True)
    invoice_names = fields.Char(
        string="Invoices", compute="_compute_names", compute_sudo=True
    )
    claim_count = fields.Integer(
        string="Number of Claims", compute="_compute_names", compute_sudo=True
    )

    @api.depends("partner_id")
    @api.depends_context("dunning_channel")
    def _compute_contact_id(self):
        """Compute the contact that the current channel reaches, else the best
        addressee."""
        if not self:
            return
        Channel, addresses = self.env["dunning.channel"], {}
        if code := Channel._get_current_code():
            addresses = Channel._get(code)._reach(self)
        tiers = self._get_contact_tiers()
        for action in self:
            contact, _address = addresses.get(action, (None, None))
            everyone = self.env["res.partner"].union(*tiers[action])
            action.contact_id = contact or everyone[:1]

    @api.depends("line_ids.due_date", "line_ids.state")
    @api.depends_context("dunning_day")
    def _compute_dates(self):
        for action in self:
            day = action._get_message_day()
            dates = [d for d in action._get_message_lines().mapped("due_date") if d]
            oldest = min(dates, default=False)
            action.oldest_due_date = oldest
            action.next_due_date = min((d for d in dates if d >= day), default=oldest)
            action.days_late = max((day - oldest).days, 0) if oldest else 0

    @api.depends("kind", "next_due_date", "contact_id", "step_id.request_days")
    @api.depends_context("dunning_channel", "dunning_day")
    def _compute_request_date(self):
        working_days = WorkingDays(self.env)
        for action in self:
            action.request_date = action._get_request_date(working_days)

    def _get_request_date(self, working_days):
        day = self._get_message_day()
        country = (self.contact_id or self.partner_id).country_id
        arrival = day + timedelta(days=self._get_days_on_the_way(country))
        first = working_days.find_next(
            self.company_id, country, arrival + timedelta(days=1)
        )
        wanted = arrival + timedelta(days=self.step_id.request_days)
        if self.kind != "notice" or not self.next_due_date:
            wanted = working_days.find_next(self.company_id, country, wanted)
            return max(wanted, first)
        if self.step_id.request == "payment" or wanted > self.next_due_date:
            wanted = self.next_due_date
        wanted = working_days.find_previous(self.company_id, country, wanted)
        return max(wanted, first)

    def _get_days_on_the_way(self, country):
        """Return the number of days until a message arrives in a country."""
        Channel = self.env["dunning.channel"]
        code = Channel._get_current_code() or self.channel
        return Channel._get(code)._get_postal_days(country) if code else 0

    @api.depends("collector_id.name", "line_ids.state", "line_ids.move_id.name")
    def _compute_names(self):
        for action in self:
            lines = action._get_message_lines()
            names = dict.fromkeys(lines.move_id.mapped("name"))
            action.collector_name = action.collector_id.name
            action.invoice_names = ", ".join(name for name in names if name)
            action.claim_count = len(lines)

    def _grouped_by_day(self):
        """Return {(company, day of the message): actions}."""
        return self.grouped(lambda a: (a.company_id, a._get_message_day()))

    @api.depends("line_ids.state")
    def _compute_message_line_ids(self):
        for action in self:
            by_state = action.line_ids.grouped("state")
            none = action.line_ids.browse()
            current = by_state.get("open", none) | by_state.get("done", none)
            action.message_line_ids = current or by_state.get("skipped")

    def _get_message_lines(self):
        """Return the lines of these actions' messages."""
        return self.message_line_ids

    def _has_text(self, *templates):
        """Return whether the message has a text: a user's own, or a template."""
        self.ensure_one()
        return any(templates) or not is_html_empty(self.mail_body)

    def _get_message_day(self):
        """Return the company's day on which the message was, or will be, sent."""
        self.ensure_one()
        sent = self.performed_date or get_day(self.env)
        return sent or self.company_id._dunning_today()

    # ---- annexes ---------------------------------------------------------------------

    def _has_annexes(self):
        """Return whether the message has annexes, see `_get_annexes`."""
        return False

    def _get_annexes(self):
        """Return the annexes of the messages, on sheets of their own.

        :return: {action: [(name of the file, markup)]}, in the order of the sheets,
            without the actions that have none
        """
        return {}

    # ---- text ------------------------------------------------------------------------

    def _render_texts(self, templates, fields_to_render):
        """Render texts in their readers' languages, one call per template and language.

        :param templates: {action: mail.template}, for these actions
        :param fields_to_render: names of fields of mail.template
        :return: {action: {field: value}}
        """
        langs = self._get_reader_langs()
        texts = {}
        for (template, lang), actions in self.grouped(
            lambda action: (templates[action], langs[action])
        ).items():
            # The reader's language, whatever the template's own setting; channel and
            # day come from the actions.
            localized = template.with_env(self.env).with_context(
                lang=lang, template_preview_lang=lang, dunning_compiled=SealedDict()
            )
            try:
                rendered = localized._generate_template(actions.ids, fields_to_render)
            except UserError as error:
                raise self._get_text_error(template, actions, error) from error
            texts |= {action: rendered[action.id] for action in actions}
        return texts

    def _get_text_error(self, template, actions, error):
        """Return a clear error for a text that cannot be rendered, with a remedy:
        Odoo's own shows technical details."""
        while error.__cause__ or error.__context__:
            error = error.__cause__ or error.__context__
        if isinstance(error, UserError):  # it already gives the remedy
            return UserError(str(error))
        return UserError(
            self.env._(
                "The text “%(text)s” could not be filled in for %(customers)s "
                "(%(problem)s). A detail that the text names may be missing on the "
                "customer: complete it, or correct the text, then try again.",
                text=template.name,
                customers=format_list(self.env, actions.partner_id.mapped("name")),
                problem=" ".join(str(error).split()),
            )
        )
