"""What somebody answers for with their name, bound to exactly what they saw."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Signature(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One name under an order, bound to the content its owner saw."""

    user: str
    content_hash: str
    maker: str
    at: datetime


class Vote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one reviewer made of an order, bound to the content they saw; only the hub holds it.

    `revision` is how often the content had changed by then. `unread`: the how many-th yes of this person that
    came too fast to count, 0: it counts. Units: `read_ms` how long it was on their screen, 0: not measured.
    """

    user: str
    content_hash: str
    revision: int
    maker: str
    is_pass: bool
    at: datetime
    reason: str = ""
    read_ms: int = 0
    unread: int = 0


class Reviewed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who has looked at an order: all that is known of it outside the hub until enough people agree.

    `revision` is how often the content changed: a change and its undo are not nothing. `people` gave a
    verdict on exactly this content, whatever they said; of those verdicts `verdicts` count in this round.
    """

    revision: int = 0
    people: tuple[str, ...] = ()
    verdicts: int = 0


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """Every verdict on one order, the oldest first. It never leaves the hub."""

    votes: tuple[Vote, ...] = ()


class Waiver(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody answers for an unmet gate: why, until when, and for exactly what."""

    gate: str
    seal: str
    """What it is bound to, see `waiver.seal_of`; an edit of any of it makes the waiver void."""
    reason: str
    by: str
    role: str
    at: datetime
    until: datetime
