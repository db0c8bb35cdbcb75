"""What happened to stock: promised, given back, gone, counted."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.order import Reserved
from app.domain.values import Key
from app.text import N_, Text

__all__ = [
    "StockAdjusted",
    "StockReleased",
    "StockReserved",
    "StockShipped",
]


class StockReserved(Event, frozen=True, kw_only=True):
    order: str
    warehouse: str
    items: tuple[Reserved, ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return stock_move_keys(self.order, self.items)

    @override
    def says(self) -> Text:
        pieces = sum(item.qty for item in self.items)
        return Text(
            N_("Reserved {pieces} pieces in {warehouse}"), {"pieces": pieces, "warehouse": self.warehouse}
        )


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
    order: str
    items: tuple[Reserved, ...]

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

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("stock", f"{self.warehouse}/{self.sku}"),)

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"stock:{self.sku}",) if self.delta > 0 else ()

    @override
    def says(self) -> Text:
        return Text(
            N_("{sku} in {warehouse}: {delta}"),
            {"sku": self.sku, "warehouse": self.warehouse, "delta": f"{self.delta:+d}"},
        )


def stock_move_keys(order: str, items: tuple[Reserved, ...]) -> tuple[Key, ...]:
    """Name the rows a move of promised goods changes: the order, the stock, the reservations."""
    keys: dict[Key, None] = {("order", order): None}
    for item in items:
        keys["stock", f"{item.warehouse}/{item.sku}"] = None
        keys["reservation", f"{order}/{item.line}"] = None
    return tuple(keys)
