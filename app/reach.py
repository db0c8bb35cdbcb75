"""Which rows an order, a line or an article of a shop points to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from app.command import Refs
from app.domain.account import account_key
from app.domain.duplicate import block_keys, door_keys, neighbours
from app.domain.goods import StockDoc
from app.domain.load import load_key, slots_of
from app.domain.order import Line, Order
from app.domain.stock import Stock
from app.domain.values import (
    Key,
    Receiver,
    Region,
    block_key,
    order_key,
    sku_key,
    sku_map_key,
    stock_doc_key,
    stock_key,
)
from app.domain.visit import bookings_key
from app.domain.waiting import may_wait


def order_keys(order: Order, rows: Mapping[Key, Any], refs: Refs, *, at_hub: bool) -> set[Key]:
    """Name what an order stands on: mappings, articles, stock, and the keys of possible duplicates."""
    keys = line_keys(order.shop, refs, order.lines, rows)
    for item in (*order.reserved, *(order.awaits.items if order.awaits is not None else ())):
        keys.add(stock_key(item.warehouse, item.sku))
    for case in order.returns:
        keys.update(stock_key(item.warehouse, item.sku) for item in case.restocked)
    for source in order.made_from:
        keys.update([stock_key(item.warehouse, item.sku) for item in source.reserved])
    keys.update(map(account_key, _debtors(order)))
    for counted in filter(None, (order.counted, order.room)):
        keys.update(map(load_key, slots_of(counted)))
    if order.visit is not None:
        keys.update(map(bookings_key, {order.visit.outlet, *refs.outlets}))
    if at_hub:
        keys.update([block_key(k) for k in block_keys(order.receiver, order.region)])
        if may_wait(order):
            keys |= beside_keys(order.id, order.shop, order.receiver, order.region, rows, refs)
        for there in (order.announced, order.left_address):
            if there is not None:
                keys.update([block_key(k) for k in block_keys(there.receiver, there.region)])
    return keys


def paper_keys(needed: Iterable[Key], rows: Mapping[Key, Any]) -> set[Key]:
    """Name what is announced for the shelves a command names, and what a receipt brought of it."""
    keys: set[Key] = set()
    for key in needed:
        row = rows.get(key)
        papers = row.arrivals if isinstance(row, Stock) else row.fulfils if isinstance(row, StockDoc) else ()
        keys.update(stock_doc_key(one.doc) for one in papers)
    return keys


def _debtors(order: Order) -> set[str]:
    """Name the customers whose credit an order uses, or may use once terms that were sent are restored."""
    found = {one.terms.customer for one in order.contracts}
    found.add(order.customer if order.terms_days is not None else "")
    found.add(order.credited.customer if order.credited is not None else "")
    return found - {""}


def beside_keys(
    order: str, shop: str, receiver: Receiver, region: Region, rows: Mapping[Key, Any], refs: Refs
) -> set[Key]:
    """Name the orders one of this buyer may wait for, as far as it is loaded who they are."""
    known = refs.shops.get(shop)
    if known is None or known.merge_wait_min <= 0:
        return set()
    blocks = [rows.get(block_key(key)) for key in door_keys(receiver, region)]
    return {order_key(one) for one in neighbours(blocks, order, shop)}


def bound_for(command: Any, rows: Mapping[Key, Any]) -> tuple[Any, Any]:
    """Return who an order would go to and where, as far as it is loaded: as said, or with another phone."""
    own = rows.get(order_key(getattr(command, "order", "")))
    arrived = rows.get(order_key(getattr(command, "phone_of", "")))
    if isinstance(own, Order) and isinstance(arrived, Order):
        return msgspec.structs.replace(own.receiver, phone=arrived.receiver.phone), own.region
    return getattr(command, "receiver", None), getattr(command, "region", None)


def line_keys(shop: str, refs: Refs, lines: tuple[Line, ...], rows: Mapping[Key, Any]) -> set[Key]:
    """Name what lines of a shop stand on, as far as it is loaded what their codes mean."""
    keys: set[Key] = set()
    for line in lines:
        if line.sku:
            keys |= article_keys(shop, refs, line.sku, rows)
        kit = getattr(line, "kit", None)  # what a cart names has none
        if kit is not None:
            keys |= article_keys(shop, refs, kit.sku, rows)
        if line.ext_sku:
            mapped = sku_map_key(shop, line.ext_sku)
            keys.add(mapped)
            found = rows.get(mapped)
            if found is not None and found.sku and found.sku != line.sku:
                keys |= article_keys(shop, refs, found.sku, rows)
    return keys


def article_keys(shop: str, refs: Refs, sku: str, rows: Mapping[Key, Any]) -> frozenset[Key]:
    """Name an article, and once it is loaded that it is a kit, its parts, with their stock."""
    keys, article = sku_keys(shop, refs, sku), rows.get(sku_key(sku))
    if article is None or not article.parts:
        return keys
    return keys.union(*(sku_keys(shop, refs, part.sku) for part in article.parts))


def sku_keys(shop: str, refs: Refs, sku: str) -> frozenset[Key]:
    """Name an article and its stock wherever the shop may be served from; without a shop everywhere."""
    known = refs.shops.get(shop)
    everywhere = () if shop else tuple(refs.warehouses)
    return _keys_of_sku(sku, known.warehouses if known else everywhere)


@lru_cache(maxsize=50_000)
def _keys_of_sku(sku: str, warehouses: tuple[str, ...]) -> frozenset[Key]:
    return frozenset({sku_key(sku), *(stock_key(warehouse, sku) for warehouse in warehouses)})
