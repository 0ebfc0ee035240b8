"""Connections to an IP address that was checked, whatever its name resolves to later.

A name that is resolved for a check, and again for the connection, may lead elsewhere
the second time. Here it is resolved once.
"""

import ipaddress
import socket
import unicodedata
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

# The public part of IPv6, without its tunnels: they lead to IPv4 addresses.
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
TUNNELS = (ipaddress.ip_network("2001::/32"), ipaddress.ip_network("2002::/16"))
# Prefix by which a network without IPv4 reaches the hosts of IPv4.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
SHARED_IPV4 = (
    ipaddress.ip_network("0.0.0.0/8"),
    ipaddress.ip_network("100.64.0.0/10"),
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("198.18.0.0/15"),
)


def read_address(host):
    """Return the IP address that a host is written as, None for a name.

    Programs accept more than dotted numbers: 127.1, 0x7f.1, 2130706433, 017700000001.

    >>> read_address("lre.example.com") is None
    True
    >>> read_address("0x7f.1"), read_address("2130706433.")
    (IPv4Address('127.0.0.1'), IPv4Address('127.0.0.1'))
    """
    host = unicodedata.normalize("NFKC", host).rstrip(".")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except (OSError, UnicodeError):
            return None


def is_allowed_address(address):
    """Return whether a service may have this IP address: one of the public network. The
    others are the server's own, its neighbours', or where a cloud keeps its secrets.

    :param address: ipaddress object

    >>> is_allowed_address(ipaddress.ip_address("64:ff9b::7f00:1"))
    False
    """
    if address.version == 6:
        if address.scope_id:
            return False
        if inner := address.ipv4_mapped:
            return is_allowed_address(inner)
        if address in NAT64:
            return is_allowed_address(ipaddress.IPv4Address(address.packed[-4:]))
        if address not in PUBLIC_IPV6 or any(address in part for part in TUNNELS):
            return False
    elif any(address in part for part in SHARED_IPV4):
        return False
    return address.is_global and not address.is_multicast


class CheckedAdapter(HTTPAdapter):
    """Connect to one host at addresses known before; the host proves its name by
    TLS."""

    def __init__(self, host, addresses):
        self.host = host
        self.addresses = addresses
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        """Ask for the host by name, and check its certificate against the name."""
        names = {"server_hostname": self.host, "assert_hostname": self.host}
        return super().init_poolmanager(*args, **kwargs, **names)

    def send(self, request, **kwargs):
        """Send to the first address that can be reached; after that one, to no
        other."""
        parts = urlsplit(request.url)
        request.headers["Host"] = parts.netloc
        port = f":{parts.port}" if parts.port else ""
        for left, address in enumerate(self.addresses, start=1 - len(self.addresses)):
            host = f"[{address}]" if ":" in address else address
            request.url = parts._replace(netloc=host + port).geturl()
            try:
                answer = super().send(request, **kwargs)
                break
            except requests.ConnectionError as error:
                if not left or not _was_never_connected(error):
                    raise
        return answer


def _was_never_connected(error):
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(
        cause.reason, NewConnectionError
    )
