"""Where this desk puts files for people: papers as PDF, exports. Checked before anything is written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from app.text import N_, Text
from app.trouble import Trouble

_OWN = "Docket"


def usual() -> Path:
    """The folder a desk uses until somebody chooses another: Docket among the documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return (Path(documents) if documents else Path.home()) / _OWN


def chosen(kept: str) -> Path:
    """The folder a setting means; an empty one is the usual."""
    return Path(kept).expanduser() if kept.strip() else usual()


def fault(kept: str) -> Text | None:
    """Say what is wrong with a folder, and what to do; None when files can be written there."""
    folder = chosen(kept)
    if not folder.is_absolute():
        return Text(N_("Write the whole path, from the drive or the root on."))
    if folder.exists() and not folder.is_dir():
        return Text(N_("This is a file. Choose a folder."))
    above = next((each for each in (folder, *folder.parents) if each.exists()), None)
    if above is None:
        return Text(N_("This drive is not there. Plug it in or choose another folder."))
    if not os.access(above, os.W_OK | os.X_OK):
        return Text(N_("You may not write there. Choose another folder."))
    return None


def ready(kept: str) -> Path:
    """Return the folder, made if need be, after a file could really be written there.

    Raises:
        Trouble: no file can be written there.
    """
    folder, wrong = chosen(kept), fault(kept)
    if wrong is not None:
        raise Trouble("folder", Text(N_("{folder}: {fault}"), {"folder": str(folder), "fault": wrong}))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise no_room(folder) from error
    return folder


def no_room(folder: Path) -> Trouble:
    """Say that a folder takes no file, and what to do."""
    words = N_("Nothing can be written in {folder}. Free some space, or choose another in Settings.")
    return Trouble("folder", Text(words, {"folder": str(folder)}))


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """Return a path nobody has taken yet: stem.pdf, stem-2.pdf, …; signs no file may have are replaced."""
    plain = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in stem).strip("._") or "docket"
    path, n = folder / f"{plain}{ending}", 1
    while path.exists():
        n += 1
        path = folder / f"{plain}-{n}{ending}"
    return path
