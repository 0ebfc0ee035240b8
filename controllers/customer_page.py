"""What every page of ours that holds a customer's figures has in common."""

import ipaddress
import re

from markupsafe import Markup

from odoo.http import request

from ..models.channels.interactive_email.dunning_delivery import LARGEST_ID

GONE_PAGE = "account_dunning_scenario.follow_up_page_gone"
BUSY_PAGE = "account_dunning_scenario.page_busy"
# How a key looks; whatever looks otherwise is not even searched for.
KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
ID = re.compile(r"[0-9]{1,10}")
# Within the window of `dunning.page.attempt`.
MOST_FAILURES_OF_AN_ADDRESS = 30
MOST_VISITS_BY_A_KEY = 120
DOCTYPE = Markup("<!DOCTYPE html>\n")
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
    """Have no browser, proxy, search engine or other site keep or show a response.

    :param framed: whether pages of this server may show it in a frame
    """
    response.headers.update(PRIVATE_HEADERS)
    if framed:
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    else:
        response.headers.update(UNFRAMED_HEADERS)
    return response


def is_key(token):
    """Tell whether a text that a visitor gave can be a key at all."""
    return bool(KEY.fullmatch(token))


def read_id(text):
    """Return the id that an address names; 0, which no record has, where it is none."""
    return int(text) if ID.fullmatch(text) and int(text) <= LARGEST_ID else 0


def is_barred():
    """Tell whether too many wrong keys came from the visitor's address lately."""
    failures = _attempts()._get_count(_get_address())
    return failures >= MOST_FAILURES_OF_AN_ADDRESS


def is_worn(token):
    """Count one more visit by a key, and tell whether there were too many lately."""
    return _attempts()._count(f"key {token}") > MOST_VISITS_BY_A_KEY


def answer_gone():
    """Count a wrong key of the visitor's address and say that the link is of no use.

    The page is returned, not raised: an error would undo the count.
    """
    _attempts()._count(_get_address())
    return keep_private(request.render(GONE_PAGE, _get_visitor_values(), status=404))


def answer_busy():
    """Ask the visitor to come back later, at little cost."""
    response = request.render(BUSY_PAGE, _get_visitor_values(), status=429)
    response.headers["Retry-After"] = RETRY_AFTER
    return keep_private(response)


def _attempts():
    # sudo: nobody has a right to the counts; what a visitor gave is hashed
    return request.env["dunning.page.attempt"].sudo()


def _get_address():
    """Return the subject under which the visitor's address is counted.

    Whoever has one IPv6 address has the whole network of 64 bits.
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
    """Speak the language of the browser, as nobody knows whose link it was, and return
    it for the head of the page."""
    installed = [code for code, _name in request.env["res.lang"].get_installed()]
    wanted = request.best_lang or ""
    near = [code for code in (wanted, *installed) if code[:2] == wanted[:2]]
    lang = next((code for code in near if code in installed), request.env.lang)
    request.update_context(lang=lang)
    return {"doctype": DOCTYPE, "html_lang": (lang or "en_US").replace("_", "-")}
