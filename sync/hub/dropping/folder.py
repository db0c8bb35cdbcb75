"""A folder files are laid into: what lies there, a copy of one, and where it goes when it is done with."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Protocol

from app.text import N_, Text
from app.trouble import Trouble
from sync.import_wire import FILE_BYTES

LIST_MOST = 1_000
"""So many names of a folder are looked at; the others wait until some are gone."""
DONE, FAILED = "done", "failed"
"""Folders beside the files: what was taken, and what nobody could read."""
NAME_BYTES = 255
"""So long may a name be wherever files lie."""
NUMBER_BYTES = 6
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".swp")


class Lying(NamedTuple):
    """A file that lies there. Two looks that find the same one find it finished."""

    name: str
    size: int
    changed: float


class Folder(Protocol):
    """Where files are laid; every call may raise Trouble, with what to do."""

    def lying(self) -> Sequence[Lying]: ...
    def fetch(self, name: str, to: Path) -> None: ...
    def put_away(self, name: str, where: str) -> None: ...


def is_ours(name: str) -> bool:
    """Tell a file somebody has finished from one that a program still writes, or hides."""
    plain = name.lower()
    return bool(plain) and not plain.startswith((".", "~$")) and not plain.endswith(UNFINISHED)


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return a name under which nothing lies: `orders.csv`, `orders.2.csv`."""
    known, stem, ending = set(taken), Path(name).stem, Path(name).suffix
    others = (f"{_short(stem, len(_bytes(ending)))}.{n}{ending}" for n in range(2, len(known) + 3))
    return next(one for one in chain((name,), others) if one not in known)


def _short(stem: str, more: int) -> str:
    """Leave room for a number and an ending."""
    return _bytes(stem)[: NAME_BYTES - more - NUMBER_BYTES].decode("utf-8", "ignore")


def _bytes(name: str) -> bytes:
    """Return a name as it lies there; what is no text came in as it was."""
    return name.encode("utf-8", "surrogateescape")


def shown(name: str) -> str:
    """Return a name for people and rows: one that is no UTF-8 was most likely written in Chinese."""
    raw = _bytes(name)
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "replace")


class LocalFolder:
    """A folder of the hub's own machine, or one that is mounted there. Links are not followed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def lying(self) -> Sequence[Lying]:
        """Return the files in it, by name."""
        try:
            with os.scandir(self._path) as entries:
                found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries]
        except OSError as fault:
            raise _closed(fault) from fault
        files = [Lying(name, at.st_size, at.st_mtime) for name, at in found if stat.S_ISREG(at.st_mode)]
        return sorted(one for one in files if is_ours(one.name))[:LIST_MOST]

    def fetch(self, name: str, to: Path) -> None:
        """Copy one."""
        try:
            handle = os.open(self._path / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(handle, "rb") as file, to.open("wb") as copy:
                shutil.copyfileobj(file, copy, 1_000_000)
        except OSError as fault:
            raise _closed(fault) from fault

    def put_away(self, name: str, where: str) -> None:
        """Move one into a folder beside the others, over nothing that lies there."""
        try:
            room = self._path / where
            room.mkdir(exist_ok=True)
            (self._path / name).rename(room / free_name(name, [one.name for one in room.iterdir()]))
        except OSError as fault:
            raise _closed(fault) from fault


def check_size(name: str, size: int) -> None:
    """Refuse what is too large to be read.

    Raises:
        Trouble: too_large.
    """
    if size > FILE_BYTES:
        raise Trouble("too_large", Text(N_("{name} is larger than 500 MB. Split it."), {"name": shown(name)}))


def _closed(fault: OSError) -> Trouble:
    said = fault.strerror or type(fault).__name__
    words = N_("The folder cannot be used ({reason}). Let the hub read it and move files in it.")
    return Trouble("folder", Text(words, {"reason": said}), retry=True)
