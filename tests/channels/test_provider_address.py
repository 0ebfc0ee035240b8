import doctest
import os
import socket
import ssl
import tempfile
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.tests import BaseCase, tagged
from odoo.tests.common import _super_send

from ...models.channels.provider import checked_address, provider_client
from ...models.channels.provider.provider_client import (
    ProviderError,
    call,
    is_valid_url,
)
from ..paper.printer_common import Listener

NAME = "lre.example.com"
HIDDEN = (
    "0.0.0.0",
    "10.0.0.7",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.170",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[64:ff9b:1::909:909]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[2606:4700::1111%25eth0]",
    "[fec0::1]",
    "[ff02::1]",
    # the same numbers, as other programs read them
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "0177.0.0.1",
    "127.1",
    "127.0.0.1.",
    "0",
    "①②⑦.⓪.⓪.①",
)
AMBIGUOUS = (
    "https://user:word@lre.example.com/",
    "https://lre.example.com@10.0.0.7/",
    "https://lre.example.com\\@10.0.0.7/",
    "https://lre.example.com /",
    "https://lre.example.com\t/",
    "https://lre.example.com:99999/",
    "https:///letters",
    "//lre.example.com/",
    "https://[::1/",
)


class Provider(BaseHTTPRequestHandler):
    """Answers with its name, as it was asked for it."""

    def do_GET(self):
        """Answer."""
        self.server.hosts.append(self.headers["Host"])
        answer = b'{"id": "LRE-1"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        """Stay silent."""


def write_certificate(folder, name):
    """Write the certificate of a host, signed by itself, and its key, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime.now() + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .sign(key, hashes.SHA256())
    )
    path = Path(folder, f"{name}.pem")
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@tagged("post_install", "-at_install")
class TestProviderAddress(BaseCase):
    """A manager who notes the address of a provider reaches no other server with it."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        return _super_send(session, request, **options)

    def setUp(self):
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.certificate = write_certificate(folder, NAME)
        self.server = self._serve(self.certificate)
        trusted = {"REQUESTS_CA_BUNDLE": str(self.certificate)}
        self.enterContext(patch.dict(os.environ, trusted))

    def _serve(self, certificate):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
        server.hosts, server.names = [], []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _s, name, _c: server.names.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *args: None  # a client that hangs up
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def _ask(self, *answers, url=None):
        """Ask the provider, whose name leads to other numbers at each look-up."""
        real, looks = socket.getaddrinfo, iter(answers)
        port = self.server.server_address[1]

        def look_up(host, *args, **kwargs):
            if checked_address.read_address(str(host)):
                return real(host, *args, **kwargs)
            rows = next(looks)
            return [(2, 1, 6, "", (address, port)) for address in rows]

        with (
            patch.object(socket, "getaddrinfo", look_up),
            # The only public server that a test may have is this machine.
            patch.object(
                provider_client,
                "is_allowed_address",
                lambda number: str(number) in ("127.0.0.1", "127.0.0.2"),
            ),
        ):
            return call("GET", url or f"https://{NAME}:{port}/letters", {}, 5)

    def test_documentation_is_right(self):
        self.assertFalse(doctest.testmod(checked_address).failed)
        self.assertFalse(doctest.testmod(provider_client).failed)

    def test_numbers_of_no_public_host_are_refused(self):
        for host in HIDDEN:
            for port in ("", ":8443"):
                with self.subTest(host, port=port):
                    self.assertFalse(is_valid_url(f"https://{host}{port}/letters"))

    def test_addresses_that_can_be_read_in_two_ways_are_refused(self):
        for url in AMBIGUOUS:
            with self.subTest(url):
                self.assertFalse(is_valid_url(url))

    def test_public_numbers_are_allowed(self):
        for host in ("9.9.9.9", "[2620:fe::fe]", "[64:ff9b::909:909]", NAME):
            with self.subTest(host):
                self.assertTrue(is_valid_url(f"https://{host}/letters"))

    def test_host_of_the_own_network_is_allowed_by_its_name_only(self):
        self.assertTrue(is_valid_url("http://letters.lan/", ["letters.lan"]))
        self.assertFalse(is_valid_url("http://other.lan/", ["letters.lan"]))
        self.assertFalse(is_valid_url("https://10.0.0.7/", ["letters.lan"]))

    def test_name_that_leads_to_hidden_numbers_is_not_asked(self):
        """One public number among them does not help."""
        for host in HIDDEN:
            number = checked_address.read_address(host.strip("[]").replace("%25", "%"))
            if number is None:
                continue
            rows = [
                (2, 1, 6, "", ("9.9.9.9", 443)),
                (2, 1, 6, "", (str(number), 443)),
            ]
            with (
                self.subTest(host),
                patch.object(socket, "getaddrinfo", return_value=rows),
                self.assertRaisesRegex(ProviderError, "address"),
            ):
                call("GET", f"https://{NAME}/", {}, 1)

    def test_name_is_looked_up_once(self):
        """At a second look it would lead behind the wall: nobody looks twice."""
        answer = self._ask(["127.0.0.1"], ["10.0.0.7"])
        self.assertEqual(answer, {"id": "LRE-1"})
        port = self.server.server_address[1]
        self.assertEqual(self.server.hosts, [f"{NAME}:{port}"])
        self.assertEqual(self.server.names, [NAME])

    def test_next_number_is_tried_when_nobody_listens_at_the_first(self):
        self.assertEqual(self._ask(["127.0.0.2", "127.0.0.1"]), {"id": "LRE-1"})

    def test_host_that_cannot_prove_its_name_gets_nothing(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        other = write_certificate(folder, "other.example.com")
        self.server = self._serve(other)
        with (
            patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": str(other)}),
            self.assertRaisesRegex(ProviderError, "unreachable"),
        ):
            self._ask(["127.0.0.1"])
        self.assertFalse(self.server.hosts)

    def test_proxy_of_the_environment_is_not_asked(self):
        """It would look the name up anew, and go wherever it leads then."""
        with Listener() as proxy:
            names = ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY")
            with patch.dict(os.environ, dict.fromkeys(names, proxy.url)):
                self.assertEqual(self._ask(["127.0.0.1"]), {"id": "LRE-1"})
            self.assertFalse(proxy.requests)
