"""Files of this PC on their way to the hub, part by part; implements `app.imports.Imports`.

Every call has a session of its own and may be given again: the hub takes a part once, and a run goes on
whether or not anybody asks about it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from app.imports import (
    FileLook,
    ImportRow,
    Matching,
    Reading,
    Retake,
    Sample,
    SheetRows,
    UndoPlan,
)
from app.text import N_, Text
from app.trouble import Trouble
from sync.import_wire import FILE_BYTES, PART_BYTES, AskMatch, AskRetake, AskRows, NewFile
from sync.replica.link import Link
from sync.transport import Stopped, Transport

T = TypeVar("T")
FILES, IMPORTS = "/v1/files", "/v1/imports"
BYTES = "application/octet-stream"


class Imports:
    """The hub's counter for files, as this PC reaches it. `language`: of the reasons in rejected rows."""

    def __init__(self, link: Link, language: Callable[[], str] = lambda: "") -> None:
        self._link, self._language = link, language

    def look(self, path: str, reading: Reading) -> FileLook:
        """Send a file and see what the hub makes of it.

        Raises:
            Trouble: no_file | too_large, or what the hub says.
        """
        source = Path(path)
        size = _size(source)
        file = self._ask("POST", FILES, str, NewFile(source.name[-200:], size))
        try:
            with source.open("rb") as bytes_:
                while (at := bytes_.tell()) < size and (part := bytes_.read(PART_BYTES)):
                    self._send(f"{FILES}/{file}/{at}", part)
        except OSError as fault:
            raise _no_file(source) from fault
        return self.look_again(file, reading)

    def look_again(self, file: str, reading: Reading) -> FileLook:
        """See what the hub makes of a file it has, read another way."""
        return self._ask("POST", f"{FILES}/{file}/look", FileLook, reading)

    def retake(self, case: str) -> Retake:
        """Have the rows of a case that were not taken laid out as a file once more."""
        return self._ask("POST", f"{IMPORTS}/retake", Retake, AskRetake(case=case))

    def rows(self, file: str, reading: Reading) -> SheetRows:
        """Return everything that stands in a small sheet the hub has."""
        return self._ask("POST", f"{FILES}/{file}/rows", SheetRows, reading)

    def match(self, shop: str, files: Sequence[str], manual: Mapping[str, tuple[str, str]]) -> Matching:
        """Ask which column fills which field."""
        asked = AskMatch(shop=shop, files=tuple(files), manual=dict(manual))
        return self._ask("POST", f"{IMPORTS}/match", Matching, asked)

    def sample(self, shop: str, files: Sequence[str], matching: Matching) -> Sample:
        """See the first rows as understood."""
        return self._ask("POST", f"{IMPORTS}/sample", Sample, _rows(shop, files, matching))

    def rehearse(self, shop: str, files: Sequence[str], matching: Matching) -> str:
        """Begin to try every row, write nothing; return the id under which its `row` is asked for."""
        return self._ask("POST", f"{IMPORTS}/rehearse", str, _rows(shop, files, matching))

    def begin(self, shop: str, files: Sequence[str], matching: Matching) -> str:
        """Let the rows in; return the import's id."""
        return self._ask("POST", IMPORTS, str, _rows(shop, files, matching))

    def row(self, id: str) -> ImportRow:
        """Tell how far an import is."""
        return self._ask("GET", f"{IMPORTS}/{id}", ImportRow)

    def stop(self, id: str) -> None:
        """Take no further rows; what is in stays in."""
        self._ask("POST", f"{IMPORTS}/{id}/stop", ImportRow)

    def undo_plan(self, id: str) -> UndoPlan:
        """See what taking a file back would cancel and what would stay."""
        return self._ask("GET", f"{IMPORTS}/{id}/undo", UndoPlan)

    def undo(self, id: str) -> None:
        """Take a file back: its untouched orders are called off."""
        self._ask("POST", f"{IMPORTS}/{id}/undo", ImportRow)

    def save_rejected(self, id: str, path: str) -> int:
        """Write the rows that were not taken to a file only its owner reads; return how many there are.

        Raises:
            Trouble: disk, or what the hub says.
        """
        rows, target = self.row(id).account.rejected, Path(path)
        draft = target.with_name(f".{target.name}.part")
        try:
            self._with(lambda line: _write(draft, line, f"{IMPORTS}/{id}/rejected?lang={self._language()}"))
            draft.replace(target)
        except OSError as fault:
            raise Trouble(
                "disk",
                Text(N_("{name} cannot be written here. Choose another folder."), {"name": target.name}),
            ) from fault
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        return rows

    def past(self, limit: int = 50) -> Sequence[ImportRow]:
        """Return the imports so far, the newest first."""
        return self._with(lambda line: line.ask("GET", IMPORTS, list[ImportRow], params={"limit": limit}))

    # --- the line -----------------------------------------------------------------------------------

    def _ask(self, method: str, path: str, kind: type[T], asked: msgspec.Struct | None = None) -> T:
        body = msgspec.json.encode(asked) if asked is not None else b""
        return self._with(lambda line: line.ask(method, path, kind, body))

    def _send(self, path: str, part: bytes) -> None:
        self._with(lambda line: line.ask("PUT", path, int, part, media=BYTES))

    def _with(self, work: Callable[[Transport], T]) -> T:
        """Ask on a session of its own; once more after signing in again where the token has run out."""
        used = self._link.token()
        try:
            return self._once(work)
        except Stopped as stopped:
            if stopped.stop.code != "sign_in" or not self._link.renew(used):
                raise _told(stopped) from stopped
        try:
            return self._once(work)
        except Stopped as stopped:
            raise _told(stopped) from stopped

    def _once(self, work: Callable[[Transport], T]) -> T:
        line = self._link.connect()
        try:
            return work(line)
        finally:
            line.close()


def _rows(shop: str, files: Sequence[str], matching: Matching) -> AskRows:
    return AskRows(shop=shop, files=tuple(files), plan=matching.plan)


def _size(path: Path) -> int:
    try:
        size = path.stat().st_size if path.is_file() else -1
    except OSError as fault:
        raise _no_file(path) from fault
    if size < 0:
        raise _no_file(path)
    if size > FILE_BYTES:
        raise Trouble("too_large", Text(N_("{name} is larger than 500 MB. Split it."), {"name": path.name}))
    return size


def _no_file(path: Path) -> Trouble:
    return Trouble("no_file", Text(N_("There is no file {name}. Check the path."), {"name": path.name}))


def _told(stopped: Stopped) -> Trouble:
    text = stopped.stop.text or Text(N_("The hub cannot do this now. Try again later."))
    return Trouble(stopped.stop.code, text, retry=stopped.stop.code == "busy")


def _write(draft: Path, line: Transport, path: str) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in line.read(path):
            file.write(piece)
