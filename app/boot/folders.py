"""The jobs that look into the folders of shops."""

from __future__ import annotations

from pathlib import Path

from app.boot.opening import Running
from sync.hub.dropping.folder_file import read_folders
from sync.hub.dropping.taking import Dropped
from sync.hub.jobs import Every

PAUSE_S = 10.0
"""Between two looks: a file that is the same at both is finished."""


def dropped(running: Running, path: str) -> list[Every]:
    """Return a job for each folder the file names.

    Raises:
        Trouble: the file cannot be used.
    """
    counter = running.hub.counter
    if not path or counter is None:
        return []
    return [
        Every(f"folder of {shop}", PAUSE_S, Dropped(counter, shop, folder).step)
        for shop, folder in read_folders(Path(path)).items()
    ]
