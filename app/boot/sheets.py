"""Files for a spreadsheet, written row by row: XLSX and CSV. Implements `app.ports.Sheets`."""

from __future__ import annotations

import csv
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from typing_extensions import override

from app.domain.spreadsheet import neutral
from app.ports import Sheet, Value
from app.text import N_, Text
from app.trouble import Trouble

T = TypeVar("T")
SHEET_ROWS = 1_000_000
"""A sheet of a workbook ends at 1,048,576 rows; what is more goes to the next."""
COLUMN_CHARS = 18
CELL_CHARS = 32_767


class Files:
    """Opens files for the desk; only their owner reads them."""

    def open(self, path: str, titles: Sequence[str]) -> Sheet:
        """Begin a file beside its place; it appears there when it is whole.

        Raises:
            Trouble: `bad_path`, `cannot_write`.
        """
        place = Path(path).expanduser()
        kind = {".csv": _Csv, ".xlsx": _Xlsx}.get(place.suffix.lower())
        if kind is None or not place.is_absolute():
            raise Trouble("bad_path", Text(N_("Name a whole path that ends in .xlsx or .csv.")))
        return _reached(place, partial(kind, place, titles))


def _reached(place: Path, work: Callable[[], T]) -> T:
    try:
        return work()
    except OSError as fault:
        hint = Text(
            N_("Cannot write {file}: the folder is missing, full or locked. Choose another."),
            {"file": place.name},
        )
        raise Trouble("cannot_write", hint, retry=True) from fault


class _Part(ABC):
    """What every kind does: write to a part, then put it in its place at once."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._part = place.with_name(f"{place.name}.part")
        handle = os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file: Any = os.fdopen(handle, "wb")

    def write(self, rows: Sequence[Sequence[Value]]) -> None:
        """Add rows."""
        _reached(self._place, partial(self._write, rows))

    def close(self) -> None:
        """Finish the file and let it appear."""
        _reached(self._place, self._appear)

    def drop(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)

    def _appear(self) -> None:
        self._finish()
        self._file.close()
        self._part.replace(self._place)

    @abstractmethod
    def _write(self, rows: Sequence[Sequence[Value]]) -> None: ...

    @abstractmethod
    def _finish(self) -> None: ...


class _Csv(_Part):
    """UTF-8 with a mark at its head, so that a spreadsheet reads the Chinese in it."""

    def __init__(self, place: Path, titles: Sequence[str]) -> None:
        super().__init__(place)
        self._file.close()
        self._file = self._part.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file, quoting=csv.QUOTE_NONNUMERIC)
        self._rows.writerow([neutral(title) for title in titles])

    @override
    def _write(self, rows: Sequence[Sequence[Value]]) -> None:
        for row in rows:
            self._rows.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])

    @override
    def _finish(self) -> None:
        self._file.flush()


class _Xlsx(_Part):
    """A workbook whose texts are texts: no formula runs, no channel id is rounded."""

    def __init__(self, place: Path, titles: Sequence[str]) -> None:
        import xlsxwriter

        super().__init__(place)
        self._titles = titles
        self._book: Any = xlsxwriter.Workbook(
            self._file,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
             "strings_to_numbers": False},
        )  # fmt: skip
        self._text = self._book.add_format({"num_format": "@"})
        self._head = self._book.add_format({"num_format": "@", "bold": True})
        self._turn()

    def _turn(self) -> None:
        """Begin the next sheet of the book with its titles."""
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._titles) - 1, COLUMN_CHARS)
        for at, title in enumerate(self._titles):
            self._sheet.write_string(0, at, neutral(title), self._head)
        self._at = 1

    @override
    def _write(self, rows: Sequence[Sequence[Value]]) -> None:
        for row in rows:
            if self._at > SHEET_ROWS:
                self._turn()
            for at, cell in enumerate(row):
                if isinstance(cell, str):
                    self._sheet.write_string(self._at, at, neutral(cell)[:CELL_CHARS], self._text)
                else:
                    self._sheet.write_number(self._at, at, cell)
            self._at += 1

    @override
    def _finish(self) -> None:
        self._book.close()
        self._file.flush()

    @override
    def drop(self) -> None:
        for sheet in self._book.worksheets():  # closing the book would first write all of it
            sheet.row_data_fh.close()
            Path(sheet.row_data_filename).unlink(missing_ok=True)
        super().drop()
