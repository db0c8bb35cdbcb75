"""What happened to lots: taken for an order, or barred from sale."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event, listed
from app.domain.lot import BARRED, FromLot
from app.domain.values import Key, order_key, stock_key
from app.text import N_, Text

__all__ = ["LotsBarred", "LotsTaken"]


NOT_FOUND = "missing"
_WHY = {NOT_FOUND: N_("the one that expires first is not on the shelf")}


class LotsTaken(Event, frozen=True, kw_only=True):
    """Pieces of lots are in somebody's hands for a line, or back; `why` not the lot that expires first."""

    order: str
    line: str
    sku: str
    lots: tuple[FromLot, ...]
    why: str = ""

    @override
    def keys(self) -> tuple[Key, ...]:
        shelves = dict.fromkeys(stock_key(one.warehouse, self.sku) for one in self.lots)
        return (order_key(self.order), *shelves)

    @override
    def says(self) -> Text | None:
        named = [lot_said(one) for one in self.lots if one.qty > 0 and one.no]
        if not named:
            return None
        params: dict[str, str | int | Text] = {"sku": self.sku, "lots": listed(named)}
        if self.why:
            why = Text(_WHY[self.why]) if self.why in _WHY else self.why
            return Text(N_("{sku} from {lots}, not the first to expire: {why}"), params | {"why": why})
        return Text(N_("{sku} from {lots}"), params)


class LotsBarred(Event, frozen=True, kw_only=True):
    """From now on lots of a shelf are barred from sale, each with why; "": they are free again."""

    warehouse: str
    sku: str
    barred: tuple[tuple[str, str], ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return (stock_key(self.warehouse, self.sku),)

    @override
    def wakes(self) -> tuple[str, ...]:
        freed = (f"stock:{self.sku}",) if any(not why for _, why in self.barred) else ()
        return (*freed, *(lot_wait(self.sku, no) for no, _ in self.barred))

    @override
    def says(self) -> Text:
        said = [
            Text(N_("lot {lot}: {why}"), {"lot": no, "why": Text(BARRED.get(why, N_("free to sell")))})
            for no, why in self.barred
        ]
        params: dict[str, str | int | Text] = {"sku": self.sku, "warehouse": self.warehouse}
        return Text(N_("{sku} in {warehouse}: {lots}"), params | {"lots": listed(said)})


def lot_wait(sku: str, no: str) -> str:
    """Name what an order that holds pieces of a lot is woken by."""
    return f"lot:{sku}/{no}"


def lot_said(one: FromLot) -> Text:
    """Say from which lot how many pieces are. Units: pieces."""
    if one.best_before is None:
        return Text(N_("lot {lot} ×{qty}"), {"lot": one.no, "qty": one.qty})
    day = one.best_before.isoformat()
    return Text(N_("lot {lot} ×{qty}, best before {day}"), {"lot": one.no, "qty": one.qty, "day": day})
