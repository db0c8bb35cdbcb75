"""A contract: the text as it was sent, over as many pages as it takes, with its check code on each."""

from __future__ import annotations

from functools import partial

from app.domain.paper import ContractPaper
from widgets.paper.ink import Area, Ink, Sheet, Size, Square, Words
from widgets.paper.stamps import printed, unconfirmed_stamp
from widgets.paper.typeset import PITCH, Column, rule, wrapped
from widgets.words import tr

_CODE = 18.0
_LETTERS = 3.6


def contract(content: ContractPaper, size: Size) -> list[Sheet]:
    """Lay a contract out: line by line, nothing left out, room to sign where the text leaves it."""
    m = 12.0 if size[0] <= 150 else 20.0
    column = Column(size, m, lambda page: _head(content, size, m, page))
    for line in content.text.splitlines():
        for piece in wrapped(line, column.room, _LETTERS):
            column.add(_LETTERS * PITCH, partial(_line, piece, m, column.room))
    column.add(22, lambda _y: [])
    foot = tr("{number}, check code {code}", number=content.number, code=content.code)
    return column.sheets(f"{foot}  {printed(content.printed_at, content.zone)}")


def _line(text: str, m: float, room: float, y: float) -> list[Ink]:
    return [Words(Area(m, y, room, _LETTERS * PITCH), text, _LETTERS)]


def _head(content: ContractPaper, size: Size, m: float, page: int) -> tuple[list[Ink], float]:
    room = size[0] - 2 * m
    ink: list[Ink] = [
        Words(Area(m, m, room - _CODE, 6), content.number, 4.6, bold=True),
        Words(Area(m, m + 6.5, room - _CODE, 5), content.code, 3.4),
        Square(Area(m + room - _CODE, m - 2, _CODE, _CODE), content.code),
    ]
    y = m + _CODE
    if page == 1 and content.is_unconfirmed:
        ink += unconfirmed_stamp(Area(m, y, room, 8))
        y += 10
    return [*ink, rule(m, y, room, 0.3)], y + 5
