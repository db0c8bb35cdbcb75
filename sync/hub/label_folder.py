"""Labels by files in a folder: a request the carrier's own program takes, an answer it writes beside it.

`label-….csv` asks, `label-….answer.csv` answers with a tracking number or the code of a reason. What was
answered is written into `numbers.csv` first, then both files go: no name stays longer than it is needed.
Source: DECISIONS 46.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import msgspec

from app.domain.spreadsheet import neutral
from app.domain.waybill import is_number, label_key
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
NUMBERS = "numbers.csv"
"""Every label ever given here: request and tracking number."""
ANSWER_BYTES = 4_096
REASONS = {
    "not_served": N_("they do not go there"),
    "bad_address": N_("the address is not clear to them"),
    "bad_phone": N_("the phone number is not one to them"),
    "bad_postcode": N_("the postcode does not match"),
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
        self._given: dict[str, str] = {}
        self._read_to = 0

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Write the request, unless it is answered already; a void is written and done.

        Raises:
            Unclear: it is written, and the answer is yet to come.
            Unsent: the disk does not take it.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str])
        try:
            if key.startswith("void:"):
                return self._void(key, fields)
            if not key.startswith("label:"):
                return self._errand(key, fields)
            known = self._answered(key)
            if known is not None:
                return known
            row = [key, *(neutral(fields.get(name, "")) for name in ASKS[1:])]
            write_sheet(self._request(key), [ASKS, row], is_private=True)
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault
        raise Unclear("written, not answered yet")

    def look_up(self, key: str) -> Done | Rejected | None:
        """Read the answer; None where nothing was ever asked under this key.

        Raises:
            Unclear: it was asked, and is not answered.
            Unsent: the folder cannot be read.
        """
        try:
            if not key.startswith("label:"):
                path = self.folder / file_name(key)
                return _written(key, path) if path.exists() else None
            known = self._answered(key)
            if known is None and self._request(key).exists():
                raise Unclear("not answered yet")
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault
        return known

    def _void(self, key: str, fields: dict[str, str]) -> Done:
        label = label_key(key)
        number = self._numbers().get(label, "")
        path = self.folder / file_name(key)
        self._request(label).unlink(missing_ok=True)
        write_sheet(path, [VOIDS, (label, neutral(fields.get("carrier", "")), number)])
        return _written(key, path)

    def _errand(self, key: str, fields: dict[str, str]) -> Done:
        """Write what shall become of a parcel they have: to the door again, perhaps another one, or back."""
        path = self.folder / file_name(key)
        row = [key, *(neutral(fields.get(name, "")) for name in ERRANDS[1:])]
        write_sheet(path, [ERRANDS, row], is_private=True)
        return _written(key, path)

    def _answered(self, key: str) -> Done | Rejected | None:
        number = self._numbers().get(key, "")
        if number:
            return _given(number)
        path = self._answer(key)
        if not path.exists():
            return None
        number, reason = _read(path)
        if number:
            self._note(key, number)
        path.unlink(missing_ok=True)
        self._request(key).unlink(missing_ok=True)
        if number:
            return _given(number)
        said = Text(REASONS.get(reason, N_("another reason, see there")))
        return Rejected(Text(N_("They refused it: {reason}"), {"reason": said}))

    def _note(self, key: str, number: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / NUMBERS).open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow((key, number))
            file.flush()
            os.fsync(file.fileno())

    def _numbers(self) -> dict[str, str]:
        """Return every number ever given; only what was written since is read."""
        path = self.folder / NUMBERS
        size = path.stat().st_size if path.exists() else 0
        if size < self._read_to:
            self._given, self._read_to = {}, 0
        if size > self._read_to:
            with path.open("rb") as file:
                file.seek(self._read_to)
                new = file.read(size - self._read_to)
            new = new[: new.rfind(b"\n") + 1]
            rows = csv.reader(io.StringIO(new.decode("utf-8", "replace")))
            self._given |= {row[0]: row[1] for row in rows if len(row) == 2 and is_number(row[1])}
            self._read_to += len(new)
        return self._given

    def _request(self, key: str) -> Path:
        return self.folder / file_name(key)

    def _answer(self, key: str) -> Path:
        return self._request(key).with_suffix(".answer.csv")


def _read(path: Path) -> tuple[str, str]:
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
    return number, reason


def _given(number: str) -> Done:
    return Done(number, Text(N_("Label given, {tracking_no}"), {"tracking_no": number}))


def _written(key: str, path: Path) -> Done:
    return Done(path.name, Text(WRITTEN[key.partition(":")[0]], {"file": path.name}))
