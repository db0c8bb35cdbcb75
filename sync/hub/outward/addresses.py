"""Where hooks may lead: to public addresses over TLS, and to hosts of this house the operator has named.

Who may set up a hook must not reach what only the hub can reach. So the name is looked up once, every address
it has must be a public one, and the line goes to that very address: nobody swaps it in between. Redirects are
not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from typing_extensions import override

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.provider import Unclear, Unsent

URL_MOST = 500
ANSWER_MOST = 4_096
TIMEOUT_S = 10.0
HERE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class House:
    """Where a shop or a system may lead: hosts the operator named, and this PC where the hub is its own."""

    hosts: Collection[str] = ()
    is_own: bool = False

    @property
    def allowed(self) -> frozenset[str]:
        """Hosts that need be neither public nor behind TLS."""
        return frozenset(self.hosts) | frozenset(HERE if self.is_own else ())


class Target(NamedTuple):
    """An address, taken apart."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str, allowed: Collection[str] = ()) -> Target:
    """Take the address of a hook apart.

    Raises:
        Trouble: bad_hook: nothing can be sent there.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad(N_("This is no address. Write it like https://erp.example.com/docket.")) from None
    host = (parts.hostname or "").lower()
    is_fine = len(url) <= URL_MOST and url.isascii() and url.isprintable() and " " not in url
    if not is_fine or not host or parts.scheme not in ("https", "http") or parts.username or parts.fragment:
        raise _bad(N_("This is no address. Write it like https://erp.example.com/docket."))
    if parts.scheme == "http" and host not in allowed:
        raise _bad(N_("Only https goes out of the house. Or have the operator name {host}."), host=host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def address_of(target: Target, allowed: Collection[str] = ()) -> str:
    """Look a host up and return the address to go to.

    Raises:
        Unsent: it has none now, or one that leads into a private net.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unsent(f"{target.host} has no address") from fault
    addresses = [str(one[4][0]) for one in found]
    if target.host not in allowed and not all(is_public(address) for address in addresses):
        raise Unsent(f"{target.host} leads into a private net")
    return addresses[0]


def check_reach(url: str, house: House) -> None:
    """Let no address that somebody typed lead into a private net.

    Raises:
        Trouble: bad_hook: it is no address, is not found, or leads there.
    """
    target = target_of(url, house.allowed)
    try:
        address_of(target, house.allowed)
    except Unsent:
        words = N_("{host} is not found, or leads into a private net. Look at the address.")
        raise Trouble("bad_hook", Text(words, {"host": target.host})) from None


def is_public(address: str) -> bool:
    """Tell whether an address is one of the open network, also behind an older form of it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


def post(target: Target, body: bytes, headers: Mapping[str, str], allowed: Collection[str] = ()) -> int:
    """Send a message; return the status that was answered.

    Raises:
        Unsent: nobody was reached.
        Unclear: no answer came.
    """
    line = _line(target, address_of(target, allowed))
    try:
        line.connect()
    except (OSError, ssl.SSLError) as fault:
        line.close()
        raise Unsent(type(fault).__name__) from fault
    try:
        line.request("POST", target.path, body, dict(headers))
        answer = line.getresponse()
        answer.read(ANSWER_MOST)
    except (OSError, http.client.HTTPException) as fault:
        raise Unclear(type(fault).__name__) from fault
    else:
        return answer.status
    finally:
        line.close()


def _line(target: Target, address: str) -> http.client.HTTPConnection:
    return (_Plain if target.scheme == "http" else _Pinned)(target.host, target.port, address)


class _Plain(http.client.HTTPConnection):
    """A line to one address that asks for a host by its name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._address = address

    @override
    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _Pinned(http.client.HTTPSConnection):
    """The same over TLS, to whom shows the certificate of that host."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_S, context=self._trust)
        self._address = address

    @override
    def connect(self) -> None:
        line = socket.create_connection((self._address, self.port), self.timeout)
        try:
            self.sock = self._trust.wrap_socket(line, server_hostname=self.host)
        except BaseException:
            line.close()
            raise


def _bad(message: str, **params: str) -> Trouble:
    return Trouble("bad_hook", Text(message, dict(params)))
