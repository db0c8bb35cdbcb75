"""Which hubs a desk believes, and over which lines it speaks. Source: sync.md section 14."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from app.text import N_, Text
from app.trouble import Trouble

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PLAIN = N_("The line to this hub is not protected. Use https, or start the desk with --plain-http.")
UNTRUSTED = N_("This desk does not trust the hub's certificate. Work goes on here; ask your administrator.")
OTHER_NAME = N_("The hub's certificate does not name the address this desk uses. Ask your administrator.")
OVER = N_("The hub's certificate has run out, or the clock of this PC is wrong. Ask your administrator.")
NOT_YET = N_("The hub's certificate is not valid yet: is the clock of this PC right?")
_SAYS = {62: OTHER_NAME, 64: OTHER_NAME, 10: OVER, 9: NOT_YET}
"""By OpenSSL's X509_V_ERR: HOSTNAME_MISMATCH, IP_ADDRESS_MISMATCH, CERT_HAS_EXPIRED, CERT_NOT_YET_VALID."""


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


def distrusted(causes: Iterable[BaseException]) -> Text:
    """Say why a certificate is not believed, by what the line threw."""
    said = (one for one in causes if isinstance(one, ssl.SSLCertVerificationError))
    return Text(next((_SAYS[one.verify_code] for one in said if one.verify_code in _SAYS), UNTRUSTED))
