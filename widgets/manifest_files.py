"""Manifests as files: written where exports go, and read back whole."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.trouble import Trouble
from widgets import folders
from widgets.words import tr, trn

MOST: Final = 240_000


def write_out(name: str, text: str) -> tuple[str, str]:
    """Write one; return the sentence that says where, or why not, and its mark."""
    try:
        place = folders.free_name(folders.ready(""), name, ".yaml")
        place.write_text(text, encoding="utf-8")
    except Trouble as trouble:
        return trn(trouble.hint), "stops"
    except OSError as fault:
        return tr("It cannot be written: {why}", why=fault.strerror or ""), "stops"
    return tr("Written to {path}.", path=str(place)), "met"


def read_in(path: Path) -> str | None:
    """Read one; None where the file cannot be opened."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 1)
    except OSError:
        return None
    return content[:MOST].decode("utf-8-sig", errors="replace")
