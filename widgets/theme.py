"""Every colour and every size of the desk; nothing else writes a hex value or a pixel size."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

import resources

FAMILY: Final = "Noto Sans SC"
THEMES: Final = ("light", "dark", "contrast")
DENSITIES: Final = ("cosy", "compact")

# role: light, dark, contrast; eight digits are alpha first
_COLORS: Final[dict[str, tuple[str, str, str]]] = {
    "window": ("#F2F3F1", "#131519", "#000000"),  # page behind sheets
    "base": ("#FFFFFF", "#1A1D22", "#000000"),  # lists, fields, sheets
    "alt": ("#F8F9F7", "#1F2329", "#0D0D0D"),  # evidence panel, action bar, table head
    "sunken": ("#E9EBE8", "#0E1013", "#000000"),  # rail
    "chip": ("#E9EBE8", "#2B3037", "#1F1F1F"),  # neutral tag
    "text": ("#1A1E23", "#E7E9EC", "#FFFFFF"),  # values
    "text2": ("#454D57", "#BCC2CB", "#FFFFFF"),  # running explanation
    "text3": ("#5B636E", "#99A1AC", "#D9D9D9"),  # labels, meta
    "off": ("#656C76", "#8F97A1", "#A8A8A8"),  # disabled text
    "border": ("#7F8690", "#747C89", "#FFFFFF"),  # control outline
    "line": ("#DADDD8", "#2B3037", "#8C8C8C"),  # hairline, carries no meaning
    "accent": ("#2A4DB5", "#8FA9FF", "#FFE100"),  # focus, primary, place
    "onaccent": ("#FFFFFF", "#0D1426", "#000000"),  # text on accent
    "sel": ("#E3E9FA", "#25315A", "#3A3400"),  # selected row
    "link": ("#2A4DB5", "#A6BAFF", "#FFE100"),
    "ok": ("#1B7040", "#73D19A", "#5CFF9D"),  # met; added
    "okbg": ("#E2F1E7", "#163224", "#002B12"),
    "warn": ("#855000", "#F1B758", "#FFC24D"),  # waits
    "warnbg": ("#FBEFD4", "#392A10", "#2E1F00"),
    "bad": ("#B3261E", "#FF958D", "#FF9A94"),  # stops; removed
    "badbg": ("#FBE8E6", "#421E1C", "#3A0000"),
    "prac": ("#75389F", "#CFA8F5", "#E0B8FF"),  # practice frame only
    "pracbg": ("#F2E9F9", "#31204A", "#26003F"),
    "inv": ("#23282F", "#E7E9EC", "#FFFFFF"),  # undo bar
    "oninv": ("#FFFFFF", "#16191D", "#000000"),
    "invkey": ("#C9D3F5", "#2A4DB5", "#000000"),  # its time line
    "veil": ("#8514181E", "#A8040507", "#C7000000"),  # coach mark
    "shade": ("#1A14181E", "#73000000", "#00000000"),  # the two painted steps of a shadow
}
ROLES: Final = tuple(_COLORS)

_SIZES: Final[dict[str, int]] = {
    # space
    "space.half": 2, "space.1": 4, "space.2": 8, "space.3": 12, "space.4": 16, "space.5": 24, "space.6": 32,
    "page.edge": 20,
    # shape
    "radius.badge": 2, "radius.control": 4, "radius.card": 6,
    "line": 1, "ring": 2, "bar": 3, "ring.coach": 3, "underline": 2,
    # type: size and line height
    "font.meta": 12, "font.body": 13, "font.read": 14, "font.section": 16, "font.title": 20,
    "font.figure": 28, "font.weight": 40, "font.bin": 56, "font.quantity": 64,
    "line.meta": 16, "line.body": 20, "line.read": 22, "line.section": 24, "line.title": 28,
    "line.figure": 36, "line.weight": 48, "line.bin": 64, "line.quantity": 84,
    # controls
    "button.h": 32, "button.small.h": 28, "button.pad.key": 7, "button.pad": 10, "button.gap": 7,
    "button.quiet.pad": 3, "button.quiet.gap": 5,
    "button.floor.h": 56, "button.floor.pad": 20, "button.floor.gap": 12,
    "key.h": 18, "key.min.w": 18, "key.pad": 4, "key.foot": 2, "key.floor.h": 24, "key.floor.min.w": 26,
    "field.h": 32, "field.w": 340, "guide.field.w": 400, "field.pad": 10, "field.gap": 24, "field.own": 2,
    "scroll.w": 12, "scroll.least.h": 32,
    "hint.pad": 12, "hint.line": 2,
    "target.min.h": 28, "target.min.w": 24, "target.floor": 56, "check.box": 16, "check.dot": 6,
    "field.button.w": 24, "icon.small": 12,
    "badge.w": 24, "badge.h": 16, "tag.h": 20, "tag.pad": 6, "pill.h": 16, "pill.min.w": 16, "pill.pad": 3,
    "avatar": 28, "choice.h": 58, "suggestion.pad": 12,
    # pictures
    "icon": 20, "icon.field": 16, "icon.floor": 24, "mark": 14, "mark.floor": 22,
    # rows
    "row.list": 68, "row.list.compact": 40, "row.table": 32, "row.head": 28, "row.diff": 30,
    "row.palette": 32, "row.floor": 56, "row.key": 24, "row.section": 44, "row.line": 36, "row.pair": 52,
    "row.check": 28, "row.limit.w": 108,
    "line.title.w": 148, "line.number.w": 118, "line.amount.w": 84, "line.limit.w": 76,
    "floor.bin.w": 130, "floor.amount.w": 110, "floor.time.w": 96,
    # shell and grid
    "rail.w": 56, "rail.cell.h": 54, "top.h": 48, "search.w": 340, "search.h": 32, "tabs.h": 40,
    "list.w": 420, "list.min.w": 340, "detail.min.w": 560, "evidence.w": 300, "evidence.order.w": 452,
    "evidence.today.w": 372, "sync.h": 28, "action.h": 56, "undo.h": 40, "text.max.w": 720,
    "window.w": 1440, "window.h": 900, "window.min.w": 960, "window.min.h": 540,
    "wide.from.w": 1280, "narrow.below.w": 1024, "splitter.w": 5,
    # components
    "palette.w": 640, "palette.top": 96, "palette.input.h": 40, "diff.label.w": 72,
    "diff.side.min.w": 124, "facts.label.w": 72, "history.who.w": 90,
    "history.delivery.w": 100,
    "gate.h": 52, "effect.h": 54, "life.h": 40, "disc": 24, "steps.w": 224, "step.h": 52,
    "coach.w": 344, "help.w": 460, "coach.hole": 6, "practice.stripe": 8, "practice.band.h": 36,
    "scan.h": 64, "scan.icon": 32, "quantity.w": 220, "chart.h": 240, "chart.bars.h": 116,
    "chart.bar.w": 28, "chart.share.h": 20, "chart.progress.h": 6, "gauge.h": 8, "chart.stroke": 2,
    "row.detail": 48, "empty.h": 96,
    # motion, milliseconds
    "motion.card": 120, "motion.shift": 24, "motion.fade": 80, "undo.tick": 250,
}  # fmt: skip

_COMPACT: Final[dict[str, int]] = {
    "button.h": 28, "field.h": 28, "search.h": 28, "row.list": 40, "row.table": 28,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theme:
    """One look: a colour for every role, a pixel size for every token."""

    name: str
    density: str = "cosy"

    def color(self, role: str) -> QColor:
        """A fresh colour; the caller may change its alpha."""
        return QColor(_color(role, self.name))

    def px(self, token: str) -> int:
        """A size of the design grid at 100 %; Qt scales it."""
        if self.density == "compact" and token in _COMPACT:
            return _COMPACT[token]
        return _SIZES[token]

    def font(self, px: int | str, *, bold: bool = False) -> QFont:
        """The one family, by pixels or by token (`font.meta`), unhinted; its figures are all equally wide."""
        return QFont(_font(self.px(px) if isinstance(px, str) else px, bold))

    def palette(self) -> QPalette:
        """What Fusion paints with, in this theme."""
        role, palette = QPalette.ColorRole, QPalette()
        for ours, theirs in (
            ("window", (role.Window, role.Button)),
            ("base", (role.Base,)),
            ("alt", (role.AlternateBase,)),
            ("text", (role.WindowText, role.Text, role.ButtonText, role.BrightText)),
            ("text3", (role.PlaceholderText,)),
            ("accent", (role.Accent, role.Highlight)),
            ("onaccent", (role.HighlightedText,)),
            ("link", (role.Link, role.LinkVisited)),
            ("inv", (role.ToolTipBase,)),
            ("oninv", (role.ToolTipText,)),
            ("line", (role.Light, role.Midlight)),
            ("border", (role.Mid, role.Dark, role.Shadow)),
        ):
            for each in theirs:
                palette.setColor(each, self.color(ours))
        for each in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
            palette.setColor(QPalette.ColorGroup.Disabled, each, self.color("off"))
        return palette

    def qss(self) -> str:
        """The style sheet of fields, labels and frames; views and everything painted stay out of it."""
        colors = {role: self.color(role).name() for role in ROLES}
        sizes = {token.replace(".", "_") + "_px": f"{self.px(token)}px" for token in _SIZES}
        # QLineEdit and the text of QPlainTextEdit keep margins of their own inside the padding
        thicker = self.px("ring") - self.px("line")
        sizes["field_pad_px"] = f"{self.px('field.pad') - self.px('field.own')}px"
        sizes["field_pad_focus_px"] = f"{self.px('field.pad') - self.px('field.own') - thicker}px"
        sizes["field_pad_text_px"] = f"{self.px('field.pad') - self.px('space.1')}px"
        sizes["field_pad_text_focus_px"] = f"{self.px('field.pad') - self.px('space.1') - thicker}px"
        return _sheet().substitute(colors, **sizes, family=FAMILY)


@cache
def _color(role: str, name: str) -> QColor:
    return QColor(_COLORS[role][THEMES.index(name)])


@cache
def _font(px: int, bold: bool) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(px)
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@cache
def _sheet() -> Template:
    return Template(resources.read("style", "desk.qss").decode())


class ThemeNotifier(QObject):
    """Says that colours or sizes changed; whoever paints connects `update`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme("light")


_notifier = ThemeNotifier()


def notifier() -> ThemeNotifier:
    """The one notifier of this process."""
    return _notifier


def on_change(callback: Callable[[], object]) -> None:
    """Call back after every change of theme or density, as long as the callback's widget lives."""
    _notifier.changed.connect(callback)


def current() -> Theme:
    """The theme in use."""
    return _notifier.theme


def apply(app: QApplication, name: str, density: str = "cosy") -> Theme:
    """Put a theme on the whole program, keep it as the current one and tell everyone who paints."""
    if name not in THEMES or density not in DENSITIES:
        raise ValueError(f"no theme {name} {density}: there are {THEMES} and {DENSITIES}")
    theme = Theme(name, density)
    _notifier.theme = theme
    with _nothing_collected():
        if app.style().name() != "fusion":
            app.setStyle("Fusion")
        app.setFont(theme.font("font.body"))
        app.setPalette(theme.palette())
        app.setStyleSheet(theme.qss())
        _notifier.changed.emit()
    return theme


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep the collector still: Qt walks a list of all widgets and calls Python on the way.

    A widget that died in a cycle and was collected in the middle of that walk would crash it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
