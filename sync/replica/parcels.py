"""How large a command is on the line, and which no hub would ever take.

Source: sync.md section 5, at most 100 commands or 1 MB.
"""

from __future__ import annotations

import msgspec

from app.command import Refusal, refuse
from app.text import N_
from sync.wire import PUSH_BYTES, UNREADABLE, Wish

SIG_BYTES = 100
"""What the signature of this PC adds to a command."""
SMALL_BYTES = 16_384
"""Whoever calls less than this too large speaks of something else."""
TOO_LARGE = refuse("too_large", N_("This is too large to be sent. Do it in several smaller steps."))


def size_of(wish: Wish) -> int:
    """Return how many bytes of a push a command takes."""
    return len(msgspec.json.encode(wish)) + SIG_BYTES


def unsendable(wish: Wish) -> Refusal | None:
    """Say why no hub would take a command, whatever it decides; nothing when it may be sent."""
    if size_of(wish) > PUSH_BYTES:
        return TOO_LARGE
    try:
        msgspec.json.decode(msgspec.json.encode(wish), type=Wish)
    except UNREADABLE:
        return refuse("unsendable", N_("The hub would not read this. Say less at once, in several steps."))
    return None
