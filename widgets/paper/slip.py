"""The packing slip: what lies in the parcel, line by line, over as many pages as it takes."""

from __future__ import annotations

from functools import partial

from app.domain.paper import Item, Slip
from widgets.paper.ink import Area, Ink, Sheet, Size, Square, Words
from widgets.paper.lot_words import with_lots
from widgets.paper.stamps import COPY_H, RIGHT, copy_stamp, printed, unconfirmed_stamp
from widgets.paper.typeset import PITCH, Column, one_line, rule, wrapped
from widgets.words import tr

_CODE = 22.0
_QTY = 16.0


def slip(content: Slip, size: Size) -> list[Sheet]:
    """Lay a slip out: head, lines, sum."""
    m = 5.0 if size[0] <= 110 else 12.0
    sku = 30.0 if size[0] > 110 else 26.0
    column = Column(size, m, lambda page: _head(content, size, m, sku, page))
    room = column.room
    for item in content.items:
        lines = wrapped(with_lots(item), room - sku - _QTY - 2, 3.4)
        high = max(len(lines) * 3.4 * PITCH, 5.5) + 1.6
        column.add(high, partial(_row, item, lines, m, room, sku, high))
    pieces = sum(item.qty for item in content.items)
    column.add(
        8,
        lambda y: [
            Words(Area(m, y, room - _QTY, 7), tr("Sum"), 3.6, bold=True),
            Words(Area(m + room - _QTY, y, _QTY, 7), str(pieces), 4.6, bold=True, align=RIGHT),
        ],
    )
    return column.sheets(printed(content.printed_at, content.zone))


def _head(content: Slip, size: Size, m: float, sku: float, page: int) -> tuple[list[Ink], float]:
    room = size[0] - 2 * m
    left = room - _CODE - 2
    ink: list[Ink] = [
        Words(Area(m, m, left, 8), tr("Packing slip"), 5.6, bold=True),
        *one_line(content.number, Area(m, m + 8.5, left, 7), (5.0, 4.2), bold=True),
        Square(Area(m + room - _CODE, m, _CODE, _CODE), content.number),
    ]
    y = m + 16.5
    if page == 1:
        source = (
            tr("{shop}, order {id}", shop=content.shop, id=content.ext_id) if content.ext_id else content.shop
        )
        for text in (source, " ".join(filter(None, (content.buyer, content.place)))):
            ink += one_line(text, Area(m, y, left, 4.6), (3.2, 2.8))
            y += 4.8
        y = max(y, m + _CODE + 1) + 1
        if content.copy:
            ink += copy_stamp(content.copy, Area(m, y, 34, COPY_H))
            y += COPY_H + 1.5
        if content.is_unconfirmed:
            ink += unconfirmed_stamp(Area(m, y, room, 8))
            y += 9.5
    else:
        y = m + _CODE + 1
    heads = ((m, sku, tr("SKU")), (m + sku, room - sku - _QTY, tr("Article")))
    ink += [Words(Area(x, y, w, 5), word, 2.8) for x, w, word in heads]
    ink.append(Words(Area(m + room - _QTY, y, _QTY, 5), tr("Quantity"), 2.8, align=RIGHT))
    ink.append(rule(m, y + 5.4, room, 0.4))
    return ink, y + 6.4


def _row(item: Item, lines: list[str], m: float, room: float, sku: float, high: float, y: float) -> list[Ink]:
    ink: list[Ink] = [
        *one_line(item.sku, Area(m, y, sku - 2, 5.5), (3.4, 2.8, 2.4)),
        Words(Area(m + room - _QTY, y, _QTY, 5.5), str(item.qty), 4.2, bold=True, align=RIGHT),
        rule(m, y + high - 0.6, room, 0.15),
    ]
    for at, line in enumerate(lines):
        ink.append(Words(Area(m + sku, y + at * 3.4 * PITCH, room - sku - _QTY - 2, 3.4 * PITCH), line, 3.4))
    return ink
