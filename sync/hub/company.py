"""Set a company up, or add to it: all of it goes through the feed, so desks learn it like any change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, select

from app.domain.company import Company
from app.domain.scopes import scope_of, small_scope
from app.domain.stock import Stock
from app.domain.values import RULES_KEY, Key, sku_map_key, stock_key
from sync import tables
from sync.hub import feed
from sync.hub.bulk import Into, Of
from sync.hub.feed import Edition
from sync.hub.shelves import WRITTEN, shelf_row

SLICE_ROWS = 500
_REFS = Into(tables.ref, ("tbl", "pk", "doc", "seq"))
_KNOWN_REFS = Of(tables.ref, ("tbl", "pk"), ("tbl", "pk"))
_STOCK = Into(tables.stock, (*WRITTEN, "opening", "seq"))
_KNOWN_STOCK = Of(tables.stock, ("warehouse", "sku"), ("warehouse", "sku"))
_TICK = timedelta(microseconds=1)


def install_company(db: Connection, feed_id: int, company: Company, now: datetime) -> None:
    """Publish what is not there yet, at most 500 rows under one number; a first call makes the feed.

    Stock counts as `opening`: nobody received it, later receipts count from here.
    """
    if db.execute(select(tables.feed.c.head).where(tables.feed.c.feed_id == feed_id)).first() is None:
        feed.open_feed(db, feed_id, uuid4().hex, now)
    todo = _rows(company)
    while rows := list(islice(todo, SLICE_ROWS)):
        _publish(db, feed_id, _unknown(db, feed_id, rows), now)


def _unknown(
    db: Connection, feed_id: int, rows: list[tuple[Key, msgspec.Struct]]
) -> list[tuple[Key, msgspec.Struct]]:
    shelves = {(row.warehouse, row.sku) for _, row in rows if isinstance(row, Stock)}
    known = set(_KNOWN_REFS.read(db, feed_id, {key for key, row in rows if not isinstance(row, Stock)}))
    known |= {stock_key(warehouse, sku) for warehouse, sku in _KNOWN_STOCK.read(db, feed_id, shelves)}
    return [(key, row) for key, row in rows if key not in known]


def _publish(db: Connection, feed_id: int, rows: list[tuple[Key, msgspec.Struct]], now: datetime) -> None:
    if not rows:
        return
    head = feed.lock(db, feed_id)
    edition = Edition(head, max(head.hub_at + _TICK, now))
    refs, shelves = [], []
    for key, row in rows:
        doc = msgspec.json.encode(row).decode()
        if isinstance(row, Stock):
            edition.put(scope_of(key[0], row), *key, doc)
            shelves.append((*shelf_row(row), row.on_hand, edition.seq))
        else:
            edition.put(small_scope(*key), *key, doc)
            edition.ref_rev += 1
            refs.append((*key, doc, edition.seq))

    def write() -> None:
        _REFS.write(db, feed_id, refs)
        _STOCK.write(db, feed_id, shelves)

    feed.publish(db, head, edition, write)


def _rows(company: Company) -> Iterator[tuple[Key, msgspec.Struct]]:
    yield RULES_KEY, company.rules
    coded: dict[str, Iterable[Any]] = {
        "warehouse": company.warehouses, "shop": company.shops, "user": company.users,
        "customer": company.customers, "price_list": company.price_lists, "shift": company.shifts,
        "holidays": company.holidays, "carrier": company.carriers, "outlet": company.outlets,
        "source_policy": company.source_policies,
        "sku": company.skus,
    }  # fmt: skip
    for table, rows in coded.items():
        for row in rows:
            yield (table, row.code), row
    for mapping in company.sku_maps:
        yield sku_map_key(mapping.shop, mapping.ext_sku), mapping
    for stock in company.opening:
        yield stock_key(stock.warehouse, stock.sku), stock
