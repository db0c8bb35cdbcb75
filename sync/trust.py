"""Which hubs a desk believes, and over which lines it speaks. Source: sync.md section 14."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from app.text import N_, Text
from app.trouble import Trouble

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PLAIN = N_("The line to this hub is not protected. Use https, or start the desk with --plain-http.")
UNTRUSTED = N_("This desk does not trust the hub's certificate. Work goes on here; ask your administrator.")


class Trust(NamedTuple):
    """What a desk was told. `ca`: the file of who vouches for its hub, else the system's."""

    ca: str = ""
    may_be_plain: bool = False
    """Somebody said that a line nobody protects will do."""


PUBLIC = Trust()


def is_near(url: str, trust: Trust) -> bool:
    """Tell whether a hub is on this PC; any other is spoken to over a protected line.

    Raises:
        Trouble: plain_http.
    """
    where = urlsplit(url)
    is_here = where.hostname in LOOPBACK
    if where.scheme != "https" and not is_here and not trust.may_be_plain:
        raise Trouble("plain_http", Text(PLAIN))
    return is_here
