"""The line in which a second person says who they are and signs with a PIN or a badge, beside the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.text import N_
from widgets import theme
from widgets.controls import Pane
from widgets.inputs import ComboField
from widgets.password_field import PasswordField
from widgets.prose import NOTE, Prose, Span
from widgets.words import tr

_WHO, _SECRET = N_("Who signs beside you"), N_("PIN or badge")


class BesidePane(Pane):
    """Choose the person, then sign: what is typed or scanned is never readable, and gone with Enter."""

    chosen = Signal(str)
    signed = Signal()

    def __init__(self, page: str) -> None:
        super().__init__("alt", "top")
        px = theme.current().px
        self.who, self.secret = ComboField(), PasswordField()
        self.who.setObjectName(f"{page}/beside")
        self.secret.setObjectName(f"{page}/secret")
        self.who.answered.connect(self.chosen)
        self.secret.returnPressed.connect(self._enter)
        self.note = Prose(style=NOTE, wraps=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(px("space.4"), px("space.2"), px("space.4"), px("space.2"))
        row.setSpacing(px("space.3"))
        row.addWidget(self.who, 1)
        row.addWidget(self.secret, 1)
        row.addWidget(self.note)
        self.hide()

    def say(self) -> None:
        """Take the words in the language on screen."""
        self.who.setAccessibleName(tr(_WHO))
        self.secret.setAccessibleName(tr(_SECRET))
        self.secret.setPlaceholderText(tr(_SECRET))
        enter, esc = Span("Enter", bold=True), Span("Esc", bold=True)
        self.note.show_words((enter, " ", tr("signs"), " · ", esc, " ", tr("back to you")))

    def show_people(self, people: Sequence[tuple[str, str]], here: str) -> None:
        """Offer these colleagues; `here` is the one who looks now."""
        offered = (("", tr(_WHO)), *people)
        if [(self.who.itemData(i), self.who.itemText(i)) for i in range(self.who.count())] != list(offered):
            self.who.set_options(offered)
        self.who.set_answer(here)

    def open(self) -> None:
        """Ask who it is."""
        self.show()
        self.who.setFocus()

    def ask(self) -> None:
        """Ask for the PIN or badge."""
        self.secret.clear()
        self.secret.setFocus()

    def take(self) -> str:
        """Return what was typed or scanned, once."""
        said = self.secret.text()
        self.secret.clear()
        return said

    def close_pane(self) -> None:
        """Forget what was typed, and go."""
        self.secret.clear()
        self.hide()

    def _enter(self) -> None:
        if self.secret.text():
            self.signed.emit()
