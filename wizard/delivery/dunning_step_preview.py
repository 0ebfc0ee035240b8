from urllib.parse import urlencode

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize, prepend_html_content

from ...models.setup.guard.guard import SEAL, by_code

PDF_VIEWER = "/web/static/lib/pdfjs/web/viewer.html?"
EXCERPT_LENGTH = 80
LETTER_URL = "/account_dunning_scenario/preview?"


class DunningStepPreview(models.TransientModel):
    """Preview of a step for a customer, before anything leaves.

    For a waiting action: its message as it would leave now. For a step: its message
    about the customer's open items that suit it. Previews leave no trace.
    """

    _name = "dunning.step.preview"
    _description = "Preview of a Step"
    _inherit = ["dunning.wizard.mixin"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self._default_company_id(),
    )
    action_id = fields.Many2one(comodel_name="dunning.action")
    scenario_id = fields.Many2one(
        comodel_name="dunning.scenario",
        compute="_compute_scenario_id",
        store=True,
        readonly=False,
    )
    step_id = fields.Many2one(
        comodel_name="dunning.step",
        compute="_compute_step_id",
        store=True,
        readonly=False,
        domain="[('scenario_id', '=?', scenario_id)]",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        domain="[('parent_id', '=', False)]",
        help="Suggested: the customer for whom this step has been due longest.",
    )
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel"]._get_selection(),
        compute="_compute_channel",
        store=True,
        readonly=False,
        help="Suggested: the channel that would be used now.",
    )
    channels = fields.Char(compute="_compute_channels")
    nature = fields.Char(compute="_compute_nature")
    is_mail = fields.Boolean(compute="_compute_content")
    lang_name = fields.Char(string="Language", compute="_compute_content")
    recipients = fields.Char(compute="_compute_content")
    sender = fields.Char(compute="_compute_content")
    reply_to = fields.Char(compute="_compute_content")
    subject = fields.Char(compute="_compute_content")
    attachment_names = fields.Char(string="Attachments", compute="_compute_content")
    body = fields.Html(compute="_compute_content", sanitize=False)
    note = fields.Html(compute="_compute_content", sanitize=False)
    letter = fields.Html(compute="_compute_content", sanitize=False)
    findings_html = fields.Html(
        string="Message Check", compute="_compute_content", sanitize=False
    )
    reason = fields.Char(compute="_compute_content")
    test_email = fields.Char(
        string="Send a Test To", default=lambda self: self.env.user.email
    )

    @api.model
    def _default_company_id(self):
        """Return the company of the previewed action, else the current one."""
        action_id = self.env.context.get("default_action_id")
        action = self.env["dunning.action"].browse(action_id)
        return action.company_id or self.env.company

    # ---- choices ---------------------------------------------------------------------

    @api.depends("partner_id", "company_id")
    def _compute_scenario_id(self):
        """Propose the customer's scenario."""
        for preview in self.filtered(lambda preview: not preview.scenario_id):
            preview.scenario_id = (
                preview.action_id.scenario_id
                or preview.step_id.scenario_id
                or preview._get_played_scenario()
            )

    def _get_played_scenario(self):
        """Return the customer's scenario in the company."""
        company = self.company_id
        customer = self.partner_id.commercial_partner_id._origin
        if not (company and customer):
            return company._dunning_default_scenario()
        standing = self.env["dunning.explainer"]._get_standing(
            company, customer, company._dunning_today()
        )
        return self.env["dunning.scenario"].browse(standing["scenario_id"])

    @api.depends("action_id", "scenario_id")
    def _compute_step_id(self):
        for preview in self:
            steps = preview.scenario_id.step_ids
            if preview.action_id:
                preview.step_id = preview.action_id.step_id
            elif preview.step_id.scenario_id != preview.scenario_id:
                reminders = steps.filtered(lambda step: step.kind == "reminder")
                preview.step_id = reminders[:1] or steps[:1]

    @api.depends("action_id", "step_id", "company_id")
    def _compute_partner_id(self):
        """Propose the customer for whom the step has been due longest."""
        rehearsal = self.env["dunning.rehearsal"]
        for preview in self:
            if preview.action_id:
                preview.partner_id = preview.action_id.partner_id
            elif not preview.partner_id and preview.step_id:
                company = preview.company_id
                items = rehearsal._get_items(
                    preview.step_id.kind, company, company._dunning_today(), limit=1
                )
                preview.partner_id = items.partner_id.commercial_partner_id

    @api.depends("action_id", "step_id")
    def _compute_channels(self):
        for preview in self:
            preview.channels = ",".join(preview._get_channels())

    @api.depends("action_id", "step_id")
    def _compute_channel(self):
        for preview in self:
            if preview.channel not in preview._get_channels():
                preview.channel = preview._get_likely_channel()

    @api.depends("channel")
    def _compute_nature(self):
        Channel = self.env["dunning.channel"]
        for preview in self:
            code = preview.channel
            preview.nature = Channel._get_nature(code) if code else False

    def _get_channels(self):
        """Return the channel codes of the step: first, second, fallback."""
        step = self.step_id
        first = self.action_id.channel or step.channel
        ways = (first, step.second_channel, step.fallback_channel)
        return list(dict.fromkeys(filter(None, ways)))

    def _get_likely_channel(self):
        """Return the channel that an action would leave by, else the step's first."""
        action = self.action_id._origin
        if not action:
            return self.step_id.channel
        courier = self.env["dunning.courier"]
        ways = courier._get_open_ways(action, courier._get_addresses(action))
        return next(iter(ways), action.channel)

    # ---- content ---------------------------------------------------------------------

    @api.depends("company_id", "action_id", "step_id", "partner_id", "channel")
    def _compute_content(self):
        for preview in self:
            preview.update(preview._prepare_content())

    def _prepare_content(self):
        """Return the values of the fields that show the message."""
        names = ("recipients", "sender", "reply_to", "subject")
        empty = dict.fromkeys(
            [
                *names,
                "lang_name",
                "attachment_names",
                "body",
                "findings_html",
                "is_mail",
                "letter",
                "note",
            ],
            False,
        )
        try:
            # Letters are printed only by the viewer, as this takes a second.
            content = self.with_context(dunning_skip_pdf=SEAL)._rehearse()
        except UserError as error:
            return {**empty, "reason": str(error)}
        body = content.get("body")
        files = [name for name, _raw in content.get("attachments", ())]
        letter = self._get_letter_frame(content.get("subject"))
        return {
            **empty,
            **{name: content.get(name) for name in names},
            "lang_name": self.env["res.lang"]._get_data(code=content["lang"]).name,
            "attachment_names": ", ".join(files),
            "body": body if self.nature == "sent" else False,
            "note": body if self.nature == "human" else False,
            "letter": "document" in content and letter,
            "findings_html": self.env["dunning.message.checker"]._render(
                content["findings"]
            ),
            "is_mail": bool(content.get("sender")) and self.nature == "sent",
            "reason": False,
        }

    def _rehearse(self):
        """Return the message for the customer, see `dunning.rehearsal`.

        :raise UserError: with the reason if there is nothing to show
        """
        self.ensure_one()
        if not self.step_id and not self.action_id:
            raise UserError(self.env._("Choose a step."))
        if not self.partner_id:
            raise UserError(
                self.env._("Choose a customer: this step is not due for anybody today.")
            )
        if self.channel not in self._get_channels():
            raise UserError(self.env._("Choose a channel of the step."))
        return self.env["dunning.rehearsal"]._play(
            self.company_id,
            self.partner_id._origin.commercial_partner_id,
            self.step_id._origin,
            self.channel,
            self.action_id._origin,
        )

    def _get_letter_frame(self, title):
        viewer = PDF_VIEWER + urlencode({"file": self._get_letter_url()})
        return Markup(
            '<iframe src="%s" title="%s" class="w-100 border" style="height: 75vh"/>'
        ) % (f"{viewer}#zoom=page-width", title)

    def _get_letter_url(self, **parameters):
        values = {
            "company_id": self.company_id.id,
            "action_id": self.action_id._origin.id,
            "step_id": self.step_id._origin.id,
            "partner_id": self.partner_id._origin.id,
            "channel": self.channel,
            **parameters,
        }
        return LETTER_URL + urlencode({k: v for k, v in values.items() if v})

    # ---- buttons ---------------------------------------------------------------------

    def action_download(self):
        """Print the letter of the preview; it is neither kept nor meant for posting."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self._get_letter_url(download=1),
            "target": "download",
        }

    def action_send_test(self):
        """Send the e-mail to a colleague as the customer would get it.

        :raise UserError: the address is invalid, or it is the customer's
        """
        self.ensure_one()
        address = self._get_test_address()
        # sudo: users may not write the outgoing queue; the mail is linked to no record
        mail_sudo = by_code(self.env["mail.mail"].sudo())
        mail_sudo.create(self._prepare_test_values(self._rehearse(), address))
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The test is on its way to %(address)s. The customer gets nothing.",
                    address=address,
                ),
            },
        }

    def _get_test_address(self):
        address = email_normalize(self.test_email or "")
        if not address:
            raise UserError(
                self.env._(
                    "“%(text)s” is not an e-mail address. Write a single one, such as "
                    "name@example.com.",
                    text=(self.test_email or "")[:EXCERPT_LENGTH],
                )
            )
        theirs = self.partner_id.search_count(
            [
                ("id", "child_of", self.partner_id.commercial_partner_id.id),
                ("email_normalized", "=", address),
            ],
            limit=1,
        )
        if theirs:
            raise UserError(
                self.env._(
                    "%(address)s is an address of the customer. Send the test to "
                    "yourself or to a colleague.",
                    address=address,
                )
            )
        self._check_is_colleague(address)
        return address

    def _check_is_colleague(self, address):
        """Refuse an address outside the company, where a customer's debts must not be
        known.

        :raise UserError: no internal user has the address
        """
        colleagues = self.env["res.users"].search_count(
            [("share", "=", False), ("email_normalized", "=", address)], limit=1
        )
        if not colleagues:
            raise UserError(
                self.env._(
                    "%(address)s is not the address of a user of this database. Send "
                    "the test to yourself or to a colleague.",
                    address=address,
                )
            )

    def _prepare_test_values(self, content, address):
        author = self.env.user.partner_id
        banner = self.env["ir.qweb"]._render(
            "account_dunning_scenario.dunning_test_banner", {"preview": self}
        )
        return {
            "subject": self.env._("[Test] %(subject)s", subject=content["subject"]),
            # Both as plain text: the mail's body is HTML already, and must not be
            # escaped.
            "body_html": prepend_html_content(str(content["body"]), str(banner)),
            "author_id": author.id,
            "email_from": content["sender"],
            "email_to": address,
            "reply_to": author.email_formatted or address,
            "mail_server_id": content.get("mail_server_id"),
            "message_type": "email_outgoing",
            "auto_delete": True,
            "attachment_ids": [
                fields.Command.create({"name": name, "raw": raw, "type": "binary"})
                for name, raw in content.get("attachments", ())
            ],
        }
