"""Rows that take back what came in an earlier file: the original is found among what its shop delivered.

By its number, where the cancellation repeats it (C536379 of 536379); else, as within one file, by customer,
article and quantity: the last order before it that has so much left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, Select, select

from app.domain.company import Shop
from app.text import Text
from sync.channel import Draft, Numbered, Rejected, Unreadable
from sync.hub.database import reading
from sync.hub.imports.cancellations import NO_ORIGINAL, Key, is_cancel, key_of, taken
from sync.hub.imports.mapped import Reader
from sync.hub.intake import Delivered
from sync.hub.seal import Seal
from sync.import_tables import import_receipt
from sync.tables import raw, receipt, subject_key

DELIVERIES_MOST = 100_000
"""So many deliveries of the shop are looked through, the newest first."""
_delivered = msgspec.json.Decoder(Delivered)


@dataclass(slots=True)
class _Original:
    """What the shop delivered of one order: rows that sell, and rows that take something back."""

    number: str
    sold: tuple[Numbered, ...]
    back: list[Numbered]
    ordered_at: datetime

    def left(self, key: Key, reader: Reader) -> int:
        """Return how many pieces of an article nobody took back yet."""
        plan = reader.plan
        sold = sum(max(0, -taken(row, plan)) for row in self.sold if key_of(row, plan) == key)
        return sold - sum(max(0, taken(row, plan)) for row in self.back if key_of(row, plan) == key)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where to look: one shop's deliveries, without those of the import that asks."""

    engine: Engine
    feed_id: int
    seal: Seal
    shop: Shop
    import_id: str

    def resolve(self, lost: Sequence[Rejected], reader: Reader) -> Iterator[Draft | Rejected]:
        """Yield each original anew, without what is taken back; reject rows whose original nobody knows."""
        if not lost:
            return
        rows = [one.row for one in lost]
        column = reader.channel.group
        known = _Known(self._originals(rows, reader), reader, self.shop.zone)
        found: dict[str, list[Numbered]] = {}
        for row in rows:
            original = known.match(row)
            if original is None:
                yield Rejected(row=row, reason=Text(NO_ORIGINAL, {"column": column}))
            else:
                found.setdefault(original.number, []).append(row)
        for number, own in found.items():
            yield from self._draft(known.by_number[number], own, reader)

    def _draft(self, original: _Original, own: list[Numbered], reader: Reader) -> Iterator[Draft | Rejected]:
        rows = (*original.sold, *original.back)
        try:
            receive = reader.receive(rows, self.shop)
            version = max((reader.version((row,), self.shop.zone) for row in rows), default="")
        except Unreadable as trouble:
            yield from (Rejected(row=row, reason=trouble.text) for row in own)
            return
        receive = msgspec.structs.replace(receive, ext_version=version)
        yield Draft(receive=receive, rows=rows, counted=tuple(own))

    def _originals(self, rows: Iterable[Numbered], reader: Reader) -> dict[str, _Original]:
        """Return the orders of the shop that hold one of the articles asked for, by number."""
        wanted = {key_of(row, reader.plan) for row in rows}
        found: dict[str, _Original] = {}
        seen = set[str]()
        with reading(self.engine) as db:
            for ext_id, delivered in self._deliveries(db):
                if ext_id in seen:  # an older version of the same order
                    continue
                seen.add(ext_id)
                original = _original(ext_id, delivered.rows, reader, self.shop.zone)
                if original is not None and any(key_of(row, reader.plan) in wanted for row in original.sold):
                    found[ext_id] = original
        return found

    def _deliveries(self, db: Connection) -> Iterator[tuple[str, Delivered]]:
        for row in db.execute(self._asked()):
            key = self.seal.unwrap(row.subject_id, bytes(row.wrapped))
            yield row.ext_id, _delivered.decode(key.unpack(row.body))

    def _asked(self) -> Select[tuple[object, ...]]:
        mine = select(import_receipt.c.n).where(
            import_receipt.c.feed_id == self.feed_id, import_receipt.c.import_id == self.import_id
        )
        return (
            select(receipt.c.ext_id, raw.c.subject_id, raw.c.body, subject_key.c.wrapped)
            .join(raw, (raw.c.feed_id == receipt.c.feed_id) & (raw.c.raw_id == receipt.c.raw_id))
            .join(
                subject_key,
                (subject_key.c.feed_id == raw.c.feed_id) & (subject_key.c.subject_id == raw.c.subject_id),
            )
            .where(
                receipt.c.feed_id == self.feed_id,
                receipt.c.channel == self.shop.channel,
                receipt.c.shop == self.shop.code,
                receipt.c.order_id != "",
                receipt.c.withdrawn_at.is_(None),
                receipt.c.n.not_in(mine),
            )
            .order_by(raw.c.received_at.desc(), receipt.c.n.desc())
            .limit(DELIVERIES_MOST)
        )


def _original(ext_id: str, rows: tuple[Numbered, ...], reader: Reader, zone: str) -> _Original | None:
    """Split what was delivered; None where it came in columns this file does not have."""
    plan, column = reader.plan, reader.channel.group
    sold = tuple(row for row in rows if row.cells.get(column) == ext_id)
    back = [row for row in rows if is_cancel(row.cells.get(column, ""), plan.cancels)]
    try:
        return _Original(ext_id, sold, back, reader.ordered_at(sold, zone)) if sold else None
    except Unreadable:
        return None


class _Known:
    """Originals by number, by customer and article (the newest first), and by what took of them before."""

    def __init__(self, by_number: dict[str, _Original], reader: Reader, zone: str) -> None:
        self.by_number, self._reader, self._zone = by_number, reader, zone
        self._by_key: dict[Key, list[_Original]] = {}
        self._by_back: dict[str, list[_Original]] = {}
        for one in sorted(by_number.values(), key=lambda one: one.ordered_at, reverse=True):
            for key in dict.fromkeys(key_of(row, reader.plan) for row in one.sold):
                self._by_key.setdefault(key, []).append(one)
            for number in {self._number(row) for row in one.back}:
                self._by_back.setdefault(number, []).append(one)

    def match(self, row: Numbered) -> _Original | None:
        """Find whose pieces a row takes back, and let it; a row that did so before is known again."""
        key, count = key_of(row, self._reader.plan), taken(row, self._reader.plan)
        for one in self._by_back.get(self._number(row), ()):
            if any(row.cells == had.cells for had in one.back):
                return one
        if count <= 0:
            return None
        try:
            at = self._reader.ordered_at((row,), self._zone)
        except Unreadable:
            return None
        named = self.by_number.get(self._number(row).removeprefix(self._reader.plan.cancels))
        before = (one for one in self._by_key.get(key, ()) if one.ordered_at <= at)
        candidates = (named, *before) if named is not None else before
        found = next((one for one in candidates if one.left(key, self._reader) >= count), None)
        if found is not None:
            found.back.append(row)
            self._by_back.setdefault(self._number(row), []).append(found)
        return found

    def _number(self, row: Numbered) -> str:
        return row.cells.get(self._reader.channel.group, "")
