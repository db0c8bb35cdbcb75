"""Where the channel wants an order to go while the warehouse is at work on it."""

from __future__ import annotations

import msgspec

from app.domain.values import Receiver, Region

ASKED_THERE = "asked:"
"""Begins `said` where the buyer only asks for it yet: the order itself still names the address of before."""


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """An address the channel wants an order to go to, or one it left for that; `said` names it."""

    receiver: Receiver
    region: Region
    said: str
