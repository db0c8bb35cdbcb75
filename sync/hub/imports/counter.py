"""Where desks hand in files: kept in a folder of the hub until their import ends, read and matched here.

A file that nobody imports is forgotten after a day.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import msgspec

from app.domain.company import Shop
from app.imports import FileLook, Matching, Reading, Sample, SheetRows
from app.text import N_, Text
from app.trouble import Trouble
from sync.durable import settle_file, settle_names
from sync.hub.database import reading, writing
from sync.hub.imports import records
from sync.hub.imports.match import Names
from sync.hub.imports.plan import Plan
from sync.hub.imports.records import Record
from sync.hub.imports.runs import Runs
from sync.hub.imports.samples import sample_of
from sync.hub.imports.sheets import Sheet, as_read, open_sheet
from sync.hub.imports.shop import find_shop, shop_for
from sync.hub.imports.source import Source, source_of
from sync.hub.imports.survey import Survey, survey
from sync.hub.imports.taking import Tools
from sync.hub.imports.understanding import checked, matching_of, understand
from sync.import_wire import FILE_BYTES, FILES_LIMIT, PART_BYTES, NewFile

TOP_ROWS = 12
SMALL_ROWS, SMALL_TEXT = 5_000, 2_000_000
"""A sheet that a desk looks through by itself: price tables, not orders. Units: rows; characters."""
CELL_SHOWN = 80
KEPT_S = 86_400.0
LOST_AFTER = timedelta(minutes=10)
"""So long a hub that went on with other files may take to come back, where several share a database."""
AS_WRITTEN = Reading(encoding="utf-8", delimiter=",", header_row=1)
"""How the hub writes a table itself."""
FILES_HELD = 3 * FILES_LIMIT
"""Files of one person at once, whatever their size: three imports side by side."""
ROOM_BYTES = 5_000_000_000
"""All files together: more are refused until some are gone."""


@dataclass(slots=True)
class _Held:
    """One file at the counter."""

    file: NewFile
    by: str
    path: Path
    case: str = ""
    """The rows of which case these are."""
    sheet: Sheet | None = None
    survey: Survey | None = None


class Counter:
    """Takes files from desks; every method may raise Trouble with the sentence for the person.

    `say` writes a sentence in a language, for the files a person gets back.
    """

    def __init__(self, tools: Tools, folder: Path, names: Names, say: Callable[[Text, str], str]) -> None:
        self.tools = self._tools = tools
        self.folder = self._folder = folder
        self._names, self.say = names, say
        self.runs = Runs(tools, folder)
        self._files: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Stop after the page at hand; what was begun goes on when the hub starts again."""
        self.runs.close()

    # --- files --------------------------------------------------------------------------------------

    def announce(self, file: NewFile, by: str) -> str:
        """Make room for a file; return its id. Who hands in one too many has their oldest taken away."""
        self._tidy()
        self._make_room(by)
        with self._lock:
            held = sum(one.file.size for one in self._files.values())
        if held + file.size > ROOM_BYTES:
            raise Trouble(
                "busy", Text(N_("The hub holds too many files just now. Try again later.")), retry=True
            )
        name = secrets.token_hex(16)
        path = self._folder / f"{name}.file"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with self._lock:
            self._files[name] = _Held(file, by, path)
        return name

    def lay_out(
        self, name: str, written: Path, case: str, by: str, reading: Reading = AS_WRITTEN
    ) -> FileLook:
        """Put a file the hub has before a person, as if they had handed it in."""
        file = self.announce(NewFile(name, written.stat().st_size), by)
        held = self._held(file, by)
        written.replace(held.path)
        held.case = case
        return self.look(file, reading, by)

    def sheet(self, file: str, by: str) -> tuple[Sheet, Path]:
        """Return a file at the counter as it is read, and where it lies."""
        (sheet,), _, (path,) = self._sheets([file], by)
        return sheet, path

    def add(self, id: str, at: int, part: bytes, by: str) -> int:
        """Take one part of a file; return how much of it is here. Units: bytes."""
        held = self._held(id, by)
        have = held.path.stat().st_size
        if at > have or len(part) > PART_BYTES or at + len(part) > min(held.file.size, FILE_BYTES):
            raise _lost_part()
        if at + len(part) > have:
            with held.path.open("r+b") as file:
                file.seek(at)
                file.write(part)
        return held.path.stat().st_size

    def look(self, id: str, asked: Reading, by: str) -> FileLook:
        """Say what a file is, read as asked."""
        held = self._held(id, by)
        if held.path.stat().st_size != held.file.size:
            raise _lost_part()
        found = self._open(held.path, held.file.name, Reading(sheet=asked.sheet))
        sheet = found if asked == Reading(sheet=asked.sheet) else self._open(held.path, held.file.name, asked)
        held.sheet, held.survey = sheet, survey(sheet)
        return FileLook(
            id=id,
            name=held.file.name,
            size=held.file.size,
            kind=sheet.kind,
            reading=as_read(sheet),
            found=as_read(found),
            sheets=sheet.sheets,
            lines=tuple(tuple(cell[:CELL_SHOWN] for cell in row) for row in sheet.top(TOP_ROWS)),
            columns=sheet.header,
            rows=held.survey.rows,
        )

    def rows(self, id: str, asked: Reading, by: str) -> SheetRows:
        """Return everything that stands in a small sheet."""
        held = self._held(id, by)
        if held.path.stat().st_size != held.file.size:
            raise _lost_part()
        sheet = self._open(held.path, held.file.name, asked)
        rows, size = list[tuple[int, tuple[str, ...]]](), 0
        for row in sheet.rows():
            cells = tuple(row.cells.get(name, "") for name in sheet.header)
            size += sum(map(len, cells))
            if len(rows) >= SMALL_ROWS or size > SMALL_TEXT:
                words = N_("{name} has more than {rows} rows. Split it.")
                raise Trouble("too_large", Text(words, {"name": held.file.name, "rows": SMALL_ROWS}))
            rows.append((row.row_no, cells))
        return SheetRows(header=sheet.header, rows=tuple(rows))

    def _open(self, path: Path, name: str, asked: Reading) -> Sheet:
        return open_sheet(
            path,
            self._folder,
            name=name,
            encoding=asked.encoding,
            delimiter=asked.delimiter,
            sheet=asked.sheet,
            known=self._names.known,
            header_row=asked.header_row,
        )

    def _held(self, id: str, by: str) -> _Held:
        with self._lock:
            held = self._files.get(id)
        if held is None or held.by != by:
            raise _gone()
        return held

    def _sheets(self, files: Sequence[str], by: str) -> tuple[list[Sheet], list[Survey], list[Path]]:
        sheets, surveys, paths = list[Sheet](), list[Survey](), list[Path]()
        for i, name in enumerate(files):
            held = self._held(name, by)
            if held.sheet is None:
                self.look(name, Reading(), by)
            if held.sheet is None or held.survey is None:
                raise _gone()
            sheets.append(replace(held.sheet, file=i))
            surveys.append(held.survey)
            paths.append(held.path)
        return sheets, surveys, paths

    # --- columns and rows ---------------------------------------------------------------------------

    def match(
        self, shop: str, files: Sequence[str], manual: Mapping[str, tuple[str, str]], by: str
    ) -> Matching:
        """Say which column fills which field."""
        sheets, surveys, _ = self._sheets(files, by)
        tools = self._tools
        known = find_shop(tools.engine, tools.feed_id, shop)
        with reading(tools.engine) as db:
            kept = records.kept_mapping(db, tools.feed_id, shop, sheets)
        understood = understand(sheets, surveys, self._names, known, kept, manual)
        return matching_of(understood, sheets, surveys)

    def sample(self, shop: str, files: Sequence[str], plan: str, by: str) -> Sample:
        """Show the first rows as understood."""
        source, known, _ = self._source(shop, files, plan, by, dry=True)
        room = self._folder / f"room-{secrets.token_hex(8)}"
        run = source.read(known, room)
        try:
            return sample_of(source, run.found, known)
        finally:
            if run.spool is not None:
                run.spool.close()
                room.rmdir()

    def rehearse(self, shop: str, files: Sequence[str], plan: str, by: str) -> str:
        """Begin a dry run; return its id."""
        source, known, _ = self._source(shop, files, plan, by, dry=True)
        record = Record(
            id=secrets.token_hex(16), files=tuple(s.name for s in source.sheets), headers=(),
            shop=known.code, by=by, made_at=self._tools.clock(), state="running", plan=source.plan,
        )  # fmt: skip
        return self.runs.begin(record, source, known, is_dry=True)

    def begin(self, shop: str, files: Sequence[str], plan: str, by: str) -> str:
        """Begin an import, and keep its mapping for files with these columns; return its id."""
        source, known, paths = self._source(shop, files, plan, by, dry=False)
        tools = self._tools
        for path in paths:
            settle_file(path)
        settle_names(self._folder)  # what is read again after a power cut is what was handed in
        cases = {self._held(name, by).case for name in files}
        case = cases.pop() if len(cases) == 1 else ""
        record = self.runs.importing.open(
            source.sheets, source.plan, known, by, paths, keep=True, case=case
        )  # fmt: skip
        if not source.plan.reader:
            with writing(tools.engine) as db:
                records.keep_mapping(
                    db, tools.feed_id, shop, source.sheets, source.plan, by, tools.clock()
                )  # fmt: skip
        started = self.runs.begin(record, source, known, is_dry=False)
        with self._lock:
            for name in files:
                self._files.pop(name, None)
        return started

    def resume(self) -> bool:
        """Go on with what a hub began that is gone; what only that one has the files of waits for it."""
        for record, silent in self.runs.left_behind():
            shop = find_shop(self._tools.engine, self._tools.feed_id, record.shop)
            try:
                sheets = [
                    replace(self._open(self._folder / name, record.files[i], record.readings[i]), file=i)
                    for i, name in enumerate(record.at)
                ]
                source = source_of(sheets, checked(record.plan, sheets))
            except Trouble:
                shop = None
            else:
                if shop is not None:
                    with suppress(Trouble):  # another file of the shop, or another hub, is first
                        self.runs.begin(record, source, shop, is_dry=False)
            if shop is None and silent >= LOST_AFTER:
                self.runs.give_up(record)
        return False

    def _source(
        self, shop: str, files: Sequence[str], plan: str, by: str, *, dry: bool
    ) -> tuple[Source, Shop, list[Path]]:
        sheets, _, paths = self._sheets(files, by)
        source = source_of(sheets, checked(msgspec.json.decode(plan, type=Plan), sheets))
        known = shop_for(self._tools.engine, self._tools.feed_id, shop, source, self._tools.clock(), dry=dry)
        return source, known, paths

    def _make_room(self, by: str) -> None:
        with self._lock:
            held = [name for name, one in self._files.items() if one.by == by]
            gone = [self._files.pop(name) for name in held[: max(0, len(held) - FILES_HELD + 1)]]
        for one in gone:
            for part in self._folder.glob(f"{one.path.stem}.*"):
                part.unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Delete files nobody came back for."""
        old_s = time.time() - KEPT_S
        for path in self._folder.glob("*.file") if self._folder.exists() else ():
            if path.stat().st_mtime < old_s and not self.runs.is_busy(path.name):
                for part in self._folder.glob(f"{path.stem}.*"):
                    part.unlink(missing_ok=True)
                with self._lock:
                    self._files.pop(path.stem, None)


def _lost_part() -> Trouble:
    return Trouble("bad_part", Text(N_("Part of the file was lost on its way. Choose the file again.")))


def _gone() -> Trouble:
    return Trouble("no_file", Text(N_("The hub does not have this file any more. Choose it again.")))
