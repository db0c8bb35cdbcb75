"""Rows of an import that were not taken, written to a file a clerk can correct and import again."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.boot.words import console
from app.domain.spreadsheet import neutral
from app.text import Text
from sync.channel import Rejected


class RejectedFile:
    """A file that appears with the first rejected row; only its owner reads it."""

    def __init__(self, path: Path, header: tuple[str, ...]) -> None:
        self.reasons: list[Text] = []
        """The different reasons, in the order they came up."""
        self._path, self._header = path, header
        self._file: Any = None
        self._sheet: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, one: Rejected) -> None:
        """Add one row, with its place and the reason."""
        if self._file is None:
            self._open()
        if one.reason not in self.reasons:
            self.reasons.append(one.reason)
        cells = [neutral(one.row.cells.get(name, "")) for name in self._header]
        self._sheet.writerow([*cells, one.row.row_no, console(one.reason)])

    def _open(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
        self._sheet = csv.writer(self._file)
        self._sheet.writerow([*map(neutral, self._header), "row", "reason"])
