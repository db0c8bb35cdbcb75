"""Which printer takes which paper, and where files go; a choice holds at once and is remembered."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.paper import TITLES, Paper
from app.ports import Changes
from app.presenters.settings_papers import SettingsPapers, State
from app.printing import DPIS, FOLDERS, SIZES, TO_FILE, Setup
from app.text import N_
from widgets import folders, theme
from widgets.aio import Tasks
from widgets.controls import Button, MarkLabel
from widgets.fields import ComboField, Field, TextField
from widgets.paper import press
from widgets.prose import NOTE, STRONG, Prose
from widgets.screen_page import Go
from widgets.section import SectionPage, heading
from widgets.words import tr, trn

_ABOUT: Final = {
    Paper.LABEL: N_("On the closed parcel"),
    Paper.SLIP: N_("In the parcel"),
    Paper.LIST: N_("For the walk along the bins"),
    Paper.BIN: N_("On the shelf"),
    Paper.CONTRACT: N_("To be signed by the customer"),
}
_FOLDERS: Final = {
    "papers": (N_("Papers as PDF"), N_("Where a paper is saved that no printer takes.")),
    "exports": (N_("Exported files"), N_("Where exports are offered to be saved.")),
}


class SettingsPapersPage(SectionPage[State]):
    """A block for each paper, then the folders."""

    code = "settings_papers"
    help_topic = "paper"

    def __init__(self, presenter: SettingsPapers, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.headings = (heading(), heading())
        self.blocks = {paper: _Block(paper) for paper in Paper}
        for paper, block in self.blocks.items():
            for what, combo in block.combos.items():
                combo.answered.connect(partial(self._choose, paper, what))
            block.trial.clicked.connect(partial(self._try, paper))
        self.said = MarkLabel("", "", size="body", role="text")
        self.paths = {what: TextField() for what in FOLDERS}
        self.fields = {
            what: Field(f"{self.code}/{what}", "", "", path, width="guide.field.w")
            for what, path in self.paths.items()
        }
        for what, path in self.paths.items():
            path.editingFinished.connect(partial(self._put, what))
        self.add_part(*self.blocks.values(), self.said, heading=self.headings[0])
        self.add_part(*self.fields.values(), heading=self.headings[1])
        self.column.addStretch(1)
        self.begin()

    @override
    def title(self) -> str:
        return tr("Labels, printers, folders")

    @override
    def focus_first(self) -> None:
        self.blocks[Paper.LABEL].combos["printer"].setFocus()

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.headings[0].show_words(tr("A printer for each paper"))
        self.headings[1].show_words(tr("Folders on this PC"))
        for block in self.blocks.values():
            block.say()
        for what, (label, hint) in _FOLDERS.items():
            self.fields[what].name_anew(tr(label), tr(hint))
            self.paths[what].setPlaceholderText(str(folders.usual()))

    @override
    def draw(self, state: State) -> None:
        there = press.printers() if state.is_loaded else []
        for setup in state.setups:
            self.blocks[setup.paper].show_setup(setup, there)
        mark = "waits" if state.is_fallback else "met"
        self.said.show_mark(mark if state.said else "", trn(state.said) if state.said else "", "text")
        self.said.setVisible(state.said is not None)
        for what, kept in state.folders.items():
            path = self.paths[what]
            if not path.hasFocus() and self.fields[what].state() != "error":
                path.set_answer(kept)
                self._judge(what)

    def _choose(self, paper: Paper, what: str, value: str) -> None:
        self.latest(f"choose-{paper}-{what}", lambda: self.presenter.choose(paper, what, value))

    def _try(self, paper: Paper) -> None:
        self.once("try", lambda: self._tried(paper))

    async def _tried(self, paper: Paper) -> None:
        done = press.press(await self.presenter.trial(paper))
        self.presenter.tried(done.said, is_fallback=done.fallback)

    def _judge(self, what: str) -> bool:
        """Say whether files can be written there."""
        wrong = folders.fault(self.paths[what].text())
        self.fields[what].set_state("error" if wrong else "ok", trn(wrong) if wrong else self._where(what))
        return wrong is None

    def _where(self, what: str) -> str:
        """Name the folder where none was chosen."""
        return (
            ""
            if self.paths[what].text().strip()
            else tr("As long as it is empty: {folder}", folder=str(folders.usual()))
        )

    def _put(self, what: str) -> None:
        path = self.paths[what].text().strip()
        if self._judge(what) and path != self.presenter.state.folders.get(what):
            self.latest(f"folder-{what}", lambda: self.presenter.choose_folder(what, path))


class _Block(QWidget):
    """One paper: its name, the test page, and three choices below."""

    def __init__(self, paper: Paper) -> None:
        super().__init__()
        px = theme.current().px
        self.paper = paper
        code = f"settings_papers/{paper}"
        self.name, self.about = Prose(style=STRONG, wraps=False), Prose(style=NOTE, wraps=False)
        self.missing = MarkLabel("", "")
        self.trial = Button("")
        self.trial.setObjectName(f"{code}/trial")
        self.combos = {what: ComboField() for what in ("printer", "size", "dpi")}
        for what, combo in self.combos.items():
            combo.setObjectName(f"{code}/{what}")
        self.combos["printer"].setMinimumWidth(px("search.w") // 2)
        self.combos["printer"].setMaximumWidth(px("search.w"))
        for what in ("size", "dpi"):
            self.combos[what].setFixedWidth(px("line.title.w"))
        head = QHBoxLayout()
        head.setSpacing(px("space.2"))
        head.addWidget(self.name)
        head.addWidget(self.about, 1)
        head.addWidget(self.trial)
        row = QHBoxLayout()
        row.setSpacing(px("space.2"))
        row.addWidget(self.combos["printer"], 1)
        row.addWidget(self.combos["size"])
        row.addWidget(self.combos["dpi"])
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px("space.1"), 0, px("space.2"))
        column.setSpacing(px("space.1"))
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self.missing)

    def say(self) -> None:
        """Take the words in the language on screen."""
        title = tr(TITLES[self.paper])
        self.name.show_words(title)
        self.about.show_words(tr(_ABOUT[self.paper]))
        self.trial.say(tr("Test page"))
        self.trial.setAccessibleName(tr("Test page: {paper}", paper=title))
        for what, words in (("printer", N_("Printer")), ("size", N_("Paper")), ("dpi", N_("Dots per inch"))):
            self.combos[what].setAccessibleName(f"{title}, {tr(words)}")

    def show_setup(self, setup: Setup, there: list[str]) -> None:
        """Show what is chosen among what this PC has; a printer that is gone stays named, and says so."""
        is_gone = bool(setup.printer) and setup.printer not in there
        names = [*there, *([setup.printer] if is_gone else [])]
        self._offer("printer", [(TO_FILE, tr("PDF into a folder")), *((name, name) for name in names)])
        self._offer("size", [(size, _size_words(size)) for size in SIZES[self.paper]])
        self._offer("dpi", [(str(dpi), f"{dpi} dpi") for dpi in DPIS])
        for what, value in (("printer", setup.printer), ("size", setup.size), ("dpi", str(setup.dpi))):
            self.combos[what].set_answer(value)
        gone = tr("{printer} is not there. A PDF is made until it is.", printer=setup.printer)
        self.missing.show_mark("waits", gone if is_gone else "", "warn")
        self.missing.setVisible(is_gone)

    def _offer(self, what: str, options: list[tuple[str, str]]) -> None:
        combo = self.combos[what]
        if [combo.itemText(at) for at in range(combo.count())] != [words for _, words in options]:
            combo.set_options(options)


def _size_words(size: str) -> str:
    return f"{size.replace('x', ' × ')} mm" if "x" in size else size
