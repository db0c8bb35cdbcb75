"""The print page: the paper at the right as it will come out, the choice and the printer at the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.paper import TITLES, Paper
from app.ports import Changes
from app.presenters.paper import Papers, State
from app.text import N_
from widgets import theme
from widgets.action_bar import Action, ActionBar
from widgets.aio import Tasks
from widgets.chips import Chips
from widgets.controls import MarkLabel, Pane, scroll
from widgets.empty import EmptyState
from widgets.facts import Fact, Facts
from widgets.keys import Key
from widgets.paper import press
from widgets.paper.preview import Preview
from widgets.prose import NOTE, SECTION, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.words import count, tr, trn

_TURN = N_("Turn the page")


class PaperPage(ScreenPage[State]):
    """Look first, then P; Esc goes back to the order."""

    code = "paper"
    help_topic = "paper"

    def __init__(self, presenter: Papers, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        px = theme.current().px
        self.heading, self.about = Prose(style=SECTION), Prose(style=NOTE)
        self.papers = Chips("paper/papers")
        self.papers.chosen.connect(lambda paper: self.latest("turn", lambda: self.presenter.turn(paper)))
        self.facts = Facts("")
        self.copy, self.hidden, self.said = (MarkLabel("", "", size="body", role="text") for _ in range(3))
        self.preview = Preview()
        self.preview.setObjectName("paper/preview")
        self.empty = EmptyState("printer")
        self.bar = ActionBar(self.code)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(px("space.5"), px("page.edge"), px("space.5"), px("page.edge"))
        column.setSpacing(px("space.3"))
        for part in (self.heading, self.about, self.papers, self.facts, self.copy, self.hidden, self.said):
            column.addWidget(part)
        column.addStretch(1)
        side = Pane("alt", "right")
        side.setFixedWidth(px("list.w"))
        inside = QVBoxLayout(side)
        inside.setContentsMargins(0, 0, px("line"), 0)
        inside.addWidget(scroll(left))
        ground = Pane("window")
        paper = QVBoxLayout(ground)
        edge = px("space.5")
        paper.setContentsMargins(edge, edge, edge, edge)
        paper.addWidget(self.preview, 1)
        paper.addWidget(self.empty, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(side)
        middle.addWidget(ground, 1)
        self.foot = QVBoxLayout(self)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addLayout(middle, 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Print")

    @override
    def keys(self) -> Sequence[Key]:
        return (
            *self.bar.keys(),
            Key("J", tr(_TURN), lambda: self._turn(1), repeats=True, quiet=True),
            Key("K", tr(_TURN), lambda: self._turn(-1), repeats=True, quiet=True),
        )

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def opened(self, args: object) -> None:
        asked = args if isinstance(args, Mapping) else {}
        order, sku = str(asked.get("order", "")), str(asked.get("sku", ""))
        among = tuple(part for part in str(asked.get("among", "")).split("\n") if part)
        if order:
            self.latest("open", lambda: self.presenter.open(order, among, str(asked.get("paper", ""))))
        elif sku:
            self.latest("open", lambda: self.presenter.open_bin(str(asked.get("warehouse", "")), sku))
        else:
            super().opened(args)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.papers.setAccessibleName(tr("Kind of paper"))
        self.facts.setAccessibleName(tr("How it is printed"))
        self.preview.setAccessibleName(tr("The paper as it will come out"))

    @override
    def draw(self, state: State) -> None:
        self._state = state
        title = tr(TITLES[state.paper])
        self.heading.show_words(f"{title} {state.number}".strip())
        self.papers.setVisible(len(state.papers) > 1)
        self.papers.show_options([(paper, tr(TITLES[paper])) for paper in state.papers], state.paper)
        is_there = state.content is not None and state.setup is not None
        self.preview.setVisible(is_there)
        self.empty.setVisible(not is_there)
        if state.content is not None and state.setup is not None:
            self.preview.show_sheets(press.sheets(state.content, state.setup))
        elif state.is_loaded:
            why = trn(state.off) if state.off else ""
            self.empty.show_words("printer", tr("There is nothing to print"), why)
        else:
            self.empty.show_words("clock", tr("Laying it out"))
        self._draw_facts(state)
        self.bar.show_actions(self._actions(state))

    def _draw_facts(self, state: State) -> None:
        setup = state.setup
        if setup is not None:
            printer = setup.printer or tr("PDF into a folder")
            facts = [
                Fact(tr("Printer"), printer),
                Fact(tr("Paper"), tr("{size}, {dpi} dpi", size=_size_words(setup.size), dpi=setup.dpi)),
                Fact(tr("Pages"), "/".join(map(str, self.preview.page()))),
            ]
            self.facts.show_facts(facts)
        self.about.show_words(tr(_ABOUT[state.paper]))
        again = tr("Printed {n} times already; this one says COPY", n=count(state.prints))
        self.copy.show_mark("waits", again if state.prints else "", "warn")
        self.copy.setVisible(bool(state.prints))
        self.hidden.show_mark(
            "saved", tr("The receiver is opened when it prints; the hub notes who asked"), "text2"
        )
        self.hidden.setVisible(state.is_hidden)
        self.said.show_mark(
            "waits" if state.is_fallback else "met", trn(state.said) if state.said else "", "text"
        )
        self.said.setVisible(state.said is not None)

    def _actions(self, state: State) -> list[Action]:
        why = trn(state.off) if state.off else "" if state.content is not None else tr("nothing to print")
        label = tr("Print a copy") if state.prints else tr("Print")
        return [
            Action("print", label, "P", "primary", self._print, why, tr("Print")),
            Action("printers", tr("Choose printer"), "O", "quiet", self._printers),
        ]

    def _printers(self) -> None:
        self.go("settings", section="settings_papers")

    def _turn(self, by: int) -> None:
        self.preview.turn(by)
        self._draw_facts(self._state)

    def _print(self) -> None:
        self.once("print", self._printed)

    async def _printed(self) -> None:
        job = await self.presenter.print()
        if job is not None:
            done = press.press(job)
            await self.presenter.printed(done.said, is_fallback=done.fallback)


_ABOUT = {
    Paper.LABEL: N_("The only paper with the receiver in full. It goes on the closed parcel."),
    Paper.SLIP: N_("It lies in the parcel. The buyer is masked on it."),
    Paper.LIST: N_("The bins in the order of the walk. No buyer is named on it in full."),
    Paper.CONTRACT: N_("The text as it was sent, with its check code on every page."),
    Paper.BIN: N_("It goes on the shelf. A scanner reads the article off it."),
}


def _size_words(size: str) -> str:
    return f"{size.replace('x', ' × ')} mm" if "x" in size else size
