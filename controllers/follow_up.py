import re

from odoo.http import Controller, request, route

PAGE = "account_dunning_scenario.follow_up_page"
GONE_PAGE = "account_dunning_scenario.follow_up_page_gone"
# Programs that follow links ahead of the reader: mail filters, previews of messengers.
MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|skypeuripreview"
    r"|mimecast|proofpoint|barracuda|safelinks|urldefense|headless|curl/|wget/"
    r"|python-requests|go-http-client|java/",
    re.IGNORECASE,
)
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class FollowUpController(Controller):
    @route(
        "/my/follow-up/<int:delivery_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def follow_up(self, delivery_id, token, **_parameters):
        """Show a customer what is open on their account, by the link of a message.

        Nothing changes by looking but the record that the link was followed, by a
        person of the customer.
        """
        Delivery = request.env["dunning.delivery"]
        delivery_sudo = Delivery._find_link(delivery_id, token)
        if not delivery_sudo:
            response = request.render(GONE_PAGE, status=404)
        else:
            if self._is_customer():
                delivery_sudo._register_followed()
            response = request.render(PAGE, self._get_values(delivery_sudo))
        response.headers.update(PRIVATE_HEADERS)
        return response

    def _is_customer(self):
        """Tell whether a person of the customer follows the link: no program that
        looks ahead, no colleague who tries the link of the customer's chatter."""
        http_request = request.httprequest
        headers = http_request.headers
        purposes = " ".join(headers.get(name, "") for name in PREFETCH_HEADERS)
        is_ahead = "prefetch" in purposes or "preview" in purposes
        is_machine = MACHINES.search(headers.get("User-Agent", ""))
        is_colleague = request.env.user._is_internal()
        return not (
            http_request.method == "HEAD" or is_ahead or is_machine or is_colleague
        )

    def _get_values(self, delivery_sudo):
        """Return what the page shows: all that is open, how to pay, whom to answer."""
        action_sudo = delivery_sudo.action_id
        lang = action_sudo._get_reader_langs()[action_sudo]
        request.update_context(lang=lang)
        return {
            **action_sudo.with_context(lang=lang)._get_page_values(),
            "html_data": {"lang": lang.replace("_", "-")},
        }
