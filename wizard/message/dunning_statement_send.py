from base64 import b64encode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date
from odoo.tools.pdf import merge_pdf

from ...models.journal.dunning_chronicle import Told
from ...models.setup.guard.guard import by_code

TEMPLATE = "account_dunning_scenario.mail_template_statement"
NAMES_SHOWN = 20


class DunningStatementSend(models.TransientModel):
    """Give customers their statement of account, by e-mail or as PDF.

    A statement is information, neither a step nor a contact: it does not wait for the
    days between two contacts, and does not count in them.
    """

    _name = "dunning.statement.send"
    _description = "Statement of Account"
    _inherit = ["dunning.wizard.mixin"]

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        required=True,
        default=lambda self: self._default_partner_ids(),
    )
    day = fields.Date(
        string="As of",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
        help="Today or a past day: the statement shows what was open on that day.",
    )
    unreachable_ids = fields.Many2many(
        comodel_name="res.partner",
        string="No E-mail Address",
        compute="_compute_unreachable_ids",
    )
    is_reachable = fields.Boolean(compute="_compute_unreachable_ids")
    document = fields.Binary(readonly=True)
    document_name = fields.Char(readonly=True)

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        selected = self.env.context.get("active_ids") or []
        return self.env["res.partner"].browse(selected).commercial_partner_id

    @api.depends("partner_ids", "company_id")
    def _compute_unreachable_ids(self):
        for wizard in self:
            customers = wizard._get_customers()
            readers = wizard._get_readers(wizard._prepare_messages(customers))
            wizard.unreachable_ids = customers - wizard._get_reached(readers)
            wizard.is_reachable = bool(readers)

    # ---- buttons ---------------------------------------------------------------------

    def action_send(self):
        """Queue one e-mail per customer with an address, all or none.

        :raise UserError: the day is in the future, or no customer has an address
        """
        self.ensure_one()
        customers = self._check()
        messages = self._prepare_messages(customers)
        readers = self._get_readers(messages)
        if not readers:
            raise UserError(
                self.env._(
                    "None of these customers has an e-mail address. Download the PDF "
                    "instead, or complete their address."
                )
            )
        # sudo: users may not write the outgoing queue
        mails_sudo = by_code(self.env["mail.mail"].sudo())
        sendings_sudo = self._register_sendings(readers)
        mails_sudo = mails_sudo.create(
            self._prepare_mail_values_list(readers, sendings_sudo)
        )
        self._log_sendings(sendings_sudo, mails_sudo.mail_message_id)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        left_out = customers - self._get_reached(readers)
        return self._get_result(len(readers), left_out)

    def action_print(self):
        """Download the statements of all customers as one PDF.

        :raise UserError: the day is in the future, or printing fails
        """
        self.ensure_one()
        customers = self._check().sorted("name")
        pdfs = list(self._get_statement()._get_pdfs(customers, self.day).values())
        name = self._get_file_name(customers if len(customers) == 1 else None)
        self.write({"document": b64encode(merge_pdf(pdfs)), "document_name": name})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/document"
            "?download=true&filename_field=document_name",
            "target": "download",
        }

    # ---- business --------------------------------------------------------------------

    def _check(self):
        """Check day and rights; return the customers."""
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You do not work in the company %(company)s.",
                    company=self.company_id.name,
                )
            )
        self.partner_ids.check_access("read")
        if not self.partner_ids:
            raise UserError(self.env._("Choose the customers first."))
        if self.day > self.company_id._dunning_today():
            raise UserError(
                self.env._("This day is in the future: choose today or a past day.")
            )
        return self._get_customers()

    def _get_customers(self):
        return self.partner_ids._origin.commercial_partner_id

    def _get_statement(self):
        return self.env["dunning.statement"].with_company(self.company_id)

    def _prepare_messages(self, customers):
        """Return one unsaved action without claims per customer, to address the
        statement like every message of the follow-up."""
        Action = self.env["dunning.action"]
        return Action.concat(
            *(
                Action.new(
                    {
                        "company_id": self.company_id.id,
                        "partner_id": customer.id,
                        "collector_id": self.env.uid,
                    }
                )
                for customer in customers
            )
        )

    def _get_readers(self, messages):
        """Return {message: contacts}, without messages that no e-mail address can
        receive."""
        return self.env["dunning.envelope"]._get_readers(messages)

    def _get_reached(self, readers):
        return self.env["dunning.action"].concat(*readers).partner_id

    def _get_file_name(self, customer):
        day = format_date(self.env, self.day, date_format="yyyy-MM-dd")
        if not customer:
            return self.env._("Statements of account %(day)s.pdf", day=day)
        return self.env._(
            "Statement of account %(day)s %(customer)s.pdf",
            day=day,
            customer=(customer.name or "").replace("/", "-"),
        )

    # ---- e-mail ----------------------------------------------------------------------

    def _register_sendings(self, readers):
        """Return one sending record per message, in the same order.

        :param readers: {message: contacts}
        """
        # sudo: the records are created by sending only
        sendings_sudo = self.env["dunning.statement.sending"].sudo()
        sendings_sudo = sendings_sudo.create(
            [
                {
                    "partner_id": message.partner_id.id,
                    "company_id": self.company_id.id,
                    "day": self.day,
                }
                for message in readers
            ]
        )
        # The sender follows the record, to read the reply.
        sendings_sudo.message_subscribe(self.env.user.partner_id.ids)
        return sendings_sudo

    def _log_sendings(self, sendings, messages):
        """Log the sending in the customers' chatters."""
        self.env["dunning.chronicle"]._tell_briefly(
            [
                Told(
                    sending,
                    self.env._(
                        "Statement of account on %(day)s sent by e-mail.",
                        day=format_date(self.env, self.day),
                    ),
                )
                for sending in sendings
            ],
            messages,
        )

    def _prepare_mail_values_list(self, readers, sendings):
        """Return the values of one mail per message.

        :param readers: {message: contacts}; the first one's language is used
        :param sendings: dunning.statement.sending of each message
        """
        envelope = self.env["dunning.envelope"].with_company(self.company_id)
        messages = self.env["dunning.action"].concat(*readers)
        contacts = {message: readers[message][0] for message in messages}
        addressees = self.env["res.partner"].union(*contacts.values())
        pdfs = self._get_statement()._get_pdfs(addressees, self.day)
        texts = self._render_texts(addressees)
        senders = {
            message: envelope._get_sender(message, texts[contacts[message]])
            for message in messages
        }
        replies = envelope._get_replies(messages, senders)
        return [
            {
                **self._prepare_mail_values(envelope, message, texts[contact]),
                **self._prepare_place(sending, pdfs[contact], texts[contact]["lang"]),
                "email_from": senders[message],
                "recipient_ids": [Command.set(readers[message].ids)],
                "reply_to": replies[message],
            }
            for (message, contact), sending in zip(
                contacts.items(), sendings, strict=True
            )
        ]

    def _prepare_mail_values(self, envelope, message, text):
        """Return the text values of a mail."""
        return {
            "subject": text["subject"],
            "body": text["body_html"],
            "body_html": envelope._encapsulate(
                message, text["body_html"], text["lang"]
            ),
            "author_id": self.env.user.partner_id.id,
            "message_type": "email_outgoing",
            "is_notification": True,
            "auto_delete": False,
        }

    def _prepare_place(self, sending, pdf, lang):
        """Return the record values of a mail, with its attachment, named in the
        language of its reader."""
        place = {"model": sending._name, "res_id": sending.id}
        document = {
            "name": self.with_context(lang=lang)._get_file_name(sending.partner_id),
            "raw": pdf,
            "res_model": sending._name,
            "res_id": sending.id,
        }
        return {**place, "attachment_ids": [Command.create(document)]}

    def _render_texts(self, contacts):
        """Return {contact: subject, body_html, email_from, lang} in their languages."""
        langs = self._get_langs(contacts)
        template = self.env.ref(TEMPLATE).with_company(self.company_id)
        texts = {}
        for lang, readers in contacts.grouped(langs.get).items():
            rendered = template.with_context(
                lang=lang, template_preview_lang=lang, dunning_day=self.day
            )._generate_template(readers.ids, ("subject", "body_html", "email_from"))
            texts |= {
                reader: {**rendered[reader.id], "lang": lang} for reader in readers
            }
        return texts

    def _get_langs(self, contacts):
        return {
            contact: contact._dunning_get_lang(self.company_id) for contact in contacts
        }

    def _get_result(self, count, left_out):
        """Return the number of statements sent, and the customers left out, as text."""
        message = self.env._(
            "Statements of account on their way: %(count)s.", count=count
        )
        if left_out:
            names = left_out[:NAMES_SHOWN].mapped("display_name")
            if len(left_out) > NAMES_SHOWN:
                names.append("…")
            message += " " + self.env._(
                "No e-mail address, so not written to: %(names)s.",
                names=", ".join(names),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left_out else "success",
                "sticky": bool(left_out),
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
