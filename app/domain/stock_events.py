"""What happened to stock: promised, given back, gone, counted."""

from __future__ import annotations

from datetime import date, datetime

from typing_extensions import override

from app.domain.decision import Decision, Instead
from app.domain.event import Event
from app.domain.lot import FromLot
from app.domain.promised import Awaits, Reserved
from app.domain.values import Key, stock_key
from app.text import N_, Text

__all__ = [
    "AwaitEnded",
    "AwaitMoved",
    "LeaseExceeded",
    "ShelfRepaired",
    "StockAdjusted",
    "StockAwaited",
    "StockKept",
    "StockLeased",
    "StockReleased",
    "StockReserved",
    "StockSetAside",
    "StockShipped",
]


RESERVED_ANEW = N_("Reserved {pieces} pieces in {warehouse} instead of {before}: {why}")


class StockReserved(Event, frozen=True, kw_only=True):
    """`desk` is who asked: what it holds on lease is used up first.

    `by_lease`: the desk itself says so, out of its lease; the hub has not answered.
    """

    order: str
    warehouse: str
    items: tuple[Reserved, ...]
    desk: str = ""
    by_lease: bool = False
    decision: Decision | None = None
    """Why there; nothing where it goes back to where it was."""
    instead: Instead | None = None
    """Where it was planned from before, if anywhere."""
    awaited: tuple[Reserved, ...] = ()
    """What the order counted on while it waited, and counts on no more."""

    @override
    def keys(self) -> tuple[Key, ...]:
        return tuple(dict.fromkeys((*stock_move_keys(self.order, self.items), *_shelves(self.awaited))))

    @override
    def says(self) -> Text:
        said: dict[str, str | int | Text] = {
            "pieces": sum(item.qty for item in self.items),
            "warehouse": self.warehouse,
        }
        if self.by_lease:
            return Text(N_("{pieces} pieces in {warehouse} from the lease of this desk"), said)
        if self.instead is not None:
            return Text(RESERVED_ANEW, said | self.instead.params())
        return Text(N_("Reserved {pieces} pieces in {warehouse}"), said)


class StockAwaited(Event, frozen=True, kw_only=True):
    """An order counts on goods that are to arrive."""

    order: str
    awaits: Awaits

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("order", self.order), *_shelves(self.awaits.items))

    @override
    def says(self) -> Text:
        return Text(
            N_("Waits for goods in {warehouse}, promised for {on}, {reference}"),
            {
                "warehouse": self.awaits.warehouse,
                "on": self.awaits.promised_on.isoformat(),
                "reference": self.awaits.reference,
            },
        )


class AwaitMoved(Event, frozen=True, kw_only=True):
    """What an order waits for is expected on another day, or with another paper."""

    order: str
    awaits: Awaits
    before: date

    @override
    def says(self) -> Text:
        return Text(
            N_("What it waits for is expected on {on}, not {before}, {reference}"),
            {
                "on": self.awaits.due_on.isoformat(),
                "before": self.before.isoformat(),
                "reference": self.awaits.reference,
            },
        )


class AwaitEnded(Event, frozen=True, kw_only=True):
    """An order counts on these no more: it was called off, changed, or goes on as another."""

    order: str
    items: tuple[Reserved, ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("order", self.order), *_shelves(self.items))

    @override
    def wakes(self) -> tuple[str, ...]:
        return tuple(sorted({f"stock:{item.sku}" for item in self.items}))

    @override
    def says(self) -> Text | None:
        if not self.items:
            return None
        return Text(N_("Waits no longer for {pieces} pieces"), {"pieces": sum(i.qty for i in self.items)})


class StockSetAside(Event, frozen=True, kw_only=True):
    """What nobody took, now that a command is done, is kept for orders that wait for it."""

    warehouse: str
    sku: str

    @override
    def keys(self) -> tuple[Key, ...]:
        return (stock_key(self.warehouse, self.sku),)

    @override
    def says(self) -> Text | None:
        return None


class StockKept(Event, frozen=True, kw_only=True):
    """Not paid yet, an order may have its goods until then. Units: `minutes` from now on."""

    order: str
    until: datetime
    minutes: int

    @override
    def says(self) -> Text:
        return Text(N_("Not paid yet: goods are kept for {minutes} min"), {"minutes": self.minutes})


class StockReleased(Event, frozen=True, kw_only=True):
    order: str
    items: tuple[Reserved, ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return stock_move_keys(self.order, self.items)

    @override
    def wakes(self) -> tuple[str, ...]:
        return tuple(sorted({f"stock:{item.sku}" for item in self.items}))

    @override
    def says(self) -> Text:
        return Text(N_("Gave back {pieces} pieces"), {"pieces": sum(item.qty for item in self.items)})


class StockShipped(Event, frozen=True, kw_only=True):
    """`lots` names article by article what of which lots leaves."""

    order: str
    items: tuple[Reserved, ...]
    lots: tuple[tuple[str, tuple[FromLot, ...]], ...] = ()

    @override
    def keys(self) -> tuple[Key, ...]:
        return stock_move_keys(self.order, self.items)


class StockAdjusted(Event, frozen=True, kw_only=True):
    """Units: `delta` pieces."""

    warehouse: str
    sku: str
    delta: int
    reason: str
    by: str
    lot: str = ""
    best_before: date | None = None

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("stock", f"{self.warehouse}/{self.sku}"),)

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"stock:{self.sku}",) if self.delta > 0 else ()

    @override
    def says(self) -> Text:
        params = {"sku": self.sku, "warehouse": self.warehouse, "delta": f"{self.delta:+d}"}
        if self.lot:
            return Text(N_("{sku} in {warehouse}, lot {lot}: {delta}"), {**params, "lot": self.lot})
        return Text(N_("{sku} in {warehouse}: {delta}"), {**params})


class ShelfRepaired(Event, frozen=True, kw_only=True):
    """The counters of one shelf are what its papers come to again. Units: pieces."""

    warehouse: str
    sku: str
    on_hand: int
    reserved: int
    was_on_hand: int
    was_reserved: int
    by: str
    lots: tuple[tuple[str, int, int], ...] = ()
    """Lots that differed: number, pieces and pieces in hand by the papers."""

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("stock", f"{self.warehouse}/{self.sku}"),)

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"stock:{self.sku}",)

    @override
    def says(self) -> Text:
        return Text(
            N_("{sku} in {warehouse} repaired: {was} → {now} on hand, {was_reserved} → {reserved} promised"),
            {
                "sku": self.sku,
                "warehouse": self.warehouse,
                "was": self.was_on_hand,
                "now": self.on_hand,
                "was_reserved": self.was_reserved,
                "reserved": self.reserved,
            },
        )


class StockLeased(Event, frozen=True, kw_only=True):
    """A desk or a cart holds so much from now on, whatever it held before; 0: given back, or over.

    Units: `qty` pieces.
    """

    warehouse: str
    sku: str
    desk: str
    qty: int = 0
    until: datetime | None = None

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("stock", f"{self.warehouse}/{self.sku}"),)

    @override
    def wakes(self) -> tuple[str, ...]:
        return () if self.qty else (f"stock:{self.sku}",)


class LeaseExceeded(Event, frozen=True, kw_only=True):
    """A desk confirmed the order out of a lease that is over, and nothing is free in its place."""

    order: str

    @override
    def says(self) -> Text:
        return Text(N_("Confirmed without the network, but the lease of the desk was over"))


def stock_move_keys(order: str, items: tuple[Reserved, ...]) -> tuple[Key, ...]:
    """Name the rows a move of promised goods changes: the order, the stock, the reservations."""
    keys: dict[Key, None] = {("order", order): None}
    for item in items:
        keys["stock", f"{item.warehouse}/{item.sku}"] = None
        keys["reservation", f"{order}/{item.line}"] = None
    return tuple(keys)


def _shelves(items: tuple[Reserved, ...]) -> tuple[Key, ...]:
    return tuple(dict.fromkeys(stock_key(item.warehouse, item.sku) for item in items))
