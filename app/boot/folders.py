"""The jobs for files no desk brings: laid into the folders of shops, or left by a hub that is gone."""

from __future__ import annotations

from pathlib import Path

from app.boot.opening import Running
from sync.hub.dropping.folder_file import read_folders
from sync.hub.dropping.taking import Dropped
from sync.hub.jobs import Every

PAUSE_S = 10.0
"""Between two looks: a file that is the same at both is finished."""
LEFT_PAUSE_S = 20.0


def dropped(running: Running, path: str) -> list[Every]:
    """Return a job for each folder the file names, and one where other hubs share the database.

    Raises:
        Trouble: the file cannot be used.
    """
    counter = running.hub.counter
    if counter is None:
        return []
    shares = running.hub.engine.dialect.name == "postgresql"
    others = [Every("imports left behind", LEFT_PAUSE_S, counter.resume)] if shares else []
    if not path:
        return others
    return others + [
        Every(f"folder of {shop}", PAUSE_S, Dropped(counter, shop, folder).step)
        for shop, folder in read_folders(Path(path)).items()
    ]
