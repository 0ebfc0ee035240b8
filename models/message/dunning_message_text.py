from markupsafe import Markup

from odoo import api, fields, models

from ..setup.day_format import format_day
from ..setup.roles import COLLEAGUES

# Style of the single request of an e-mail.
REQUEST_STYLE = "margin: 16px 0; padding: 2px 0 2px 14px; border-left: 3px solid %s;"
DEFAULT_COLOR = "#3b4a63"


class DunningMessageMixin(models.AbstractModel):
    """Extend messages with their common sentences: greeting, request, signature.

    The request follows the step: one aim, in its tone, with one date (S4-22..S4-26).
    """

    _inherit = "dunning.message.mixin"

    greeting = fields.Char(compute="_compute_texts", compute_sudo=True)
    due_text = fields.Char(
        string="Due Date Sentence",
        compute="_compute_texts",
        compute_sudo=True,
        help="Sentence giving the date on which the amount falls or fell due.",
    )
    request_html = fields.Html(
        string="Request",
        compute="_compute_texts",
        compute_sudo=True,
        sanitize=False,
        help="Request made by the step, with its deadline; empty when it asks for "
        "nothing.",
    )
    due_short_text = fields.Char(
        string="Due Since",
        compute="_compute_texts",
        compute_sudo=True,
        help="For a subject or a short text: since when or for when the amount is due, "
        "or for how many items if their due dates differ.",
    )
    salesperson_text = fields.Char(
        string="Salesperson Sentence",
        compute="_compute_texts",
        compute_sudo=True,
        help="Sentence naming the customer's salesperson, who gets a copy or can be "
        "turned to; empty without one.",
    )
    is_last_reminder = fields.Boolean(
        string="Last Reminder",
        compute="_compute_texts",
        compute_sudo=True,
        help="Whether no enabled reminder follows this one in its scenario.",
    )
    signature_html = fields.Html(
        string="Signature", compute="_compute_texts", compute_sudo=True, sanitize=False
    )

    @api.depends(
        "kind", "step_id.request", "step_id.tone", "contact_id", "request_date"
    )
    @api.depends_context("lang", "dunning_day", "dunning_channel")
    def _compute_texts(self):
        for action in self:
            action.greeting = action._get_greeting()
            action.due_text = action._get_due_sentence()
            action.is_last_reminder = bool(
                action.step_id and action.step_id._is_last_reminder()
            )
            action.due_short_text = action._tell_due_dates()
            action.salesperson_text = action._tell_salesperson()
            action.request_html = action._get_request_paragraphs()
            action.signature_html = action._get_signature()

    def _is_letter(self):
        return self.env["dunning.channel"]._get_current_style() == "paper"

    def _is_formal(self):
        """Return whether the message has the forms of a letter: on paper, or about the
        law."""
        step = self.step_id
        is_legal = step.is_formal_notice or step.tone == "formal"
        is_inside = step.recipient in COLLEAGUES
        return self._is_letter() or (is_legal and not is_inside)

    # ---- greeting and signature ------------------------------------------------------

    def _get_greeting(self):
        """Return the greeting: by name for one person, without for a department, a
        company or several readers."""
        contact = self.contact_id.with_env(self.env)
        if self.step_id.recipient in COLLEAGUES:
            return contact._dunning_get_colleague_greeting()
        if self._is_formal():
            return contact._dunning_get_letter_greeting()
        if self._has_several_readers():
            return self.env._("Hello,")
        return contact._dunning_get_greeting()

    def _has_several_readers(self):
        """Return whether the message goes to more than one e-mail address; extended by
        the deliveries."""
        return False

    def _get_signature(self):
        collector = self.collector_id
        if self._is_formal():
            closing = self.contact_id.with_env(self.env)._dunning_get_letter_closing()
        else:
            closing = self.env._("Kind regards,")
        signed = (collector.name, self.company_id.name)
        phone = collector.phone or self.company_id.phone
        lines = Markup("<br/>").join(text for text in (*signed, phone) if text)
        return Markup("<p>%s</p><p>%s</p>") % (closing, lines)

    def _get_due_sentence(self):
        """Return a sentence with the single due date, or with the decisive one: the
        next in a notice, the oldest in a reminder."""
        is_notice = self.kind == "notice"
        due_date = self.next_due_date if is_notice else self.oldest_due_date
        if not due_date:
            return False
        day = format_day(self.env, due_date)
        is_one_day = len(set(self._get_message_lines().mapped("due_date"))) == 1
        if is_notice and is_one_day:
            return self.env._("It falls due on %(day)s.", day=day)
        if is_notice:
            return self.env._("The first due date is %(day)s.", day=day)
        if is_one_day:
            return self.env._("It was due on %(day)s.", day=day)
        return self.env._("The oldest due date is %(day)s.", day=day)

    def _tell_due_dates(self):
        """Return since when the amount is due, without a day where it holds for a part
        only."""
        lines = self._get_message_lines()
        days = set(filter(None, lines.mapped("due_date")))
        if len(days) > 1:
            return self.env._("due for %(count)s items", count=len(lines))
        if not days:
            return False
        day = format_day(self.env, days.pop(), "short")
        if self.kind == "notice":
            return self.env._("payable on %(day)s", day=day)
        return self.env._("due since %(day)s", day=day)

    def _tell_salesperson(self):
        """Return the sentence naming the salesperson, False without one who is not the
        collector."""
        person, step = self.salesperson_id, self.step_id
        is_known = person.active and person != self.collector_id
        if not is_known or step.recipient in COLLEAGUES:
            return False
        if step.is_salesperson_copied and not self._is_letter():
            return self.env._(
                "%(name)s, your sales contact, receives a copy of this message.",
                name=person.name,
            )
        named = f"{person.name} ({person.phone})" if person.phone else person.name
        return self.env._(
            "You can also turn to your sales contact, %(name)s.", name=named
        )

    # ---- request ---------------------------------------------------------------------

    def _get_request_paragraphs(self):
        if not self.step_id.request:
            return False
        day = format_day(self.env, self.request_date)
        strong = Markup("<strong>%s</strong>")
        sentences = [
            self._get_request(strong % day, self.amount_text),
            self._get_discount_sentence(),
            self._get_credit_sentence(),
            self._get_named_sentence(),
        ]
        text = Markup(" ").join(filter(None, sentences))
        if self._is_letter():
            return Markup("<p>%s</p>") % text
        color = self.company_id.email_secondary_color or DEFAULT_COLOR
        return Markup('<p style="%s">%s</p>') % (REQUEST_STYLE % color, text)

    def _get_credit_sentence(self):
        """Return a sentence on the credits deducted, False without any."""
        return self.credits_text and self.env._(
            "We have deducted %(credits)s that stands to your credit.",
            credits=self.credits_text,
        )

    def _get_named_sentence(self):
        """Return a sentence on the credits in other currencies, which are not deducted,
        False without any."""
        named = [
            row._replace(amount=row.told)
            for row in self._unpack_rows()
            if row.code == "named"
        ]
        return bool(named) and self.env._(
            "Your credit of %(credits)s is in another currency: it is not deducted.",
            credits=self._format_sums(named),
        )

    def _get_discount_sentence(self):
        """Return a sentence on the early-payment discounts that a notice is in time
        for, False without any."""
        return False

    def _get_request(self, day, amount):
        """Return the request, in one or two sentences.

        :param day: markup of the requested day
        :param amount: amount or amounts asked for, as text
        """
        if self.step_id.request == "payment":
            return self._get_payment_request(day, amount)
        if self.step_id.request == "confirmation":
            return self._get_confirmation_request(day, amount)
        return self._get_reply_request(day, amount)

    def _get_payment_request(self, day, amount):
        env = self.env
        if self.kind == "notice":
            return env._(
                "Would you please plan this payment of %(amount)s for %(day)s?",
                amount=amount,
                day=day,
            )
        if self.step_id.is_formal_notice:
            return self._get_notice_request(day, amount)
        if self.step_id.tone == "courteous":
            return env._(
                "Would you please pay %(amount)s by %(day)s?", amount=amount, day=day
            )
        if self.step_id.tone == "neutral":
            return env._("Please pay %(amount)s by %(day)s.", amount=amount, day=day)
        return env._(
            "We ask you to pay the whole amount of %(amount)s by %(day)s.",
            amount=amount,
            day=day,
        )

    def _get_notice_request(self, day, amount):
        """Return the demand of a formal notice."""
        values = {"amount": amount, "day": day, "days": self.step_id.request_days}
        if self._is_letter():
            return self.env._(
                "We give you formal notice to pay %(amount)s by %(day)s, or within "
                "%(days)s days of receiving this letter if that is later.",
                **values,
            )
        return self.env._(
            "We give you formal notice to pay %(amount)s by %(day)s, or within "
            "%(days)s days of receiving this message if that is later.",
            **values,
        )

    def _get_confirmation_request(self, day, amount):
        env = self.env
        if self.kind != "notice":
            return env._(
                "Could you confirm to us, by %(day)s, when you will pay %(amount)s?",
                amount=amount,
                day=day,
            )
        if self.request_date > self.next_due_date:  # it leaves on the due day itself
            return env._(
                "Could you confirm to us, by %(day)s, that the payment of %(amount)s "
                "is on its way?",
                amount=amount,
                day=day,
            )
        if self.claim_count == 1:
            return env._(
                "Could you confirm to us, by %(day)s, that you have received this "
                "invoice and that it will be paid on its due date?",
                day=day,
            )
        return env._(
            "Could you confirm to us, by %(day)s, that you have received these "
            "invoices and that they will be paid on their due dates?",
            day=day,
        )

    def _get_reply_request(self, day, amount):
        env = self.env
        if self.kind == "notice" and self.claim_count == 1:
            return env._(
                "Could you tell us, by %(day)s, whether this invoice is in order?",
                day=day,
            )
        if self.kind == "notice":
            return env._(
                "Could you tell us, by %(day)s, whether these invoices are in order?",
                day=day,
            )
        return env._(
            "Could you tell us, by %(day)s, when you will pay %(amount)s, or what is "
            "holding the payment back?",
            amount=amount,
            day=day,
        )
