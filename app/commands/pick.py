"""Take pieces of one line from the shelf, or put them back."""

from __future__ import annotations

from collections.abc import Iterator

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.events import Event, LinePicked, StatusChanged
from app.domain.order import DEAD, Line, Order, Status
from app.lotting import picked, recalled_in
from app.text import N_


class Pick(Command, frozen=True, kw_only=True):
    """`lot` is the one that was scanned, `why` it is not the one that expires first.

    Units: `qty` pieces; negative puts back.
    """

    order: str
    line: str
    qty: int = 1
    lot: str = ""
    why: str = ""


def decide(command: Pick, facts: Facts) -> Decided:
    """Count pieces; the first one starts picking, the last one put back ends it.

    Pieces kept in lots come from the lot that expires first. A parcel is opened again where it holds pieces
    of a lot that is recalled.

    Refuses: `no_order`, `not_picking`, `on_hold`, `called_off`, `no_line`, `no_quantity`, `too_many`,
        `too_few`, `no_lots`, `no_lot`, `lot_barred`, `other_lot`, `no_fresh`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    is_opened = command.qty < 0 and order.status is Status.PACKED and recalled_in(order, facts) is not None
    if order.status not in (Status.RELEASED, Status.PICKING) and not is_opened:
        return refuse("not_picking", N_("This order is not in the pick queue. Put it aside."))
    if command.qty > 0 and order.pause is not None:
        return refuse("on_hold", N_("This order is on hold. Put it aside until it is resumed."))
    if command.qty > 0 and order.channel_state in DEAD:
        return refuse("called_off", N_("The channel cancelled this order. Put the goods back."))
    line = next((line for line in order.lines if line.id == command.line), None)
    if line is None:
        return refuse("no_line", N_("This article is not in the order. Put it back."))
    if command.qty == 0:
        return refuse("no_quantity", N_("How many? Type 1 or more."))
    after = line.picked + command.qty
    if after > line.qty:
        return refuse("too_many", N_("{qty} are wanted and picked. Put the rest back."), qty=line.qty)
    if after < 0:
        return refuse("too_few", N_("Only {picked} are picked. Put back no more."), picked=line.picked)
    lots = picked(order, line, command.qty, command.lot, command.why, facts)
    return lots if isinstance(lots, Refusal) else [*_counted(order, line, command.qty, facts), *lots]


def _counted(order: Order, line: Line, qty: int, facts: Facts) -> Iterator[Event]:
    yield LinePicked(order=order.id, line=line.id, qty=qty)
    move = _move(order, sum(line.picked for line in order.lines) + qty)
    if move is not None:
        yield StatusChanged(order=order.id, before=order.status, after=move, at=facts.now)


def _move(order: Order, in_hand: int) -> Status | None:
    if order.status is Status.RELEASED and in_hand > 0:
        return Status.PICKING
    if order.status is not Status.RELEASED and in_hand == 0:
        return Status.RELEASED
    return Status.PICKING if order.status is Status.PACKED else None


def inverse(command: Pick, facts: Facts) -> Undo | None:
    """Put it back, or take it again; nobody takes pieces of a recalled lot again."""
    order = facts.order(command.order)
    if command.qty < 0 and order is not None and recalled_in(order, facts) is not None:
        return None
    back = {"order": command.order, "line": command.line, "qty": -command.qty}
    return Undo("pick", back | ({"lot": command.lot, "why": command.why} if command.lot else {}))


SPEC = Spec("pick", Pick, order_of, decide, Authority.DESK, inverse=inverse, touches=False)
