"""What happened to stock, mappings, rules, cases and the index of duplicates."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.duplicate import Entry
from app.domain.event import Event
from app.domain.order import Reserved, Snag
from app.domain.rules import Rules
from app.domain.values import Key, block_key
from app.text import N_, Text


class SkuMapped(Event, frozen=True, kw_only=True):
    shop: str
    ext_sku: str
    sku: str
    by: str
    at: datetime

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("sku_map", f"{self.shop}/{self.ext_sku}"),)

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"sku_map:{self.shop}/{self.ext_sku}",)

    @override
    def says(self) -> Text:
        return Text(
            N_("{ext_sku} of {shop} means {sku}"),
            {"ext_sku": self.ext_sku, "shop": self.shop, "sku": self.sku},
        )


class StockReserved(Event, frozen=True, kw_only=True):
    order: str
    warehouse: str
    items: tuple[Reserved, ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return _stock_move_keys(self.order, self.items)

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
        return _stock_move_keys(self.order, self.items)

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
        return _stock_move_keys(self.order, self.items)


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


class TwinsNoted(Event, frozen=True, kw_only=True):
    """The order joined the index of possible duplicates. Units: `window_h` hours."""

    order: str
    block_keys: tuple[str, ...]
    entry: Entry
    window_h: int

    @override
    def keys(self) -> tuple[Key, ...]:
        return tuple(block_key(key) for key in self.block_keys)


class TwinsDropped(Event, frozen=True, kw_only=True):
    """The order left the index of possible duplicates, under these keys."""

    order: str
    block_keys: tuple[str, ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return tuple(block_key(key) for key in self.block_keys)


class RulesSet(Event, frozen=True, kw_only=True):
    rules: Rules
    by: str

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("rules", "current"),)

    @override
    def wakes(self) -> tuple[str, ...]:
        return ("rules",)

    @override
    def says(self) -> Text:
        return Text(N_("Rules {rev} published"), {"rev": self.rules.rev})


class CaseOpened(Event, frozen=True, kw_only=True):
    """A delivery or a command, not an order, needs a person."""

    id: str
    snag: Snag
    subject: str
    """raw | command"""
    subject_id: str
    owner: str = ""

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("snag", self.id),)


class CaseClosed(Event, frozen=True, kw_only=True):
    id: str

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("snag", self.id),)


def _stock_move_keys(order: str, items: tuple[Reserved, ...]) -> tuple[Key, ...]:
    keys: dict[Key, None] = {("order", order): None}
    for item in items:
        keys["stock", f"{item.warehouse}/{item.sku}"] = None
        keys["reservation", f"{order}/{item.line}"] = None
    return tuple(keys)
