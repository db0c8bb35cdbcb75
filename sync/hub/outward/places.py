"""Where somebody has got to in a long list, as a word they hand back: what it says is our own affair.

It names the last row by keys that never change, so rows that change or come meanwhile are neither skipped nor
told twice.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

from app.text import N_
from sync.hub.outward.problems import Problematic

CURSOR_MOST = 400


def cursor_of(*place: str | int) -> str:
    """Return the word for a place."""
    return urlsafe_b64encode(msgspec.json.encode(place)).rstrip(b"=").decode()


def place_of(cursor: str, *kinds: type[str | int]) -> tuple[str | int, ...] | None:
    """Return the place a word names; None at the beginning.

    Raises:
        Problematic: it is not a word of ours.
    """
    if not cursor:
        return None
    try:
        plain = urlsafe_b64decode(cursor[:CURSOR_MOST].encode("ascii") + b"==")
        place: tuple[str | int, ...] = msgspec.json.decode(plain, type=tuple[kinds])  # type: ignore[valid-type]
    except (msgspec.MsgspecError, binascii.Error, UnicodeError, ValueError):
        raise _no_place() from None
    if any(isinstance(part, int) and abs(part) >= 2**63 for part in place) or "\0" in str(place):
        raise _no_place()
    return place


def _no_place() -> Problematic:
    return Problematic(400, "bad_cursor", N_("This cursor is not one of ours. Begin again without one."))
