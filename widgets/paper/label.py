"""The label on a parcel: bars for the carrier, the receiver in full, ours at the foot."""

from __future__ import annotations

from app.domain.paper import Label
from widgets.paper import code128
from widgets.paper.ink import Area, Bars, Frame, Ink, Sheet, Size, Square, Words
from widgets.paper.stamps import COPY_H, MIDDLE, copy_stamp, printed, unconfirmed_stamp
from widgets.paper.typeset import block, one_line, rule, wide
from widgets.words import tr

_MARGIN = 4.0
_FOOT = 34.0
"""The lower part: our number, pieces, time, and the QR code of the floor."""
_STAMP = 9.0


def label(content: Label, size: Size) -> list[Sheet]:
    """Lay a label out on one page, whatever its size."""
    w, h = size
    m, room = _MARGIN, w - 2 * _MARGIN
    ink: list[Ink] = []
    ink += one_line(
        content.carrier or content.shop, Area(m, m, room - 36, 9), (6.5, 5.5, 4.5, 3.5), bold=True
    )
    ink += copy_stamp(content.copy, Area(w - m - 34, m + 1, 34, COPY_H))
    y = m + 11
    ink.append(rule(m, y, room))
    bars_h = 20.0 if h >= 140 else 16.0
    if code128.can_say(content.code):
        ink.append(Bars(Area(m, y + 2, room, bars_h), content.code))
    y += bars_h + 2.5
    ink += one_line(content.code, _centred(content.code, m, y, room), (4.2, 3.4), bold=True)
    y += 7
    ink.append(rule(m, y, room, 0.6))
    floor = h - m - _FOOT - (_STAMP + 1 if content.is_unconfirmed else 0)
    ink += _receiver(content, Area(m, y + 2.5, room, floor - y - 4))
    ink.append(rule(m, floor, room, 0.6))
    if content.is_unconfirmed:
        ink += unconfirmed_stamp(Area(m, floor + 1.5, room, _STAMP - 1))
    ink += _foot(content, Area(m, h - m - _FOOT, room, _FOOT))
    ink.append(Frame(Area(m / 2, m / 2, w - m, h - m), 0.25))
    return [Sheet(size, tuple(ink))]


def _centred(text: str, x: float, y: float, room: float) -> Area:
    spare = max(0.0, room - wide(text, 4.2, bold=True)) / 2
    return Area(x + spare, y, room - spare, 6)


def _receiver(content: Label, area: Area) -> list[Ink]:
    """Who and where, as large as all of it fits: a street is never cut."""
    to = tr("To")
    mark = Area(area.x, area.y, 9, 9)
    name = Area(area.x + 11, area.y, area.w - 11, 9)
    who = " ".join(filter(None, (content.receiver.name, content.receiver.phone)))
    place = Area(area.x, area.y + 11, area.w, area.h - 11)
    return [
        Words(mark, to, 4.6, bold=True, inverse=True, align=MIDDLE),
        *one_line(who, name, (6.5, 5.5, 4.8, 4.0, 3.4), bold=True),
        *block(content.place, place, (6.2, 5.6, 5.0, 4.4, 3.8, 3.2, 2.8, 2.4), bold=True),
    ]


def _foot(content: Label, area: Area) -> list[Ink]:
    code = min(area.h - 2, 30.0)
    left = area.w - code - 2
    lines = (
        (content.number, 6.0, True),
        (
            tr("{shop}, order {id}", shop=content.shop, id=content.ext_id)
            if content.ext_id
            else content.shop,
            3.0,
            False,
        ),
        (
            tr("{count} pieces, from {warehouse}", count=content.pieces, warehouse=content.warehouse),
            3.4,
            False,
        ),
        (printed(content.printed_at, content.zone), 2.8, False),
    )
    ink: list[Ink] = []
    y = area.y + 1.5
    for text, size, bold in lines:
        lines_ink = one_line(text, Area(area.x, y, left, size * 1.5), (size, size * 0.85), bold=bold)
        ink += lines_ink
        y = max(part.area.y + part.area.h for part in lines_ink) + 0.6
    ink.append(Square(Area(area.x + area.w - code, area.y + 2, code, code), content.number))
    return ink
