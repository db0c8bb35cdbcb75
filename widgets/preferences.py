"""What a desk remembers about its looks, put on the whole program."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QApplication

from widgets import motion, theme, words


def apply(kept: Mapping[str, str]) -> None:
    """Put language, theme, density and motion on; what is already so is left alone.

    `kept` holds the codes of `app.choices.CHOICES`; single keys belong to the window.
    """
    app = QApplication.instance()
    language, look = kept.get("language", words.language()), theme.current()
    wanted = (kept.get("theme", look.name), kept.get("density", look.density))
    motion.motion().is_reduced = kept.get("motion", "full") == "reduced"
    if wanted != (look.name, look.density) and isinstance(app, QApplication):
        theme.apply(app, *wanted)
    if language != words.language():
        words.set_language(language)


def looks() -> dict[str, str]:
    """Return what the whole program looks like just now, to dress another one alike."""
    look = theme.current()
    is_reduced = motion.motion().is_reduced
    return {
        "language": words.language(),
        "theme": look.name,
        "density": look.density,
        "motion": "reduced" if is_reduced else "full",
    }
