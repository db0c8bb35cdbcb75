"""Looks at a window as an impatient reviewer does: cut words, small targets, missing names, hidden focus.

The words a widget paints itself are overheard while it paints them, with the place they were given.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from widgets import prose, theme
from widgets.button import Button
from widgets.prose import Rich, Style, plain

INTERACTIVE = (QAbstractButton, QLineEdit, QAbstractItemView, QComboBox, QAbstractSpinBox, QPlainTextEdit)
LEAST_W, LEAST_H = 24, 28
LEAST_CONTRAST = 4.5
WIDE_ENOUGH = 160
FIGURE_SIGNS = 16


@dataclass(frozen=True)
class Finding:
    """One fault: what kind, where, and enough to find it."""

    kind: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.what}"


@dataclass(frozen=True)
class Heard:
    """Words as they were painted: on which widget, in which place, how much room they wanted."""

    widget: QWidget
    rect: QRect
    words: str
    style: Style
    wanted: int
    """Pixels across for one line, down for a block."""
    is_block: bool


@contextmanager
def overheard() -> Iterator[list[Heard]]:
    """Listen to every word that is painted from here on."""
    heard: list[Heard] = []
    line, block = prose.paint_line, prose.paint_block

    def paint_line(
        painter, rect, rich: Rich, style: Style = prose.BODY, align=Qt.AlignmentFlag.AlignLeft, **how
    ):
        wanted = 0 if how.get("keeps_end") else prose.width_px(rich, style)
        _note(heard, painter, rect, rich, style, wanted, is_block=False)
        return line(painter, rect, rich, style, align, **how)

    def paint_block(painter, rect, rich: Rich, style: Style = prose.BODY):
        high = block(painter, rect, rich, style)
        _note(heard, painter, rect, rich, style, high, is_block=True)
        return high

    patched = []
    for module in [each for name, each in sys.modules.items() if name.startswith("widgets") and each]:
        for name, ours in (("paint_line", paint_line), ("paint_block", paint_block)):
            theirs = vars(module).get(name)
            if theirs in (line, block):
                setattr(module, name, ours)
                patched.append((module, name, theirs))
    try:
        yield heard
    finally:
        for module, name, theirs in patched:
            setattr(module, name, theirs)


def _note(heard, painter, rect, rich, style, wanted, *, is_block) -> None:
    device = painter.device()
    if isinstance(device, QWidget) and plain(rich).strip():
        moved = painter.transform().map(rect.topLeft())
        place = QRect(moved, rect.size())
        heard.append(Heard(device, place, plain(rich), style, wanted, is_block))


def look_at(window: QWidget) -> list[Finding]:
    """Everything wrong with what the window shows now."""
    with overheard() as heard:
        image = window.grab().toImage()
    found = [*_controls(window), *_labels(window), *_painted(heard), *_outside(window)]
    found += _contrast(window, image, heard)
    return list(dict.fromkeys(found))


def name_of(widget: QWidget) -> str:
    """A widget by its own name, or by the nearest that has one."""
    above: QWidget | None = widget
    while above is not None and not above.objectName():
        above = above.parentWidget()
    own = type(widget).__name__
    return f"{above.objectName() if above else '?'} {own}"


def _seen(window: QWidget, widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty() and widget.window() is window.window()


def _controls(window: QWidget) -> Iterator[Finding]:
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, INTERACTIVE) or not widget.isVisible() or _is_part(widget):
            continue
        if widget.width() < LEAST_W or widget.height() < LEAST_H:
            yield Finding("small", name_of(widget), f"{widget.width()} x {widget.height()}")
        if not widget.accessibleName():
            yield Finding("unnamed", name_of(widget), "no accessible name")
        if "/" not in widget.objectName():
            yield Finding("nameless", name_of(widget), "no object name <page>/<code>")
        yield from _own_words(widget)


def _own_words(widget: QWidget) -> Iterator[Finding]:
    """Words that Qt paints for a control, against the room the control has for them."""
    if isinstance(widget, QAbstractButton) and widget.text():
        hint = widget.sizeHint()
        if widget.width() < hint.width() or widget.height() < min(hint.height(), LEAST_H):
            yield Finding(
                "cut", name_of(widget), f"{widget.text()!r} wants {hint.width()}, has {widget.width()}"
            )
    if isinstance(widget, QComboBox):
        room = widget.width() - 2 * theme.current().px("field.pad") - theme.current().px("field.button.w")
        wants = widget.fontMetrics().horizontalAdvance(widget.currentText())
        if wants > room:
            yield Finding("cut", name_of(widget), f"{widget.currentText()!r} wants {wants}, has {room}")
    if isinstance(widget, QLineEdit) and widget.placeholderText() and not widget.text():
        room = widget.contentsRect().width() - 2 * theme.current().px("field.pad")
        margins = widget.textMargins()
        room -= margins.left() + margins.right()
        wants = widget.fontMetrics().horizontalAdvance(widget.placeholderText())
        if wants > room:
            yield Finding(
                "cut",
                name_of(widget),
                f"placeholder {widget.placeholderText()!r} wants {wants}, has {room}",
            )


def _is_part(widget: QWidget) -> bool:
    """The field inside a spin box or a combo, and scroll bars, belong to what holds them."""
    holder = widget.parentWidget()
    if isinstance(widget, QScrollBar) or isinstance(holder, (QAbstractSpinBox, QComboBox)):
        return True
    above = holder
    while above is not None:
        if isinstance(above, QComboBox) or type(above).__name__ == "QCalendarWidget":
            return True
        above = above.parentWidget()
    return isinstance(widget, QHeaderView) or type(widget).__name__ == "QTableCornerButton"


def _labels(window: QWidget) -> Iterator[Finding]:
    for label in window.findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        wants = label.fontMetrics().horizontalAdvance(label.text())
        if label.wordWrap():
            high = label.heightForWidth(label.width())
            if label.height() < high - 1:
                yield Finding(
                    "cut", name_of(label), f"{label.text()!r} wants {high} down, has {label.height()}"
                )
        elif label.contentsRect().width() < wants:
            yield Finding("cut", name_of(label), f"{label.text()!r} wants {wants}, has {label.width()}")


def _painted(heard: list[Heard]) -> Iterator[Finding]:
    for each in heard:
        room = each.rect.height() if each.is_block else each.rect.width()
        in_list = isinstance(each.widget.parentWidget(), QAbstractItemView)
        if each.is_block:
            below = each.rect.y() + each.wanted - each.widget.height()
            if below > 1:
                yield Finding("cut", name_of(each.widget), f"{each.words!r} runs {below} out below")
        elif each.wanted > room:
            kind = "elided" if in_list and not _decides(each.words) else "cut"
            if kind == "cut":
                yield Finding(kind, name_of(each.widget), f"{each.words!r} wants {each.wanted}, has {room}")


def _decides(words: str) -> bool:
    """Whether these words are a figure: cut, it may be any figure. Sentences of a list keep their ends."""
    signs = words.replace(" ", "")
    return len(signs) <= FIGURE_SIGNS and 5 * sum(sign.isdigit() for sign in signs) >= len(signs)


def _outside(window: QWidget) -> Iterator[Finding]:
    """Controls that lie partly outside their parent although nothing can scroll there."""
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        if (
            not isinstance(widget, INTERACTIVE)
            or not _seen(window, widget)
            or _is_part(widget)
            or parent is None
        ):
            continue
        at = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        if not window.rect().contains(at) and not _scrolls(widget):
            yield Finding("outside", name_of(widget), f"{at.getRect()} of {window.size().toTuple()}")


def _scrolls(widget: QWidget) -> bool:
    above: QWidget | None = widget.parentWidget()
    while above is not None:
        if above.objectName() == "qt_scrollarea_viewport":
            return True
        above = above.parentWidget()
    return False


# --- what colours do ---------------------------------------------------------------------------------


class Pixels:
    """The dots of a picture, read where the window has them. Units: places in pixels of the window."""

    def __init__(self, image: QImage) -> None:
        self._ratio = image.devicePixelRatio()
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        self._dots = memoryview(bytes(image.constBits())).cast("I")
        self._line, self._high = image.bytesPerLine() // 4, image.height()

    def at(self, place: QPoint) -> int:
        """One dot."""
        return self._dots[self._row(place.y()) * self._line + round(place.x() * self._ratio)]

    def part(self, area: QRect) -> bytes:
        """The dots of an area; the first part of a long line tells enough."""
        left, wide = round(area.x() * self._ratio), round(min(area.width(), WIDE_ENOUGH) * self._ratio)
        rows = range(self._row(area.y()), self._row(area.bottom()) + 1)
        return b"".join(self._dots[y * self._line + left : y * self._line + left + wide] for y in rows)

    def _row(self, y: int) -> int:
        return min(round(y * self._ratio), self._high - 1)


def _contrast(window: QWidget, image: QImage, heard: list[Heard]) -> Iterator[Finding]:
    """Sample where words were painted: the strongest ink against what most of the place is."""
    pixels = Pixels(image)
    for each in heard:
        shown = each.rect & each.widget.rect()
        at = QRect(each.widget.mapTo(window, shown.topLeft()), shown.size()) & window.rect()
        if each.widget.visibleRegion().isEmpty() or at.width() < 8 or at.height() < 8:
            continue
        weakest = _strongest_pair(pixels.part(at))
        if weakest is None:
            continue
        # Thin letters on a screen of a broken scale never reach their full ink: then their colour counts.
        weakest = max(weakest, _nominal(pixels, at, each.style.role))
        if weakest < LEAST_CONTRAST:
            yield Finding("faint", name_of(each.widget), f"{each.words!r} {weakest:.2f}")


@lru_cache(maxsize=1_000)
def _strongest_pair(dots: bytes) -> float | None:
    """The contrast between the ground of a place and its strongest ink; None where nothing is painted."""
    seen = Counter(memoryview(dots).cast("I"))
    if len(seen) <= 8:
        return None
    ground = seen.most_common(1)[0][0]
    by_light = sorted(seen, key=_luminance)
    return max(_contrast_of(ground, by_light[0]), _contrast_of(ground, by_light[-1]))


def _nominal(pixels: Pixels, at: QRect, role: str) -> float:
    return _contrast_of(pixels.at(at.topLeft()), theme.current().color(role).rgb())


def _contrast_of(one: int, other: int) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def _luminance(pixel: int) -> float:
    parts = (((pixel >> shift) & 255) / 255 for shift in (16, 8, 0))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- focus -------------------------------------------------------------------------------------------


def hidden_focus(window: QWidget, known: set[tuple[QWidget, tuple[int, int], bytes]]) -> list[Finding]:
    """Everything that takes the focus by Tab and does not look any different with it.

    What was looked at before is `known`, and is not looked at again while it looks the same at rest.
    """
    found = []
    window.setFocus()
    QApplication.processEvents()
    at_rest = Rest(window)
    for widget in window.findChildren(QWidget):
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not takes or not _seen(window, widget) or not widget.isEnabled() or _is_part(widget):
            continue
        if _covered(window, widget):
            continue
        looks = at_rest.of(widget)
        if looks in known:
            continue
        window.setFocus()
        QApplication.processEvents()
        before = _around(window, widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if widget.hasFocus():
            known.add(looks)
            if _around(window, widget) == before:
                found.append(Finding("no focus", name_of(widget), "looks the same with the focus"))
    return found


def _covered(window: QWidget, widget: QWidget) -> bool:
    """Whether something lies over its middle, as a palette does; the focus cannot go below it."""
    top = window.childAt(widget.mapTo(window, widget.visibleRegion().boundingRect().center()))
    while top is not None and top is not widget:
        top = top.parentWidget()
    return top is None


class Rest:
    """A window of which nothing has the focus, in one picture."""

    def __init__(self, window: QWidget) -> None:
        self._window, self._image = window, window.grab().toImage()

    def of(self, widget: QWidget) -> tuple[QWidget, tuple[int, int], bytes]:
        """A widget, where it is, and every dot of it and around it."""
        at, ratio = _place(self._window, widget), self._image.devicePixelRatio()
        part = self._image.copy(QRect(at.topLeft() * ratio, at.size() * ratio))
        return widget, at.topLeft().toTuple(), bytes(part.constBits())


def _around(window: QWidget, widget: QWidget) -> QImage:
    return window.grab(_place(window, widget)).toImage()


def _place(window: QWidget, widget: QWidget) -> QRect:
    """Where a widget and its ring are."""
    edge = theme.current().px("space.1")
    at = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-edge, -edge, edge, edge)
    return at & window.rect()


def buttons(window: QWidget) -> list[Button]:
    """The push buttons one sees."""
    return [each for each in window.findChildren(Button) if each.isVisible()]
