"""`address`: read one address a line, write one JSON object a line; for scripts, offline.

Keys: province, city, county, town, detail, postcode, name, phone; `verdicts` of each (confirmed, completed,
replaced, doubtful; empty where there is nothing); `written`, where it was written otherwise; `verdict` of the
whole (FIX, CONFIRM, CONFIRM_ADD_SUBPREMISES, ACCEPT); `reasons`; `candidates` to choose from.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from app.boot.divisions import load_gazetteer
from app.boot.words import LANGUAGES, console
from app.domain.address_key import plain_street
from app.domain.characters import tidied
from app.domain.evidence import Place, arrived, weighed
from app.domain.gazetteer import Gazetteer
from app.domain.pasted import Pasted, read_pasted
from app.domain.phone import judge_phone
from app.domain.reading import (
    ACCEPT,
    ADDED,
    CONFIRM,
    CONFIRM_ADD,
    DOUBTFUL,
    FIX,
    KEPT,
    REPLACED,
    Part,
    Reading,
)
from app.text import N_, Text

LONGEST_LINE = 4_096
"""Bytes of one address; what is longer is no address and is answered, not read."""
YOUNG_OBJECTS = 20_000
"""New objects before Python looks for cycles among them: readings have none."""
UNREADABLE_SHARE = 0.1
COMPONENTS = {"province": "province", "city": "city", "district": "county", "street": "detail"}
VERDICTS = {KEPT: "confirmed", ADDED: "completed", REPLACED: "replaced", DOUBTFUL: "doubtful"}
ACTIONS = {
    ACCEPT: "ACCEPT",
    CONFIRM_ADD: "CONFIRM_ADD_SUBPREMISES",
    CONFIRM: "CONFIRM",
    FIX: "FIX",
}
Say = Callable[[Text], str]
Past = Mapping[str, Mapping[Place, int]]
FIELDS = ("province", "city", "county", "town", "detail", "postcode", "name", "phone")
EMPTY = dict.fromkeys(FIELDS, "")


def main(argv: list[str]) -> int:
    """Answer every line of standard input; 0 when all were answered, whatever they were worth."""
    parser = argparse.ArgumentParser(
        prog="run.py address", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--delivered", metavar="FILE", help="addresses where parcels arrived before, one a line"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the reasons")
    asked = parser.parse_args(argv)
    gc.set_threshold(YOUNG_OBJECTS)
    gazetteer, say = load_gazetteer(), partial(console, language=asked.lang)
    try:
        past = _arrived(Path(asked.delivered), gazetteer) if asked.delivered else {}
    except OSError:
        print(say(Text(N_("{file} cannot be read."), {"file": asked.delivered})), file=sys.stderr)
        return 2
    try:
        for line in lines(sys.stdin.buffer):
            answer = json.dumps(answered(line, gazetteer, say, past), ensure_ascii=False)
            sys.stdout.buffer.write(answer.encode() + b"\n")
            sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever asked has heard enough
        sys.stdout = None
    except KeyboardInterrupt:
        return 130
    return 0


def lines(source: IO[bytes]) -> Iterator[bytes]:
    """Yield each line without its end; of one that is too long its beginning, and the rest is passed over."""
    while line := source.readline(LONGEST_LINE + 2):
        if not line.endswith(b"\n") and len(line) > LONGEST_LINE:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = source.readline(LONGEST_LINE)
        yield line.rstrip(b"\r\n")


def _arrived(file: Path, gazetteer: Gazetteer) -> Past:
    with file.open("rb") as source:
        whole = (line for line in lines(source) if len(line) <= LONGEST_LINE)
        return arrived(read_pasted(as_text(line)[0], gazetteer)[0] for line in whole)


def answered(
    line: bytes, gazetteer: Gazetteer, say: Say = console, past: Past | None = None
) -> dict[str, Any]:
    """Return the answer to one line; `past` knows where parcels arrived, by street and door."""
    if len(line) > LONGEST_LINE:
        too_long = Text(N_("Longer than {count} bytes: this is no address."), {"count": LONGEST_LINE})
        return _answer(EMPTY, FIX, [say(too_long)])
    text, is_whole = as_text(line)
    reading, pasted = read_pasted(text, gazetteer)
    if past:
        reading = weighed(reading, past.get(plain_street(reading.street), {}), gazetteer)
    return described(reading, pasted, gazetteer, say, is_whole=is_whole)


def as_text(line: bytes) -> tuple[str, bool]:
    """Decode a line, and tell whether all of it was text: UTF-8, else the encoding of Chinese Windows."""
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        patched = line.decode("utf-8-sig", errors="replace")
        if patched.count("\ufffd") <= len(patched) * UNREADABLE_SHARE:
            return _printable(patched.replace("\ufffd", " ")), False
        try:
            return _printable(line.decode("gb18030")), True
        except UnicodeDecodeError:
            return _printable(patched.replace("\ufffd", " ")), False
    return _printable(text), True


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in tidied(text))


def described(
    reading: Reading, pasted: Pasted, gazetteer: Gazetteer, say: Say, *, is_whole: bool = True
) -> dict[str, Any]:
    """Put a reading into the words of the answer."""
    answer = _answer(EMPTY, reading.verdict, [])
    for part in (*reading.parts[:3], reading.town, *reading.parts[3:]):
        _put(answer, part, say)
    answer["detail"] = reading.detail
    if not answer["county"] and gazetteer.is_county(reading.province, reading.city):
        answer["county"], answer["verdicts"]["county"] = answer["city"], answer["verdicts"]["city"]
    wrong = judge_phone(pasted.phone, "CN") if pasted.phone else None
    _put(answer, Part("name", pasted.name, pasted.name, KEPT), say)
    if wrong is None:
        _put(answer, Part("phone", pasted.phone, pasted.phone, KEPT), say)
    else:
        _put(answer, Part("phone", pasted.phone, pasted.phone, DOUBTFUL, wrong), say)
    if reading.verdict == CONFIRM_ADD:
        answer["reasons"].append(f"detail: {say(Text(N_('The room is not told.')))}")
    if not is_whole:
        answer["reasons"].append(say(Text(N_("Some bytes of the line are no text."))))
    if reading.can_go and (wrong is not None or not is_whole):
        answer["verdict"] = ACTIONS[CONFIRM]
    answer["candidates"] = [list(path) for path in reading.candidates]
    return answer


def _put(answer: dict[str, Any], part: Part, say: Say) -> None:
    name = COMPONENTS.get(part.field, part.field)
    answer[name] = part.after
    if part.after or part.before or part.verdict == DOUBTFUL:
        answer["verdicts"][name] = VERDICTS[part.verdict]
    if part.before and part.before != part.after:
        answer["written"][name] = part.before
    if part.reason.message:
        answer["reasons"].append(f"{name}: {say(part.reason)}")


def _answer(values: dict[str, str], verdict: str, reasons: list[str]) -> dict[str, Any]:
    return {
        **values, "verdict": ACTIONS[verdict], "verdicts": dict(EMPTY), "written": {}, "reasons": reasons,
        "candidates": [],
    }  # fmt: skip
