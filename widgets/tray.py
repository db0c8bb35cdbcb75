"""What the system says beside its clock, where it has a place for that and nobody looks at the window."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from widgets import icons

SHOWN_MS = 8_000
SIDE_PX = 64


class Tray:
    """Stands there only while there is a place for it; a click brings the window to the front."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._icon: QSystemTrayIcon | None = None

    def say(self, title: str, text: str) -> bool:
        """Say it unless the window is in front; tell whether it was said."""
        if self._window.isActiveWindow() or not QSystemTrayIcon.isSystemTrayAvailable():
            return False
        icon = self._shown()
        if not icon.supportsMessages():
            return False
        icon.showMessage(title, text, QSystemTrayIcon.MessageIcon.Information, SHOWN_MS)
        return True

    def _shown(self) -> QSystemTrayIcon:
        if self._icon is None:
            icon = QSystemTrayIcon(QIcon(icons.icon("bell", "accent", SIDE_PX)), self._window)
            icon.setToolTip(self._window.windowTitle())
            icon.activated.connect(self._come)
            icon.messageClicked.connect(self._come)
            self._icon = icon
        self._icon.show()
        return self._icon

    def _come(self) -> None:
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
