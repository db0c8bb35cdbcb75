"""What stands on one page, in millimetres, and how it is put on any device: printer, PDF or screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from widgets import theme
from widgets.paper import code128, qr

MM_PER_INCH: Final = 25.4
FINE: Final = 10
"""Letters are set at so many units a millimetre and scaled to the device: the same breaks everywhere."""


@dataclass(frozen=True, slots=True)
class Area:
    """A place on the page. Units: millimetres from the upper left corner."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text, centred in the height of its place. Units: `size` millimetres."""

    area: Area
    text: str
    size: float
    bold: bool = False
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    inverse: bool = False
    """White on black: what nobody may overlook."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A Code 128 symbol, as wide as whole dots of the device allow, in the middle of its place."""

    area: Area
    text: str


@dataclass(frozen=True, slots=True)
class Square:
    """A QR code in the middle of its place."""

    area: Area
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """An outline; with no height it is a rule. Units: `thick` millimetres."""

    area: Area
    thick: float = 0.3


Ink = Words | Bars | Square | Frame
Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page and its size. Units: millimetres."""

    size: Size
    ink: tuple[Ink, ...]

    def words(self) -> str:
        """Every word on the page, for a screen reader and for whoever checks who may be read."""
        return "\n".join(part.text for part in self.ink if isinstance(part, Words) and part.text)


def paint(painter: QPainter, sheet: Sheet, per_mm: float) -> None:
    """Put a page on a device that has so many dots a millimetre; paper is white and ink black."""
    black = Qt.GlobalColor.black
    for part in sheet.ink:
        match part:
            case Words():
                _paint_words(painter, part, per_mm)
            case Bars():
                _paint_bars(painter, part, per_mm)
            case Square():
                _paint_square(painter, part, per_mm)
            case Frame(area=area, thick=thick):
                if area.h:
                    painter.setPen(QPen(black, thick * per_mm))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(_rect(area, per_mm))
                else:
                    painter.fillRect(_rect(Area(area.x, area.y, area.w, thick), per_mm), black)


def letters(size: float, *, bold: bool = False) -> QFont:
    """The font of papers, `FINE` to the millimetre.

    Between Latin letters the font would take other shapes for its figures (`locl`); the text of a PDF could
    then not be copied, as no character leads back to them.
    """
    font = theme.current().font(round(size * FINE), bold=bold)
    font.setFeature(QFont.Tag("locl"), 0)
    return font


def per_mm(dpi: int) -> float:
    """Dots a millimetre of a device."""
    return dpi / MM_PER_INCH


def _rect(area: Area, per_mm: float) -> QRectF:
    return QRectF(area.x * per_mm, area.y * per_mm, area.w * per_mm, area.h * per_mm)


def _paint_words(painter: QPainter, part: Words, per_mm: float) -> None:
    black, white = Qt.GlobalColor.black, Qt.GlobalColor.white
    if part.inverse:
        painter.fillRect(_rect(part.area, per_mm), black)
    painter.save()
    painter.scale(per_mm / FINE, per_mm / FINE)
    painter.setFont(letters(part.size, bold=part.bold))
    painter.setPen(white if part.inverse else black)
    flags = part.align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
    painter.drawText(_rect(part.area, FINE), int(flags), part.text)
    painter.restore()


def _paint_bars(painter: QPainter, part: Bars, per_mm: float) -> None:
    place = _rect(part.area, per_mm)
    dot = _module(place.width(), code128.modules(part.text))
    x = _whole(place.x() + (place.width() - dot * code128.modules(part.text)) / 2, dot) + dot * code128.QUIET
    for at, width in enumerate(code128.widths(part.text)):
        if at % 2 == 0:
            painter.fillRect(QRectF(x, place.y(), dot * width, place.height()), Qt.GlobalColor.black)
        x += dot * width


def _paint_square(painter: QPainter, part: Square, per_mm: float) -> None:
    rows = qr.modules(part.text)
    place, whole = _rect(part.area, per_mm), len(rows) + 2 * qr.QUIET
    dot = _module(min(place.width(), place.height()), whole)
    left = _whole(place.x() + (place.width() - dot * whole) / 2, dot) + dot * qr.QUIET
    top = _whole(place.y() + (place.height() - dot * whole) / 2, dot) + dot * qr.QUIET
    for down, row in enumerate(rows):
        across = 0
        while across < len(row):
            start = across
            while across < len(row) and row[across] == row[start]:
                across += 1
            if row[start]:
                run = QRectF(left + dot * start, top + dot * down, dot * (across - start), dot)
                painter.fillRect(run, Qt.GlobalColor.black)


def _module(room: float, modules: int) -> float:
    """A whole number of dots a module: every bar is as sharp as the device; on a screen less than one."""
    dots = room / modules
    return float(int(dots)) if dots >= 1 else dots


def _whole(at: float, dot: float) -> float:
    """Begin on a dot where modules are whole dots."""
    return float(round(at)) if dot >= 1 else at
