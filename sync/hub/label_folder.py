"""Labels by files in a folder: a request the carrier's own program takes, an answer it writes beside it.

`label-….csv` asks, `label-….answer.csv` answers with a tracking number or the code of a reason. What was
answered is written into `book.csv` first, then both files go: no name stays longer than it is needed.
Source: DECISIONS 46.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.domain.spreadsheet import neutral
from app.domain.waybill import POSTCODE, is_number, label_key
from app.text import N_, Text
from sync.hub.outgoing import file_name, write_sheet
from sync.hub.provider import Done, Rejected, Unclear, Unsent

ASKS = (
    "request", "carrier", "service", "number", "warehouse", "pieces", "name", "phone", "country", "province",
    "city", "district", "street", "postcode",
)  # fmt: skip
VOIDS = ("request", "carrier", "tracking_no")
ERRANDS = (
    "request", "carrier", "tracking_no", "name", "phone", "country", "province", "city", "district", "street",
    "postcode",
)  # fmt: skip
WRITTEN = {
    "void": N_("That the label is void is written as {file}"),
    "redeliver": N_("To deliver it again is written as {file}, to be passed on"),
    "call_back": N_("To bring it back is written as {file}, to be passed on"),
}
BOOK = "book.csv"
"""Everything ever written here: request, the number it was given or the reason it was refused."""
OTHER = "other"
NOTHING = ("", "")
"""Asked, not answered."""
ANSWER_BYTES = 4_096
REASONS = {
    "not_served": N_("they do not go there"),
    "bad_address": N_("the address is not clear to them"),
    "bad_phone": N_("the phone number is not one to them"),
    POSTCODE: N_("the postcode does not match"),
    "no_balance": N_("our account has run dry"),
}
"""What a carrier may say instead; anything else is another reason: its own words may name people."""


class LabelFolder:
    """One file per request, named by its key: asked twice it is the same file."""

    takes_keys = True
    can_look_up = True
    settle_s = 2.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[str, str]] = {}
        self._read_to = 0

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Write the request, unless it is answered already; what asks for no answer is written and done.

        Raises:
            Unclear: it is written, and the answer is yet to come.
            Unsent: the disk does not take it.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str])
        kind = key.partition(":")[0]
        try:
            if kind == "void":
                return self._void(key, fields)
            if kind != "label":
                return self._written(key, ERRANDS, [key, *_cells(fields, ERRANDS)])
            number, _ = self._book().get(key, NOTHING)
            answer = (number, "") if number else self._read(key)
            if answer is None:
                self._write(key, ASKS, [key, *_cells(fields, ASKS)])
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault
        if answer is None:
            raise Unclear("written, not answered yet")
        return _said(*answer)

    def look_up(self, key: str) -> Done | Rejected | None:
        """Tell what was answered; None where nothing was ever asked under this key.

        Whoever takes a request away to work on it has not answered yet.

        Raises:
            Unclear: it was asked, and is not answered.
            Unsent: the folder cannot be read.
        """
        path = self.folder / file_name(key)
        try:
            known = self._book().get(key)
            is_asked = known is not None or path.exists()
            if not key.startswith("label:"):
                return _told(key, path) if is_asked else None
            answer = known if known is not None and known != NOTHING else self._read(key)
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault
        if answer is None and is_asked:
            raise Unclear("not answered yet")
        return _said(*answer) if answer is not None else None

    def _void(self, key: str, fields: dict[str, str]) -> Done:
        label = label_key(key)
        self._request(label).unlink(missing_ok=True)
        number, _ = self._book().get(label, NOTHING)
        return self._written(key, VOIDS, (label, neutral(fields.get("carrier", "")), number))

    def _written(self, key: str, head: Sequence[str], row: Sequence[str]) -> Done:
        """Write what asks for no answer."""
        self._write(key, head, row)
        return _told(key, self.folder / file_name(key))

    def _write(self, key: str, head: Sequence[str], row: Sequence[str]) -> None:
        write_sheet(self.folder / file_name(key), [head, row], is_private=True)
        self._note(key, *NOTHING)

    def _read(self, key: str) -> tuple[str, str] | None:
        """Read an answer, keep it in the book, and let both files go; None while there is none."""
        path = self._request(key).with_suffix(".answer.csv")
        if not path.exists():
            return None
        answer = _answer(path)
        self._note(key, *answer)
        path.unlink(missing_ok=True)
        self._request(key).unlink(missing_ok=True)
        return answer

    def _note(self, key: str, number: str, reason: str) -> None:
        with (self.folder / BOOK).open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow((key, number, reason))
            file.flush()
            os.fsync(file.fileno())

    def _book(self) -> dict[str, tuple[str, str]]:
        """Return what was last written down of each key; only what came since is read."""
        path = self.folder / BOOK
        size = path.stat().st_size if path.exists() else 0
        if size < self._read_to:
            self._known, self._read_to = {}, 0
        if size > self._read_to:
            with path.open("rb") as file:
                file.seek(self._read_to)
                new = file.read(size - self._read_to)
            new = new[: new.rfind(b"\n") + 1]
            rows = (row for row in csv.reader(io.StringIO(new.decode("utf-8", "replace"))) if len(row) == 3)
            self._known |= {row[0]: (row[1], row[2]) for row in rows if not row[1] or is_number(row[1])}
            self._read_to += len(new)
        return self._known

    def _request(self, key: str) -> Path:
        return self.folder / file_name(key)


def _answer(path: Path) -> tuple[str, str]:
    """Return the tracking number of an answer, or the code of its reason.

    Raises:
        Unclear: it is not whole, or says neither.
    """
    try:
        with path.open("rb") as file:
            text = file.read(ANSWER_BYTES + 1).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))[:1]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise Unclear("the answer cannot be read") from fault
    if len(text) > ANSWER_BYTES or not rows:
        raise Unclear("the answer is not whole")
    number, reason = ((rows[0].get(name) or "").strip() for name in ("tracking_no", "reason"))
    if not number and not reason:
        raise Unclear("the answer says nothing")
    if number and not is_number(number):
        raise Unclear("the answer has no tracking number that bars could say")
    if number:
        return number, ""
    return "", reason if reason in REASONS else OTHER


def _cells(fields: dict[str, str], head: Sequence[str]) -> list[str]:
    return [neutral(fields.get(name, "")) for name in head[1:]]


def _said(number: str, reason: str) -> Done | Rejected:
    if number:
        return Done(number, Text(N_("Label given, {tracking_no}"), {"tracking_no": number}))
    return refused(reason)


def refused(reason: str) -> Rejected:
    """Say that a carrier gives no label, and what of it is wrong to them."""
    known = reason if reason in REASONS else OTHER
    said = Text(REASONS.get(known, N_("another reason, see there")))
    return Rejected(Text(N_("They refused it: {reason}"), {"reason": said}), known)


def _told(key: str, path: Path) -> Done:
    return Done(path.name, Text(WRITTEN[key.partition(":")[0]], {"file": path.name}))
