"""Another place than the decided one: what it costs more, how much later it is, and whether to say why.

Source: capabilities 6.3.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from app.domain.decision import Decision, difference_said
from app.text import Text


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """What a person's choice would change. Units: minor units; hours, less than 0 is earlier."""

    instead: Decision
    extra_minor: int
    extra_h: int
    asks_reason: bool

    def says(self) -> Text:
        """Say the difference."""
        return difference_said(self.extra_minor, self.extra_h, self.instead.currency)


def compared(decision: Decision, instead: Decision, asks_minor: int, asks_h: int) -> Override:
    """Return what one decision changes to another, and whether a person says why.

    Money is that of freight: penalties are nobody's bill. Without an earlier decision everything is extra.
    """
    extra_minor = instead.freight_minor - decision.freight_minor
    extra_h = _hours(instead, decision)
    asks = extra_minor > asks_minor or extra_h > asks_h
    return Override(instead=instead, extra_minor=extra_minor, extra_h=extra_h, asks_reason=asks)


def _hours(instead: Decision, decision: Decision) -> int:
    """Return how much later the last parcel arrives. Units: begun hours."""
    there, before = (max((p.arrives_at for p in one.parcels), default=None) for one in (instead, decision))
    if there is None or before is None:
        return 0
    return -(-(there - before) // timedelta(hours=1))
