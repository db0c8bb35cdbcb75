"""Lines taken back by a number of their own (C536379): which order they belong to, as far as the file tells.

Source: shared data, UCI Online Retail: a cancellation repeats customer, article and quantity of what it takes
back, not the number of the invoice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from app.commands.receive import Receive
from app.domain.order import ChannelState, Line
from app.text import N_, Text
from sync.channel import Numbered, Rejected, Unreadable
from sync.hub.imports.cells import pieces
from sync.hub.imports.plan import Plan

NO_ORIGINAL = N_(
    "{column} takes back an article that this customer did not order before, in this file or an earlier one."
    " Import the file with the order first, or note the return on the order itself."
)
MOST = 200_000
"""Cancellations kept in memory while their orders are looked for."""

Key = tuple[str, str]
"""Who bought what."""


@dataclass(slots=True)
class _Sold:
    number: str
    row_no: int
    left: int


@dataclass(slots=True)
class Cancellations:
    """Rows that take something back: `of` an order's number, or `lost`."""

    of: dict[str, list[Numbered]] = field(default_factory=dict)
    lost: list[Rejected] = field(default_factory=list)


def is_cancel(number: str, prefix: str) -> bool:
    """Tell whether an order number takes something back."""
    return bool(prefix) and number.startswith(prefix) and number[len(prefix) :].isdigit()


def without(rows: Iterable[Numbered], plan: Plan) -> Iterator[Numbered]:
    """Leave out the rows that take something back."""
    number = plan.binding("number")
    column = number.column if number else ""
    return (row for row in rows if not is_cancel(row.cells.get(column, ""), plan.cancels))


def find(rows: Iterable[Numbered], again: Iterable[Numbered], plan: Plan) -> Cancellations:
    """Give each cancellation to the last order before it that has so much left; reads the rows twice.

    Rows of a file stand in the order of time: a cancellation belongs to a row above it.
    """
    found, number = Cancellations(), plan.binding("number")
    if number is None or plan.binding("qty") is None:
        return found
    asked = [row for row in rows if is_cancel(row.cells.get(number.column, ""), plan.cancels)][:MOST]
    keys = {key_of(row, plan) for row in asked}
    sold: dict[Key, list[_Sold]] = {}
    for row in again:
        key = key_of(row, plan)
        name = row.cells.get(number.column, "")
        if key in keys and not is_cancel(name, plan.cancels):
            count = -taken(row, plan)
            if count > 0:
                sold.setdefault(key, []).append(_Sold(name, row.row_no, count))
    for row in asked:
        count = taken(row, plan)
        before = (one for one in reversed(sold.get(key_of(row, plan), [])) if one.row_no < row.row_no)
        one = next((one for one in before if one.left >= count > 0), None)
        if one is None:
            found.lost.append(Rejected(row=row, reason=Text(NO_ORIGINAL, {"column": number.column})))
        else:
            one.left -= count
            found.of.setdefault(one.number, []).append(row)
    return found


def applied(receive: Receive, taken_back: Iterable[tuple[str, int]]) -> Receive:
    """Return an order without what was taken back: (article, pieces). All of it gone closes the order.

    What was paid for pieces that do not go out is money given back; an unpaid order simply owes less.
    """
    lines, less = list(receive.lines), 0
    for article, count in taken_back:
        left = count
        for i, line in enumerate(lines):
            gone = min(left, line.qty) if line.ext_sku == article else 0
            lines[i] = msgspec.structs.replace(line, qty=line.qty - gone)
            less, left = less + gone * line.unit_price_minor, left - gone
    kept: tuple[Line, ...] = tuple(line for line in lines if line.qty)
    if not kept:
        state = ChannelState.CLOSED_REFUNDED if receive.paid_minor else ChannelState.CANCELLED
        return msgspec.structs.replace(receive, channel_state=state, refunded_minor=receive.paid_minor)
    return msgspec.structs.replace(
        receive,
        lines=kept,
        payable_minor=max(0, receive.payable_minor - less),
        refunded_minor=receive.refunded_minor + (less if receive.paid_minor else 0),
    )


def key_of(row: Numbered, plan: Plan) -> Key:
    """Name who bought what; without a customer nothing belongs together."""
    who, what = plan.binding("customer"), plan.binding("sku") or plan.binding("title")
    buyer = row.cells.get(who.column, "") if who else ""
    return (buyer or f"\0{row.row_no}", row.cells.get(what.column, "") if what else "")


def taken(row: Numbered, plan: Plan) -> int:
    """Return how many pieces a row takes back; negative where it sells them, 0 where nobody can read it."""
    qty = plan.binding("qty")
    try:
        return -pieces(row.cells.get(qty.column, ""), qty.column) if qty else 0
    except Unreadable:
        return 0
