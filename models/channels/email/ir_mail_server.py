import logging
import socket
import threading
import time

from odoo import api, models
from odoo.tools import config

_logger = logging.getLogger(__name__)

# Seconds to wait for a server's answer, the name lookup included.
CONNECT_SECONDS = 2
# Seconds for which a result is cached: screens check each time they open.
SUCCESS_SECONDS = 300
FAILURE_SECONDS = 30
# Odoo's default without configuration.
DEFAULT_HOST = "localhost"

# {(host, port): (moment, answered)}
_answers = {}


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _get_dunning_problem(self):
        """Return the problem that keeps e-mails from leaving this server, False if
        there is none.

        A server of the settings was tested by the user who entered it, and Odoo shows
        its refusals. The server of the configuration file is used even if nobody named
        it, so it is tested here. The text names no address: the user may not see the
        settings.
        """
        # sudo: whether there is a mail server is no secret, its settings are
        is_set_up = self.sudo().search_count(
            [("smtp_authentication", "!=", "cli")], limit=1
        )
        host, port = config["smtp_server"], int(config["smtp_port"] or 25)
        if is_set_up or (host and _is_answering(host, port)):
            return False
        if not host or host == DEFAULT_HOST:
            return self.env._(
                "No outgoing mail server is set up: e-mails will wait in Odoo's queue "
                "until your administrator sets one up (Settings, Discuss)."
            )
        return self.env._(
            "The outgoing mail server does not answer: e-mails will wait in Odoo's "
            "queue. Ask your administrator."
        )


def _is_answering(host, port):
    """Return whether the server accepts a connection, or did a moment ago."""
    moment, answered = _answers.get((host, port), (None, None))
    age = moment is not None and time.monotonic() - moment
    if moment is None or age > (SUCCESS_SECONDS if answered else FAILURE_SECONDS):
        answered = _try_connection(host, port)
        _answers[host, port] = (time.monotonic(), answered)
    return answered


def _try_connection(host, port):
    """Try a connection in a thread: neither a slow name lookup nor a slow server blocks
    a screen."""
    found = []
    worker = threading.Thread(target=_connect, args=(host, port, found), daemon=True)
    worker.start()
    worker.join(CONNECT_SECONDS)
    return bool(found)


def _connect(host, port, found):
    try:
        with socket.create_connection((host, port), timeout=CONNECT_SECONDS):
            found.append(True)
    except (OSError, UnicodeError, OverflowError) as error:
        _logger.info("The outgoing mail server %s:%s: %s", host, port, error)
