"""What a warehouse said no to, and where an order goes instead."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.floor_refusal import REASONS, FloorRefusal
from app.text import N_, Text

__all__ = ["OrderRefused", "RefusalWithdrawn"]


class OrderRefused(Event, frozen=True, kw_only=True):
    """The warehouse does not send it; what was picked lies on the shelf again."""

    order: str
    refusal: FloorRefusal

    @override
    def says(self) -> Text:
        refusal = self.refusal
        why = Text(REASONS[refusal.why].title) if refusal.why in REASONS else refusal.why
        return Text(N_("{warehouse} does not send it: {why}"), {"warehouse": refusal.warehouse, "why": why})


class RefusalWithdrawn(Event, frozen=True, kw_only=True):
    """The warehouse sends it after all."""

    order: str
    warehouse: str

    @override
    def says(self) -> Text:
        return Text(N_("{warehouse} sends it after all"), {"warehouse": self.warehouse})
