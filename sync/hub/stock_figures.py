"""Tell shops how much may be sold: the absolute figure, once per change that still counts, the latest wins.

One effect per shop and article; while it waits or is on its way it only takes the newer figure. Where shops,
their warehouses or policies change, or a policy begins or ends by the calendar, all shelves are read again.
Source: sync.md section 10; capabilities 3, stock sent to channels is absolute, 3.6 and 3.7.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, func, select, update

from app.domain.catalogue import Sku, SkuMap
from app.domain.company import Shop, today_of
from app.domain.effect import EffectState
from app.domain.kit import Part, whole
from app.domain.offering import Mode, StockPolicy, in_force, offered
from app.domain.stock import Stock
from app.domain.values import digest
from sync.hub.database import reading, writing
from sync.hub.effect_rows import (
    WAITS_FOR_A_PERSON,
    at_work,
    doubt_expired,
    end_latest,
    lease,
    put_back,
    wish_latest,
)
from sync.hub.effects import LAST_WAIT_S, Providers, wait_s
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.hub.shelves import FIELDS, shelf_of
from sync.tables import effect, feed, ref, stock

KIND = "stock"
HOW_FAR = "stock:"
"""The effect that is none: its `seq` says how far the shelves were read."""
PAGE = 500
"""Shelves looked at in one round."""
Shelves = Mapping[tuple[str, str], Stock]
T = TypeVar("T")
log = logging.getLogger(__name__)


def note_changes(engine: Engine, feed_id: int, now: datetime) -> int:
    """Write down the newest figure of every article that moved; return how many shelves had.

    How far it came is kept beside the effects: a round that is lost is done again.
    """
    with reading(engine) as db:
        if not _moved(db, feed_id) and _terms(db, feed_id, now).digest == _known_terms(db, feed_id).digest:
            return 0
    with writing(engine) as db:
        terms = _under(db, feed_id, now)
        rows = _moved(db, feed_id)
        newest: dict[str, int] = {}
        for sku, seq in rows:
            newest[sku] = max(seq, newest.get(sku, 0))
        if newest:
            _write(db, feed_id, newest, terms, now)
            far = msgspec.json.encode(terms).decode()
            wish_latest(db, feed_id, HOW_FAR, KIND, far, max(newest.values()), WAITS_FOR_A_PERSON)
    return len(rows)


class Terms(msgspec.Struct, frozen=True):
    """Under which shops and policies figures were made, and since which number of the feed."""

    digest: str = ""
    seq: int = 0


def _under(db: Connection, feed_id: int, now: datetime) -> Terms:
    """Return the terms of today; where they are new, every shelf is to be read again."""
    terms, known = _terms(db, feed_id, now), _known_terms(db, feed_id)
    if terms.digest == known.digest:
        return known
    x = effect.c
    again = {"seq": 0, "payload": msgspec.json.encode(terms).decode()}
    db.execute(update(effect).where(x.feed_id == feed_id, x.effect_key == HOW_FAR).values(**again))
    return terms


def _terms(db: Connection, feed_id: int, now: datetime) -> Terms:
    policies = _refs(db, feed_id, "stock_policy", StockPolicy)
    said = [
        (shop.code, shop.warehouses, _of_today(policies, shop, now), *_day_of(policies, shop, now))
        for shop in sorted(_refs(db, feed_id, "shop", Shop), key=lambda shop: shop.code)
    ]
    kits = sorted(_kits(db, feed_id).items())
    head = db.execute(select(feed.c.head).where(feed.c.feed_id == feed_id)).scalar_one()
    return Terms(digest(msgspec.to_builtins((said, kits) if kits else said)), int(head))


def _known_terms(db: Connection, feed_id: int) -> Terms:
    x = effect.c
    far = select(x.payload).where(x.feed_id == feed_id, x.effect_key == HOW_FAR)
    known = db.execute(far).scalar_one_or_none()
    return msgspec.json.decode(known, type=Terms) if known else Terms()


def _of_today(policies: Iterable[StockPolicy], shop: Shop, now: datetime) -> tuple[StockPolicy, ...]:
    return in_force(policies, shop, now.astimezone(ZoneInfo(shop.zone)).date())


def _day_of(policies: Iterable[StockPolicy], shop: Shop, now: datetime) -> tuple[date, ...]:
    """Return the day where it counts: what is announced and overdue is not offered."""
    sells_ahead = any(one.mode is Mode.AHEAD for one in _of_today(policies, shop, now))
    return (today_of(shop, now),) if sells_ahead else ()


def _moved(db: Connection, feed_id: int) -> list[tuple[str, int]]:
    """Return (article, number) of the shelves that moved since the last round; a number is never cut."""
    s, x = stock.c, effect.c
    far = select(x.seq).where(x.feed_id == feed_id, x.effect_key == HOW_FAR)
    seen = db.execute(far).scalar_one_or_none() or 0
    later = (s.feed_id == feed_id, s.seq > seen)
    page = select(s.seq).where(*later).order_by(s.seq).limit(PAGE).subquery()
    to = db.execute(select(func.max(page.c.seq))).scalar_one()
    if to is None:
        return []
    return [(row.sku, row.seq) for row in db.execute(select(s.sku, s.seq).where(*later, s.seq <= to))]


def _write(db: Connection, feed_id: int, newest: dict[str, int], terms: Terms, now: datetime) -> None:
    """Ask for the figures of these articles; each names the number of the feed at which it was true.

    That is the last at which any of its shelves moved, be it one of a page not read yet.
    """
    policies = _refs(db, feed_id, "stock_policy", StockPolicy)
    shops = {shop.code: shop for shop in _refs(db, feed_id, "shop", Shop)}
    kits = _kits(db, feed_id)
    newest = newest | {
        kit: max(newest[part.sku] for part in parts if part.sku in newest)
        for kit, parts in kits.items()
        if any(part.sku in newest for part in parts)
    }
    sold = [one for one in _refs(db, feed_id, "sku_map", SkuMap) if one.sku in newest and one.shop in shops]
    parts = {one.sku: kits.get(one.sku, (Part(sku=one.sku, qty=1),)) for one in sold}
    asked = {part.sku for each in parts.values() for part in each}
    shelves, moved = _shelves(db, feed_id, asked), _moved_at(db, feed_id, asked)
    mine = {code: _of_today(policies, shop, now) for code, shop in shops.items()}
    for one in sold:
        shop, today = shops[one.shop], today_of(shops[one.shop], now)
        there, later = partial(_free, shelves), partial(_promisable, shelves, today)
        pieces = sum(whole(parts[one.sku], at, there) for at in shop.warehouses)
        ahead = sum(whole(parts[one.sku], at, later) for at in shop.warehouses) - pieces
        offer = offered(pieces, one.sku, mine[one.shop], ahead)
        payload = {"shop": one.shop, "ext_sku": one.ext_sku, "sku": one.sku, "quantity": str(offer.pieces)}
        text = msgspec.json.encode(payload).decode()
        seq = max(terms.seq, *(moved.get(part.sku, 0) for part in parts[one.sku]))
        wish_latest(db, feed_id, f"stock:{one.shop}:{one.ext_sku}", KIND, text, seq, now)


def _shelves(db: Connection, feed_id: int, skus: set[str]) -> Shelves:
    s = stock.c
    rows = db.execute(
        select(*(s[field] for field in FIELDS)).where(s.feed_id == feed_id, s.sku.in_(sorted(skus)))
    )
    return {(one.warehouse, one.sku): one for one in map(shelf_of, rows)}


def _moved_at(db: Connection, feed_id: int, skus: set[str]) -> dict[str, int]:
    """Return the number at which the last shelf of each article moved."""
    s = stock.c
    last = select(s.sku, func.max(s.seq)).where(s.feed_id == feed_id, s.sku.in_(sorted(skus)))
    return {sku: int(seq) for sku, seq in db.execute(last.group_by(s.sku))}


def _free(shelves: Shelves, place: str, sku: str) -> int:
    """Return what may still be promised; leases of desks are out of it. Units: pieces."""
    shelf = shelves.get((place, sku))
    return shelf.available if shelf is not None else 0


def _promisable(shelves: Shelves, today: date, place: str, sku: str) -> int:
    """Return that with what is announced and nobody counts on. Units: pieces."""
    shelf = shelves.get((place, sku))
    return shelf.available + shelf.ahead(today) if shelf is not None else 0


def _kits(db: Connection, feed_id: int) -> dict[str, tuple[Part, ...]]:
    """Return the recipes of kits, by article."""
    r = ref.c
    docs = select(r.doc).where(r.feed_id == feed_id, r.tbl == "sku", r.doc.contains('"parts":[{'))
    kits = (msgspec.json.decode(doc, type=Sku) for doc in db.execute(docs).scalars())
    return {one.code: one.parts for one in kits}


def _refs(db: Connection, feed_id: int, table: str, kind: type[T]) -> list[T]:
    docs = db.execute(select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == table)).scalars()
    return [msgspec.json.decode(doc, type=kind) for doc in docs]


@dataclass(frozen=True, slots=True)
class Figures:
    """Sends the figures. They are absolute, so one that may have arrived is simply sent again, later."""

    engine: Engine
    feed_id: int
    providers: Providers
    clock: Callable[[], datetime]

    def step(self) -> bool:
        """Note what moved, send what is due for longest; tell whether there was anything."""
        doubt_expired(self.engine, self.feed_id, self.clock())
        noted = note_changes(self.engine, self.feed_id, self.clock())
        leased = lease(self.engine, self.feed_id, [KIND], self.clock())
        if leased is None:
            return noted >= PAGE
        shop = leased.key.split(":")[1]
        provider = self.providers(shop, KIND)
        later_s = LAST_WAIT_S
        try:
            key = f"{leased.key}:{leased.seq}:{digest(leased.payload)}"
            with at_work(self.engine, self.feed_id, leased, self.clock):
                sent = provider.send(key, leased.payload.encode()) if provider else None
            if isinstance(sent, Done):
                end_latest(self.engine, self.feed_id, leased, sent.ref, self.clock())
                return True
            if isinstance(sent, Rejected):
                log.warning("the figure %s was not taken: %s", leased.key, sent.text.message)
        except Unsent as trouble:
            later_s = max(trouble.retry_after_s, wait_s(leased.tries))
        except Unclear:
            later_s = provider.settle_s if provider else LAST_WAIT_S
        not_before = self.clock() + timedelta(seconds=later_s)
        put_back(self.engine, self.feed_id, leased, EffectState.TODO, not_before)
        return True
