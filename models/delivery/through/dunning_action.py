from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...journal.dunning_action import OPEN_STATES
from ...setup.roles import COLLEAGUES


class DunningAction(models.Model):
    """Actions for customers whom only their salesperson may contact (S3-03): the
    message is ready, in the salesperson's name; once it is sent, the step is
    performed."""

    _inherit = "dunning.action"

    is_to_pass_on = fields.Boolean(
        string="To Pass On",
        compute="_compute_is_to_pass_on",
        help="The salesperson is to write to the customer.",
    )

    @api.depends("delivery_ids.state", "delivery_ids.intermediary_id")
    def _compute_is_to_pass_on(self):
        for action in self:
            action.is_to_pass_on = bool(action._get_to_pass_on())

    def _get_to_pass_on(self):
        """Return the messages that wait for the salesperson to pass them on."""
        return self.delivery_ids.filtered(
            lambda way: (
                way.state == "waiting"
                and way.intermediary_id
                and self.env["dunning.channel"]._get_nature(way.channel) != "human"
            )
        )

    @api.depends("partner_id", "salesperson_id", "delivery_ids.intermediary_id")
    def _compute_channel_text(self):
        result = super()._compute_channel_text()
        through = self._get_intermediaries()
        for action in self:
            user = through.get(action)
            if user is not None:
                action.channel_text = self.env._(
                    "%(channel)s, through %(user)s",
                    channel=action.channel_text,
                    user=user.name or self.env._("nobody"),
                )
        return result

    def _get_intermediaries(self):
        """Return {action: user who passes it on, empty if there is none}, without the
        actions that reach the customer directly: the salesperson, else the collector.

        Performed actions keep the user they went through.
        """
        through = {}
        # sudo: the contact rule is the same for all users
        for action, own in zip(self.sudo(), self, strict=True):
            company = action.company_id
            if action.state not in OPEN_STATES:
                users = action.delivery_ids.intermediary_id
                if users:
                    through[own] = users[:1]
            elif action.step_id.recipient in COLLEAGUES:
                continue
            elif action.partner_id._dunning_is_through_salesperson(company):
                seller = action.partner_id.user_id | action.salesperson_id
                through[own] = (
                    seller._dunning_get_present(company)[:1] or action._get_collector()
                )
        return through

    # ---- passing on ------------------------------------------------------------------

    def action_pass_on(self):
        """Open the message, ready to send in the user's name.

        :raise AccessError: it is not the user's to pass on
        :raise UserError: nothing waits to be passed on
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the texts are the step's; access to the message is checked below
        delivery_sudo = self.sudo()._get_to_pass_on()[:1]
        if delivery_sudo.intermediary_id != self.env.user:
            self._check_may_pass_on()
        if not delivery_sudo:
            raise UserError(self.env._("No message is waiting to be passed on."))
        text = self._get_passed_text(delivery_sudo)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to %(customer)s", customer=self.partner_id.name),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_partner_ids": delivery_sudo.contact_id.ids
                or self.partner_id.ids,
                "default_subject": text["subject"],
                "default_body": text["body_html"],
                "default_attachment_ids": [Command.set(text["attachment_ids"])],
                "dunning_pass_on": delivery_sudo.id,
            },
        }

    def _check_may_pass_on(self):
        """Check that the user may pass the message on.

        :raise AccessError: the message is another user's
        """
        if not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "Only the customer's salesperson passes this message on: tell that "
                    "person, or a collector."
                )
            )

    def _get_passed_text(self, delivery):
        """Return the message as its channel would send it now.

        :return: dict: `subject`, `body_html`, `attachment_ids`
        """
        day = delivery.company_id._dunning_today()
        delivery = delivery._in_channel().with_company(delivery.company_id)
        delivery = delivery.with_context(dunning_day=day)
        channel = delivery.env["dunning.channel"]._get(delivery.channel)
        text = channel._compose_text(delivery)
        return {"attachment_ids": [], **text}

    def message_post(self, **kwargs):
        """Perform the step of a message that was passed on to the customer.

        :raise AccessError: it is somebody else's to pass on
        :raise UserError: nobody of the customer is written to
        """
        delivery_id = self.env.context.get("dunning_pass_on")
        self = self.with_context(dunning_pass_on=None)
        if not delivery_id or len(self) != 1:
            return super().message_post(**kwargs)
        # sudo: the salesperson may not read deliveries of others; checked below
        delivery_sudo = (
            self.sudo()._get_to_pass_on().filtered(lambda way: way.id == delivery_id)
        )
        if delivery_sudo and delivery_sudo.intermediary_id != self.env.user:
            self._check_may_pass_on()
        message = super().message_post(**kwargs)
        if delivery_sudo:
            self.partner_id._dunning_check_written_to(message, delivery_sudo.contact_id)
            delivery_sudo.mail_message_id = message
            delivery_sudo.activity_id.action_feedback()
        return message
