"""Which lot a piece may come from or go to, and which one goes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from app.command import Facts, Refusal, refuse
from app.domain.catalogue import Sku
from app.domain.events import LotsBarred, LotsTaken
from app.domain.goods import StockDoc
from app.domain.goods_events import Moved
from app.domain.lot import (
    BARRED,
    OLD,
    RECALLED,
    FromLot,
    InLots,
    Lot,
    first_to_go,
    in_hand,
    kept_lots,
    lot_fault,
    lot_of,
    with_taken,
)
from app.domain.order import Line, Order
from app.domain.stock import Stock
from app.text import N_, Text

Leaving = tuple[tuple[str, tuple[FromLot, ...]], ...]
"""What of which lots leaves, article by article."""
_ANY = InLots()
NO_LOTS = N_("{sku} is not kept in lots. Leave the lot empty.")
RECALLED_TEXT = N_("Lot {lot} is recalled. Take its pieces out, then take others.")


def today_in(warehouse: str, facts: Facts) -> date:
    """Return the day it is in a building."""
    place = facts.refs.warehouses.get(warehouse)
    return place.today(facts.now) if place is not None else facts.now.date()


def kept_as(article: Sku | None) -> InLots:
    """Return how an article is kept in lots; as any is where nobody said."""
    return article.in_lots if article is not None and article.in_lots is not None else _ANY


def barred_now(lot: Lot, article: Sku | None, today: date) -> str:
    """Return why nobody may be promised pieces of a lot today, or nothing."""
    if article is not None and any(one.lot == lot.no for one in article.recalls):
        return RECALLED
    return OLD if lot.is_old(kept_as(article).min_days, today) else ""


def barred_anew(article: Sku, facts: Facts) -> Iterator[LotsBarred]:
    """Bar the lots of an article that may not be sold today, on every shelf; free those that may again."""
    for warehouse in facts.refs.warehouses:
        stock = facts.stock(warehouse, article.code)
        today = today_in(warehouse, facts)
        now = ((lot, barred_now(lot, article, today)) for lot in (stock.lots if stock is not None else ()))
        differs = tuple((lot.no, why) for lot, why in now if lot.no and why != lot.barred)
        if differs:
            yield LotsBarred(warehouse=warehouse, sku=article.code, barred=differs)


def barred_at_once(
    shelf: tuple[str, str], no: str, best_before: date | None, facts: Facts
) -> Iterator[LotsBarred]:
    """Bar a lot that comes in too old, or recalled, before anybody is promised a piece of it."""
    warehouse, sku = shelf
    stock = facts.stock(warehouse, sku)
    known = lot_of(stock.lots, no) if stock is not None else None
    lot = known or Lot(no=no, best_before=best_before)
    why = barred_now(lot, facts.sku(sku), today_in(warehouse, facts)) if no else ""
    if why and why != lot.barred:
        yield LotsBarred(warehouse=warehouse, sku=sku, barred=((no, why),))


def barred_with(doc: StockDoc, moves: Iterable[Moved], facts: Facts) -> Iterator[LotsBarred]:
    """Bar what a document brings to a shelf, where nobody may be promised it."""
    for move in moves:
        if move.qty > 0:
            yield from barred_at_once((move.warehouse, doc.sku), doc.lot, doc.best_before, facts)


# --- booking ----------------------------------------------------------------------------------------


def wrong_lot(
    facts: Facts,
    shelf: tuple[str, str],
    lot: str,
    delta: int,
    best_before: date | None = None,
    *,
    names: bool = False,
) -> Refusal | None:
    """Say why `delta` pieces cannot be booked into a lot, or out of it; None where they can.

    `names`: what comes in must name its lot, where the article is kept in lots.
    Refuses: `no_lots`, `name_lot`, `bad_lot`, `name_day`, `other_day`, `no_lot`, `lot_short`.
    """
    warehouse, sku = shelf
    article, stock = facts.sku(sku), facts.stock(warehouse, sku)
    is_asked = article is not None and article.in_lots is not None
    lots = stock.lots if stock is not None else ()
    if not lots and not is_asked:
        return refuse("no_lots", NO_LOTS, sku=sku) if lot else None
    lots = kept_lots(lots, stock.on_hand if stock is not None else 0)
    known = lot_of(lots, lot)
    if not lot and not delta:
        return None
    if not lot and (known is None or names):
        asks = N_("{sku} is kept in lots. Name the lot, it stands on the carton.")
        return refuse("name_lot", asks, sku=sku)
    if lot and (fault := lot_fault(lot)):
        return refuse("bad_lot", fault)
    if known is None and delta < 0:
        return refuse("no_lot", N_("Lot {lot} does not lie here. Look at the lots of this shelf."), lot=lot)
    if known is None and best_before is None and delta > 0:
        return refuse("name_day", N_("Lot {lot} is new here. Say until when it keeps."), lot=lot)
    if known is not None and lot and best_before not in (None, known.best_before) and known.best_before:
        day = known.best_before.isoformat()
        return refuse(
            "other_day", N_("Lot {lot} keeps until {day} here. Read the carton again."), lot=lot, day=day
        )
    return lacking(stock, lot, delta)


def lacking(stock: Stock | None, lot: str, delta: int) -> Refusal | None:
    """Say that so many pieces cannot leave a lot: they are in somebody's hands, or not there."""
    if stock is None or not (stock.lots or lot) or delta >= 0:
        return None
    known = lot_of(kept_lots(stock.lots, stock.on_hand), lot)
    free = known.free if known is not None else 0
    if free + delta >= 0:
        return None
    return refuse(
        "lot_short", N_("Of lot {lot} only {free} lie there unpicked. Take fewer."), lot=lot or "–", free=free
    )


def day_of(stock: Stock | None, lot: str) -> date | None:
    """Return until when a lot of a shelf keeps."""
    known = lot_of(stock.lots, lot) if stock is not None else None
    return known.best_before if known is not None else None


def returned_lot(order: Order, sku: str) -> FromLot | None:
    """Return the lot of returned pieces, where all of them left from one; else nobody knows which it is."""
    left = {(one.no, one.best_before): one for line in order.lines if line.sku == sku for one in line.lots}
    return next(iter(left.values())) if len(left) == 1 else None


# --- picking ----------------------------------------------------------------------------------------


def shelf_of(order: Order, line: str, facts: Facts) -> Stock | None:
    """Return the shelf a line is promised from; None where it is not kept in lots."""
    item = next((one for one in order.reserved if one.line == line), None)
    stock = facts.stock(item.warehouse, item.sku) if item is not None else None
    return stock if stock is not None and stock.lots else None


def proposed(stock: Stock, facts: Facts) -> list[Lot]:
    """Return the lots of a shelf that may be sold today, first the one that expires first."""
    keeping = kept_as(facts.sku(stock.sku))
    today = today_in(stock.warehouse, facts)
    may = first_to_go(stock.lots, keeping.min_days, today)
    return [lot for lot in may if not barred_now(lot, facts.sku(stock.sku), today)]


def picked(
    order: Order, line: Line, qty: int, lot: str, why: str, facts: Facts
) -> tuple[LotsTaken, ...] | Refusal:
    """Take pieces of a line from lots, first the one that expires first; negative lays them back.

    Refuses: `no_lots`, `no_lot`, `lot_barred`, `other_lot`, `no_fresh`.
    """
    if qty < 0:
        taken = _laid_back(line, -qty, lot)
        return (LotsTaken(order=order.id, line=line.id, sku=line.sku, lots=taken),) if taken else ()
    stock = shelf_of(order, line.id, facts)
    if stock is None:
        return refuse("no_lots", NO_LOTS, sku=line.sku) if lot else ()
    may = proposed(stock, facts)
    if lot and (wrong := _wrong_pick(stock, may, lot, qty, why, facts)) is not None:
        return wrong
    taken = tuple(spread(stock.warehouse, [one for one in may if not lot or one.no == lot], qty))
    if sum(one.qty for one in taken) < qty:
        return refuse(
            "no_fresh",
            N_("No piece of {sku} that may be sold lies here. Say no to the order, so that others send it."),
            sku=line.sku,
        )
    is_first = not may or all(one.best_before == may[0].best_before for one in taken)
    reason = "" if is_first else why.strip()
    return (LotsTaken(order=order.id, line=line.id, sku=line.sku, lots=taken, why=reason),)


def _wrong_pick(stock: Stock, may: list[Lot], lot: str, qty: int, why: str, facts: Facts) -> Refusal | None:
    known, article = lot_of(stock.lots, lot), facts.sku(stock.sku)
    first = may[0] if may else None
    take = _take(first)
    if known is None or known.free < qty:
        return refuse("no_lot", N_("Lot {lot} does not lie here by the screen. {take}"), lot=lot, take=take)
    barred = known.barred or barred_now(known, article, today_in(stock.warehouse, facts))
    if barred:
        said = Text(BARRED[barred])
        return refuse("lot_barred", N_("Lot {lot}: {why}. {take}"), lot=lot, why=said, take=take)
    if first is None or first.no == lot or first.best_before == known.best_before:
        return None
    if kept_as(article).is_strict or not why.strip():
        return refuse("other_lot", N_("Another lot expires before lot {lot}. {take}"), lot=lot, take=take)
    return None


def _take(first: Lot | None) -> Text:
    if first is None:
        return Text(N_("Nothing here may be sold."))
    if first.best_before is None:
        return Text(N_("Take lot {lot}."), {"lot": first.no or "–"})
    day = first.best_before.isoformat()
    return Text(N_("Take lot {lot}, best before {day}."), {"lot": first.no or "–", "day": day})


def spread(warehouse: str, lots: Iterable[Lot], qty: int) -> Iterator[FromLot]:
    """Take so many pieces out of lots, one after the other, as far as they reach."""
    for lot in lots:
        taken = min(lot.free, qty)
        if taken > 0:
            yield FromLot(warehouse, lot.no, taken, lot.best_before)
            qty -= taken


def _laid_back(line: Line, qty: int, lot: str) -> tuple[FromLot, ...]:
    """Lay back what was taken last, or of one lot; pieces beyond those of lots came from no lot."""
    back = []
    loose = line.picked - sum(one.qty for one in line.lots) if not lot else 0
    qty -= min(qty, max(0, loose))
    for one in reversed(line.lots):
        taken = min(one.qty, qty) if not lot or one.no == lot else 0
        if taken > 0:
            back.append(msgspec.structs.replace(one, qty=-taken))
            qty -= taken
    return tuple(back)


# --- leaving ----------------------------------------------------------------------------------------


def recalled_in(order: Order, facts: Facts) -> FromLot | None:
    """Return pieces of a recalled lot that an order holds, if it does."""
    for line in order.lines:
        article = facts.sku(line.sku) if line.lots else None
        numbers = {one.lot for one in article.recalls} if article is not None else set()
        found = next((one for one in line.lots if one.no in numbers), None)
        if found is not None:
            return found
    return None


def leaving(order: Order, facts: Facts) -> tuple[list[LotsTaken], Leaving]:
    """Return what must still be taken from lots before an order leaves, and all that leaves, by article.

    What was picked before its shelf was kept in lots comes from the lots that expire first.
    """
    shelves: dict[tuple[str, str], tuple[Lot, ...]] = {}
    lines = {line.id: line for line in order.lines}
    events, out = [], []
    for item in order.reserved:
        key, line = (item.warehouse, item.sku), lines.get(item.line)
        stock = facts.stock(*key)
        if line is None or stock is None or not stock.lots:
            continue
        lots = shelves.get(key, stock.lots)
        lacks = item.qty - sum(one.qty for one in line.lots)
        by_day = sorted(lots, key=lambda lot: (bool(lot.barred), lot.best_before or date.max, lot.no))
        taken = tuple(spread(item.warehouse, by_day, lacks)) if lacks > 0 else ()
        if taken:
            shelves[key] = in_hand(lots, item.warehouse, taken)
            events.append(LotsTaken(order=order.id, line=line.id, sku=item.sku, lots=taken))
        out.append((item.sku, with_taken(line.lots, taken)))
    return events, tuple(out)
