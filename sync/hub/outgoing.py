"""Ship confirmations and stock as files in a folder, for a person who uploads them: no connector yet.

It promises no more than it does: the file is there. Source: DECISIONS 46.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from app.domain.spreadsheet import neutral
from app.text import N_, Text
from sync.durable import settle_names
from sync.hub.provider import Done, Rejected, Unsent
from sync.private import private_folder

STOCK_COLUMNS = ("ext_sku", "sku", "quantity")
WRITTEN = "written.txt"
"""Every name ever written here."""
COLUMNS = ("number", "ext_id", "carrier", "tracking_no")
SAID = N_("Ship confirmation written as {file}, to be uploaded")


class Folder:
    """One file per effect, named by its key: sent twice it is the same file."""

    takes_keys = True
    can_look_up = True
    settle_s = 0.0
    suffix = ".csv"
    said = SAID

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Write the file, whole or not at all.

        Raises:
            Unsent: the disk does not take it.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str])
        path = self._path(key)
        try:
            self.write(path, fields)
            note(self._folder, path.name)
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault
        return self._done(path)

    def write(self, path: Path, fields: dict[str, str]) -> None:
        """Write what the effect says into its file."""
        write_sheet(path, [COLUMNS, [neutral(fields.get(column, "")) for column in COLUMNS]])

    def look_up(self, key: str) -> Done | Rejected | None:
        """Tell whether the file was written; who takes it on may take it away.

        Raises:
            Unsent: the folder cannot be read.
        """
        path = self._path(key)
        try:
            return self._done(path) if path.exists() or path.name in noted(self._folder) else None
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault

    def _path(self, key: str) -> Path:
        return (self._folder / file_name(key)).with_suffix(self.suffix)

    def _done(self, path: Path) -> Done:
        return Done(path.name, Text(self.said, {"file": path.name}))


class StockSheet:
    """One sheet per shop with the newest figure of every article; each figure writes its row anew."""

    takes_keys = True
    can_look_up = False
    settle_s = 0.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, _key: str, payload: bytes) -> Done | Rejected:
        """Write the figure into the sheet of its shop.

        Raises:
            Unsent: the disk does not take it.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str])
        path = self._folder / f"stock-{re.sub(r'[^A-Za-z0-9-]+', '_', fields['shop'])}.csv"
        name = neutral(fields["ext_sku"])
        try:
            with _alone_with(path):
                rows = _rows_of(path)
                rows[name] = (name, neutral(fields["sku"]), fields["quantity"])
                write_sheet(path, [STOCK_COLUMNS, *(rows[name] for name in sorted(rows))])
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault
        return Done(path.name, Text(N_("Stock written into {file}, to be uploaded"), {"file": path.name}))

    def look_up(self, _key: str) -> Done | Rejected | None:
        """Remember nothing: the newest figure is simply written again."""
        return None


def note(folder: Path, name: str) -> None:
    """Remember that a file was written into a folder: who uploads it may take it away."""
    with (folder / WRITTEN).open("a", encoding="utf-8") as file:
        file.write(f"{name}\n")
        file.flush()
        os.fsync(file.fileno())
    settle_names(folder)


def noted(folder: Path) -> frozenset[str]:
    """Return the names of all files ever written into a folder."""
    index = folder / WRITTEN
    return frozenset(index.read_text(encoding="utf-8").splitlines()) if index.exists() else frozenset()


def file_name(key: str) -> str:
    """Name the file of an effect: its key as far as a file may be called so, and a digest of it."""
    kind, _, rest = key.partition(":")
    plain = re.sub(r"[^A-Za-z0-9-]+", "_", rest)[:60]
    return f"{kind}-{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}.csv"


@contextmanager
def _alone_with(path: Path) -> Iterator[None]:
    """Keep every other hub from this sheet meanwhile: each reads it, and writes it anew.

    Raises:
        OSError: the folder cannot be written, or others are at it for too long.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("ab") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing the file lets the next one in


def _rows_of(path: Path) -> dict[str, Sequence[str]]:
    """Read a sheet of stock, by the shop's own codes."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[0]: row for row in list(csv.reader(file))[1:] if row}


def write_sheet(path: Path, rows: Iterable[Sequence[str]], *, is_private: bool = False) -> None:
    """Write a sheet, whole or not at all; a private one into a folder that nobody else may enter."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows(rows)
    write_whole(path, sheet.getvalue(), is_private=is_private)


def write_whole(path: Path, words: str, *, is_private: bool = False) -> None:
    """Write a file, whole or not at all."""
    if is_private:
        private_folder(path.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    settle_names(path.parent)
