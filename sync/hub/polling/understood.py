"""Records of a channel become drafts of orders: what its manifest cannot read keeps its text and a reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.text import Text
from sync.channel import Draft, Numbered, Rejected, Unreadable
from sync.hub.polling.connections import Connected
from sync.hub.seal import Seal
from sync.manifest.mapping import mapped
from sync.manifest.plugin import NOTHING, Plugin

CELL = "payload"


@dataclass(frozen=True, slots=True)
class Understood:
    """What became of some records."""

    drafts: list[Draft]
    rejected: list[Rejected]
    listings: list[tuple[str, str, str]]
    wholes: frozenset[str]
    """Orders of the channel that some of these were made of there."""

    @property
    def newest_at(self) -> datetime | None:
        """Return when the newest order among them was made."""
        return max((draft.receive.ordered_at for draft in self.drafts), default=None)


def understood(
    one: Connected, seal: Seal, records: Sequence[Any], now: datetime, plugin: Plugin = NOTHING
) -> Understood:
    """Read records, each by itself: one that is broken holds up no other."""
    drafts: list[Draft] = []
    rejected: list[Rejected] = []
    listings: list[tuple[str, str, str]] = []
    wholes: set[str] = set()
    for record in records:
        payload = as_text(record)
        try:
            found = mapped(one.manifest, record, one.shop, now, plugin)
        except Unreadable as unreadable:
            row = Numbered(row_no=0, cells={CELL: payload})
            rejected.append(Rejected(row=row, reason=Text(unreadable.text.message, unreadable.text.params)))
            continue
        receive = found.receive
        listings += found.listings
        wholes |= {found.parent} - {""}
        digest = seal.args_hash("version", msgspec.json.encode(receive))[:8].hex()
        version = f"{receive.ext_version}#{digest}"
        drafts.append(Draft(receive=receive, rows=(), payload=payload, version=version))
    return Understood(drafts, rejected, listings, frozenset(wholes))


def as_text(record: Any) -> str:
    """Write a record as it came, as far as JSON tells: amounts keep their digits."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_number)


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)
