"""How each event changes the stock of an article and what is promised of it."""

from __future__ import annotations

import msgspec

from app.domain import events as e
from app.domain.aftersale import Restocked
from app.domain.goods import DocState
from app.domain.order import Reserved
from app.domain.stock import Reservation, Stock
from app.domain.values import Key

_with = msgspec.structs.replace


def evolve_stock(key: Key, stock: Stock | None, event: e.Event) -> Stock:
    """Apply one event to a stock row; a first receipt creates it.

    Raises:
        LookupError: stock that does not exist cannot be reserved.
        ValueError: the invariant 0 <= reserved <= on_hand would break.
    """
    if isinstance(event, e.StockAdjusted):
        before = stock or Stock(warehouse=event.warehouse, sku=event.sku)
        return _checked(_with(before, on_hand=before.on_hand + event.delta))
    if isinstance(event, e.GoodsEvent):
        return _checked(_documented(key, stock, event))
    if isinstance(event, e.ReturnGraded):
        before = stock or _empty(key)
        return _checked(_with(before, on_hand=before.on_hand + _restocked(event.restocked, before)))
    if stock is None:
        raise LookupError(key[1])
    match event:
        case e.StockReserved(items=items):
            return _checked(_with(stock, reserved=stock.reserved + _pieces(items, stock)))
        case e.StockReleased(items=items):
            return _checked(_with(stock, reserved=stock.reserved - _pieces(items, stock)))
        case e.StockShipped(items=items):
            qty = _pieces(items, stock)
            return _checked(_with(stock, on_hand=stock.on_hand - qty, reserved=stock.reserved - qty))
        case e.GradingUndone(restocked=restocked):
            return _checked(_with(stock, on_hand=stock.on_hand - _restocked(restocked, stock)))
    raise LookupError(f"{type(event).__name__} does not move stock")


def _documented(key: Key, stock: Stock | None, event: e.GoodsEvent) -> Stock:
    """Move the pieces a stock document names, and remember a count that waits for a second one."""
    before = stock or _empty(key)
    moved = sum(move.qty for move in event.moves if move.warehouse == before.warehouse)
    counting = before.counting
    if event.doc.state is DocState.ASKS:
        counting = event.doc.id
    elif counting == event.doc.id:
        counting = ""
    place = event.bin if isinstance(event, e.StockReceived) and event.bin else before.bin
    return _with(before, on_hand=before.on_hand + moved, counting=counting, bin=place)


def _empty(key: Key) -> Stock:
    warehouse, _, sku = key[1].partition("/")
    return Stock(warehouse=warehouse, sku=sku)


def evolve_reservation(key: Key, event: e.Event) -> Reservation:
    """Write down what one line holds after `event`.

    Raises:
        LookupError: the event does not move stock.
    """
    order, _, line = key[1].rpartition("/")
    match event:
        case e.StockReserved(items=items):
            state = "open"
        case e.StockReleased(items=items):
            state = "released"
        case e.StockShipped(items=items):
            state = "shipped"
        case _:
            raise LookupError(f"{type(event).__name__} does not move stock")
    item = next(i for i in items if i.line == line)
    return Reservation(
        owner=order, line=line, warehouse=item.warehouse, sku=item.sku, qty=item.qty, state=state
    )


def _pieces(items: tuple[Reserved, ...], stock: Stock) -> int:
    return sum(i.qty for i in items if i.sku == stock.sku and i.warehouse == stock.warehouse)


def _restocked(items: tuple[Restocked, ...], stock: Stock) -> int:
    return sum(i.qty for i in items if i.sku == stock.sku and i.warehouse == stock.warehouse)


def _checked(stock: Stock) -> Stock:
    if not 0 <= stock.reserved <= stock.on_hand:
        raise ValueError(f"reserved {stock.reserved} of {stock.on_hand} {stock.sku} in {stock.warehouse}")
    return stock
