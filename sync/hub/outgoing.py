"""Ship confirmations as files in a folder, for a person who uploads them: the one provider there is so far.

It promises no more than it does: the file is there. Source: DECISIONS 46.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from pathlib import Path

import msgspec

from app.domain.spreadsheet import neutral
from app.text import N_, Text
from sync.hub.provider import Done, Rejected, Unsent

WRITTEN = "written.txt"
"""Every name ever written here."""
COLUMNS = ("number", "ext_id", "carrier", "tracking_no")


class Folder:
    """One file per effect, named by its key: sent twice it is the same file."""

    takes_keys = True
    can_look_up = True
    settle_s = 0.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Write the file, whole or not at all.

        Raises:
            Unsent: the disk does not take it.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str])
        path = self._path(key)
        sheet = io.StringIO()
        table = csv.writer(sheet)
        table.writerow(COLUMNS)
        table.writerow([neutral(fields.get(column, "")) for column in COLUMNS])
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                file.write(sheet.getvalue())
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            self._note(path.name)
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault
        return _done(path)

    def look_up(self, key: str) -> Done | Rejected | None:
        """Tell whether the file was written; who uploads it may take it away.

        Raises:
            Unsent: the folder cannot be read.
        """
        path = self._path(key)
        try:
            return _done(path) if path.exists() or path.name in self._written() else None
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault

    def _note(self, name: str) -> None:
        with (self._folder / WRITTEN).open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
            file.flush()
            os.fsync(file.fileno())

    def _written(self) -> frozenset[str]:
        index = self._folder / WRITTEN
        return frozenset(index.read_text(encoding="utf-8").splitlines()) if index.exists() else frozenset()

    def _path(self, key: str) -> Path:
        kind, _, rest = key.partition(":")
        plain = re.sub(r"[^A-Za-z0-9-]+", "_", rest)[:60]
        return self._folder / f"{kind}-{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}.csv"


def _done(path: Path) -> Done:
    return Done(
        path.name, Text(N_("Ship confirmation written as {file}, to be uploaded"), {"file": path.name})
    )
