"""Anchors: signed heads that leave the building, so that nobody rewrites history unseen.

Source: sync.md section 13, write-once storage, mail, or paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, select

from app.text import N_, Text
from app.trouble import Trouble
from sync.chain import Head, is_signed
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.finding import Finding
from sync.hub.witness.heads import Signer, contradiction, shared_until, standing
from sync.keeping_tables import anchor
from sync.tables import micros
from sync.wire import UNREADABLE

LINES_LIMIT = 1_000_000
LINE_BYTES = 2_000
_COLUMNS = ("epoch", "seq", "hash", "signature", "made_at", "stored")
_ANCHORS = Into(anchor, _COLUMNS, skips=True)


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """One signed head, with the key it is checked by: a line of JSON."""

    docket: str = "anchor"
    feed: int
    head: Head
    key: str
    at: datetime

    def line(self) -> bytes:
        """Return it as it is kept."""
        return msgspec.json.encode(self) + b"\n"

    def printed(self) -> str:
        """Return it as it stands on paper: short groups, to be compared by eye."""
        hexed = " ".join(self.head.hash[i : i + 8] for i in range(0, len(self.head.hash), 8))
        return f"Docket {self.at:%Y-%m-%d %H:%M}Z  {self.head.epoch[:8]}  {self.head.seq}  {hexed}"


def sign_anchor(engine: Engine, feed_id: int, signer: Signer, now: datetime) -> Anchor:
    """Return where the feed stands, signed; nothing is kept yet."""
    with reading(engine) as db:
        head = signer.sign(*standing(db, feed_id))
    return Anchor(feed=feed_id, head=head, key=signer.key, at=now)


def note_anchor(engine: Engine, made: Anchor, stored: str) -> None:
    """Write down where an anchor went, once it is there."""
    head = made.head
    row = (head.epoch, head.seq, bytes.fromhex(head.hash), bytes.fromhex(head.sig), micros(made.at), stored)
    with writing(engine) as db:
        _ANCHORS.write(db, made.feed, [row])


def read_anchors(path: Path) -> list[Anchor]:
    """Return the anchors of a file, one a line.

    Raises:
        Trouble: not_an_anchor: a line is none.
    """
    found: list[Anchor] = []
    try:
        with path.open("rb") as file:
            while (line := file.readline(LINE_BYTES)) and len(found) < LINES_LIMIT:
                if line.strip():
                    found.append(msgspec.json.decode(line, type=Anchor))
    except (OSError, *UNREADABLE) as fault:
        raise Trouble(
            "not_an_anchor",
            Text(
                N_("Line {line} of {file} is no anchor, or the file cannot be read."),
                {"line": len(found) + 1, "file": str(path)},
            ),
        ) from fault
    return found


def stored_anchors(db: Connection, feed_id: int) -> Iterator[Head]:
    """Return the anchors the database itself knows of."""
    rows = db.execute(select(anchor).where(anchor.c.feed_id == feed_id).order_by(anchor.c.made_at))
    for row in rows.all():
        yield Head(row.epoch, row.seq, bytes(row.hash).hex(), bytes(row.signature).hex())


def anchors_hold(db: Connection, feed_id: int, anchors: Iterable[Anchor]) -> Iterator[Finding]:
    """I8 by what was kept outside: every anchor is signed by one hub, and lies on this history."""
    keys: set[str] = set()
    for one in anchors:
        if one.feed != feed_id:
            continue
        subject = f"anchor {one.head.seq}"
        keys.add(one.key)
        if not is_signed(one.key, one.head) or len(keys) > 1:
            yield Finding("I8", subject, "is not signed by this hub")
        elif shared_until(db, feed_id, one.head.epoch) is None:
            yield Finding("I8", subject, f"is of a life ({one.head.epoch}) this history never went on from")
        elif contradiction(db, feed_id, one.head):
            yield Finding("I8", subject, "this history is not the one that was anchored")
