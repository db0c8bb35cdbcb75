"""The one push button: its key, its words, and why it is off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from widgets import keycap, theme
from widgets.prose import Style, width_px

Kind = Literal["primary", "plain", "quiet", "floor", "floor_primary", "inverse"]
DASH: Final = [3.0, 2.5]  # of a dashed edge, in widths of its line


@dataclass(frozen=True, slots=True)
class _Look:
    """The tokens of one kind; an empty fill or edge leaves the ground."""

    ink: str
    fill: str
    edge: str
    ring: str
    key: keycap.KeyLook = keycap.PLAIN
    bold: bool = False
    high: str = "button.h"
    pad_key: str = "button.pad.key"
    pad: str = "button.pad"
    gap: str = "button.gap"
    font: str = "font.body"


_LOOKS: Final[dict[Kind, _Look]] = {
    "primary": _Look("onaccent", "accent", "accent", "onaccent", keycap.ON_ACCENT, bold=True),
    "plain": _Look("text", "base", "border", "accent"),
    "quiet": _Look(
        "text", "", "", "accent",
        pad_key="button.quiet.pad", pad="button.quiet.pad", gap="button.quiet.gap",
    ),
    "floor": _Look(
        "text", "base", "border", "accent", high="button.floor.h", font="font.section",
        pad_key="button.floor.pad", pad="button.floor.pad", gap="button.floor.gap",
    ),
    "floor_primary": _Look(
        "onaccent", "accent", "accent", "onaccent", keycap.ON_ACCENT, bold=True,
        high="button.floor.h", font="font.section",
        pad_key="button.floor.pad", pad="button.floor.pad", gap="button.floor.gap",
    ),
    "inverse": _Look("oninv", "", "oninv", "invkey", keycap.ON_INVERSE, high="button.small.h"),
}  # fmt: skip


class Button(QPushButton):
    """A push button that shows its key; the key router presses it, so it has no shortcut of its own."""

    def __init__(self, text: str, key: str = "", kind: Kind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(text)
        self._key = key
        self._kind: Kind = kind
        self._in_field = False
        self._reason = ""
        self.setProperty("kind", kind)
        self.setFont(theme.current().font(_LOOKS[kind].font, bold=self._bold()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.on_change(self.restyle)

    def say(self, words: str) -> None:
        """Take words in the language on screen, to read and to hear."""
        self.setText(words)
        self.setAccessibleName(words)

    @override
    def setText(self, text: str) -> None:
        """Show these words and be called by them, unless it was given a name of its own."""
        if text and self.accessibleName() in ("", self.text()):
            self.setAccessibleName(text)
        super().setText(text)

    def become(self, text: str, key: str, kind: Kind) -> None:
        """Stand for something else: a bar that shows other actions keeps its buttons."""
        self.say(text)
        if self._reason:
            self.set_off("")
        self.setDown(False)
        self._key = key
        if kind != self._kind:
            self.set_kind(kind)
        else:
            self.restyle()

    def key(self) -> str:
        """What the keycap says now."""
        return keycap.in_field(self._key) if self._in_field else self._key

    def kind(self) -> Kind:
        """How it looks."""
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        """Look like another kind; at most one primary is on a screen."""
        self._kind = kind
        self.setProperty("kind", kind)
        self.setFont(theme.current().font(_LOOKS[kind].font, bold=self._bold()))
        self.restyle()

    def set_alt(self, in_field: bool) -> None:
        """Show the key that works while a text field has the focus."""
        if in_field != self._in_field:
            self._in_field = in_field
            self.restyle()

    def reason(self) -> str:
        """Why it is off; empty while it works."""
        return self._reason

    def set_off(self, reason: str) -> None:
        """Switch off and keep why: the bar shows the reason beside it; an empty reason switches on again."""
        self._reason = reason
        self.setEnabled(not reason)
        self.setAccessibleDescription(reason)
        self.setToolTip(reason)
        self.update()

    def restyle(self) -> None:
        """Take the sizes of the theme again and repaint."""
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        look, now = _LOOKS[self._kind], theme.current()
        words = width_px(self.text(), Style(look.font.removeprefix("font."), bold=look.bold))
        cap = keycap.size(self.key(), floor=self._floor()).width() if self._key else 0
        left = now.px(look.pad_key) + cap + now.px(look.gap) if cap else now.px(look.pad)
        edges = 2 * now.px("line")
        return QSize(max(left + words + now.px(look.pad) + edges, now.px("target.min.w")), now.px(look.high))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, now = _LOOKS[self._kind], theme.current()
        painter = QPainter(self)
        self._paint_ground(painter, look)
        x = now.px("line") + now.px(look.pad_key if self._key else look.pad)
        if self._key:
            caps = keycap.size(self.key(), floor=self._floor())
            cap_look = look.key if self.isEnabled() or self._kind == "inverse" else keycap.PLAIN
            place = QRect(x, 0, caps.width(), self.height())
            keycap.paint(painter, place, self.key(), cap_look, floor=self._floor())
            x += caps.width() + now.px(look.gap)
        painter.setFont(now.font(look.font, bold=look.bold))
        painter.setPen(now.color(look.ink if self.isEnabled() else "off"))
        painter.drawText(
            self.rect().adjusted(x, 0, 0, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            self.text(),
        )
        painter.end()

    def _paint_ground(self, painter: QPainter, look: _Look) -> None:
        now = theme.current()
        corner, line, ring = now.px("radius.control"), now.px("line"), now.px("ring")
        box = QRectF(self.rect())
        touched = self.isEnabled() and (self.isDown() or self.underMouse()) and look.fill != "accent"
        fill = look.fill if self.isEnabled() or not look.fill else "base"
        fill = "chip" if touched and self._kind != "inverse" else fill
        edge = look.edge if self.isEnabled() else "border"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if fill:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.color(fill))
            painter.drawRoundedRect(box, corner, corner)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if edge:
            pen = QPen(now.color(edge), line)
            if not self.isEnabled():
                pen.setDashPattern(DASH)
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            half = line / 2
            painter.drawRoundedRect(box.adjusted(half, half, -half, -half), corner, corner)
        if self.hasFocus():
            inset = ring / 2 if look.fill != "accent" else ring * 1.5
            painter.setPen(QPen(now.color(look.ring), ring))
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), corner - line, corner - line)

    def _bold(self) -> bool:
        return _LOOKS[self._kind].bold

    def _floor(self) -> bool:
        return self._kind in ("floor", "floor_primary")
