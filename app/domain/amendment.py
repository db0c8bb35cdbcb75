"""New values for parts of an order, and how a sentence names them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from app.domain.announced import Announced
from app.domain.event import listed
from app.domain.order import ChannelState, Line
from app.domain.told import Said, Told
from app.domain.values import Receiver, Region
from app.text import N_, Text

__all__ = [
    "Amendment",
    "fields_said",
]


class Amendment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """New values for parts of an order; what is UNSET stays. Units: `*_minor` in the order's currency."""

    lines: tuple[Line, ...] | msgspec.UnsetType = msgspec.UNSET
    receiver: Receiver | msgspec.UnsetType = msgspec.UNSET
    region: Region | msgspec.UnsetType = msgspec.UNSET
    channel_state: ChannelState | msgspec.UnsetType = msgspec.UNSET
    total_minor: int | msgspec.UnsetType = msgspec.UNSET
    payable_minor: int | msgspec.UnsetType = msgspec.UNSET
    paid_minor: int | msgspec.UnsetType = msgspec.UNSET
    refunded_minor: int | msgspec.UnsetType = msgspec.UNSET
    ship_by_at: datetime | msgspec.UnsetType | None = msgspec.UNSET
    priority: int | msgspec.UnsetType = msgspec.UNSET
    ext_version: str | msgspec.UnsetType = msgspec.UNSET
    said: Said | msgspec.UnsetType = msgspec.UNSET
    announced: Announced | msgspec.UnsetType | None = msgspec.UNSET
    told: Told | msgspec.UnsetType = msgspec.UNSET

    def changes(self) -> dict[str, object]:
        """Only what is set."""
        return {f: v for f in self.__struct_fields__ if (v := getattr(self, f)) is not msgspec.UNSET}


FIELD_WORDS = {
    "lines": N_("articles"),
    "receiver": N_("address"),
    "receiver.name": N_("receiver"),
    "receiver.phone": N_("phone"),
    "place": N_("address"),
    "region": N_("address"),
    "receiver.memo": N_("memo"),
    "announced": N_("address"),
    "told": N_("what the channel tells of it"),
    "invoice": N_("invoice data"),
    "contracts": N_("contract"),
    "customer": N_("the customer"),
    "terms_days": N_("terms of payment"),
    "visit": N_("visit"),
    "channel_state": N_("state on the channel"),
    "total_minor": N_("money"),
    "payable_minor": N_("money"),
    "paid_minor": N_("money"),
    "refunded_minor": N_("money"),
    "ship_by_at": N_("promised date"),
    "priority": N_("priority"),
    "pause": N_("hold"),
    "status": N_("work state"),
    "settled": N_("answers"),
    "returns": N_("after-sales"),
}


def fields_said(fields: Iterable[str]) -> Text:
    """Name fields of an order in words, each word once."""
    return listed([Text(word) for word in dict.fromkeys(_word(field) for field in fields)])


def _word(field: str) -> str:
    return FIELD_WORDS.get(field) or FIELD_WORDS.get(field.partition(".")[0], field)
