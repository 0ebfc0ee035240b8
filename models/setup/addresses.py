"""E-mail addresses in a text, which may hold several."""

import re

from odoo.tools import email_normalize_all

# Domains of the public mail have a dot. With it, what a mistyped comma leaves of
# "jo@example,fr" is no address.
ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;.]+(?:\.[^@\s,;.]+)+")
SEPARATOR = ", "


def find_addresses(text):
    """Return the e-mail addresses in a text, normalized, each once, in their order.

    >>> find_addresses("Jo <Jo@Example.com>; accounts@example.com, jo@example.com")
    ['jo@example.com', 'accounts@example.com']
    >>> find_addresses("jo@example,fr"), find_addresses("jo@example")
    ([], [])
    >>> find_addresses("")
    []
    """
    found = dict.fromkeys(email_normalize_all(text or ""))
    return [address for address in found if ADDRESS.fullmatch(address)]
