"""A field for a file that stays where it is: chosen, or its path typed; answers with its SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from typing_extensions import override

from widgets import theme
from widgets.file_dialog import ask_files
from widgets.inputs import TextField
from widgets.words import tr

FILE_MOST = 64 * 1024 * 1024
"""Bytes: a signed paper is no film."""


class FileField(TextField):
    """F4, Alt+Down or a click on the icon choose; a path that is typed or dropped is read when it is left."""

    def __init__(self, placeholder: str = "") -> None:
        super().__init__(placeholder, icon="import")
        self.editingFinished.connect(self._settle)

    @override
    def answer(self) -> str:
        return self.text().strip()

    def open(self) -> None:
        """Ask for the file."""
        ask_files(self, tr("Choose the signed file"), "", [tr("All files (*)")], self._chosen)

    def take(self, path: Path) -> bool:
        """Take a file by what is in it; tell whether it could be read."""
        try:
            if not path.is_file() or path.stat().st_size > FILE_MOST:
                return False
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return False
        self.setText(found)
        self.set_aside(path.name)
        self.answered.emit(found)
        return True

    def _chosen(self, names: list[str]) -> None:
        if names:
            self.take(Path(names[0]))

    def _settle(self) -> None:
        """Read the file a typed path means; anything else stays as it is typed."""
        typed = self.text().strip().removeprefix("file://")
        if len(typed) > 1 and (typed.startswith(("/", "~")) or typed[1:2] == ":"):
            self.take(Path(typed).expanduser())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_F4 or is_down:
            self.open()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        look = theme.current()
        if event.position().x() < look.px("field.pad") + look.px("icon.field") + look.px("space.1"):
            self.open()
            return
        super().mousePressEvent(event)
