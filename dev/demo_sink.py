"""Mail server for the demo: accepts all mails, keeps them as files, forwards none."""

import logging
import re

from aiosmtpd.controller import Controller
from devstack.base import free_port


class Sink:
    """SMTP server on a free port of the loopback interface."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.count = 0
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        self.controller.start()
        return self

    def __exit__(self, *_details):
        self.controller.stop()

    async def handle_DATA(self, _server, _session, envelope):
        """Write a message under a name that tells its place and addressee."""
        self.count += 1
        to = re.sub(r"[^\w.@+-]", "_", ",".join(envelope.rcpt_tos))[:80]
        path = self.folder / f"{self.count:05}-{to}.eml"
        path.write_bytes(envelope.original_content)
        return "250 OK"
