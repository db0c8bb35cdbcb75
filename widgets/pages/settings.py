"""The settings: sections at the left with a search over all of them, the one in front at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.settings import GROUPS, SECTIONS, Section, Settings, State
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Pane
from widgets.empty import EmptyState
from widgets.filter_field import FilterField
from widgets.finder import initials
from widgets.keys import Key
from widgets.panes import Panes
from widgets.rows import Entry, Form, Row, RowList
from widgets.rows import Section as Heading
from widgets.screen_page import Go, ScreenPage
from widgets.section import SectionPage
from widgets.words import tr

_UP_DOWN: Final = N_("Up and down")
_INTO: Final = N_("Into the section")
_CLOSED: Final = "lock"

Make = Callable[[str], SectionPage[Any]]


class SettingsPage(ScreenPage[State]):
    """The frame: a section is a page of its own, made when somebody first goes there."""

    code = "settings"
    help_topic = "settings"

    def __init__(self, presenter: Settings, tasks: Tasks, go: Go, make: Make) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._make = make
        self._made: dict[str, SectionPage[Any]] = {}
        self._needs_alt = False
        self._has_come = False
        """The page came to the front just now: the keys begin at the list."""
        px = theme.current().px
        self.filter = FilterField("settings/filter")
        self.filter.textChanged.connect(self._search)
        self.list = RowList("", Form.PAIR)
        self.list.setObjectName("settings/sections")
        self.filter.done.connect(self.list.setFocus)
        self.list.picked.connect(self._pick)
        self.list.opened.connect(lambda _code: self._enter())
        self.nothing, self.closed_state = EmptyState("search"), EmptyState(_CLOSED)
        rows = Pane("base")
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(px("space.4"), px("space.3"), px("space.4"), px("space.3"))
        head.addWidget(self.filter)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.closed_state)
        for part in (self.stack, self.list):
            part.installEventFilter(self)
        detail = Pane("base")
        self.foot = QVBoxLayout(detail)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(self.stack, 1)
        self.foot.addWidget(self.notice)
        self.panes = Panes(rows, detail, rows_px=px("list.min.w"))
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self.panes)
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Settings")

    @override
    def keys(self) -> Sequence[Key]:
        own = (
            Key("J", tr(_UP_DOWN), lambda: self._step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self._step(-1), repeats=True),
            Key("Enter", tr(_INTO), self._enter, quiet=self._is_inside(), when=self.list.hasFocus),
        )
        section = self.section() if self._is_seen() else None
        return (*own, *(section.keys() if section is not None else ()))

    @override
    def focus_first(self) -> None:
        section, has_come = self.section(), self._has_come
        self._has_come = False
        is_alone = not self.list.isVisibleTo(self) and bool(self._state.found)
        if section is not None and (is_alone or (self._is_inside() and not has_come)):
            section.focus_first()
        else:
            (self.list if self._state.found else self).setFocus()

    @override
    def has_filter(self) -> bool:
        return True

    @override
    def focus_filter(self) -> None:
        self._leave()
        self.filter.take_focus()

    @override
    def submit(self) -> None:
        section = self.section()
        if section is not None and self._is_seen():
            section.submit()

    @override
    def back(self) -> bool:
        section = self.section()
        if section is not None and self._is_inside():
            if not section.back() and not self._leave():
                self.list.setFocus()
            return True
        if self.filter.text():
            self.filter.clear()
            return True
        return self._leave()

    @override
    def opened(self, args: object) -> None:
        self._has_come = True
        if isinstance(args, dict) and args.get("section"):
            self.presenter.open(str(args["section"]))
            self.panes.show_detail()
        super().opened(args)
        if (section := self.section()) is not None:
            section.opened({})

    @override
    def closed(self) -> None:
        if (section := self.section()) is not None:
            section.closed()

    @override
    def changed(self, changes: Changes) -> None:
        super().changed(changes)
        if (section := self.section()) is not None:
            section.changed(changes)

    @override
    def alt_needed(self, needed: bool) -> None:
        self._needs_alt = needed
        for section in self._made.values():
            section.alt_needed(needed)

    def _is_seen(self) -> bool:
        """Whether the section is on screen: in a narrow window it takes turns with the list."""
        return self.stack.isVisibleTo(self)

    def _is_inside(self) -> bool:
        """Whether the keys go to the section, not to the list or the search."""
        section = self.section()
        return section is not None and section.isAncestorOf(self.focusWidget() or self)

    def _leave(self) -> bool:
        """In a narrow window back to the list; elsewhere both are there."""
        was_alone = self.panes.back()
        if was_alone:
            (self.list if self._state.found else self).setFocus()
        return was_alone

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        turns = (QEvent.Type.Show, QEvent.Type.Hide)  # the keys of a section come and go with it
        if event.type() in (turns if watched is self.stack else (QEvent.Type.FocusIn, QEvent.Type.FocusOut)):
            self.keys_changed.emit()
        return super().eventFilter(watched, event)

    def section(self) -> SectionPage[Any] | None:
        """The section in front; none while it is closed to this person."""
        here = self._state.here
        return self._made.get(here) if here not in self._state.closed else None

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.filter.say(tr("Find a setting"), tr("Find a setting"))
        self.list.setAccessibleName(tr("Sections of the settings"))
        self.nothing.show_words("search", tr("No such setting"), tr("Esc clears it."))

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.list.show_rows(_rows(state))
        if self.list.held_count():
            self.list.show_held()  # a search that ends brings rows back; nobody waits for them
        self.list.setVisible(bool(state.found))
        self.nothing.setVisible(not state.found)
        if self.list.current_key() != state.here:
            self.list.pick(state.here)
        if state.is_loaded:
            self._front(state)

    def _front(self, state: State) -> None:
        """Bring the section in front, or say why it is closed and who opens it."""
        section = state.section()
        if section.code in state.closed:
            names = state.ask.get(section.code)
            line = tr("Ask {names}.", names=names) if names else tr("Ask your lead.")
            self.closed_state.show_words(_CLOSED, tr(section.closed), line)
            self._turn_to(self.closed_state)
            return
        page = self._made.get(section.code)
        if page is None:
            page = self._made[section.code] = self._make(section.code)
            self.stack.addWidget(page)
            page.going.connect(self.going)
            page.offered.connect(self.offered)
            page.single_keys_set.connect(self.single_keys_set)
            page.keys_changed.connect(self.keys_changed)
            page.alt_needed(self._needs_alt)
        if self._turn_to(page):
            page.opened({})

    def _turn_to(self, part: QWidget) -> bool:
        """Show a part, and tell the section before it that it is left; say whether anything turned."""
        before = self.stack.currentWidget()
        if before is part:
            return False
        if isinstance(before, SectionPage):
            before.closed()
        self.stack.setCurrentWidget(part)
        self.help_topic = (part if isinstance(part, SectionPage) else type(self)).help_topic  # type: ignore[misc]
        return True

    def _step(self, by: int) -> None:
        section = self.section()
        if section is not None and self._is_inside():
            section.step(by)
        else:
            self.list.step(by)

    def _enter(self) -> None:
        self.panes.show_detail()
        if (section := self.section()) is not None:
            section.focus_first()

    def _pick(self, code: str) -> None:
        if code and not self.is_drawing:
            self.presenter.open(code)

    def _search(self, text: str) -> None:
        self.presenter.search(text, {section.code: _words(section) for section in SECTIONS})


def _words(section: Section) -> str:
    """What a search finds a section by, in the language on screen: its words and their initials."""
    said = " ".join(tr(words) for words in (section.title, section.about, *section.settings))
    return f"{said} {initials(said)}"


def _rows(state: State) -> list[Entry]:
    entries: list[Entry] = []
    for group, title in GROUPS.items():
        rows: list[Entry] = [
            Row(
                section.code,
                number=tr(section.title),
                source=tr(N_("Not open to you")) if section.code in state.closed else tr(section.about),
            )
            for section in state.found
            if section.group == group
        ]
        if rows:
            entries += [Heading(group, tr(title)), *rows]
    return entries
