"""What comes of a manifest as it is changed: the order it makes, what is not kept yet, the versions kept."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.mending import MADE
from app.domain.schema_form import Form
from app.mend_state import State
from widgets import theme
from widgets.controls import MarkLabel
from widgets.prose import SECTION, Prose
from widgets.table import Column, ListModel, Table, TableRow
from widgets.words import named, tr, trn


class MendSide(QWidget):
    """Three tables below each other; those that hold nothing are not there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.odd = MarkLabel("", "", size="body", role="text")
        self.odd.setObjectName(f"{page}/odd")
        self.made, self.changes, self.versions = (Table("", ListModel(())) for _ in range(3))
        self.tables = self.made, self.changes, self.versions
        self._heads = tuple(Prose(style=SECTION) for _ in self.tables)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().px("space.1"))
        for name, head, table, stretch in zip(
            ("made", "changes", "versions"), self._heads, self.tables, (4, 3, 2), strict=True
        ):
            table.setObjectName(f"{page}/{name}")
            column.addWidget(head)
            if table is self.made:
                column.addWidget(self.odd)
            column.addWidget(table, stretch)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        titles = tr("The order it makes"), tr("Changes that are not kept yet"), tr("Versions")
        for head, table, title in zip(self._heads, self.tables, titles, strict=True):
            head.show_words(title)
            table.setAccessibleName(title)
        narrow = theme.current().px("line.number.w")
        self.made.show_model(
            ListModel((Column("key", tr("Our field"), narrow), Column("value", tr("Value"), kind="strong")))
        )
        self.changes.show_model(
            ListModel(
                (
                    Column("key", tr("Where")),
                    Column("was", tr("Was"), narrow * 3 // 4, kind="muted"),
                    Column("now", tr("Is"), narrow * 3 // 4, kind="strong"),
                )
            )
        )
        self.versions.show_model(
            ListModel(
                (
                    Column("n", tr("Version"), narrow // 2, kind="number"),
                    Column("by", tr("Who"), narrow * 3 // 4),
                    Column("changed", tr("Changed"), kind="muted"),
                )
            )
        )

    def draw(self, state: State) -> None:
        """Show what there is."""
        found, form, differ = state.mending, state.form, state.changes
        _fill(
            self.made,
            [TableRow(one.key, (made_words(one.key), one.value)) for one in (found.made if found else ())],
        )
        _fill(
            self.changes,
            [
                TableRow(
                    key, (_ends(form, key), *(named(form.told(key, each)) or "–" for each in (was, now)))
                )
                for key, was, now in differ
            ],
        )
        for part in (self._heads[1], self.changes):
            part.setVisible(bool(differ))
        versions = [
            TableRow(str(one.n), (str(one.n), one.by or tr("before"), _told(form, one.changed)))
            for one in (found.versions if found else ())
        ]
        _fill(self.versions, versions)
        for part in (self._heads[2], self.versions):
            part.setVisible(bool(versions))
        odd = (found.wrong[0].text if found.wrong else next(iter(found.odd), None)) if found else None
        self.odd.show_mark("stops" if odd is not None else "met", trn(odd) if odd else tr("It can be read."))


def _fill(table: Table, rows: list[TableRow]) -> None:
    model = table.model_in_use()
    if isinstance(model, ListModel):
        model.show_rows(rows)


def _told(form: Form, keys: Iterable[str]) -> str:
    return ", ".join(_ends(form, key) for key in keys) or "–"


def _ends(form: Form, key: str) -> str:
    """Say where a key is, by its last two steps: the whole would not fit."""
    return " › ".join(named(form.called(key)).split(" › ")[-2:])


def made_words(key: str) -> str:
    """What we call a field of an order; of a line, which one."""
    line = key.removeprefix("line ")
    return tr("Line {n}", n=line) if line != key else tr(MADE.get(key, key))
