"""The label of a shelf: the bin in letters one reads while walking, codes for the scanner."""

from __future__ import annotations

from app.domain.paper import BinLabel
from widgets.paper import code128
from widgets.paper.ink import Area, Bars, Ink, Sheet, Size, Square
from widgets.paper.typeset import block, one_line
from widgets.words import tr

_MARGIN = 3.0
_BARS_W = 50.0
"""Below this width bars would be too fine for a hand scanner; the square is enough then."""


def bin_label(content: BinLabel, size: Size) -> list[Sheet]:
    """Lay the label of a bin out on one page."""
    w, h = size
    m, named = _MARGIN, h * 0.38
    code = h - named - 2 * m
    left, top = w - 2 * m - code - 2, m + named
    large = (15.0, 13.0, 11.0, 9.5, 8.0, 7.0, 6.0, 5.0, 4.0)
    has_bars = code128.can_say(content.code) and left >= _BARS_W
    ink: list[Ink] = [
        *one_line(content.bin or tr("No bin yet"), Area(m, m, w - 2 * m, named - 1), large, bold=True),
        Square(Area(w - m - code, top, code, code), content.code),
    ]
    if has_bars:
        ink += one_line(content.title, Area(m, top, left, 5), (3.4, 3.0, 2.6, 2.2))
        ink.append(Bars(Area(m, top + 6, left, code - 12), content.code))
    else:
        ink += block(content.title, Area(m, top, left, code - 6), (3.2, 2.8, 2.4, 2.0))
    text = f"{content.sku}  {content.barcode}".strip()
    ink += one_line(text, Area(m, h - m - 5, left, 5), (3.4, 3.0, 2.6, 2.2, 1.8))
    return [Sheet(size, tuple(ink))]
