"""Lots become too old by the calendar of their building: nobody is promised them from that day on.

Looked at when a day begins somewhere, and when a shelf with lots or an article has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, func, select

from app.command import Command
from app.commands.age_lots import AgeLots
from app.domain.catalogue import Sku
from app.domain.company import Warehouse
from app.domain.lot import Lot
from app.lotting import barred_now
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.tables import feed, ref, stock

LOTS = "worker:lots"
PAGE = 100
"""So many articles are asked for at once; the rest in the next round."""
_lots = msgspec.json.Decoder(tuple[Lot, ...])
Seen = tuple[str, int, int]
T = TypeVar("T")


class Ageing:
    """One worker; where several hubs look, the second finds nothing left to do."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._seen: Seen | None = None

    def step(self, now: datetime) -> bool:
        """Look where something may have changed; tell whether there is more to do at once."""
        with reading(self._worker.engine) as db:
            seen = self._state(db, now)
            if seen == self._seen:
                return False
            found = sorted(set(self._aged(db, now)))
        commands: list[Command] = [AgeLots(sku=sku) for sku in found[:PAGE]]
        answers = self._worker.ask(commands, now, "day over") if commands else []
        if len(found) <= PAGE and len(answers) == len(commands):
            self._seen = seen
        return len(found) > PAGE and bool(answers)

    def _state(self, db: Connection, now: datetime) -> Seen:
        """Name the half hour, the newest setting or article, and the newest shelf with lots."""
        feed_id, s = self._worker.feed_id, stock.c
        revised = db.execute(select(feed.c.ref_rev).where(feed.c.feed_id == feed_id)).scalar_one()
        newest = select(func.max(s.seq)).where(s.feed_id == feed_id, s.lotted > 0)
        half_hour = f"{now:%Y-%m-%dT%H}:{now.minute // 30}"
        return half_hour, int(revised), int(db.execute(newest).scalar() or 0)

    def _aged(self, db: Connection, now: datetime) -> Iterator[str]:
        feed_id, s = self._worker.feed_id, stock.c
        zones = {one.code: one for one in self._refs(db, "warehouse", Warehouse)}
        shelves = db.execute(
            select(s.warehouse, s.sku, s.lots).where(s.feed_id == feed_id, s.lotted > 0)
        ).all()
        named = {row.sku for row in shelves}
        articles = {one.code: one for one in self._refs(db, "sku", Sku, named)}
        for warehouse, sku, doc in shelves:
            place = zones.get(warehouse)
            if place is None:
                continue
            today = place.today(now)
            article = articles.get(sku)
            if any(lot.no and lot.barred != barred_now(lot, article, today) for lot in _lots.decode(doc)):
                yield sku

    def _refs(self, db: Connection, table: str, kind: type[T], named: set[str] | None = None) -> Iterator[T]:
        docs = select(ref.c.doc).where(ref.c.feed_id == self._worker.feed_id, ref.c.tbl == table)
        if named is not None:
            docs = docs.where(ref.c.pk.in_(sorted(named)))
        for doc in db.execute(docs).scalars():
            yield msgspec.json.decode(doc, type=kind)
