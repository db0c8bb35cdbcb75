"""The help at the side: F1 opens the page for where one is; the work stays in sight."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QRegion,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QTextBrowser, QVBoxLayout, QWidget
from typing_extensions import override

import resources
from app.text import N_
from widgets import theme, words
from widgets.controls import Button
from widgets.keys import Key
from widgets.overlay import CLOSE, Overlay
from widgets.undo import UNDO, UndoBar
from widgets.words import tr

INDEX: Final = "index"
_BACK: Final = N_("Back")
_FIND: Final = N_("Search the help")
_SHOW: Final = N_("Show me here")
_FOUND: Final = N_("Pages with {text}")
_NONE: Final = N_("No page has {text}. Try a shorter word.")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def topics() -> tuple[str, ...]:
    """Every page of help there is in this language."""
    folder = resources.path("help", words.language())
    return tuple(sorted(page.stem for page in folder.glob("*.md")))


def read(topic: str) -> str:
    """The Markdown of a page in the language on screen; an unknown topic is the index."""
    known = topic if topic in topics() else INDEX
    return resources.read("help", words.language(), f"{known}.md").decode()


def name_of(topic: str) -> str:
    """The title of a page: its first heading."""
    return read(topic).splitlines()[0].removeprefix("# ").strip()


def search(text: str) -> tuple[str, ...]:
    """The topics that hold every word of `text`, those with it in the title first."""
    wanted = text.casefold().split()
    found = [
        topic
        for topic in topics()
        if all(word in _LINK.sub(r"\1", read(topic)).casefold() for word in wanted)
    ]
    return tuple(
        sorted(found, key=lambda topic: not all(word in name_of(topic).casefold() for word in wanted))
    )


class HelpPanel(Overlay):
    """A reading column at the right edge, with search and the way back."""

    def __init__(self, window: QWidget, undo: UndoBar) -> None:
        super().__init__(window)
        px = theme.current().px
        self.setObjectName("help")
        self._undo = undo
        undo.installEventFilter(self)
        self._trail: list[str] = []
        self._topic = INDEX
        self.back_button = Button("", "Alt+Left")
        self.back_button.setObjectName("help/back")
        self.back_button.clicked.connect(self.back)
        self.field = QLineEdit()
        self.field.setObjectName("help/find")
        self.field.setFixedHeight(px("field.h"))
        self.field.textChanged.connect(self._search)
        self.close_button = Button("", "Esc")
        self.close_button.setObjectName("help/close")
        self.close_button.clicked.connect(self.shut)
        self.text = QTextBrowser()
        self.text.setObjectName("help/text")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(lambda link: self.go(_topic_of(link)))
        head = QHBoxLayout()
        head.setContentsMargins(px("space.4"), px("space.2"), px("space.4"), px("space.2"))
        head.setSpacing(px("space.2"))
        head.addWidget(self.back_button)
        head.addWidget(self.field, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self.sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tour_button = Button("", "Alt+1")
        self.tour_button.setObjectName("help/tour")
        self.tour_button.clicked.connect(self._begin_tour)
        self._tour: Callable[[], object] | None = None
        row = QHBoxLayout()
        row.setContentsMargins(px("space.4"), 0, px("space.4"), px("space.2"))
        row.addWidget(self.tour_button)
        row.addStretch(1)
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        self.use_tour(None)
        words.on_change(self._say)
        theme.on_change(self._say)
        self._say()

    @property
    def topic(self) -> str:
        """The page that is read."""
        return self._topic

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("Esc", tr(CLOSE), self.shut),
            Key("F1", tr(CLOSE), self.shut, quiet=True),
            Key("Alt+Left", tr(_BACK), self.back),
            Key("Z", tr(UNDO), self._undo.undo, quiet=True, when=self._can_undo),
            Key("Alt+1", tr(_SHOW), self._begin_tour, when=lambda: self._tour is not None),
            Key("/", tr(_FIND), self.field.setFocus, when=lambda: not self.field.hasFocus()),
        )

    @override
    def place(self) -> QRect:
        px = theme.current().px
        wide = min(px("help.w"), self.width() - px("rail.w"))
        foot = (
            self._undo_place().y() if self._undo.isVisibleTo(self._window) else self.height() - px("sync.h")
        )
        return QRect(self.width() - wide, px("top.h"), wide, foot - px("top.h"))

    @override
    def _fit(self) -> None:
        """What can be taken back stays in sight and under the mouse."""
        super()._fit()
        if self._undo.isVisibleTo(self._window):
            self.setMask(QRegion(self.rect()) - QRegion(self._undo_place()))
        else:
            self.clearMask()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        moves = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize)
        if watched is self._undo and self.isVisible() and event.type() in moves:
            self._fit()
        return super().eventFilter(watched, event)

    def _undo_place(self) -> QRect:
        return QRect(self._undo.mapTo(self._window, QPoint(0, 0)) - self.pos(), self._undo.size())

    def _can_undo(self) -> bool:
        return self._undo.is_open and not self.field.hasFocus()

    def use_tour(self, begin: Callable[[], object] | None) -> None:
        """Offer to point at what is on the page below, where there is a tour of it."""
        self._tour = begin
        self.tour_button.setVisible(begin is not None)

    def _begin_tour(self) -> None:
        begin = self._tour
        self.shut()
        if begin is not None:
            begin()

    def lay_topic(self, topic: str) -> None:
        """Open at a page."""
        self._trail = []
        self.field.clear()
        self._show(topic)
        self.lay()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def go(self, topic: str) -> None:
        """Follow a link; Alt+Left comes back."""
        self._trail.append(self._topic)
        self._show(topic)

    def back(self) -> None:
        """The page before, or the index."""
        self._show(self._trail.pop() if self._trail else INDEX)

    def _search(self, text: str) -> None:
        if not text.strip():
            self._show(self._topic)
            return
        found = search(text)
        heading = tr(_FOUND if found else _NONE, text=text.strip())
        self._render("\n\n".join((f"# {heading}", *(f"- [{name_of(topic)}]({topic})" for topic in found))))

    def _show(self, topic: str) -> None:
        self._topic = topic
        self._render(read(topic))

    def _render(self, markdown: str) -> None:
        document = QTextDocument(self.text)
        document.setDefaultFont(theme.current().font("font.read"))
        document.setDocumentMargin(theme.current().px("page.edge"))
        document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        dress(document)
        self.text.setDocument(document)

    def _say(self) -> None:
        self.setAccessibleName(tr("Help"))
        self.text.setAccessibleName(tr("Help"))
        self.field.setAccessibleName(tr(_FIND))
        self.field.setPlaceholderText(tr(_FIND))
        for button, said in (
            (self.back_button, _BACK),
            (self.close_button, CLOSE),
            (self.tour_button, _SHOW),
        ):
            button.setText(tr(said))
            button.setAccessibleName(tr(said))
        self._show(self._topic)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, place = theme.current(), QPainter(self), self.sheet.geometry()
        line = look.px("line")
        painter.fillRect(place, look.color("base"))
        painter.fillRect(QRect(place.x() - line, place.y(), line, place.height()), look.color("border"))
        painter.end()


def dress(document: QTextDocument) -> None:
    """Put our type scale and colours on what Markdown made."""
    look = theme.current()
    document.setIndentWidth(look.px("page.edge"))
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        pitch = QTextBlockFormat()
        size = {1: "title", 2: "section"}.get(level, "read")
        fixed = QTextBlockFormat.LineHeightTypes.FixedHeight.value
        pitch.setLineHeight(look.px(f"line.{size}"), fixed)
        pitch.setTopMargin(look.px("space.4") if level == 2 else 0)
        pitch.setBottomMargin(look.px("space.1") if block.textList() or level else look.px("space.2"))
        cursor.mergeBlockFormat(pitch)
        cursor.setBlockCharFormat(_look_of(QTextCharFormat(), size, is_heading=level > 0))
        for begin, end, was in _parts_of(block):
            cursor.setPosition(begin)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(_look_of(was, size, is_heading=level > 0))  # Markdown's own sizes go
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame)


def _parts_of(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """List the parts of a block that look alike: they join as soon as one is changed."""
    parts, found = block.begin(), []
    while not parts.atEnd():
        part = parts.fragment()
        found.append((part.position(), part.position() + part.length(), part.charFormat()))
        parts += 1
    return found


def _dress_table(table: QTextTable) -> None:
    """Hairlines around what stands in it, and room for it."""
    look, pitch = theme.current(), QTextTableFormat()
    pitch.setCellSpacing(0)
    pitch.setCellPadding(look.px("space.1"))
    pitch.setBorderCollapse(True)
    pitch.setBorder(look.px("line"))
    pitch.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    pitch.setBorderBrush(look.color("line"))
    pitch.setBottomMargin(look.px("space.3"))
    pitch.setHeaderRowCount(1)
    table.setFormat(pitch)


def _look_of(was: QTextCharFormat, size: str, *, is_heading: bool) -> QTextCharFormat:
    look = theme.current()
    is_key = was.fontFixedPitch()
    is_bold = is_heading or is_key or was.fontWeight() >= QFont.Weight.Bold
    looks = QTextCharFormat()
    looks.setFont(look.font(f"font.{size}", bold=is_bold))
    looks.setForeground(look.color("link" if was.isAnchor() else "text"))
    if is_key:
        looks.setBackground(look.color("chip"))
    if was.isAnchor():
        looks.setAnchor(True)
        looks.setAnchorHref(was.anchorHref())
        looks.setFontUnderline(True)
    return looks


def _topic_of(link: QUrl) -> str:
    return link.fileName().removesuffix(".md") or INDEX
