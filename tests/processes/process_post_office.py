import asyncio
import email
import logging
from collections import Counter
from email.policy import default

from aiosmtpd.controller import Controller


class PostOffice:
    """A mail server on this machine, that can be made to behave badly.

    `messages` holds what it accepted, in order, as (recipient, message).
    """

    def __init__(self, port):
        self.port = port
        self.messages = []
        self.refused = {}
        self.delays = {}
        self.disconnect_at = None
        self._controller = None
        self._received = 0

    def open(self):
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def close(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    def get_counts(self):
        """Return how many messages each recipient got."""
        return Counter(recipient for recipient, _message in self.messages)

    def get_message_ids(self, recipient):
        """Return the Message-Ids that a recipient got, in order."""
        return [m["Message-Id"] for to, m in self.messages if to == recipient]

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        """Refuse who is in `refused`, with the answer given there."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        """Take a message, late for whom is in `delays`; hang up on the n-th message
        (`disconnect_at`)."""
        self._received += 1
        if self._received == self.disconnect_at:
            server.transport.close()
            return "421 Closing"
        # When the client loses patience this is cancelled: the message is not taken.
        await asyncio.sleep(max(self.delays.get(to, 0) for to in envelope.rcpt_tos))
        message = email.message_from_bytes(envelope.content, policy=default)
        self.messages += [(recipient, message) for recipient in envelope.rcpt_tos]
        return "250 OK"
