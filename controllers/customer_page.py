"""Common parts of the customer pages that show figures."""

import ipaddress
import re

from markupsafe import Markup

from odoo.http import request

GONE_PAGE = "account_dunning_scenario.follow_up_page_gone"
BUSY_PAGE = "account_dunning_scenario.page_busy"
# Format of a key; any other text is not even searched for.
KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
# Limits within the window of `dunning.page.attempt`.
MOST_FAILURES_OF_AN_ADDRESS = 30
MOST_VISITS_BY_A_KEY = 120
DOCTYPE = Markup("<!DOCTYPE html>\n")
# Forms sent by a key, and from a network, within the same window.
MOST_FORMS_BY_A_KEY = 20
MOST_FORMS_OF_A_NETWORK = 60
RETRY_AFTER = "600"  # seconds
PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}
UNFRAMED_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


def keep_private(response, framed=False):
    """Forbid browsers, proxies, search engines and other sites to keep or show a
    response.

    :param framed: whether pages of this server may show it in a frame
    """
    response.headers.update(PRIVATE_HEADERS)
    if framed:
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    else:
        response.headers.update(UNFRAMED_HEADERS)
    return response


def is_key(token):
    """Return whether a visitor's text has the format of a key."""
    return bool(KEY.fullmatch(token))


def is_barred():
    """Return whether the visitor's address sent too many wrong keys lately."""
    failures = _attempts()._get_count(_get_address())
    return failures >= MOST_FAILURES_OF_AN_ADDRESS


def is_worn(token):
    """Count one more visit by a key, and return whether there were too many lately."""
    return _attempts()._count(f"key {token}") > MOST_VISITS_BY_A_KEY


def is_writing_worn(token):
    """Count one more form sent by a key and from the visitor's network, and return
    whether there were too many lately."""
    by_key = _attempts()._count(f"form {token}")
    by_network = _attempts()._count(f"form {get_address_prefix()}")
    return by_key > MOST_FORMS_BY_A_KEY or by_network > MOST_FORMS_OF_A_NETWORK


def get_address_prefix():
    """Return the first part of the visitor's address: it tells a network, not who."""
    try:
        parsed = ipaddress.ip_address(request.httprequest.remote_addr or "")
    except ValueError:
        return ""
    length = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, length), strict=False))


def answer_gone():
    """Count a wrong key of the visitor's address and answer that the link is invalid.

    The page is returned, not raised: an error would roll the count back.
    """
    _attempts()._count(_get_address())
    return keep_private(request.render(GONE_PAGE, _get_visitor_values(), status=404))


def answer_busy():
    """Ask the visitor to come back later, with a cheap page."""
    response = request.render(BUSY_PAGE, _get_visitor_values(), status=429)
    response.headers["Retry-After"] = RETRY_AFTER
    return keep_private(response)


def _attempts():
    # sudo: no user has rights on the counts; visitors' data is hashed
    return request.env["dunning.page.attempt"].sudo()


def _get_address():
    """Return the key under which the visitor's address is counted.

    An IPv6 address is counted by its /64 network, as one visitor has all of it.
    """
    address = request.httprequest.remote_addr or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return f"address {address}"
    if parsed.version == 6:
        parsed = ipaddress.ip_network((parsed.packed[:8] + bytes(8), 64))
    return f"address {parsed}"


def _get_visitor_values():
    """Use the language of the browser, since the customer is unknown, and return it for
    the head of the page."""
    installed = [code for code, _name in request.env["res.lang"].get_installed()]
    wanted = request.best_lang or ""
    near = [code for code in (wanted, *installed) if code[:2] == wanted[:2]]
    lang = next((code for code in near if code in installed), request.env.lang)
    request.update_context(lang=lang)
    return {"doctype": DOCTYPE, "html_lang": (lang or "en_US").replace("_", "-")}
