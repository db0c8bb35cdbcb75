"""The words of a hint, open below its field: both languages, shown in their place as one types."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.domain.hint import HINT_MOST
from app.hint_editor import HintEdit
from app.text import N_
from widgets import theme, words
from widgets.button import Button
from widgets.controls import MarkLabel, Pane, body
from widgets.inputs import TextField
from widgets.labelled import Labelled
from widgets.words import tr, trn

LANGUAGES: Final = {"zh_CN": N_("In Chinese"), "en": N_("In English")}


class HintCard(Pane):
    """Two lines and three ways out; what is typed is shown beside the field at once, and published last."""

    typed = Signal(str, str)  # Chinese, English
    saved = Signal()
    left = Signal()

    def __init__(self, edit: HintEdit) -> None:
        super().__init__("alt", card=True)
        px = theme.current().px
        self.setObjectName("guide/hint")
        self._title = body("", bold=True)
        self.fields = {code: Labelled(f"guide/hint_{code}", TextField()) for code in LANGUAGES}
        self._wrong = MarkLabel("", "")
        self.save = Button("", "Ctrl+Enter")
        self.reset = Button("", "Alt+0")
        self.leave = Button("", "Esc", "quiet")
        self._buttons = (self.save, self.reset, self.leave)
        self.save.clicked.connect(self.saved)
        self.reset.clicked.connect(self.clear)
        self.leave.clicked.connect(self.left)
        column = QVBoxLayout(self)
        pad = px("suggestion.pad")
        column.setContentsMargins(pad, pad, pad, pad)
        column.setSpacing(px("space.2"))
        column.addWidget(self._title)
        for code, text in (("zh_CN", edit.zh), ("en", edit.en)):
            control = self._control(code)
            control.setMaxLength(HINT_MOST)
            control.set_answer(text)
            control.textEdited.connect(self._tell)
            column.addWidget(self.fields[code])
        column.addWidget(self._wrong)
        ways = QHBoxLayout()
        ways.setSpacing(px("space.2"))
        for button, code in zip(self._buttons, ("hint_save", "hint_reset", "hint_leave"), strict=True):
            button.setObjectName(f"guide/{code}")
            ways.addWidget(button)
        ways.addStretch(1)
        column.addLayout(ways)
        self.show_edit(edit)

    def show_edit(self, edit: HintEdit) -> None:
        """Say what is wrong with the words, and take the words of the screen's language."""
        label = tr(edit.label)
        self._title.setText(tr("Hint: {label}", label=label))
        self.setAccessibleName(self._title.text())
        for code, name in LANGUAGES.items():
            self.fields[code].say(tr(name))
        self._control(words.language()).setPlaceholderText(tr(edit.built_in))
        for button, said in zip(
            self._buttons, (tr("Publish hint"), tr("Built-in words"), tr("Leave as it is")), strict=True
        ):
            button.say(said)
        self.reset.set_off("" if edit.is_own else tr("in force"))
        self._wrong.show_mark("stops" if edit.wrong else "", trn(edit.wrong) if edit.wrong else "", "bad")
        self._wrong.setVisible(edit.wrong is not None)

    def clear(self) -> None:
        """Go back to the built-in words; they count when they are published."""
        for code in LANGUAGES:
            self._control(code).set_answer("")
        self._tell()

    def focus_words(self) -> None:
        """Put the keys into the line of the language on screen."""
        self._control(words.language()).setFocus()

    def _control(self, code: str) -> TextField:
        control = self.fields.get(code, self.fields["en"]).control
        if not isinstance(control, TextField):
            raise TypeError(code)
        return control

    def _tell(self) -> None:
        self.typed.emit(self._control("zh_CN").answer(), self._control("en").answer())
