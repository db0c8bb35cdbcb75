"""Last steps of the import wizard: the account of every row, how far it is, what an undo would leave."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.imports import Account, ImportRow, Reason, Stays, UndoPlan
from app.presenters.import_file import State
from widgets import marks, theme
from widgets.cells import words_of
from widgets.charts import Progress
from widgets.controls import MarkLabel
from widgets.import_columns import join_words
from widgets.import_words import orders_words, sum_words
from widgets.painted import Painted
from widgets.prose import BODY, FIGURE, NOTE, SECTION, Prose, Style, paint_line, width_px
from widgets.table import Column, ListModel, Table, TableRow
from widgets.words import count, tr, trn

Big = tuple[str, str, str]
"""A figure, what it counts, and its mark or nothing."""
ROWS_MAX = 6
"""So many places of a reason are named; the file of rejected rows has them all."""
REASON = 1
"""The column that says why."""
_LABEL = Style("body", "text2")


class BigFigures(Painted):
    """Some figures side by side, each over its label and mark."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: tuple[Big, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: tuple[Big, ...]) -> None:
        """Show these."""
        self._figures = figures
        self.setAccessibleName(", ".join(f"{label} {value}" for value, label, _ in figures))
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("list.min.w"), px("line.figure") + px("line.body"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter, x = theme.current().px, QPainter(self), 0
        for value, label, mark in self._figures:
            lead = px("mark") + px("space.1") if mark else 0
            wide = max(width_px(value, FIGURE), lead + width_px(label, _LABEL), px("line.amount.w"))
            paint_line(painter, QRect(x, 0, wide + 1, px("line.figure")), value, FIGURE)
            below = QRect(x, px("line.figure"), wide + 1, px("line.body"))
            if mark:
                marks.paint(painter, QRect(x, below.y(), px("mark"), below.height()), mark)
            paint_line(painter, below.adjusted(lead, 0, 0, 0), label, _LABEL, Qt.AlignmentFlag.AlignLeft)
            x += wide + px("space.5")
        painter.end()


class AccountView(QWidget):
    """Four figures, their sum, and why rows were not taken."""

    def __init__(self, table: str) -> None:
        super().__init__()
        px = theme.current().px
        self.figures = BigFigures()
        self.sum = Prose(style=NOTE)
        self.heading = Prose(style=SECTION)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.2")
        self.table.setObjectName(table)
        self.table.picked.connect(lambda _key: self._tell())
        self.whole = Prose(style=BODY)
        """The reason under the keys, where its row has no room for all of it."""
        edge = px("space.5")
        above = QVBoxLayout()
        above.setContentsMargins(edge, 0, edge, 0)
        above.setSpacing(px("space.1"))
        above.addWidget(self.figures)
        above.addWidget(self.sum)
        above.addSpacing(px("space.2"))
        above.addWidget(self.heading)
        rows = QVBoxLayout()
        rows.setContentsMargins(px("space.4"), 0, px("space.4"), 0)
        rows.addWidget(self.table)
        below = QVBoxLayout()
        below.setContentsMargins(edge, px("space.1"), edge, px("space.2"))
        below.addWidget(self.whole)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px("space.1"))
        column.addLayout(above)
        column.addLayout(rows, 1)
        column.addLayout(below)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        px = theme.current().px
        self.table.setAccessibleName(tr("Why rows were not taken"))
        self.model.columns = (
            Column("count", tr("Rows"), px("facts.label.w"), kind="number"),
            Column("why", tr("Reason")),
            Column("rows", tr("Where"), px("line.title.w"), kind="muted"),
        )
        self.table.show_model(self.model)

    def draw(self, account: Account, *, is_trial: bool) -> None:
        """Show an account; a trial speaks of what would happen."""
        rejected = "stops" if account.rejected else ""
        self.figures.show_figures(
            (
                (count(account.new), tr("new"), "met" if account.new else ""),
                (count(account.changed), tr("changed"), ""),
                (count(account.unchanged), tr("unchanged"), ""),
                (count(account.rejected), tr("rejected"), rejected),
            )
        )
        orders = orders_words(account.orders)
        told = tr("{orders} would come of it.", orders=orders) if is_trial else ""
        whole = " · ".join(part for part in (sum_words(account), told) if part)
        files = [tr("{file}: {sum}", file=each.name, sum=sum_words(each)) for each in account.files]
        self.sum.show_words("\n".join((whole, *files)) if len(files) > 1 else whole)
        self.heading.show_words(tr("Why rows were not taken") if account.reasons else "")
        self.model.show_rows([_reason(at, each) for at, each in enumerate(account.reasons)])
        self.table.setVisible(bool(account.reasons))
        if account.reasons and not self.table.current_key():
            self.table.pick_first()
        self._tell()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        """Say the reason under the keys in full, where it is cut."""
        row = self.model.row(self.table.currentIndex().row()) if self.table.current_key() else None
        reason = words_of(row.cells[REASON]) if row is not None else ""
        room = self.table.inside(QRect(0, 0, self.table.columnWidth(REASON), 1), REASON).width()
        self.whole.show_words(reason if width_px(reason) > room else "")
        self.whole.setVisible(bool(self.whole.words()))


class TrialBody(QWidget):
    """What would become of every row; nothing is written."""

    def __init__(self) -> None:
        super().__init__()
        px = theme.current().px
        self.account = AccountView("import_file/trial")
        self.progress = Progress("")
        self.joins = Prose(style=NOTE)
        above = QVBoxLayout()
        above.setContentsMargins(px("space.5"), 0, px("space.5"), 0)
        above.setSpacing(px("space.2"))
        above.addWidget(self.progress)
        above.addWidget(self.joins)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px("space.2"))
        column.addLayout(above)
        column.addWidget(self.account, 1)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.progress.setAccessibleName(tr("Rows tried"))
        self.account.say()

    def draw(self, state: State) -> None:
        """Show the rehearsal."""
        self.joins.show_words("\n".join(join_words(each) for each in state.matching.joins))
        self.joins.setVisible(bool(state.matching.joins))
        if (trial := state.trial) is not None:
            self.progress.setVisible(trial.is_moving)
            self.progress.show_progress(trial.account.read, trial.rows)
            self.account.draw(trial.account, is_trial=True)


class RunBody(QWidget):
    """A run and its result; or, asked for, what taking the file back would cancel and leave."""

    order_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        px = theme.current().px
        self.progress = Progress("")
        self.stays = MarkLabel("", "", size="body", role="text2")
        self.saved = MarkLabel("", "", size="body", role="text")
        self.account = AccountView("import_file/reasons")
        self.plan = _PlanView()
        self.plan.table.opened.connect(self.order_opened)
        above = QVBoxLayout()
        above.setContentsMargins(px("space.5"), 0, px("space.5"), 0)
        above.setSpacing(px("space.2"))
        for part in (self.progress, self.stays, self.saved):
            above.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px("space.3"))
        column.addLayout(above)
        column.addWidget(self.account, 1)
        column.addWidget(self.plan, 1)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.progress.setAccessibleName(tr("Rows taken"))
        self.account.say()
        self.plan.say()

    def draw(self, state: State) -> None:
        """Show how far it is, or how it ended."""
        run = state.run
        if run is None:
            return
        self.progress.setVisible(run.is_moving)
        self.progress.show_progress(run.account.read, run.rows)
        mark, words = _stays(run)
        self.stays.show_mark(mark, words)
        self.stays.setVisible(bool(words) and state.plan is None)
        self.saved.show_mark("met", trn(state.saved) if state.saved is not None else "")
        self.saved.setVisible(state.saved is not None and state.plan is None)
        self.account.draw(run.account, is_trial=False)
        self.account.setVisible(state.plan is None)
        self.plan.setVisible(state.plan is not None)
        if state.plan is not None:
            self.plan.draw(state.plan)


class _PlanView(QWidget):
    """Orders an undo would cancel, and those that stay, each with its reason."""

    def __init__(self) -> None:
        super().__init__()
        px = theme.current().px
        self.figures = BigFigures()
        self.heading = Prose(style=SECTION)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.2")
        self.table.setObjectName("import_file/stays")
        above = QVBoxLayout()
        above.setContentsMargins(px("space.5"), 0, px("space.5"), 0)
        above.setSpacing(px("space.2"))
        above.addWidget(self.figures)
        above.addWidget(self.heading)
        rows = QVBoxLayout()
        rows.setContentsMargins(px("space.4"), 0, px("space.4"), 0)
        rows.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(above)
        column.addLayout(rows, 1)

    def say(self) -> None:
        self.table.setAccessibleName(tr("Orders that stay"))
        self.model.columns = (
            Column("number", tr("Order"), theme.current().px("line.title.w"), kind="strong"),
            Column("why", tr("Why it stays")),
        )
        self.table.show_model(self.model)

    def draw(self, plan: UndoPlan) -> None:
        self.figures.show_figures(
            (
                (count(plan.cancels), tr("orders would be cancelled"), ""),
                (count(plan.stays), tr("orders would stay"), "waits" if plan.stays else ""),
            )
        )
        more = plan.stays - len(plan.first)
        heading = tr("These stay, because somebody worked on them")
        if more > 0:
            heading = tr("These stay, and {count} more, because somebody worked on them", count=count(more))
        self.heading.show_words(heading if plan.stays else tr("Nobody has touched them yet; all go."))
        self.model.show_rows([_stay(each) for each in plan.first])
        self.table.setVisible(bool(plan.first))


def _stay(order: Stays) -> TableRow:
    return TableRow(order.id, (order.number, trn(order.why)))


def _reason(at: int, reason: Reason) -> TableRow:
    places = ", ".join(map(str, reason.rows[:ROWS_MAX]))
    where = tr("row {rows}", rows=places) if len(reason.rows) == 1 else tr("rows {rows}", rows=places)
    if reason.count > ROWS_MAX:
        where = tr("{rows} and more", rows=where)
    return TableRow(str(at), (count(reason.count), trn(reason.text), where if reason.rows else ""))


def _stays(run: ImportRow) -> tuple[str, str]:
    """What to know about a run besides its figures."""
    if run.state == "running":
        return "", tr(
            "Leave the page if you like: it goes on. Stopped, what is in stays in and can be taken back."
        )
    if run.state == "stopping":
        return "waits", tr("It stops after the rows under way. What is in stays in.")
    if run.state == "stopped":
        return "waits", tr("Stopped. What is in stays in; import the file again to take the rest.")
    if run.state == "undoing":
        return "", tr("The orders of this file are being cancelled.")
    if run.state == "undone":
        return "accepted", tr("Taken back. Import the file again and its orders return.")
    if run.note is not None:
        return ("stops" if run.state == "failed" else "waits"), trn(run.note)
    return "", ""
