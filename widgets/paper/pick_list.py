"""The pick list: bins in the order of the walk, large enough to read at arm's length."""

from __future__ import annotations

from functools import partial

from app.domain.paper import Item, PickList
from widgets.paper.ink import Area, Frame, Ink, Sheet, Size, Square, Words
from widgets.paper.lot_words import with_lots
from widgets.paper.stamps import COPY_H, RIGHT, copy_stamp, printed, unconfirmed_stamp
from widgets.paper.typeset import PITCH, Column, one_line, rule, wrapped
from widgets.words import tr

_CODE = 20.0
_BOX, _BIN, _QTY, _NUMBER = 8.0, 38.0, 14.0, 30.0


def pick_list(content: PickList, size: Size) -> list[Sheet]:
    """Lay a list out: which orders, then one row a bin with a box to tick."""
    m = 10.0
    column = Column(size, m, lambda page: _head(content, size, m, page))
    room = column.room
    for number, buyer, place in content.orders:
        column.add(6, partial(_order, m, room, number, f"{buyer}  {place}".strip()))
    column.add(8, partial(_columns, m, room))
    for item in content.items:
        lines = wrapped(with_lots(item), room - _BOX - _BIN - _QTY - _NUMBER - 4, 3.4)
        high = max((len(lines) + 1) * 3.4 * PITCH, 9) + 2
        column.add(high, partial(_row, item, lines, m, room, high))
    who = tr("{when}, {who}", when=printed(content.printed_at, content.zone), who=content.by)
    return column.sheets(who)


def _head(content: PickList, size: Size, m: float, page: int) -> tuple[list[Ink], float]:
    room = size[0] - 2 * m
    single = content.orders[0][0] if len(content.orders) == 1 else ""
    left = room - (_CODE + 2 if single else 0)
    pieces = sum(item.qty for item in content.items)
    ink: list[Ink] = [
        Words(Area(m, m, left, 9), tr("Pick list, {warehouse}", warehouse=content.warehouse), 6.0, bold=True),
        Words(
            Area(m, m + 9, left, 6),
            tr("{orders} orders, {lines} bins, {pieces} pieces",
               orders=len(content.orders), lines=len(content.items), pieces=pieces),
            3.6,
        ),
    ]  # fmt: skip
    if single:
        ink.append(Square(Area(m + room - _CODE, m, _CODE, _CODE), single))
    y = m + (_CODE + 1 if single else 17)
    if page == 1 and content.copy:
        ink += copy_stamp(content.copy, Area(m, y, 34, COPY_H))
        y += COPY_H + 2
    if page == 1 and content.is_unconfirmed:
        ink += unconfirmed_stamp(Area(m, y, room, 8))
        y += 10
    ink.append(rule(m, y, room, 0.4))
    return ink, y + 1.5


def _order(m: float, room: float, number: str, buyer: str, y: float) -> list[Ink]:
    return [
        *one_line(number, Area(m, y, 40, 5.5), (3.8, 3.2), bold=True),
        *one_line(buyer, Area(m + 42, y, room - 42, 5.5), (3.4, 3.0)),
    ]


def _columns(m: float, room: float, y: float) -> list[Ink]:
    x, ink = m + _BOX, []
    for word, w in ((tr("Bin"), _BIN), (tr("Article"), room - _BOX - _BIN - _QTY - _NUMBER)):
        ink.append(Words(Area(x, y + 1, w, 5), word, 2.8))
        x += w
    ink.append(Words(Area(x, y + 1, _NUMBER - 2, 5), tr("Order"), 2.8))
    ink.append(Words(Area(m + room - _QTY, y + 1, _QTY, 5), tr("Quantity"), 2.8, align=RIGHT))
    return [*ink, rule(m, y + 6.6, room, 0.4)]


def _row(item: Item, lines: list[str], m: float, room: float, high: float, y: float) -> list[Ink]:
    title_w = room - _BOX - _BIN - _QTY - _NUMBER - 4
    x = m + _BOX + _BIN
    ink: list[Ink] = [
        Frame(Area(m + 0.5, y + 2, 5, 5), 0.3),
        *one_line(
            item.bin or tr("No bin yet"),
            Area(m + _BOX, y + 0.5, _BIN - 2, 8),
            (5.6, 4.6, 3.8, 3.0),
            bold=True,
        ),
        *one_line(item.sku, Area(x, y + 0.5, title_w, 3.4 * PITCH), (3.4, 2.8), bold=True),
        *one_line(item.number, Area(x + title_w + 4, y + 0.5, _NUMBER - 2, 5.5), (3.4, 2.8)),
        Words(Area(m + room - _QTY, y + 0.5, _QTY, 8), str(item.qty), 6.0, bold=True, align=RIGHT),
        rule(m, y + high - 0.5, room, 0.15),
    ]
    for at, line in enumerate(lines, 1):
        ink.append(Words(Area(x, y + 0.5 + at * 3.4 * PITCH, title_w, 3.4 * PITCH), line, 3.4))
    return ink
