"""What happened to stock documents: receipts, counts and transfers, and the pieces they moved."""

from __future__ import annotations

import msgspec
from typing_extensions import override

from app.domain.event import Event
from app.domain.goods import AHEAD, DOC_TITLES, DocKind, DocState, StockDoc
from app.domain.values import Key, stock_doc_key, stock_key
from app.text import N_, Text

__all__ = [
    "ArrivalSet",
    "GoodsEvent",
    "Moved",
    "StockCounted",
    "StockDocWithdrawn",
    "StockReceived",
    "TransferArrived",
    "TransferSent",
]


class Moved(msgspec.Struct, frozen=True):
    """Pieces more (or fewer) in one warehouse."""

    warehouse: str
    qty: int


class StockReceived(Event, frozen=True, kw_only=True):
    """Goods came in. An empty `bin` leaves the article where it lies."""

    doc: StockDoc
    moves: tuple[Moved, ...]
    bin: str = ""

    @override
    def keys(self) -> tuple[Key, ...]:
        return _keys(self.doc, self.moves)

    @override
    def wakes(self) -> tuple[str, ...]:
        return _wakes(self.doc, self.moves)

    @override
    def says(self) -> Text:
        return Text(
            N_("{sku} in {warehouse}: {qty} received, {reference}"),
            {**_place(self.doc), "qty": self.doc.qty, "reference": self.doc.reference},
        )


class StockCounted(Event, frozen=True, kw_only=True):
    """Somebody counted; nothing moves while a second count is wanted."""

    doc: StockDoc
    moves: tuple[Moved, ...] = ()

    @override
    def keys(self) -> tuple[Key, ...]:
        return _keys(self.doc, self.moves, stock_key(self.doc.warehouse, self.doc.sku))

    @override
    def wakes(self) -> tuple[str, ...]:
        return _wakes(self.doc, self.moves)

    @override
    def says(self) -> Text:
        doc = self.doc
        params = {
            **_place(doc), "qty": doc.qty, "base": doc.base, "difference": signed(doc.difference),
        }  # fmt: skip
        if doc.state is DocState.ASKS:
            return Text(
                N_("{sku} in {warehouse}: {qty} counted, {base} on the screen. A second count decides."),
                params,
            )
        return Text(
            N_("{sku} in {warehouse}: {qty} counted, {base} on the screen, {difference} booked"), params
        )


class TransferSent(Event, frozen=True, kw_only=True):
    doc: StockDoc
    moves: tuple[Moved, ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return _keys(self.doc, self.moves)

    @override
    def says(self) -> Text:
        if self.doc.is_held:
            return Text(
                N_("{sku} in {warehouse}: {qty} held back, {reason}"),
                {**_place(self.doc), "qty": self.doc.qty, "reason": self.doc.reason},
            )
        return Text(
            N_("{sku}: {qty} sent from {warehouse} to {target}"),
            {**_place(self.doc), "qty": self.doc.qty, "target": self.doc.target},
        )


class TransferArrived(Event, frozen=True, kw_only=True):
    doc: StockDoc
    moves: tuple[Moved, ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return _keys(self.doc, self.moves)

    @override
    def wakes(self) -> tuple[str, ...]:
        return _wakes(self.doc, self.moves)

    @override
    def says(self) -> Text:
        doc = self.doc
        params = {
            **_place(doc), "target": doc.target, "arrived": doc.arrived, "qty": doc.qty,
            "difference": signed(doc.difference),
        }  # fmt: skip
        if doc.is_held:
            return Text(N_("{sku} in {warehouse}: {arrived} of {qty} held back are good"), params)
        if doc.difference:
            return Text(N_("{sku}: {arrived} of {qty} arrived in {target}, {difference} on the way"), params)
        return Text(N_("{sku}: {arrived} arrived in {target}"), params)


class ArrivalSet(Event, frozen=True, kw_only=True):
    """Goods are announced, for another day, or came; `is_told` is off where a receipt says it."""

    doc: StockDoc
    moves: tuple[Moved, ...] = ()
    is_told: bool = True

    @override
    def keys(self) -> tuple[Key, ...]:
        return _keys(self.doc, (), stock_key(self.doc.warehouse, self.doc.sku))

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"stock:{self.doc.sku}",)

    @override
    def says(self) -> Text | None:
        if not self.is_told or self.doc.due_on is None:
            return None
        params = {
            **_place(self.doc), "qty": self.doc.coming, "on": self.doc.due_on.isoformat(),
            "reference": self.doc.reference,
        }  # fmt: skip
        if self.doc.kind is DocKind.QUOTA:
            return Text(
                N_("{sku} in {warehouse}: {qty} may be sold ahead, sent by {on}, {reference}"), params
            )
        return Text(N_("{sku} in {warehouse}: {qty} expected on {on}, {reference}"), params)


class StockDocWithdrawn(Event, frozen=True, kw_only=True):
    """A document was taken back; of a transfer that had arrived, only its arrival."""

    doc: StockDoc
    moves: tuple[Moved, ...] = ()

    @override
    def keys(self) -> tuple[Key, ...]:
        is_here = self.doc.kind is DocKind.COUNT or self.doc.kind in AHEAD
        counted = (stock_key(self.doc.warehouse, self.doc.sku),) if is_here else ()
        return _keys(self.doc, self.moves, *counted)

    @override
    def wakes(self) -> tuple[str, ...]:
        return _wakes(self.doc, self.moves)

    @override
    def says(self) -> Text:
        params = {**_place(self.doc), "kind": Text(DOC_TITLES[self.doc.kind])}
        if self.doc.state is DocState.TRANSIT:
            return Text(N_("{sku}: arrival in {target} taken back"), {**params, "target": self.doc.target})
        return Text(N_("{sku} in {warehouse}: {kind} taken back"), params)


GoodsEvent = StockReceived | StockCounted | TransferSent | TransferArrived | ArrivalSet | StockDocWithdrawn
"""Events that write a stock document."""


def moves_of(doc: StockDoc) -> tuple[Moved, ...]:
    """Return what a document changes; nothing for a count that agrees."""
    return tuple(Moved(warehouse, qty) for warehouse, qty in doc.moves() if qty)


def signed(pieces: int) -> str:
    """Write a difference with its sign. Units: pieces."""
    return f"{pieces:+d}".replace("-", "−") if pieces else "0"


def _place(doc: StockDoc) -> dict[str, str | int | Text]:
    return {"sku": doc.sku, "warehouse": doc.warehouse}


def _keys(doc: StockDoc, moves: tuple[Moved, ...], *more: Key) -> tuple[Key, ...]:
    shelves = [stock_key(move.warehouse, doc.sku) for move in moves]
    return tuple(dict.fromkeys((stock_doc_key(doc.id), *shelves, *more)))


def _wakes(doc: StockDoc, moves: tuple[Moved, ...]) -> tuple[str, ...]:
    return (f"stock:{doc.sku}",) if any(move.qty > 0 for move in moves) else ()
