import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models

# Days after the sending of a message for which its link is valid.
LINK_DAYS = 180
KEY_BYTES = 24


class DunningDelivery(models.Model):
    """Personal link of a delivery: the hash of its key, and the visits by it (S4-02).

    The opening of a message is not tracked, only the use of its link. The key itself is
    written into the message and kept nowhere else. It opens nothing any more once the
    message is recalled or too old, or the customer or the contact written to is
    archived, merged, moved or anonymised.
    """

    _inherit = "dunning.delivery"

    key_hash = fields.Char(
        copy=False,
        groups="base.group_system",
        help="Hash of the key of the customer's page.",
    )
    key_customer = fields.Integer(
        copy=False,
        groups="base.group_system",
        help="Customer for whom the key was made: it opens the page of no other one.",
    )
    key_contact = fields.Integer(
        copy=False,
        groups="base.group_system",
        help="Contact for whom the key was made.",
    )
    followed_at = fields.Datetime(
        string="Link Followed At", help="First time the customer followed the link."
    )
    followed_count = fields.Integer(
        string="Link Followed", help="Number of times the customer followed the link."
    )

    _key_index = models.UniqueIndex(
        "(key_hash) WHERE key_hash IS NOT NULL", "Each key opens one page."
    )

    def _create_links(self):
        """Give each delivery a new key. It is known until the end of the transaction,
        in which its message is written."""
        for delivery in self:
            key = secrets.token_urlsafe(KEY_BYTES)
            delivery._get_known_keys()[delivery.id] = key
            delivery.write(
                {
                    "key_hash": self._hash_key(key),
                    "key_customer": delivery.action_id.partner_id.id,
                    "key_contact": delivery.contact_id.id,
                }
            )

    def _get_known_keys(self):
        """Return {id of a delivery: key} of the keys made in this transaction."""
        return self.env.cr.cache.setdefault("dunning_page_keys", {})

    @api.model
    def _hash_key(self, key):
        return hashlib.sha256(key.encode()).hexdigest()

    def _get_link(self):
        """Return the full address of the customer's page, False unless the message is
        being written."""
        key = self and self._get_known_keys().get(self.id)
        return bool(key) and f"{self.action_id.get_base_url()}/f/{key}"

    @api.model
    def _find_link(self, key):
        """Return the delivery that a key opens, as superuser; empty if it is not valid.

        :param key: as a visitor gave it
        """
        # sudo: the visitor has no user; the key gives access
        delivery_sudo = self.sudo()
        delivery_sudo = delivery_sudo.search(
            [("key_hash", "=", self._hash_key(key))], limit=1
        )
        return delivery_sudo.filtered(lambda way: way._is_link_valid())

    def _is_link_valid(self):
        """Return whether the message was sent, is not too old, was not recalled, and
        its customer and contact are still those written to."""
        if not self._is_performed():
            return False
        today = self.company_id._dunning_today()
        if today > self.performed_date + timedelta(days=LINK_DAYS):
            return False
        customer, contact = self.action_id.partner_id, self.contact_id
        is_same = (customer.id, contact.id) == (self.key_customer, self.key_contact)
        people = customer | contact
        return (
            is_same
            and all(people.mapped("active"))
            and people.commercial_partner_id == customer
        )

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
