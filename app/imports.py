"""What the import wizard asks of the hub and is told: files, columns, a rehearsal, a run and its account.

Plain values ready to draw. Units: `size` bytes; `left_s` seconds; `rate` rows a second; counts are rows
where nothing else is said, `orders` are orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from app.text import N_, Text

RUNNING = frozenset({"waiting", "running", "stopping", "undoing"})
"""States of an import in which it still moves by itself."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read; an empty value, or row 0, leaves it to the hub to find out."""

    encoding: Annotated[str, Meta(max_length=20)] = ""
    delimiter: Annotated[str, Meta(pattern=r'^[^"\r\n\x00]?\Z')] = ""
    sheet: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*\Z")] = ""
    header_row: Annotated[int, Meta(ge=0, le=10_000_000)] = 0


class FileLook(msgspec.Struct, frozen=True, kw_only=True):
    """A file as the hub understood it: how it is written, its first lines as they stand, its columns."""

    id: str
    name: str
    size: int
    kind: str
    """csv | xlsx | xls"""
    reading: Reading
    found: Reading
    """What the hub would choose by itself."""
    sheets: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()
    rows: int = 0
    note: Text | None = None


class Retake(msgspec.Struct, frozen=True, kw_only=True):
    """Rows nobody could read, as a file at the hub's counter once more, and whose orders they are."""

    shop: str
    file: FileLook


class SheetRows(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in a small sheet, as it stands there: its header, its rows with their numbers."""

    header: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One field of ours that a column may fill. `readings`: the ways its values may be written."""

    code: str
    title: str
    is_required: bool = False
    readings: tuple[tuple[str, str], ...] = ()


class ColumnMatch(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a file and the field it fills. `trust`: sure | likely | guess | none | manual."""

    key: str
    """Which file, and which column of it."""
    file: str
    column: str
    samples: tuple[str, ...]
    field: str = ""
    reading: str = ""
    trust: str = "none"
    why: Text | None = None
    is_lost: bool = False
    """A kept mapping names this column, and the file no longer has it."""


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """Two files put together by a key, and what found no partner."""

    left: str
    right: str
    keys: tuple[str, ...]
    matched: int
    left_alone: int
    right_alone: int


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One thing said of whole files, not of a column; given by hand under its `code` as the key."""

    code: str
    title: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    """(value, title); none: it is written."""


class Matching(msgspec.Struct, frozen=True, kw_only=True):
    """Which column fills which field; `missing` are the titles of required fields nothing fills.

    `asks` is what only a person can say, a sentence each: nothing starts while one stands. `plan` is the
    hub's own note of all this; it comes back to it as it is.
    """

    title: str = ""
    is_kept: bool = False
    """Known from an earlier file with the same header."""
    targets: tuple[Target, ...] = ()
    columns: tuple[ColumnMatch, ...] = ()
    missing: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    options: tuple[Option, ...] = ()
    asks: tuple[Text, ...] = ()
    plan: str = ""


class PreviewCell(msgspec.Struct, frozen=True):
    """A value as understood, written as the desk writes it; `doubt` says why one should look again."""

    text: str
    doubt: Text | None = None


class PreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row as understood; `problem` is why it could not be taken."""

    row_no: int
    cells: tuple[PreviewCell, ...]
    problem: Text | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """The first rows as understood, under the titles of our fields. `kinds`: text | money | number."""

    titles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    rows: tuple[PreviewRow, ...] = ()


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why rows were not taken, how many, and where the first of them stand."""

    text: Text
    count: int
    rows: tuple[int, ...] = ()


class FileAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each row of one file: read = new + changed + unchanged + rejected, always."""

    name: str
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    reasons: tuple[Reason, ...] = ()


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each row of all files: read = new + changed + unchanged + rejected, always."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    orders: int = 0
    reasons: tuple[Reason, ...] = ()
    lines: int = 0
    files: tuple[FileAccount, ...] = ()


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One import. `state`: waiting | running | stopping | stopped | done | failed | undoing | undone."""

    id: str
    files: tuple[str, ...]
    shop: str
    shop_title: str
    by: str
    at: datetime
    state: str
    account: Account = Account()
    rows: int = 0
    """How many there are to take; 0 while nobody knows."""
    rate: int = 0
    left_s: int = 0
    note: Text | None = None

    @property
    def is_moving(self) -> bool:
        """It goes on by itself."""
        return self.state in RUNNING


class Stays(msgspec.Struct, frozen=True, kw_only=True):
    """An order that an undo leaves as it is, and why."""

    id: str
    number: str
    why: Text


class UndoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What taking a file back would cancel, and what would stay."""

    cancels: int
    stays: int
    first: tuple[Stays, ...] = ()
    """The first of those that stay."""


class Imports(Protocol):
    """Questions to the hub about files; each may raise Trouble. Called on a lane of its own."""

    def look(self, path: str, reading: Reading) -> FileLook: ...
    def look_again(self, file: str, reading: Reading) -> FileLook: ...
    def retake(self, case: str) -> Retake: ...
    def rows(self, file: str, reading: Reading) -> SheetRows: ...
    def match(self, shop: str, files: Sequence[str], manual: Mapping[str, tuple[str, str]]) -> Matching: ...
    def sample(self, shop: str, files: Sequence[str], matching: Matching) -> Sample: ...
    def rehearse(self, shop: str, files: Sequence[str], matching: Matching) -> str: ...
    def begin(self, shop: str, files: Sequence[str], matching: Matching) -> str: ...
    def row(self, id: str) -> ImportRow: ...
    def stop(self, id: str) -> None: ...
    def undo_plan(self, id: str) -> UndoPlan: ...
    def undo(self, id: str) -> None: ...
    def save_rejected(self, id: str, path: str) -> int: ...
    def past(self, limit: int = 50) -> Sequence[ImportRow]: ...


def lacking(matching: Matching) -> tuple[Text, ...]:
    """Return what stands between this matching and its rows, one sentence each."""
    told = (missing(matching.missing),) if matching.missing else ()
    return (*told, *matching.asks)


def missing(titles: Sequence[str]) -> Text:
    """Say which required fields no column fills, all of them in one sentence."""
    if len(titles) == 1:
        return Text(N_("No column fills {field} yet. Choose one."), {"field": Text(titles[0])})
    named = Text(titles[0])
    for title in titles[1:]:
        named = Text(N_("{first}, {rest}"), {"first": named, "rest": Text(title)})
    return Text(N_("No column fills these yet: {fields}. Choose one for each."), {"fields": named})


def untried(trial: ImportRow | None, *, is_retaken: bool) -> Text | None:
    """Say why rows cannot be taken yet; None when every one was tried and some are new.

    `is_retaken`: they are those of a case, which ends with them even where all are here by now.
    """
    if trial is None or trial.is_moving:
        return Text(N_("Every row is being tried. Wait, or stop here."))
    if trial.state != "done":
        return trial.note or Text(N_("Not every row was tried. Step back and try again."))
    if not trial.account.new + trial.account.changed and not is_retaken:
        return Text(N_("Nothing here is new. There is nothing to take."))
    return None
