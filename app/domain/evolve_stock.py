"""How each event changes the stock of an article and what is promised of it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from app.domain import events as e
from app.domain.aftersale import Restocked
from app.domain.goods import AHEAD, DocState, StockDoc
from app.domain.lot import Lot, booked, gone, in_hand, with_papers
from app.domain.promised import Reserved
from app.domain.stock import Arrival, Lease, Reservation, Stock, cart_of
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
        moved = _more(before, event.delta, event.lot, event.best_before, paper=False)
        return _checked(_yielding(moved))
    if isinstance(event, e.GoodsEvent):
        return _checked(_yielding(_documented(key, stock, event)))
    if isinstance(event, e.ReturnGraded):
        before = stock or _empty(key)
        return _checked(_restocked(before, event.restocked, 1))
    if stock is None:
        raise LookupError(key[1])
    if isinstance(event, e.StockSetAside):
        return _checked(stock)
    if isinstance(event, e.StockAwaited):
        return _checked(_with(stock, awaited=stock.awaited + _pieces(event.awaits.items, stock)))
    if isinstance(event, e.AwaitEnded):
        return _checked(_unawaited(stock, _pieces(event.items, stock)), is_over=False)
    return _checked(_moved(stock, event), is_over=not isinstance(event, e.StockReleased | e.StockReserved))


def _moved(stock: Stock, event: e.Event) -> Stock:
    match event:
        case e.StockReserved(order=order, items=items, desk=desk, awaited=awaited):
            return _promised(_unawaited(stock, _pieces(awaited, stock)), _pieces(items, stock), order, desk)
        case e.ShelfRepaired(on_hand=on_hand, reserved=reserved, lots=lots):
            repaired = with_papers(stock.lots, lots)
            return _with(stock, on_hand=on_hand, reserved=reserved, lots=repaired)
        case e.StockLeased():
            return _leased(stock, event.desk, event.qty, event.until)
        case e.StockReleased(items=items):
            return _with(stock, reserved=stock.reserved - _pieces(items, stock))
        case e.StockShipped(items=items, lots=lots):
            qty = _pieces(items, stock)
            left = stock.lots
            for sku, taken in lots:
                left = gone(left, stock.warehouse, taken) if sku == stock.sku else left
            return _with(stock, on_hand=stock.on_hand - qty, reserved=stock.reserved - qty, lots=left)
        case e.LotsTaken(lots=taken):
            return _with(stock, lots=in_hand(stock.lots, stock.warehouse, taken))
        case e.LotsBarred(barred=barred):
            why = dict(barred)
            rows = tuple(_with(lot, barred=why.get(lot.no, lot.barred)) for lot in stock.lots)
            return _waiting_again(_yielding(_with(stock, lots=rows)))
        case e.GradingUndone(restocked=restocked):
            return _restocked(stock, restocked, -1)
    raise LookupError(f"{type(event).__name__} does not move stock")


def _unawaited(stock: Stock, pieces: int) -> Stock:
    """Let go of what an order waited for: of what came for those who wait first."""
    came = min(pieces, stock.set_aside)
    return _with(
        stock,
        reserved=stock.reserved - came,
        set_aside=stock.set_aside - came,
        awaited=stock.awaited - (pieces - came),
    )


def _promised(stock: Stock, pieces: int, order: str, desk: str) -> Stock:
    """Promise pieces to an order: from its cart and the asking desk's lease first, then from what is free."""
    left = pieces
    for holder in (cart_of(order), desk) if stock.leases else ():
        taken = min(stock.leased_to(holder), left)
        if taken:
            stock = _leased(stock, holder, stock.leased_to(holder) - taken)
            left -= taken
    return _with(stock, reserved=stock.reserved + pieces)


def _leased(stock: Stock, desk: str, qty: int, until: datetime | None = None) -> Stock:
    """Let a desk or a cart hold `qty` pieces; what it held before is given back, or taken on."""
    was = stock.lease_of(desk)
    others = [lease for lease in stock.leases if lease.desk != desk]
    until = until or (was.until if was is not None else None)
    if qty > 0 and until is not None:
        others.append(Lease(desk=desk, qty=qty, until=until))
    held = was.qty if was is not None else 0
    leases = tuple(sorted(others, key=lambda lease: lease.desk))
    return _with(stock, reserved=stock.reserved - held + qty, leases=leases)


def _yielding(stock: Stock) -> Stock:
    """Take leases back where fewer pieces may be sold than were promised: what was sold is an order by then.

    The longest leases yield first: their desks have asked last, so they are most likely on the line.
    """
    for lease in sorted(stock.leases, key=lambda lease: (lease.until, lease.desk), reverse=True):
        lacking = stock.reserved + stock.held - stock.on_hand
        if lacking <= 0:
            break
        stock = _leased(stock, lease.desk, lease.qty - min(lease.qty, lacking))
    return stock


def _waiting_again(stock: Stock) -> Stock:
    """Let orders that wait count on what comes again, where what was set aside may not be sold."""
    lacking = min(stock.set_aside, max(0, stock.reserved + stock.held - stock.on_hand))
    return _with(
        stock,
        reserved=stock.reserved - lacking,
        set_aside=stock.set_aside - lacking,
        awaited=stock.awaited + lacking,
    )


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
    after = _more(before, moved, event.doc.lot, event.doc.best_before)
    after = _with(after, counting=counting, bin=place)
    return _announced(after, event.doc) if event.doc.kind in AHEAD else after


def _more(stock: Stock, qty: int, lot: str, best_before: date | None = None, *, paper: bool = True) -> Stock:
    """Put pieces on a shelf, or take them off, in their lot where it has any."""
    lots = booked(stock.lots, stock.on_hand, lot, qty, best_before, paper=paper)
    return _with(stock, on_hand=stock.on_hand + qty, lots=lots)


def _announced(stock: Stock, doc: StockDoc) -> Stock:
    """Write down what still comes by a paper, the soonest first."""
    arrivals = [one for one in stock.arrivals if one.doc != doc.id]
    if doc.coming and doc.due_on is not None:
        arrivals.append(Arrival(doc.id, doc.due_on, doc.coming, doc.reference))
    arrivals.sort(key=lambda one: (one.due_on, one.doc))
    return _with(stock, arrivals=tuple(arrivals), coming=sum(one.qty for one in arrivals))


def _empty(key: Key) -> Stock:
    warehouse, _, sku = key[1].partition("/")
    return Stock(warehouse=warehouse, sku=sku)


def evolve_reservation(key: Key, event: e.Event) -> Reservation:
    """Write down what one line holds after `event`.

    Raises:
        LookupError: the event does not move stock.
    """
    order, _, line = key[1].partition("/")
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


def _restocked(stock: Stock, items: tuple[Restocked, ...], sign: int) -> Stock:
    for one in items:
        if (one.warehouse, one.sku) == (stock.warehouse, stock.sku):
            stock = _more(stock, sign * one.qty, one.lot, one.best_before)
    return stock


def _checked(stock: Stock, *, is_over: bool = True) -> Stock:
    """Set what is free aside for orders that wait, then hold the invariants against what is left.

    What came of an announcement is theirs though it be safety stock: it was promised. Where it is not over
    yet, what an order gave back is free: it may go on with it in the same command, whole or as its parts.
    """
    if stock.awaited:
        free = min(stock.available, stock.awaited) if is_over else 0
        aside = max(free, stock.awaited - stock.coming)
        stock = _with(
            stock,
            reserved=stock.reserved + aside,
            set_aside=stock.set_aside + aside,
            awaited=stock.awaited - aside,
        )
    if not 0 <= stock.set_aside <= stock.reserved <= stock.on_hand:
        raise ValueError(f"reserved {stock.reserved} of {stock.on_hand} {stock.sku} in {stock.warehouse}")
    if stock.lots and not _adds_up(stock.lots, stock.on_hand):
        raise ValueError(f"lots of {stock.sku} in {stock.warehouse} are not the {stock.on_hand} on hand")
    if not 0 <= stock.awaited <= stock.coming:
        raise ValueError(f"{stock.awaited} wait for {stock.coming} {stock.sku} in {stock.warehouse}")
    return stock


def _adds_up(lots: tuple[Lot, ...], on_hand: int) -> bool:
    return sum(lot.qty for lot in lots) == on_hand and all(0 <= lot.picked <= lot.qty for lot in lots)
