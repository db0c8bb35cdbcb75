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
