import re

from odoo.http import Controller, request, route

from .customer_page import (
    answer_busy,
    answer_gone,
    is_barred,
    is_key,
    is_worn,
    keep_private,
    read_id,
)

PAGE = "account_dunning_scenario.follow_up_page"
# Programs that follow links before the reader: mail filters, link previews.
MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|skypeuripreview"
    r"|mimecast|proofpoint|barracuda|safelinks|urldefense|headless|curl/|wget/"
    r"|python-requests|go-http-client|java/",
    re.IGNORECASE,
)
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


class FollowUpController(Controller):
    """Page of the customer's open items."""

    @route(
        "/my/follow-up/<string:delivery_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def follow_up(self, delivery_id, token, **_parameters):
        """Show a customer their open items, by the link in a message.

        A visit only records that a person of the customer followed the link.
        """
        if is_barred():
            return answer_busy()
        Delivery = request.env["dunning.delivery"]
        number = read_id(delivery_id)
        delivery_sudo = is_key(token) and Delivery._find_link(number, token)
        if not delivery_sudo:
            return answer_gone()
        if is_worn(token):
            return answer_busy()
        if self._is_customer(delivery_sudo):
            delivery_sudo._register_followed()
        return keep_private(request.render(PAGE, self._get_values(delivery_sudo)))

    def _is_customer(self, delivery_sudo):
        """Return whether a person of the customer follows the link: neither a program
        nor a user logged in as somebody else."""
        http_request = request.httprequest
        headers = http_request.headers
        purposes = " ".join(headers.get(name, "") for name in PREFETCH_HEADERS)
        is_ahead = "prefetch" in purposes or "preview" in purposes
        is_machine = MACHINES.search(headers.get("User-Agent", ""))
        user = request.env.user
        customer_sudo = delivery_sudo.action_id.partner_id.commercial_partner_id
        is_other = not user._is_public() and user.commercial_partner_id != customer_sudo
        return not (http_request.method != "GET" or is_ahead or is_machine or is_other)

    def _get_values(self, delivery_sudo):
        """Return the values of the page: open items, payment details, contact."""
        action_sudo = delivery_sudo.action_id
        lang = delivery_sudo._in_channel().action_id._get_reader_langs()[action_sudo]
        request.update_context(lang=lang)
        return {
            **action_sudo.with_context(lang=lang)._get_page_values(),
            "html_data": {"lang": lang.replace("_", "-")},
        }
