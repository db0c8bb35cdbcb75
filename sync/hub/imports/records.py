"""What is kept of imports: how columns were understood, and what each file brought."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from app.imports import Account, ImportRow, Reading, Stays
from app.text import Text
from sync.hub.imports.plan import Plan, fingerprint
from sync.hub.imports.sheets import Sheet
from sync.import_tables import file_import, file_mapping

ALIKE = 0.5
"""Which share of its columns a kept mapping must find again, so that the rest counts as renamed."""
KEPT_IMPORTS = 500


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One import as kept. `files`, `headers`: of each file; `at`: where its bytes lie while it is under way.

    `readings`: how each file is read, so that a hub started anew reads it the same way.
    `case`: whose rows these are, taken once more.
    """

    id: str
    files: tuple[str, ...]
    headers: tuple[tuple[str, ...], ...]
    shop: str
    by: str
    made_at: datetime
    state: str
    plan: Plan
    account: Account = Account()
    rows: int = 0
    note: Text | None = None
    cancelled: int = 0
    stays: tuple[Stays, ...] = ()
    stays_count: int = 0
    at: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    case: str = ""

    def row(self, shop_title: str = "") -> ImportRow:
        """Return it as a desk shows it."""
        return ImportRow(
            id=self.id, files=self.files, shop=self.shop, shop_title=shop_title or self.shop, by=self.by,
            at=self.made_at, state=self.state, account=self.account, rows=self.rows, note=self.note,
        )  # fmt: skip


# --- imports ------------------------------------------------------------------------------------------


def add(db: Connection, feed_id: int, record: Record, digest: bytes) -> None:
    """Keep a new import."""
    db.execute(
        insert(file_import).values(
            feed_id=feed_id,
            import_id=record.id,
            replica_id=f"file:{record.shop}",
            shop=record.shop,
            state=record.state,
            digest=digest,
            made_at=record.made_at,
            doc=msgspec.json.encode(record).decode(),
        )
    )


def change(db: Connection, feed_id: int, record: Record) -> None:
    """Keep an import as it is now."""
    at = file_import.c.feed_id == feed_id, file_import.c.import_id == record.id
    doc = msgspec.json.encode(record).decode()
    db.execute(update(file_import).where(*at).values(state=record.state, doc=doc))


def find(db: Connection, feed_id: int, id: str) -> Record | None:
    """Return one import."""
    at = file_import.c.feed_id == feed_id, file_import.c.import_id == id
    doc = db.execute(select(file_import.c.doc).where(*at)).scalar_one_or_none()
    return msgspec.json.decode(doc, type=Record) if doc else None


def past(db: Connection, feed_id: int, limit: int, states: Collection[str] = ()) -> list[Record]:
    """Return the newest imports first."""
    asked = select(file_import.c.doc).where(file_import.c.feed_id == feed_id)
    if states:
        asked = asked.where(file_import.c.state.in_(states))
    newest = asked.order_by(file_import.c.made_at.desc(), file_import.c.import_id.desc())
    docs = db.execute(newest.limit(min(limit, KEPT_IMPORTS))).scalars()
    return [msgspec.json.decode(doc, type=Record) for doc in docs]


def brought_before(db: Connection, feed_id: int, shop: str, digest: bytes) -> datetime | None:
    """Tell when a shop's very same files were imported last."""
    at = file_import.c.feed_id == feed_id, file_import.c.shop == shop, file_import.c.digest == digest
    newest = select(file_import.c.made_at).where(*at).order_by(file_import.c.made_at.desc()).limit(1)
    return db.execute(newest).scalar_one_or_none()


# --- mappings -----------------------------------------------------------------------------------------


class Kept(msgspec.Struct, frozen=True):
    """A kept mapping that fits these files. `lost`: (file, column) it uses that are not there any more."""

    plan: Plan
    lost: tuple[tuple[int, str], ...] = ()


def keep_mapping(
    db: Connection, feed_id: int, shop: str, sheets: Sequence[Sheet], plan: Plan, by: str, now: datetime
) -> None:
    """Keep how a shop's files with these columns are understood; it replaces what was kept before."""
    mark = fingerprint(sheet.header for sheet in sheets)
    at = (
        file_mapping.c.feed_id == feed_id, file_mapping.c.shop == shop, file_mapping.c.fingerprint == mark
    )  # fmt: skip
    db.execute(delete(file_mapping).where(*at))
    db.execute(
        insert(file_mapping).values(
            feed_id=feed_id,
            shop=shop,
            fingerprint=mark,
            doc=msgspec.json.encode(plan).decode(),
            user_code=by,
            made_at=now,
        )
    )


def kept_mapping(db: Connection, feed_id: int, shop: str, sheets: Sequence[Sheet]) -> Kept | None:
    """Return what was kept for these columns, else the shop's newest mapping that finds half of its columns.

    Source: capabilities 9.5, a renamed source column turns the mapping red before the next import.
    """
    mark = fingerprint(sheet.header for sheet in sheets)
    mine = file_mapping.c.feed_id == feed_id, file_mapping.c.shop == shop
    newest = select(file_mapping.c.fingerprint, file_mapping.c.doc).where(*mine)
    rows = db.execute(newest.order_by(file_mapping.c.made_at.desc())).all()
    plans = [(row.fingerprint == mark, msgspec.json.decode(row.doc, type=Plan)) for row in rows]
    for is_exact, plan in sorted(plans, key=lambda one: not one[0]):
        wanted = {(one.file, one.column) for one in plan.bindings}
        here = {(sheet.file, name) for sheet in sheets for name in sheet.header}
        if not wanted or max(file for file, _ in wanted) >= len(sheets):
            continue
        if is_exact or len(wanted & here) >= ALIKE * len(wanted):
            return Kept(plan, tuple(sorted(wanted - here)))
    return None
