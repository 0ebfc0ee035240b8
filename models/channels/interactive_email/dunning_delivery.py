import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq

# How long after its sending a link opens the customer's account.
LINK_DAYS = 180
LARGEST_ID = 2**31 - 1  # of PostgreSQL


class DunningDelivery(models.Model):
    """The personal link of a delivery: whom it lets in, and whether it was followed
    (S4-02).

    Opening a message is not watched: only who follows the link says so. The link ends
    with its delivery: called back, returned, too old, it opens nothing any more.
    """

    _inherit = "dunning.delivery"

    access_token = fields.Char(
        copy=False,
        groups="base.group_system",
        help="Whoever has it sees the customer's open items.",
    )
    followed_at = fields.Datetime(
        string="Link Followed At", help="When the customer first followed the link."
    )
    followed_count = fields.Integer(
        string="Link Followed", help="How often the customer followed the link."
    )

    def _give_links(self):
        """Give each delivery a link that nobody guesses, and the customers' invoices
        the keys that its page needs: showing it changes nothing."""
        for delivery in self:
            delivery.access_token = secrets.token_urlsafe(24)
        for (company, day), actions in self.action_id._grouped_by_day().items():
            statement = self.env["dunning.statement"]
            opens = statement._get_open(actions.partner_id, day, company)
            items = (item for amounts in opens.values() for item in amounts)
            moves = self.env["account.move.line"].union(*items).move_id
            moves._dunning_ensure_tokens()

    def _get_link(self):
        """Return the full address of the link, nothing for no delivery."""
        if not self:
            return False
        path = f"/my/follow-up/{self.id}/{self.access_token}"
        return self.action_id.get_base_url() + path

    @api.model
    def _find_link(self, delivery_id, token):
        """Return the delivery that a link opens, as superuser; none if it opens none.

        :param token: as a visitor gave it
        """
        if delivery_id > LARGEST_ID:
            return self.browse()
        # sudo: the visitor is nobody; the token, compared below, is their right
        delivery_sudo = self.sudo().browse(delivery_id).exists()
        own = delivery_sudo.access_token or ""
        is_right = own and consteq(own.encode(), token.encode())
        return delivery_sudo.filtered(lambda way: is_right and way._is_link_valid())

    def _is_link_valid(self):
        """Tell whether the message was sent, not long ago, and not called back."""
        sent = self.performed_date
        today = self.company_id._dunning_today()
        return self._is_performed() and today <= sent + timedelta(days=LINK_DAYS)

    def _register_followed(self):
        """Take note that the customer followed the link; the first time also in the
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
            lang = self.company_id.partner_id.lang
            note = self.with_context(lang=lang).env._(
                "The customer followed the link of “%(action)s”.",
                action=self.action_id.step_id.name or self.action_id.display_name,
            )
            self._log_result(note)
