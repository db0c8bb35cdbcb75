"""The hash chain as desks follow it: heads the hub signed, and whether one follows from another.

Source: sync.md section 13; RFC 9162 (the idea of witnesses), RFC 8032 (Ed25519).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ROOTS_INLINE = 100
"""Roots that a pull brings along; who is further behind asks for them."""
ROOTS_LIMIT = 2_000
EVIDENCE_LIMIT = 20
SEEN_BYTES = 65_536

Hex = Annotated[str, Meta(max_length=128, pattern="^([0-9a-f]{2})*$")]
Name = Annotated[str, Meta(max_length=64)]
Number = Annotated[int, Meta(ge=0, le=2**53)]


class Head(msgspec.Struct, frozen=True):
    """Where the hub said it stood, signed by it."""

    epoch: Name
    seq: Number
    hash: Hex
    sig: Hex = ""


class Life(msgspec.Struct, frozen=True):
    """A life that began with a restore, and the head of the one `before` that it continues from."""

    epoch: str
    before: str
    seq: Number
    hash: Hex


class ChainReply(msgspec.Struct, frozen=True, kw_only=True):
    """The roots of the blocks after `since`, at most 2,000; and every life there was."""

    since: Number
    roots: tuple[Hex, ...]
    lives: tuple[Life, ...]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Two heads of which one does not follow from the other. `why`: see `sync.replica.witness`."""

    why: Name
    held: Head
    told: Head
    at: datetime


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a desk tells the hub it has witnessed, and how far its own files are.

    `accepted_n`: the largest number its screen calls accepted; `pruned_seq`: the largest it has forgotten;
    `waiting`: commands not at the hub yet. `diverged`: how often since the last word it threw its rows away,
    because their sums were not the hub's.
    """

    head: Head
    cursor: Number
    last_n: Number
    accepted_n: Number = 0
    pruned_seq: Number = 0
    waiting: Number = 0
    diverged: Number = 0
    evidence: Annotated[tuple[Evidence, ...], Meta(max_length=EVIDENCE_LIMIT)] = ()


def next_hash(before: bytes, root: bytes) -> bytes:
    """Return the hash of a block. Source: sync.md section 13."""
    return hashlib.sha256(before + root).digest()


def followed(start: str, roots: Iterable[str]) -> str:
    """Return the hash that the chain has after these roots; hex in, hex out."""
    here = bytes.fromhex(start)
    for root in roots:
        here = next_hash(here, bytes.fromhex(root))
    return here.hex()


def shared_until(lives: Iterable[Life], here: Head, epoch: str) -> int | None:
    """Return up to which number the history at `here` is that of a life; None when none of these is it."""
    by_epoch, now, until = {one.epoch: one for one in lives}, here.epoch, here.seq
    for _ in range(len(by_epoch) + 1):
        if now == epoch:
            return until
        if now not in by_epoch:
            return None
        until = min(until, by_epoch[now].seq)
        now = by_epoch[now].before
    return None


def statement(head: Head) -> bytes:
    """Return the words the hub puts its name under."""
    return f"docket head\n{head.epoch}\n{head.seq}\n{head.hash}".encode()


def is_signed(key: str, head: Head) -> bool:
    """Tell whether the holder of `key` signed this head; whatever does not parse is not signed."""
    from cryptography.exceptions import InvalidSignature

    try:
        _public(key).verify(bytes.fromhex(head.sig), statement(head))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4)
def _public(key: str) -> Ed25519PublicKey:
    """Return a hub's key, read once: every page is held against it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
