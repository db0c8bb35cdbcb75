"""The bundled font: the same letters, and the same pixels, on every PC."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

import resources
from widgets import theme

_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")


def install(app: QApplication) -> None:
    """Load Noto Sans SC in both weights and make it the font of the program.

    Raises:
        OSError: a font file is missing or damaged; without it Chinese may show as boxes.
    """
    for name in _FILES:
        if QFontDatabase.addApplicationFont(str(resources.path("fonts", name))) < 0:
            raise OSError(f"resources/fonts/{name} cannot be loaded: install Docket again")
    app.setFont(theme.current().font("font.body"))
