"""Tables in files, as rows of text: CSV as it lies there, XLSX and XLS unfolded into CSV first.

Rows are read one by one, again each time somebody asks: a file need not fit into memory. Rows have the
numbers a spreadsheet shows.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from app.domain.spreadsheet import restored
from app.imports import Reading
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Numbered
from sync.hub.imports.encoding import codec_of, encoding_of

DELIMITERS = ",\t;|"
FILE_LIMIT = 500_000_000
CELL_LIMIT = 32_767
"""The longest cell a spreadsheet can hold."""
LABEL = 200
"""A text of at most so many characters is one line; a longer one may be a note with several."""
COLUMNS = 500
TOP_ROWS = 30
"""Among so many first rows the header is looked for."""
UNFOLD_S = 600.0
ROOT = Path(__file__).resolve().parents[2]
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WEB = (b"<html", b"<!doctype", b"<table", b"<?xml")
_NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"SQLite", b"7z\xbc\xaf", b"Rar!")
_JSON = re.compile(rb'[\s\xef\xbb\xbf]*(\{\s*["}]|\[\s*[\[{"])')
_CONTROL = frozenset(range(1, 9)) | frozenset(range(14, 26)) | frozenset(range(28, 32))
"""Bytes that no text holds; in anything packed or compiled they are one in ten."""
_SNIFF, _CONTROL_SHARE = 8192, 0.02
_INVISIBLE = dict.fromkeys(map(ord, "\0\ufeff\u200b\u200e\u200f\u2060"))
_BLANKS = dict.fromkeys(map(ord, "\xa0\u2007\u202f\u3000\r\n\t"), " ")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a delimited text. `header`: the columns that have a name, each once.

    `header_row` 0: it has no header, and its columns are numbered.
    """

    path: Path
    name: str
    """As the shop calls the file."""
    kind: str
    encoding: str
    codec: str
    delimiter: str
    sheets: tuple[str, ...]
    sheet: str
    header_row: int
    header: tuple[str, ...]
    file: int = 0
    """Its place among files that are joined."""

    def rows(self) -> Iterator[Numbered]:
        """Yield the rows below the header that are not empty; cells without blanks around them.

        Raises:
            Trouble: a quotation mark is never closed, so that no row after it can be told from the next.
        """
        lines = self.lines()
        if self.header_row:
            at = places(next(islice(lines, self.header_row - 1, None), []))
        else:
            at = {name: i for i, name in enumerate(self.header)}
        for row_no, cells in enumerate(lines, self.header_row + 1):
            if any(cells):
                named = {name: cells[i] if i < len(cells) else "" for name, i in at.items()}
                yield Numbered(row_no, named, self.file)

    def lines(self) -> Iterator[list[str]]:
        """Yield every row as it stands, the header and what is above it too."""
        csv.field_size_limit(CELL_LIMIT * 4)
        with self.path.open(encoding=self.codec, newline="", errors="replace") as file:
            reader, row_no = csv.reader(file, delimiter=self.delimiter), 0
            while True:
                row_no += 1
                try:
                    cells = next(reader, None)
                except csv.Error as fault:
                    raise _broken(self.name, row_no) from fault
                if cells is None:
                    return
                yield [_plain(cell) for cell in cells[:COLUMNS]]

    def top(self, count: int) -> list[list[str]]:
        """Return the first rows as they stand."""
        return list(islice(self.lines(), count))

    def with_header(self, row: int) -> Sheet:
        """Return the same table with its header in another row.

        Raises:
            Trouble: that row names no column.
        """
        header = tuple(places(next(islice(self.lines(), row - 1, None), [])))
        if not header:
            raise Trouble(
                "empty",
                Text(N_("Row {row} of {name} names no columns."), {"row": row, "name": self.name}),
            )
        return replace(self, header_row=row, header=header)

    def without_header(self) -> Sheet:
        """Return the same table read from its first row on; its columns are called 1, 2, 3."""
        width = max(map(len, self.top(TOP_ROWS)), default=0)
        return replace(self, header_row=0, header=tuple(str(i) for i in range(1, width + 1)))


def open_sheet(
    path: Path,
    folder: Path,
    *,
    name: str = "",
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    known: Iterable[str] = (),
    header_row: int = 0,
) -> Sheet:
    """Look at a file: how it is written and what its columns are called; what is given is not found out.

    `folder` takes the text of a spreadsheet; `known` are names of columns in their plain form.

    Raises:
        Trouble: no such file, too large, empty, locked, or no table.
    """
    name = name or path.name
    if not path.is_file():
        raise Trouble("no_file", Text(N_("There is no file {name}. Check the path."), {"name": name}))
    if path.stat().st_size == 0:
        raise Trouble("empty", Text(N_("{name} is empty. Choose another file."), {"name": name}))
    if path.stat().st_size > FILE_LIMIT:
        raise Trouble("too_large", Text(N_("{name} is larger than 500 MB. Split it."), {"name": name}))
    kind = kind_of(path, name)
    sheets: tuple[str, ...] = ()
    if kind != "csv":
        path, sheets, sheet = unfold(path, folder, name, sheet)
        encoding, delimiter = "utf-8", ","
    encoding = encoding or encoding_of(path)
    codec = codec_of(path, encoding)
    delimiter = delimiter or _delimiter(path, codec)
    found = Sheet(path, name, kind, encoding, codec, delimiter, sheets, sheet, 1, ())
    try:
        return found.with_header(header_row or header_row_of(found.top(TOP_ROWS), known))
    except Trouble as trouble:
        if trouble.code != "empty":
            raise
        raise Trouble("empty", Text(N_("{name} has no header row."), {"name": name})) from trouble


def as_read(sheet: Sheet) -> Reading:
    """Say how a sheet is read."""
    is_text = sheet.kind == "csv"
    return Reading(
        encoding=sheet.encoding if is_text else "",
        delimiter=sheet.delimiter if is_text else "",
        sheet=sheet.sheet,
        header_row=sheet.header_row,
    )


def kind_of(path: Path, name: str) -> str:
    """Return csv, xlsx or xls by what is in the file, whatever it is called.

    Raises:
        Trouble: it is a page of a browser that only calls itself a spreadsheet, or no table at all.
    """
    with path.open("rb") as file:
        head = file.read(_SNIFF)
    if head.startswith(_ZIP):
        return "xlsx"
    if head.startswith(_OLE):
        return "xls"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_WEB):
        raise Trouble(
            "web_page",
            Text(N_("{name} is a web page. Open it in a spreadsheet and save it as XLSX."), {"name": name}),
        )
    if head.startswith(_NO_TABLES) or _is_packed(head):
        raise Trouble("no_table", Text(N_("{name} is no table. Save it as CSV or XLSX."), {"name": name}))
    if _JSON.match(head):
        raise Trouble("no_table", Text(N_("{name} holds JSON. Save it as CSV or XLSX."), {"name": name}))
    return "csv"


def _is_packed(head: bytes) -> bool:
    """Tell bytes that are no text. Where a sign is two bytes, every second one of plain signs is 0."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or max(even, odd) > 4 * min(even, odd) + 8:
        return False
    return sum(map(_CONTROL.__contains__, head)) > _CONTROL_SHARE * len(head)


def unfold(path: Path, folder: Path, name: str, sheet: str) -> tuple[Path, tuple[str, ...], str]:
    """Write a sheet of a spreadsheet as text; return where, all sheets, and which one it is.

    Raises:
        Trouble: locked | broken | no_sheet.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    out = folder / f"{path.stem}.unfolded.csv"
    told: dict[str, list[str] | str] = {"error": "broken"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sync.hub.imports.unfold", str(path.resolve()), sheet, str(out.resolve())],
            cwd=ROOT,
            capture_output=True,
            check=False,
            timeout=UNFOLD_S,
        )
        if done.returncode == 0:
            told = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        pass
    match told.get("error"):
        case "password":
            raise Trouble("locked", Text(N_("{name} has a password. Save it without one."), {"name": name}))
        case "no_sheet":
            raise Trouble("no_sheet", Text(N_("{name} has no such sheet with rows."), {"name": name}))
        case str():
            raise Trouble(
                "broken",
                Text(N_("{name} cannot be read as a spreadsheet. Save it again as XLSX."), {"name": name}),
            )
    return out, tuple(told["sheets"]), str(told["sheet"])


def header_row_of(rows: list[list[str]], known: Iterable[str] = ()) -> int:
    """Find the header below titles and blank rows.

    It is the row that names the most columns we know, else the first that fills most of the table with
    different words.
    """
    names = frozenset(known)
    filled = [sum(map(bool, row)) for row in rows]
    usual = sorted(filled)[len(filled) * 3 // 4] if filled else 0
    best, most = 0, (0, 0)
    for i, row in enumerate(rows):
        cells = [cell for cell in row if cell]
        is_wide = len(cells) >= max(1, usual * 0.6)
        is_names = len(set(cells)) == len(cells) and not any(_is_figure(cell) for cell in cells)
        score = (sum(plain_name(cell) in names for cell in cells), int(is_wide and is_names))
        if is_wide and score > most:
            best, most = i + 1, score
    if best:
        return best
    return next((i for i, row in enumerate(rows, 1) if any(row)), 1)


def plain_name(name: str) -> str:
    """Return a column's name so that spelling does not matter: `Order ID `, `order_id`, `OrderId` are one."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def places(cells: list[str]) -> dict[str, int]:
    """Tell where each named column stands; of two with one name the first counts."""
    found: dict[str, int] = {}
    for i, cell in enumerate(cells):
        if cell:
            found.setdefault(cell, i)
    return found


def _is_figure(cell: str) -> bool:
    return bool(cell) and cell.strip("-+¥$€£% ").replace(",", "").replace(".", "").isdigit()


def _plain(cell: str) -> str:
    """Take off what nobody sees, and what spreadsheets (and we) put around a text so that it stays one."""
    if cell.isascii() and '"' not in cell and "\0" not in cell:
        text = cell.strip()
    else:
        text = cell.translate(_INVISIBLE).strip()
        if text.startswith('="') and text.endswith('"'):
            text = text[2:-1].strip()
        text = text.translate(_BLANKS) if len(text) < LABEL else text
    return restored(text)[:CELL_LIMIT] if text.startswith("'") else text[:CELL_LIMIT]


def _delimiter(path: Path, codec: str) -> str:
    """Choose the sign that cuts most of the first rows into the same number of cells."""
    with path.open(encoding=codec, newline="", errors="replace") as file:
        lines = [line for line in islice(file, TOP_ROWS) if line.strip()]
    best, most = ",", (0, 0)
    for sign in DELIMITERS:
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        except csv.Error:
            continue
        width = max(counts, key=counts.count, default=1)
        score = (counts.count(width) if width > 1 else 0, width)
        if score > most:
            best, most = sign, score
    return best


def _broken(name: str, row_no: int) -> Trouble:
    return Trouble(
        "broken",
        Text(
            N_("{name} is broken at row {row}: a quotation mark is not closed, or it is no table."),
            {"name": name, "row": row_no},
        ),
    )
