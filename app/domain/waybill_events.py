"""Labels asked of a carrier, and those not needed any more."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.waybill import Waybill
from app.text import N_, Text

__all__ = ["LabelAsked", "LabelVoided"]


class LabelAsked(Event, frozen=True, kw_only=True):
    """The carrier shall give a label; it is asked when this cannot be taken back any more."""

    order: str
    waybill: Waybill

    @override
    def says(self) -> Text:
        return Text(N_("A label is asked of {carrier}"), {"carrier": self.waybill.carrier})


class LabelVoided(Event, frozen=True, kw_only=True):
    """The label is not needed any more, or says another address; the carrier is told if it gave one."""

    order: str
    waybill: Waybill

    @override
    def says(self) -> Text:
        return Text(N_("The label of {carrier} is void"), {"carrier": self.waybill.carrier})
