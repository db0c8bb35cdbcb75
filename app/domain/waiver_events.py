"""What happened to waivers."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.vouching import Waiver
from app.text import N_, Text

__all__ = ["GateWaived", "WaiverEnded"]


class GateWaived(Event, frozen=True, kw_only=True):
    order: str
    waiver: Waiver

    @override
    def says(self) -> Text:
        return Text(N_("Waived: {reason}"), {"reason": self.waiver.reason})


class WaiverEnded(Event, frozen=True, kw_only=True):
    order: str
    gate: str

    @override
    def says(self) -> Text:
        return Text(N_("A waiver was taken back"))
