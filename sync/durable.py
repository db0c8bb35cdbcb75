"""What must outlive a power cut is on the disk before anybody relies on it: the file, and its name."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def settle_file(path: Path) -> None:
    """Wait until what a file holds is on the disk.

    Raises:
        OSError: the disk does not take it.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def settle_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where folders can be synced (not on Windows)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
