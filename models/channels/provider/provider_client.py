"""HTTP client that distrusts the providers; it does not know Odoo.

Every failure is a `ProviderError` with a code; `is_in_doubt` marks those after which
the provider may have taken the message all the same.
"""

import ipaddress
import json
import os
import re
import socket
from http.client import HTTPException
from time import monotonic
from urllib.parse import urlsplit

import requests

from .checked_address import CheckedAdapter, is_allowed_address, read_address

HTTPS_PORT = 443
# Tried one after the other, as long as nothing was sent.
MAX_ADDRESSES = 3
# Spaces, control characters, backslashes: programs then disagree on the host.
AMBIGUOUS = re.compile(r"[\s\\\x00-\x20\x7f]")
MAX_ANSWER = 20 * 1024 * 1024
CHUNK = 64 * 1024
KEY_STATUSES = (401, 403)
ADDRESS_STATUSES = (404, 405, 410)
# Some services answer so once they have taken a message, too.
SEE_OTHER_STATUSES = (302, 303)
# Refused for good: another try would be refused, too.
REFUSED_STATUSES = (400, 406, 411, 413, 415, 422)
EXCERPT_LENGTH = 200


class ProviderError(Exception):
    """Failure of a provider to give a usable answer.

    `code`: address, key, refused, unreachable, timeout, busy, unreadable, or internal,
    where the fault is ours; `detail`: what it said, shortened; `is_in_doubt`: it may
    have taken what was sent.
    """

    def __init__(self, code, detail="", *, is_in_doubt=False):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = " ".join(str(detail).split())[:EXCERPT_LENGTH]
        self.is_in_doubt = is_in_doubt


def is_valid_url(url, local_hosts=()):
    """Return whether an address is one of a web service: https, a host of the public
    network, no user name and password.

    :param local_hosts: names or numbers of hosts of the own network that are allowed,
        over http too

    >>> is_valid_url("https://lre.example.com/v1/letters")
    True
    >>> is_valid_url("file:///etc/passwd"), is_valid_url("https://169.254.169.254/")
    (False, False)
    >>> is_valid_url("http://10.0.0.7/"), is_valid_url("http://10.0.0.7/", ["10.0.0.7"])
    (False, True)
    """
    parts = _split(url)
    if parts is None:
        return False
    if parts.hostname in local_hosts:
        return parts.scheme in ("http", "https")
    if parts.scheme != "https":
        return False
    address = read_address(parts.hostname)
    # a name is looked up when it is used
    return address is None or is_allowed_address(address)


def _split(url):
    """Return the parts of an address, None where two programs could read different
    hosts in it."""
    if AMBIGUOUS.search(url):
        return None
    try:
        parts = urlsplit(url)
        is_plain = parts.username is None and parts.password is None
        _port = parts.port  # raises ValueError where it is none
    except ValueError:
        return None
    return parts if parts.hostname and is_plain else None


def call(method, url, headers, timeout, payload=None, local_hosts=()):
    """Call a provider and return its answer, a dict.

    No redirection is followed: the key would go with it.

    :param timeout: seconds, for the connection and for the whole answer
    :param payload: sent as JSON
    :param local_hosts: see `is_valid_url`
    :raise ProviderError: there is no usable answer
    """
    deadline = monotonic() + timeout
    with _open_session(url, local_hosts) as session:
        try:
            response = session.request(
                method,
                url,
                json=payload,
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    **headers,
                },
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            )
            body = _read(response, deadline)
        except requests.ConnectTimeout as error:
            raise ProviderError("timeout", error) from error
        except (requests.Timeout, TimeoutError) as error:
            raise ProviderError("timeout", error, is_in_doubt=True) from error
        except (OSError, HTTPException) as error:
            raise ProviderError("unreachable", error, is_in_doubt=True) from error
    _check_status(response.status_code, body)
    return _parse(body)


def _open_session(url, local_hosts):
    """Return a session that connects to the host of an address only."""
    if not is_valid_url(url, local_hosts):
        raise ProviderError("address", url)
    session = requests.Session()
    # Ignore the server's environment: a proxy would resolve the name again, a .netrc
    # would replace the key. Only the trusted certificates are the administrator's.
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    parts = urlsplit(url)
    if parts.hostname not in local_hosts:
        port = parts.port or HTTPS_PORT
        adapter = CheckedAdapter(parts.hostname, _look_up(parts.hostname, port, url))
        session.mount("https://", adapter)
    return session


def _look_up(host, port, url):
    """Return the IP addresses of a host, after a check that all are allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ProviderError("unreachable", error) from error
    addresses = list(dict.fromkeys(row[4][0] for row in found))
    if not all(map(is_allowed_address, map(ipaddress.ip_address, addresses))):
        raise ProviderError("address", url)
    return addresses[:MAX_ADDRESSES]


def _read(response, deadline):
    """Read an answer within the limits of size and time.

    Pieces are read as they arrive: waiting for a full one would let a provider that
    sends a byte now and then hold the job for hours.
    """
    body, stream = bytearray(), response.raw._original_response
    while chunk := stream.read1(CHUNK):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise ProviderError("unreadable", "too long", is_in_doubt=True)
        if monotonic() > deadline:
            raise ProviderError("timeout", "too slow", is_in_doubt=True)
    return bytes(body)


def _check_status(status, body):
    detail = f"{status} {body[:EXCERPT_LENGTH].decode(errors='replace')}"
    if status in KEY_STATUSES:
        raise ProviderError("key", detail)
    if status in ADDRESS_STATUSES or 300 <= status < 400:
        is_in_doubt = status in SEE_OTHER_STATUSES
        raise ProviderError("address", detail, is_in_doubt=is_in_doubt)
    if status in REFUSED_STATUSES:
        raise ProviderError("refused", detail)
    if not 200 <= status < 300:
        raise ProviderError("busy", detail, is_in_doubt=True)


def _parse(body):
    """Return the answer as a dict; a list of identical answers is one answer."""
    try:
        answer = json.loads(body)
    except ValueError as error:
        excerpt = body[:EXCERPT_LENGTH].decode(errors="replace")
        raise ProviderError("unreadable", excerpt, is_in_doubt=True) from error
    if isinstance(answer, list) and answer and answer.count(answer[0]) == len(answer):
        answer = answer[0]
    if not isinstance(answer, dict):
        raise ProviderError("unreadable", answer, is_in_doubt=True)
    return answer


def pick(answer, path):
    """Return the value at a path of names in an answer, None if there is none.

    >>> pick({"letter": {"id": 7}}, "letter.id")
    7
    """
    for name in path.split("."):
        if not isinstance(answer, dict):
            return None
        answer = answer.get(name)
    return answer


def place(payload, path, value):
    """Put a value into a payload at a path of names.

    >>> payload = {}
    >>> place(payload, "recipient.email", "a@example.com")
    >>> payload
    {'recipient': {'email': 'a@example.com'}}
    """
    *parents, name = path.split(".")
    for parent in parents:
        payload = payload.setdefault(parent, {})
    payload[name] = value
