"""Unsent work as a file, for the worst case: the disk is dying, or the hub will not come back.

Source: sync.md section 7, what is only saved here dies with its disk.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from app.text import N_, Text
from app.trouble import Trouble
from sync.replica.asked import asked_for
from sync.replica.entries import Entry
from sync.replica.outbox import Outbox


class Unsent(msgspec.Struct, frozen=True, kw_only=True):
    """One command: who did what to which order and when, in words, and as the hub would be asked."""

    n: int
    at: datetime
    who: str
    order: str
    said: str
    command: str
    because: str
    args: msgspec.Raw


class Export(msgspec.Struct, frozen=True, kw_only=True):
    replica: str
    commands: list[Unsent]


def write_unsent(outbox: Outbox, path: Path) -> int:
    """Write it; only its owner reads it, since it holds names and streets. A broken file never appears.

    Raises:
        Trouble: `unwritable`.
    """
    entries = outbox.saved()
    text = msgspec.json.format(msgspec.json.encode(Export(replica=outbox.meta("replica"), commands=[
        _unsent(entry) for entry in entries
    ])))  # fmt: skip
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        hint = Text(N_("The file cannot be written there: {reason}"), {"reason": error.strerror or "?"})
        raise Trouble("unwritable", hint) from error
    return len(entries)


def _unsent(entry: Entry) -> Unsent:
    said = entry.texts or (asked_for(entry),)
    return Unsent(
        n=entry.n,
        at=entry.saved_at,
        who=entry.actor.user,
        order=entry.label,
        said="; ".join(_plain(text) for text in said),
        command=entry.name,
        because=entry.because,
        args=msgspec.Raw(entry.args),
    )


def _plain(text: Text) -> str:
    """Say a sentence as it is written in the code: the file is read by whoever is called for help."""
    params = {
        name: _plain(value) if isinstance(value, Text) else value for name, value in text.params.items()
    }
    return text.message.format_map(params) if params else text.message
