import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq

# Days after the sending of a message for which its link is valid.
LINK_DAYS = 180
LARGEST_ID = 2**31 - 1  # of PostgreSQL


class DunningDelivery(models.Model):
    """Personal link of a delivery: its token, and the visits by it (S4-02).

    The opening of a message is not tracked, only the use of its link. The link ends
    with its delivery: once that is recalled, returned or too old, it opens nothing any
    more.
    """

    _inherit = "dunning.delivery"

    access_token = fields.Char(
        copy=False,
        groups="base.group_system",
        help="Gives access to the customer's open items: keep it secret.",
    )
    followed_at = fields.Datetime(
        string="Link Followed At", help="First time the customer followed the link."
    )
    followed_count = fields.Integer(
        string="Link Followed", help="Number of times the customer followed the link."
    )

    def _create_links(self):
        """Give each delivery a secret link, and the customers' invoices the tokens that
        its page needs: showing the page changes nothing."""
        for delivery in self:
            delivery.access_token = secrets.token_urlsafe(24)
        for (company, day), actions in self.action_id._grouped_by_day().items():
            statement = self.env["dunning.statement"]
            opens = statement._get_open_items(actions.partner_id, day, company)
            items = (item for amounts in opens.values() for item in amounts)
            moves = self.env["account.move.line"].union(*items).move_id
            moves._dunning_ensure_tokens()

    def _get_link(self):
        """Return the full address of the link, False without a delivery."""
        if not self:
            return False
        path = f"/my/follow-up/{self.id}/{self.access_token}"
        return self.action_id.get_base_url() + path

    @api.model
    def _find_link(self, delivery_id, token):
        """Return the delivery that a link opens, as superuser; empty if the link is not
        valid.

        :param token: as a visitor gave it
        """
        if delivery_id > LARGEST_ID:
            return self.browse()
        # sudo: the visitor has no user; the token, compared below, gives access
        delivery_sudo = self.sudo().browse(delivery_id).exists()
        own = delivery_sudo.access_token or ""
        is_right = own and consteq(own.encode(), token.encode())
        return delivery_sudo.filtered(lambda way: is_right and way._is_link_valid())

    def _is_link_valid(self):
        """Return whether the message was sent, is not too old, and was not recalled."""
        sent = self.performed_date
        today = self.company_id._dunning_today()
        return self._is_performed() and today <= sent + timedelta(days=LINK_DAYS)

    def _register_followed(self):
        """Record that the customer followed the link, the first time also in the
        chatters."""
        self.ensure_one()
        is_first = not self.followed_at
        self.write(
            {
                "followed_at": self.followed_at or fields.Datetime.now(),
                "followed_count": self.followed_count + 1,
            }
        )
        if is_first:
            lang = self.company_id._dunning_get_lang()
            note = self.with_context(lang=lang).env._(
                "The customer followed the link of “%(action)s”.",
                action=self.action_id.step_id.name or self.action_id.display_name,
            )
            self._log_result(note)
