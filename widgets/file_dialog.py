"""Ask for files without holding up the window: the dialog stands beside it and answers when done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_files(
    parent: QWidget, title: str, folder: str, patterns: Sequence[str], done: Callable[[list[str]], object]
) -> QFileDialog:
    """Open a dialog that chooses one or more files that are there."""
    dialog = _dialog(parent, title, folder, patterns)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(done)
    dialog.show()
    return dialog


def _dialog(parent: QWidget, title: str, folder: str, patterns: Sequence[str]) -> QFileDialog:
    dialog = QFileDialog(parent, title, folder)
    dialog.setObjectName("file_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    dialog.setNameFilters(list(patterns))
    return dialog
