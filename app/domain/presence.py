"""Two people at one PC: the second one signs there with a PIN or a badge of their own.

Whoever is signed in stays signed in. What is signed is named by its digest, so that a signature opens
nothing else; the hub checks it, so there is none without the hub.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from app.domain.company import User
from app.text import N_, Text

PREFIX = "presence:"
"""What such a signature begins with where a login stands."""
SIGNABLE = frozenset({"sign_off", "reject_review", "take_shift"})
"""The commands a second person may give on the screen of another."""
PIN_LEAST, PIN_MOST = 6, 12
BADGE_LEAST, BADGE_MOST = 8, 128

Secret = Annotated[str, Meta(max_length=1_024)]
Code = Annotated[str, Meta(max_length=64)]


class AskPresence(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands there too, what they show, and the digest of the one command that is to be theirs."""

    user: Code
    secret: Secret
    command: Code
    digest: Code


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub gives for it: good for that one command, once, until then."""

    login: str
    user: User
    grants: frozenset[str]
    until: datetime


class KeepSigner(msgspec.Struct, frozen=True, kw_only=True):
    """A new PIN or badge, or without either the end of both; the password says that it is the owner."""

    password: Secret
    pin: Secret = ""
    badge: Secret = ""


class SignerState(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has to sign with; never what it is."""

    has_pin: bool = False
    has_badge: bool = False
    pin_at: datetime | None = None
    badge_at: datetime | None = None


def digest_of(command: str, args: bytes) -> str:
    """Return what a signature is bound to: one command with exactly these arguments, as they travel."""
    return hashlib.sha256(command.encode() + b"\0" + args).hexdigest()


def pin_is_weak(pin: str) -> Text | None:
    """Say what is wrong with a PIN that everybody would try first."""
    is_number = pin.isascii() and pin.isdigit() and PIN_LEAST <= len(pin) <= PIN_MOST
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)} if is_number else set()
    if len(steps) > 1 and len(set(pin)) >= PIN_LEAST // 2:
        return None
    message = N_("A PIN has {least} to {most} digits, not in a row and not all alike.")
    return Text(message, {"least": PIN_LEAST, "most": PIN_MOST})


def badge_is_weak(badge: str) -> Text | None:
    """Say what is wrong with what was scanned, where somebody could type it by chance."""
    if BADGE_LEAST <= len(badge) <= BADGE_MOST and badge.isprintable():
        return None
    message = N_("What was scanned is no badge: {least} to {most} characters are.")
    return Text(message, {"least": BADGE_LEAST, "most": BADGE_MOST})
