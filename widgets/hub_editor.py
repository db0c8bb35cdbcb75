"""A section that lists what only the hub knows: one is made and told once, another one ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from PySide6.QtWidgets import QHBoxLayout
from typing_extensions import override

from app.editor import State
from app.hub_editor import HubEditor
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Button, Pane
from widgets.editor import EditorPage, shown
from widgets.facts import Fact
from widgets.keys import Key
from widgets.prose import Prose, Span
from widgets.screen_page import Go
from widgets.words import tr, trn

END_KEY: Final = "X"


class HubEditorPage(EditorPage):
    """Subclasses say how ending is called, and what stands before and behind the secret."""

    end_title: ClassVar[str] = ""
    make_title: ClassVar[str] = ""
    secret_words: ClassVar[str] = ""

    def __init__(self, presenter: HubEditor, tasks: Tasks, go: Go) -> None:
        self.hub_editor = presenter
        self.end = Button("", END_KEY)
        self.secret = Prose()
        self.secret_line = Pane("sel", "top")
        super().__init__(presenter, tasks, go)

    @override
    def lay_out_more(self) -> None:
        self.end.setObjectName(f"{self.code}/end")
        self.end.clicked.connect(self._end)
        self.secret.setObjectName(f"{self.code}/secret")
        self.keys_row.insertWidget(2, self.end)
        px = theme.current().px
        row = QHBoxLayout(self.secret_line)
        row.setContentsMargins(px("space.5"), px("space.3"), px("space.5"), px("space.3"))
        row.addWidget(self.secret)
        self.add_bar(self.secret_line, self.bar)

    @override
    def keys(self) -> Sequence[Key]:
        ends = (Key(END_KEY, tr(self.end_title), self._end),) if self._may_end(self._state) else ()
        return (*super().keys(), *ends)

    @override
    def alt_needed(self, needed: bool) -> None:
        super().alt_needed(needed)
        self.end.set_alt(needed)

    @override
    def closed(self) -> None:
        self.hub_editor.forget()

    @override
    def say(self) -> None:
        super().say()
        for button, words in ((self.save, self.make_title), (self.end, self.end_title)):
            button.setText(tr(words))
            button.setAccessibleName(tr(words))
            button.updateGeometry()

    @override
    def draw(self, state: State) -> None:
        super().draw(state)
        self.form.setVisible(state.is_new)
        self.facts.setVisible(not state.is_new)
        self.facts.show_facts([Fact(tr(each.label), shown(each)) for each in state.inputs])
        self.save.setVisible(state.is_new)
        self.why.setVisible(state.is_new)
        self.end.setVisible(self._may_end(state))
        why_not = self.hub_editor.why_not_end()
        self.end.set_off(trn(why_not) if why_not else "")
        before, _, after = tr(self.secret_words).partition("{secret}")
        self.secret.show_words((before, Span(state.secret, bold=True), after) if state.secret else "")
        self.secret_line.setVisible(bool(state.secret))

    def _may_end(self, state: State) -> bool:
        """Whether a row stands in front that could be ended."""
        return not state.is_new and bool(state.items)

    def _end(self) -> None:
        self.once("end", self.hub_editor.end_this)
