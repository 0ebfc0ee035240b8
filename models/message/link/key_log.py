"""Access keys in the server's log: the address of each request is written there."""

import logging

from .link_keys import hide_keys

# Loggers that write addresses of requests.
LOGGERS = ("werkzeug", "odoo.http")


class HideKeys(logging.Filter):
    """Mask the keys of our pages in log records, which are kept otherwise."""

    def filter(self, record):
        text = record.getMessage()
        masked = hide_keys(text)
        if masked != text:
            record.msg, record.args = masked, ()
        return True


def install():
    """Have the loggers mask the keys, once each."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, HideKeys) for known in logger.filters):
            logger.addFilter(HideKeys())
