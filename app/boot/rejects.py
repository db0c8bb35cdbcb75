"""Rows of an import that were not taken, written to files a clerk can correct and import again."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.boot.words import console
from app.domain.spreadsheet import neutral
from sync.channel import Rejected
from sync.hub.imports.sheets import Sheet


class RejectedFiles:
    """A file for each imported one; it appears with the first rejected row, and only its owner reads it.

    Of several files each gets its own, named after it, beside `path`.
    """

    def __init__(self, path: Path, sheets: Sequence[Sheet]) -> None:
        self._headers = [sheet.header for sheet in sheets]
        stems = [Path(sheet.name).stem for sheet in sheets]
        many = len(sheets) > 1
        self._paths = [path.with_name(f"{stem}.rejected.csv") if many else path for stem in stems]
        self._files: dict[int, Any] = {}
        self._written: dict[int, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    @property
    def names(self) -> str:
        """What the files are called that have rows in them."""
        return ", ".join(self._paths[at].name for at in sorted(self._files))

    def write(self, one: Rejected) -> None:
        """Add one row, with its place and the reason."""
        at = one.row.file
        if at not in self._files:
            self._open(at)
        cells = [neutral(one.row.cells.get(name, "")) for name in self._headers[at]]
        self._written[at].writerow([*cells, one.row.row_no, console(one.reason)])

    def _open(self, at: int) -> None:
        path = self._paths[at]
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        file = self._files[at] = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
        writer = self._written[at] = csv.writer(file)
        writer.writerow([*map(neutral, self._headers[at]), "row", "reason"])
