"""Asks a provider over HTTP, distrustfully: nothing here knows Odoo.

Every way in which it goes wrong is a `ProviderError` with a code; what the provider may
have taken all the same is told apart from what it surely has not.
"""

import ipaddress
import json
import socket
from time import monotonic
from urllib.parse import urlsplit

import requests

MAX_ANSWER = 20 * 1024 * 1024
CHUNK = 64 * 1024
KEY_STATUSES = (401, 403)
ADDRESS_STATUSES = (404, 405, 410)
# Refused for good: what is sent would be refused again.
REFUSED_STATUSES = (400, 406, 409, 411, 413, 415, 422)
EXCERPT_LENGTH = 200


class ProviderError(Exception):
    """A provider gave no usable answer.

    `code`: address, key, refused, unreachable, timeout, busy or unreadable; `detail`:
    what it said, shortened; `is_in_doubt`: it may have taken what was sent.
    """

    def __init__(self, code, detail="", *, is_in_doubt=False):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = " ".join(str(detail).split())[:EXCERPT_LENGTH]
        self.is_in_doubt = is_in_doubt


def is_valid_url(url):
    """Tell whether an address is one of a web service: http or https, a host, no name
    and password, none of the numbers that a cloud keeps its own secrets at.

    >>> is_valid_url("https://lre.example.com/v1/letters")
    True
    >>> is_valid_url("file:///etc/passwd"), is_valid_url("http://169.254.169.254/")
    (False, False)
    """
    try:
        parts = urlsplit(url)
        is_plain = parts.username is None and parts.password is None
        _port = parts.port  # raises ValueError where it is none
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
        return False
    try:
        return is_allowed_host(ipaddress.ip_address(parts.hostname))
    except ValueError:  # a name, looked up when it is used
        return True


def is_allowed_host(address):
    """Tell whether a service may live at a number of the network.

    :param address: ipaddress object
    """
    mapped = getattr(address, "ipv4_mapped", None) or address
    return not (mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified)


def call(method, url, headers, timeout, payload=None):
    """Ask a provider and return its answer, a dict.

    No redirection is followed: the key would go with it.

    :param timeout: seconds, for the connection and for the whole answer
    :param payload: sent as JSON
    :raise ProviderError: there is no usable answer
    """
    _check_destination(url)
    with requests.Session() as session:
        # An own `auth`, or the server's .netrc would replace the key.
        session.auth = lambda request: request
        try:
            response = session.request(
                method,
                url,
                json=payload,
                headers={"Accept": "application/json", **headers},
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            )
            body = _read(response, timeout)
        except requests.ConnectTimeout as error:
            raise ProviderError("timeout", error) from error
        except requests.Timeout as error:
            raise ProviderError("timeout", error, is_in_doubt=True) from error
        except requests.RequestException as error:
            raise ProviderError("unreachable", error, is_in_doubt=True) from error
    _check_status(response.status_code, body)
    return _parse(body)


def _check_destination(url):
    if not is_valid_url(url):
        raise ProviderError("address", url)
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443)
    except OSError as error:
        raise ProviderError("unreachable", error) from error
    if not all(is_allowed_host(ipaddress.ip_address(row[4][0])) for row in found):
        raise ProviderError("address", url)


def _read(response, timeout):
    """Read an answer that is neither endless nor without end in time."""
    body, start = b"", monotonic()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise ProviderError("unreadable", "too long", is_in_doubt=True)
        if monotonic() - start > timeout:
            raise ProviderError("timeout", "too slow", is_in_doubt=True)
    return body


def _check_status(status, body):
    detail = f"{status} {body[:EXCERPT_LENGTH].decode(errors='replace')}"
    if status in KEY_STATUSES:
        raise ProviderError("key", detail)
    if status in ADDRESS_STATUSES or 300 <= status < 400:
        raise ProviderError("address", detail)
    if status in REFUSED_STATUSES:
        raise ProviderError("refused", detail)
    if not 200 <= status < 300:
        raise ProviderError("busy", detail, is_in_doubt=True)


def _parse(body):
    """Return the answer as a dict; one that is repeated in a list is one answer."""
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
    """Return what an answer holds at a path of names, None if nothing.

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
