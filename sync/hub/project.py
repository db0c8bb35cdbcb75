"""What a person's desk may read: feed rows with the receiver opened, or masked, by reach.

Source: sync.md section 11, columns are masked in the hub's projection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, Engine, select

from app.domain.mask import masked
from app.domain.scopes import Reach
from app.domain.told import Told
from app.domain.values import Receiver
from sync.hub.database import reading
from sync.hub.seal import INVOICE, PERSONAL, Seal, SubjectKey, open_document
from sync.tables import subject_key
from sync.wire import Change

_receiver = msgspec.json.Decoder(Receiver)
_told = msgspec.json.Decoder(Told)
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def opened_changes(
    engine: Engine, feed_id: int, seal: Seal, reach: Reach, changes: Sequence[Change]
) -> list[Change]:
    """Return rows of the feed as a reach may read them."""
    orders = [change.pk for change in changes if change.tbl == "order"]
    keys: dict[str, SubjectKey] = {}
    if orders:
        with reading(engine) as db:
            keys = subject_keys(db, feed_id, seal, orders)
    return [opened(change, keys.get(change.pk), reach) for change in changes]


def subject_keys(db: Connection, feed_id: int, seal: Seal, subjects: Iterable[str]) -> dict[str, SubjectKey]:
    """Return the keys of the subjects that were not erased."""
    rows = db.execute(
        select(subject_key.c.subject_id, subject_key.c.wrapped).where(
            subject_key.c.feed_id == feed_id, subject_key.c.subject_id.in_(list(dict.fromkeys(subjects)))
        )
    )
    return {row.subject_id: seal.unwrap(row.subject_id, row.wrapped) for row in rows}


def opened(change: Change, key: SubjectKey | None, reach: Reach) -> Change:
    """Open one feed row; who need not know gets masks."""
    if change.tbl != "order" or change.op == "D":
        return change
    return msgspec.structs.replace(change, row=msgspec.Raw(opened_order(bytes(change.row), key, reach)))


def opened_order(row: bytes, key: SubjectKey | None, reach: Reach) -> bytes:
    """Open the receiver of one order document; an erased one is empty.

    Masked, it says neither whom an invoice is made out to, which may be a person, nor where else it might go.
    """
    row = open_document(row, key)
    if not reach.masked:
        return row
    fields = _fields.decode(row)
    if PERSONAL in fields:
        fields[PERSONAL] = msgspec.Raw(msgspec.json.encode(masked(_receiver.decode(fields[PERSONAL]))))
    for hidden in (INVOICE, "announced", "left_address"):
        fields.pop(hidden, None)
    if b'"beside":' in row:
        fields["told"] = msgspec.Raw(msgspec.json.encode(_unnamed(fields["told"])))
    return msgspec.json.encode(fields)


def _unnamed(told: bytes) -> Told:
    """Take what may name people out of what a channel tells beside an order."""
    known = _told.decode(told)
    return msgspec.structs.replace(known, beside=msgspec.structs.replace(known.beside, receiver=Receiver()))
