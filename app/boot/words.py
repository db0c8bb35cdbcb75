"""`words`: collect the marked words, keep both catalogues whole, and speak to the console.

Both catalogues are files of words only: sorted, without dates or line numbers, so that the words of two
branches merge.
"""

from __future__ import annotations

import argparse
import gettext
import io
import json
import locale
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import resources
from app.boot.literals import Marked, bare_literals, fields, marked
from app.text import Text

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "widgets", "sync", "resources")
LANGUAGES = ("zh_CN", "en")
WRITTEN = "en"  # the language the words are marked in: its catalogue repeats them


# --- console --------------------------------------------------------------------------------------------


def console(text: Text | str, language: str = "") -> str:
    """A sentence in the console's language: the one asked for, else the locale's, else English."""
    return _filled(text, catalogue(language or console_language()))


def console_language() -> str:
    """The catalogue that fits the locale of this console."""
    named = locale.getlocale()[0] or ""
    return "zh_CN" if named.startswith(("zh", "Chinese")) else WRITTEN


def _filled(text: Text | str, words: gettext.NullTranslations) -> str:
    if isinstance(text, str):
        return words.gettext(text) if text else ""
    params = {
        name: _filled(value, words) if isinstance(value, Text) else value
        for name, value in text.params.items()
    }
    shown = _filled(text.message, words)
    return shown.format_map(params) if params else shown


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled words of a language; without them the console speaks English."""
    return gettext.translation("docket", resources.path("locale"), [language], fallback=True)


# --- catalogues -----------------------------------------------------------------------------------------


def collect(root: Path) -> list[Marked]:
    """Every word marked in the program, in order of file and line."""
    files = sorted(file for folder in FOLDERS for file in (root / folder).rglob("*.py"))
    return [found for file in files for found in marked(file, root)]


def update(locale_folder: Path, msgids: set[str], chinese: Mapping[str, str]) -> None:
    """Write both catalogues: words no longer used go, new ones come, `chinese` fills what is empty."""
    for language in LANGUAGES:
        known = _read_po(_po(locale_folder, language), language)
        filled = {}
        for msgid in msgids:
            entry = known.get(msgid)
            old = str(entry.string) if entry and not entry.fuzzy else ""
            filled[msgid] = msgid if language == WRITTEN else old or chinese.get(msgid, "")
        catalogue = _catalog(language)
        for msgid in sorted(msgids):
            catalogue.add(msgid, filled[msgid])
        po = _po(locale_folder, language)
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_bytes(_as_po(catalogue))
        po.with_suffix(".mo").write_bytes(_as_mo(catalogue))


def faults(locale_folder: Path, found: list[Marked]) -> list[str]:
    """What is wrong with the catalogues, one sentence each; empty when both languages are whole."""
    said = [f"{word.place}: {word.fault}" for word in found if word.fault]
    msgids = {word.msgid for word in found if not word.fault}
    for language in LANGUAGES:
        po = _po(locale_folder, language)
        catalogue = _read_po(po, language)
        entries = {str(entry.id): entry for entry in catalogue if entry.id}
        said += [f"{language}: new, run `run.py words`: {m!r}" for m in msgids - entries.keys()]
        said += [f"{language}: not used, run `run.py words`: {m!r}" for m in entries.keys() - msgids]
        said += [f"{language}: not used, run `run.py words`: {m!r}" for m in catalogue.obsolete]
        for msgid, entry in entries.items():
            for fault in _entry_faults(msgid, str(entry.string), entry.fuzzy):
                said.append(f"{language}: {fault}: {msgid!r}")
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != _as_mo(catalogue):
            said.append(f"{language}: {mo.name} does not match {po.name}, run `run.py words`")
    return sorted(said)


def _entry_faults(msgid: str, translation: str, fuzzy: bool) -> list[str]:
    if fuzzy:
        return ["fuzzy: read it and remove the mark"]
    if not translation:
        return ["not translated"]
    lost = fields(msgid) ^ fields(translation)
    return [f"placeholders differ {sorted(lost)}"] if lost else []


def _po(locale_folder: Path, language: str) -> Path:
    return locale_folder / language / "LC_MESSAGES" / "docket.po"


def _catalog(language: str) -> Catalog:
    """An empty catalogue whose header says the language and nothing that changes."""
    from babel.messages.catalog import Catalog

    class Undated(Catalog):
        mime_headers = (
            ("Language", language),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        )

    return Undated(locale=language, fuzzy=False, header_comment="# Docket")


def _read_po(po: Path, language: str) -> Catalog:
    from babel.messages.pofile import PoFileParser

    catalogue = _catalog(language)
    if po.exists():
        body = po.read_text(encoding="utf-8").split("\n\n", 1)[-1]  # the header is always written anew
        PoFileParser(catalogue, abort_invalid=True).parse(io.StringIO(body))
    return catalogue


def _as_po(catalogue: Catalog) -> bytes:
    from babel.messages.pofile import write_po

    file = io.BytesIO()
    write_po(file, catalogue, width=0, no_location=True, sort_output=True)
    return file.getvalue()


def _as_mo(catalogue: Catalog) -> bytes:
    from babel.messages.mofile import write_mo

    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


# --- verb -----------------------------------------------------------------------------------------------


def main(argv: list[str]) -> int:
    """Update the catalogues, or with `--check` only tell what is wrong with them."""
    parser = argparse.ArgumentParser(prog="run.py words", description="Collect and check the words.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a word is missing")
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="JSON", help="fill in Chinese")
    asked = parser.parse_args(argv)
    locale_folder = resources.path("locale")
    found = collect(ROOT)
    if not asked.check:
        chinese: dict[str, str] = {}
        for file in asked.merge:
            chinese |= json.loads(file.read_text(encoding="utf-8"))
        update(locale_folder, {word.msgid for word in found if not word.fault}, chinese)
    said = faults(locale_folder, found) + bare_literals(ROOT / "widgets", ROOT)
    for line in said:
        print(line, file=sys.stderr)
    print(f"{len({word.msgid for word in found})} words, {len(said)} faults")
    return 1 if said else 0
