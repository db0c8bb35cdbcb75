"""Invoices asked of a service by files in a folder: one request, one answer, read back. No connector yet.

Beside each request `<name>.json` (`billing.Request`) whoever makes the invoice puts `<name>.answer.json`:
`{"number": "…"}` where it was made, `{"refused": "tax_no", "reason": "…"}` where it was not; `refused` is one
of `billing.FIELDS`. What is refused is asked for again under the same key as `<name>.2.json`, and so on.
Source: DECISIONS 83.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlalchemy import Engine, select

from app.domain.billing import FIELDS, Request, request_of
from app.domain.order import Order
from app.text import N_, Text
from sync.hub.database import reading
from sync.hub.outgoing import note, noted
from sync.hub.project import subject_keys
from sync.hub.provider import Done, Pending, Rejected, Unclear, Unsent
from sync.hub.seal import Seal, open_document
from sync.tables import orders

ANSWER_MOST = 64 * 1024
"""Bytes of an answer; a longer one is none."""
NUMBER_MOST, REASON_MOST = 64, 160
ASKED_AGAIN_S = 30.0
"""How long after a look without an answer the folder is looked at again, at the earliest."""


class Answer(msgspec.Struct, frozen=True):
    """What stands in an answer file: a number, or what was refused and why."""

    number: str = ""
    refused: str = ""
    reason: str = ""


class InvoiceFolder:
    """One file per invoice, named by its key: asked twice it is the same file."""

    takes_keys = True
    can_look_up = True
    settle_s = 0.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, key: str, payload: bytes) -> Done | Rejected | Pending:
        """Write the request, whole or not at all; one that was made already stays made.

        Raises:
            Unsent: the disk does not take it.
            Unclear: there is an answer that nobody can read.
        """
        try:
            tries = self._tries(key)
            known = self._answer(self._path(key, tries)) if tries else None
            if isinstance(known, Done):
                return known
            path = self._path(key, tries + 1 if known is not None else tries or 1)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            with part.open("wb") as file:
                file.write(msgspec.json.format(payload, indent=2))
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            note(self._folder, path.name)
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault
        return Pending(ASKED_AGAIN_S)

    def look_up(self, key: str) -> Done | Rejected | Pending | None:
        """Read the answer to the newest request under a key; None where there never was one.

        Raises:
            Unsent: the folder cannot be read.
            Unclear: there is an answer that nobody can read.
        """
        try:
            tries = self._tries(key)
            return self._answer(self._path(key, tries)) or Pending(ASKED_AGAIN_S) if tries else None
        except OSError as fault:
            raise Unsent(f"{fault.strerror or fault}") from fault

    def _answer(self, path: Path) -> Done | Rejected | None:
        """Read what was answered; what they quote of the buyer is left out.

        Raises:
            Unclear: it is no answer.
        """
        answer_path = path.with_suffix(".answer.json")
        if not answer_path.exists():
            return None
        with answer_path.open("rb") as file:
            written = file.read(ANSWER_MOST + 1)
        try:
            if len(written) > ANSWER_MOST:
                raise Unclear(f"{answer_path.name} is too large")
            answer = msgspec.json.decode(written, type=Answer)
        except (msgspec.DecodeError, RecursionError) as fault:
            raise Unclear(f"{answer_path.name} cannot be read") from fault
        number = answer.number.strip()
        if number and len(number) <= NUMBER_MOST and number.isprintable():
            return Done(number, Text(N_("Invoice {number} was made"), {"number": number}))
        if not answer.refused:
            raise Unclear(f"{answer_path.name} says neither a number nor what was refused")
        field = answer.refused if answer.refused in FIELDS else "other"
        reason = _without(answer.reason, path)
        said: dict[str, str | int | Text] = {"field": Text(FIELDS[field]), "reason": reason}
        if not reason:
            return Rejected(Text(N_("The invoice was refused: {field}"), {"field": said["field"]}), field)
        return Rejected(Text(N_("The invoice was refused: {field}. {reason}"), said), field)

    def _tries(self, key: str) -> int:
        """Return how many requests there were under a key; who took one away did not unmake it."""
        tries, known = 0, noted(self._folder)
        while (path := self._path(key, tries + 1)).exists() or path.name in known:
            tries += 1
        return tries

    def _path(self, key: str, number: int) -> Path:
        kind, _, rest = key.partition(":")
        plain = re.sub(r"[^A-Za-z0-9-]+", "_", rest)[:60]
        again = "" if number == 1 else f".{number}"
        return self._folder / f"{kind}-{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}{again}.json"


def _without(reason: str, request: Path) -> str:
    """Return a reason on one line, without what it quotes of the buyer: that may be a person."""
    try:
        asked = msgspec.json.decode(request.read_bytes(), type=Request)
    except (FileNotFoundError, msgspec.DecodeError):
        return ""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in reason).split())
    for quoted in filter(None, (asked.title, asked.tax_no)):
        words = words.replace(quoted, "…")
    return words[:REASON_MOST]


class Invoices:
    """Writes what is asked for when it leaves: from the order as it is then, opened for that alone."""

    def __init__(self, engine: Engine, feed_id: int, seal: Seal) -> None:
        self._engine, self._feed_id, self._seal = engine, feed_id, seal

    def compose(self, order: str, key: str) -> tuple[str, bytes]:
        """Return the service an invoice is asked of, and what it is asked for.

        Raises:
            LookupError: the order asks for no such invoice.
        """
        with reading(self._engine) as db:
            doc = db.execute(
                select(orders.c.doc).where(orders.c.feed_id == self._feed_id, orders.c.id == order)
            ).scalar_one()
            known = subject_keys(db, self._feed_id, self._seal, [order]).get(order)
        whole = msgspec.json.decode(open_document(doc.encode(), known), type=Order)
        bill = next((bill for bill in whole.bills if bill.key == key), None)
        if bill is None:
            raise LookupError(key)
        return bill.provider, msgspec.json.encode(request_of(whole, bill))


def folders_of(named: Mapping[str, str]) -> dict[str, InvoiceFolder]:
    """Return the service behind each name."""
    return {name: InvoiceFolder(Path(folder)) for name, folder in named.items()}
