"""What a page is to the shell: a code, its keys, its header, and what happens when it opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from widgets.keys import Key
from widgets.panes import Panes


class Page(QWidget):
    """A screen inside the shell. Build the widgets in `__init__`, render a state in `show_state`.

    Set `foot` to the layout that ends with the action bar: the undo bar comes right below it.
    """

    code: ClassVar[str] = ""
    help_topic: ClassVar[str] = "index"
    scans: ClassVar[bool] = False  # a scanner works anywhere on this page; single keys wait 40 ms
    is_bare: ClassVar[bool] = False  # no rail, no top bar: sign-in

    going = Signal(str, object)  # to another page, with what it needs to open
    leaving = Signal()  # done here: back to the page before
    offered = Signal(object, object)  # an undo: its sentence and its call
    refused = Signal(str)  # why something is not taken back, where another page is in front by now
    single_keys_set = Signal(bool)  # the settings: whether keys without a modifier work
    keys_changed = Signal()
    header_changed = Signal()

    foot: QBoxLayout | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(self.code)
        self.setFocusPolicy(
            Qt.FocusPolicy.ClickFocus
        )  # a click beside a field leaves it: single keys work again

    # what the shell asks

    def title(self) -> str:
        """The name in the top bar, translated."""
        return ""

    def header(self) -> QWidget | None:
        """Splits or one fact beside the name; built once and kept by the page."""
        return None

    def keys(self) -> Sequence[Key]:
        """The key table, asked for again after `keys_changed` and after a change of language."""
        return ()

    # what the shell tells

    def opened(self, args: object) -> None:
        """Came to the front; `args` is what `going` carried."""

    def closed(self) -> None:
        """Went to the back: drafts are kept, timers rest."""

    def focus_first(self) -> None:
        """Put the focus where work begins; never into a text field that swallows single keys."""
        self.setFocus()

    def focus_filter(self) -> None:
        """`/` was pressed: put the cursor into the filter; a page without one leaves it to the palette."""

    def has_filter(self) -> bool:
        """Whether `/` belongs to a filter of this page."""
        return False

    def submit(self) -> None:
        """Ctrl+Enter was pressed."""

    def back(self) -> bool:
        """Esc was pressed: go one step back inside the page, or say that there is none."""
        panes = self.findChild(Panes)
        return panes is not None and panes.back()

    def out_of_field(self) -> bool:
        """Esc was pressed in a field: go to where work begins; no step where that is this field itself."""
        field = self.focusWidget()
        self.focus_first()
        return self.focusWidget() is not field

    def next_pane(self) -> None:
        """F6 was pressed."""
        if (panes := self.findChild(Panes)) is not None:
            panes.focus_next()

    def scanned(self, code: str) -> None:
        """A scanner read a code, wherever the focus was."""

    def alt_needed(self, needed: bool) -> None:
        """Keycaps follow: single keys want Alt now, or no longer do."""
