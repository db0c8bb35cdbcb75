"""A folder that nobody but this account may enter: files in it may hold what a person may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_folder(folder: Path) -> Path:
    """Make a folder for this account alone; one that is there already is closed to all others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if os.name == "posix" and mode & OTHERS:
        folder.chmod(stat.S_IMODE(mode) & ~OTHERS)
    return folder
