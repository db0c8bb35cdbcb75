"""Take what is on screen out of Docket: which form, masked or in full, where to; how far it is."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.presenters.orders import Export, State
from app.text import N_, Text
from app.trouble import Trouble
from widgets import folders, theme
from widgets.charts import Progress
from widgets.controls import Button
from widgets.fields import ComboField, TextField
from widgets.labelled import Labelled
from widgets.prose import BODY, META, Prose
from widgets.words import count, day_there, tr, trn


class ExportPanel(QWidget):
    """Two choices, a place, one button; while it runs, how far it is and the way to stop."""

    wanted = Signal(str, bool)
    stopped = Signal()

    def __init__(self, today_on: date) -> None:
        super().__init__()
        self._today_on = today_on
        self._kept = self._offered = self._agreed = ""
        self._offered_for: tuple[bool, Text | None] = (False, None)
        self.kind, self.people = ComboField(), ComboField()
        self.path = TextField()
        self._offer_place("", today_on)
        self.path.textChanged.connect(self._ask_again)
        self.kind.answered.connect(self._end_in)
        self.people.answered.connect(lambda _value: self._say_hint())
        self._labels = (
            Labelled("orders/export/kind", self.kind),
            Labelled("orders/export/people", self.people),
            Labelled("orders/export/path", self.path),
        )
        self.button, self.stop = Button("", "Enter"), Button("", "", "quiet")
        self.button.setObjectName("orders/export/start")
        self.stop.setObjectName("orders/export/stop")
        self.button.clicked.connect(self._start)
        self.path.returnPressed.connect(self._start)
        self.stop.clicked.connect(self.stopped)
        self.progress, self.told, self._hint = Progress(""), Prose("", BODY), Prose("", META)
        self._why = Prose("", META)
        px = theme.current().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px("space.4"), 0, px("space.4"), px("space.4"))
        column.setSpacing(px("space.3"))
        for part in (*self._labels, self._why, self._hint, self.button, self.progress, self.told, self.stop):
            column.addWidget(part)
        column.addStretch(1)
        self._show_export(None)

    def say(self, state: State) -> None:
        """Take the words in the language on screen."""
        for label, words in zip(self._labels, (N_("Form"), N_("Names and phones"), N_("File")), strict=True):
            label.say(tr(words))
        self.kind.set_options([("xlsx", tr("Workbook (XLSX)")), ("csv", tr("Text (CSV)"))])
        self.kind.set_answer(Path(self.path.text()).suffix.lstrip("."))
        self._offer(state)
        self._say_button()
        self.stop.say(tr("Stop writing"))
        self.progress.setAccessibleName(tr("Export"))
        self.show_state(state)

    def show_state(self, state: State) -> None:
        """Show how far it is."""
        if (state.may_export_in_full, state.export_off) != self._offered_for:
            self._offer(state)
        if state.now is not None:
            self._offer_place(state.exports, day_there(state.now, state.zone))
        self._show_export(state.export)

    def _offer_place(self, kept: str, today_on: date) -> None:
        if not self._offered or (kept, today_on) != (self._kept, self._today_on):
            self._kept, self._today_on = kept, today_on
            self._offer_free_name()

    def _offer_free_name(self) -> None:
        """Offer the folder this desk has for exports and a name nobody took; what somebody typed stays."""
        if self.path.text() == self._offered:
            ending = Path(self._offered).suffix or ".xlsx"
            stem = f"docket-orders-{self._today_on:%Y%m%d}"
            self._offered = str(folders.free_name(folders.chosen(self._kept), stem, ending))
            self.path.set_answer(self._offered)

    def focus_first(self) -> None:
        """Put the keys where the panel begins."""
        self._offer_free_name()
        self.kind.setFocus()

    def _offer(self, state: State) -> None:
        masked = ("", tr("Masked, as on screen"))
        full = ("full", tr("In full; the hub keeps who did"))
        self._offered_for = (state.may_export_in_full, state.export_off)
        is_open = state.may_export_in_full and state.export_off is None
        self.people.set_options([masked, full] if is_open else [masked])
        self._why.show_words(trn(state.export_off) if state.may_export_in_full and state.export_off else "")
        self._why.setVisible(bool(self._why.words()))
        if not self.people.answer():
            self.people.set_answer("")
        self._say_hint()

    def _say_hint(self) -> None:
        if self.kind.answer() == "csv":
            words = N_("For other programs. A spreadsheet may round long numbers: take XLSX for people.")
        elif self.people.answer():
            words = N_("Names, phones, streets and notes as written. Keep the file safe and delete it.")
        else:
            words = N_("Every order of this search, with the columns on screen. Numbers of orders stay text.")
        self._hint.show_words(tr(words))

    def _end_in(self, kind: str) -> None:
        was_offered = self.path.text() == self._offered
        self.path.set_answer(str(Path(self.path.text()).with_suffix(f".{kind}")))
        if was_offered:
            self._offered = self.path.text()
            self._offer_free_name()
        self._say_hint()

    def _ask_again(self) -> None:
        """Another place is another question."""
        if self._agreed:
            self._agreed = ""
            self.told.show_words("")
            self._say_button()

    def _say_button(self) -> None:
        self.button.say(tr("Replace file") if self._agreed else tr("Write file"))

    def _start(self) -> None:
        if not self.button.isEnabled():
            return
        place = self.path.text().strip()
        try:
            if Path(place).parent == folders.chosen(self._kept):
                folders.ready(self._kept)
        except Trouble as trouble:
            self.told.show_words(trn(trouble.hint))
            return
        if os.path.exists(place) and place != self._agreed:  # noqa: PTH110 - a name no file may have is no file
            self._agreed = place
            name = Path(place).name
            self.told.show_words(tr("{file} is there already. Press again to replace it.", file=name))
            self._say_button()
            return
        self._agreed = ""
        self._say_button()
        self.wanted.emit(place, self.people.answer() == "full")

    def _show_export(self, export: Export | None) -> None:
        runs = export is not None and export.state == "runs"
        self.button.setEnabled(not runs)
        self.stop.setVisible(runs)
        self.progress.setVisible(runs)
        if self._agreed:  # what was asked stays until it is answered
            return
        if export is None:
            self.told.show_words("")
            return
        self.progress.show_progress(export.done, export.total)
        done, total, name = count(export.done), count(export.total), Path(export.path).name
        if export.state == "runs":
            self.told.show_words(tr("{done} of {total} written", done=done, total=total))
        elif export.state == "done":
            self.told.show_words(tr("{count} orders are in {file}", count=done, file=name))
        else:
            self.told.show_words(tr("Stopped; no file was left"))
