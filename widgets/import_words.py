"""How the import wizard says what the hub calls by codes: encodings, delimiters, trust, states, columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from app.imports import Account, FileAccount, FileLook, ImportRow, Reading
from app.text import N_
from widgets import theme
from widgets.prose import META, STRONG, width_px
from widgets.words import count, tr

Choices = list[tuple[str, str]]

STEPS: Final = {
    "files": N_("Files"),
    "reading": N_("How to read"),
    "columns": N_("Columns"),
    "preview": N_("First rows"),
    "trial": N_("Trial"),
    "run": N_("Import"),
}
_ENCODINGS: Final = {
    "utf-8": N_("UTF-8"),
    "utf-8-sig": N_("UTF-8 with mark"),
    "gb18030": N_("GB 18030 (Chinese Windows)"),
    "latin-1": N_("Latin-1 (Western Europe)"),
    "cp1252": N_("Windows 1252 (Western Europe)"),
    "utf-16": N_("UTF-16"),
}
_DELIMITERS: Final = {
    ",": N_("Comma ,"),
    ";": N_("Semicolon ;"),
    "\t": N_("Tab"),
    "|": N_("Bar |"),
}
TRUST: Final = {
    "sure": ("met", N_("Sure")),
    "likely": ("saved", N_("Likely")),
    "guess": ("waits", N_("Look here")),
    "manual": ("protected", N_("Yours")),
    "none": ("not_yet", N_("Not used")),
    "known": ("met", N_("Known")),
    "lost": ("stops", N_("Gone")),
}
"""How sure a match is: a mark and a word, never a colour alone."""
STATES: Final = {
    "waiting": ("not_yet", N_("Waits")),
    "running": ("now", N_("Under way")),
    "stopping": ("waits", N_("Stops")),
    "stopped": ("waits", N_("Stopped")),
    "done": ("met", N_("Done")),
    "failed": ("stops", N_("Broke off")),
    "undoing": ("now", N_("Being taken back")),
    "undone": ("accepted", N_("Taken back")),
}


def encoding_words(code: str) -> str:
    """What a clerk calls an encoding."""
    return tr(_ENCODINGS.get(code, code))


def delimiter_words(code: str) -> str:
    """What a clerk calls a delimiter."""
    return tr(_DELIMITERS.get(code, code))


def encodings(found: str) -> Choices:
    """What may be chosen, the one in force among it."""
    return [(code, encoding_words(code)) for code in dict.fromkeys((found, *_ENCODINGS)) if code]


def delimiters(found: str) -> Choices:
    """What may be chosen, the one in force among it."""
    return [(code, delimiter_words(code)) for code in dict.fromkeys((found, *_DELIMITERS)) if code]


def reading_words(reading: Reading) -> str:
    """How a file is read, in a few words for the rail."""
    if reading.sheet:
        return tr("Sheet {name}, header in row {row}", name=reading.sheet, row=reading.header_row)
    return "\u00a0· ".join(  # never at the beginning of a line
        part for part in (encoding_words(reading.encoding), delimiter_words(reading.delimiter)) if part
    )


def files_words(names: Sequence[str]) -> str:
    """The files of an import: one by its name, several by the first and how many more."""
    if len(names) <= 1:
        return "".join(names)
    return tr("{name} and {count} more", name=names[0], count=len(names) - 1)


def size_words(size: int) -> str:
    """How large a file is. Units: bytes; 1 kB is 1,000."""
    if size < 1_000_000:
        return tr("{count} kB", count=count(max(1, round(size / 1_000))))
    return tr("{count} MB", count=f"{size / 1_000_000:,.1f}")


def kind_words(look: FileLook) -> str:
    """What a file is."""
    return {"csv": "CSV", "xlsx": "XLSX", "xls": "XLS"}.get(look.kind, look.kind.upper())


def rows_words(number: int) -> str:
    """How many rows."""
    return tr("1 row") if number == 1 else tr("{count} rows", count=count(number))


def orders_words(number: int) -> str:
    """How many orders."""
    return tr("1 order") if number == 1 else tr("{count} orders", count=count(number))


def sum_words(account: Account | FileAccount) -> str:
    """The account of every row, as a sum one can check."""
    return tr(
        "{read} rows read = {new} new + {changed} changed + {unchanged} unchanged + {rejected} rejected",
        read=count(account.read),
        new=count(account.new),
        changed=count(account.changed),
        unchanged=count(account.unchanged),
        rejected=count(account.rejected),
    )


def state_words(row: ImportRow) -> str:
    """How far an import is."""
    return tr(STATES[row.state][1]) if row.state in STATES else row.state


def column_px(title: str, cells: Iterable[str], marks: int = 0) -> int:
    """How wide a column must be for its title and its values, up to a point. Units: `marks` pixels beside."""
    px = theme.current().px
    widest = max((width_px(cell, STRONG) for cell in cells), default=0) + marks
    return min(max(widest, width_px(title, META)), px("quantity.w")) + 2 * px("space.2") + px("space.1")
