"""First step of the import wizard: files dropped or chosen, whose orders they are, what came before."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.imports import FileLook, ImportRow
from app.presenters.import_file import State
from widgets import icons, theme
from widgets.button import DASH
from widgets.fields import ComboField, Field
from widgets.import_words import STATES, files_words, kind_words, reading_words, size_words, state_words
from widgets.painted import Painted
from widgets.prose import NOTE, SECTION, STRONG, Prose, paint_line
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, day_there, moment, tr


class DropSheet(Painted):
    """A dashed sheet that says what may be dropped; a click on it is Ctrl+O."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sentence, self._line = "", ""
        self.setObjectName("import_file/drop")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_words(self, sentence: str, line: str) -> None:
        """Say what may be dropped here, and with which key it goes too."""
        self._sentence, self._line = sentence, line
        self.setAccessibleName(f"{sentence} {line}")
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("list.min.w"), px("choice.h") + px("space.4"))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        px, half = look.px, look.px("line") / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(look.color("border"), px("line"))
        pen.setDashPattern(DASH)
        painter.setPen(pen)
        painter.setBrush(look.color("alt"))
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(box, px("radius.card"), px("radius.card"))
        size, x = px("icon"), px("space.4")
        icons.paint(painter, QRect(x, 0, size, self.height()), "import")
        x += size + px("space.3")
        top = (self.height() - px("line.body") - px("line.meta") - px("space.half")) // 2
        room = self.width() - x - px("space.4")
        paint_line(painter, QRect(x, top, room, px("line.body")), self._sentence, STRONG)
        below = top + px("line.body") + px("space.half")
        paint_line(painter, QRect(x, below, room, px("line.meta")), self._line, NOTE)
        painter.end()


class FilesBody(QWidget):
    """Drop, list, shop; below it the imports of before, Enter opens one."""

    choose_asked = Signal()
    shop_chosen = Signal(str)
    file_picked = Signal(str)
    import_opened = Signal(str)

    def __init__(self, wanted: Container[str]) -> None:
        """`wanted`: what a hand chose a moment ago; it stays as chosen until it holds."""
        super().__init__()
        self._wanted = wanted
        px = theme.current().px
        self.drop = DropSheet()
        self.drop.pressed.connect(self.choose_asked)
        self.files = ListModel(())
        self.files_table = Table("", self.files, edge="space.2", whole=True)
        self.files_table.setObjectName("import_file/files")
        self.files_table.picked.connect(self.file_picked)
        self.shop = ComboField()
        self.shop.answered.connect(self.shop_chosen)
        self.shop_field = Field("import_file/shop", "", "", self.shop)
        self.past_heading = Prose(style=SECTION)
        self.past = ListModel(())
        self.past_table = Table("", self.past, edge="space.2")
        self.past_table.setObjectName("import_file/past")
        self.past_table.opened.connect(self.import_opened)
        self.none = Prose(style=NOTE)
        self._state, self._is_wide = State(), True
        edge = px("space.5")
        inside = QVBoxLayout()
        inside.setContentsMargins(edge, 0, edge, 0)
        inside.setSpacing(px("space.3"))
        inside.addWidget(self.drop)
        inside.addWidget(self.files_table)
        inside.addWidget(self.shop_field)
        inside.addWidget(self.past_heading)
        inside.addWidget(self.none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px("space.1"))
        column.addLayout(inside)
        rows = QHBoxLayout()
        rows.setContentsMargins(px("space.4"), 0, px("space.4"), 0)
        rows.addWidget(self.past_table)
        column.addLayout(rows, 1)
        column.addStretch(0)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        px = theme.current().px
        self.drop.show_words(
            tr("Drop files anywhere on this window, or press Ctrl+O"),
            tr("CSV, XLSX or XLS, up to 500 MB. Several files that belong together may be dropped at once."),
        )
        self.shop_field.name_anew(
            tr("Shop"),
            tr("Times and money of the file are read as those of this shop."),
            tr("Whose orders are these?"),
        )
        self.files_table.setAccessibleName(tr("Files"))
        self.files.columns = (
            Column("name", tr("File"), kind="strong"),
            Column("kind", tr("Kind"), px("facts.label.w")),
            Column("size", tr("Size"), px("line.amount.w"), kind="number"),
            Column("columns", tr("Columns"), px("line.amount.w"), kind="number"),
            Column("reading", tr("Read as"), kind="muted"),
        )
        self.files_table.show_model(self.files)
        self.past_heading.show_words(tr("Imports"))
        self.past_table.setAccessibleName(tr("Imports"))
        self.none.show_words(
            tr("None yet. Each one stands here afterwards, with its account and its way back.")
        )
        self._name_past()

    def _name_past(self) -> None:
        """Name the columns; where there is little room, only what one looks for stays."""
        px = theme.current().px
        middle, number = px("line.number.w"), px("line.amount.w")
        wide = (Column("by", tr("By"), px("history.who.w")),) if self._is_wide else ()
        same: tuple[Column, ...] = ()
        if self._is_wide:
            same = (
                Column("changed", tr("Changed"), number, kind="number"),
                Column("unchanged", tr("Unchanged"), number, kind="number"),
            )
        self.past.columns = (
            Column("state", tr("State"), middle),
            Column("file", tr("File"), kind="strong"),
            Column("shop", tr("Shop"), middle),
            *wide,
            Column("new", tr("New rows"), number, kind="number"),
            *same,
            Column("rejected", tr("Rejected"), number, kind="number"),
            Column("at", tr("Begun"), px("history.delivery.w"), "right", "muted"),
        )
        self.past_table.show_model(self.past)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= theme.current().px("detail.min.w") + theme.current().px("evidence.w")
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._name_past()
            self._draw_past()

    def _draw_past(self) -> None:
        codes = [column.code for column in self.past.columns]
        self.past.show_rows([_import(row, self._state, codes) for row in self._state.past])

    def draw(self, state: State) -> None:
        """Show what was chosen and what came before."""
        self.files.show_rows([_file(look) for look in state.files])
        self.files_table.setVisible(bool(state.files))
        self.shop_field.setVisible(bool(state.files))
        options = [(code, f"{channel} · {title}") for code, title, channel in state.shops]
        if not state.shop:
            options.insert(0, ("", "–"))
        if "shop" not in self._wanted and not self.shop.view().isVisible():
            self.shop.set_options(options)
            self.shop.set_answer(state.shop)
        self._state = state
        self._draw_past()
        self.past_table.setVisible(bool(state.past))
        self.none.setVisible(state.is_loaded and not state.past)

    def focus_first(self, *, has_files: bool) -> bool:
        """Put the keys into the list that is there; say whether there is one."""
        for table in (self.files_table,) if has_files else (self.past_table,):
            if table.isVisibleTo(self):
                table.setFocus()
                return True
        return False


def _file(look: FileLook) -> TableRow:
    cells = (
        look.name,
        kind_words(look),
        size_words(look.size),
        count(len(look.columns)),
        reading_words(look.reading),
    )
    return TableRow(look.id, cells)


def _import(row: ImportRow, state: State, codes: Sequence[str]) -> TableRow:
    account = row.account
    rejected: str | Cell = count(account.rejected)
    if account.rejected:
        rejected = Cell(count(account.rejected), "waits", role="warn")
    today_on = day_there(state.now or datetime.now(UTC), state.zone)
    cells: dict[str, str | Cell] = {
        "state": Cell(state_words(row), STATES[row.state][0]),
        "file": files_words(row.files),
        "shop": row.shop_title,
        "by": row.by,
        "new": count(account.new),
        "changed": count(account.changed),
        "unchanged": count(account.unchanged),
        "rejected": rejected,
        "at": moment(row.at, state.zone, today_on),
    }
    return TableRow(row.id, tuple(cells[code] for code in codes), faded=row.state == "undone")
