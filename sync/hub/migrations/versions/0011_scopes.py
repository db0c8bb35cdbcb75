"""Write every row under the scope it belongs to; keep the digest of a batch's changes beside its block.

Desks load everything again: what they hold was sent without scopes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OFFICE = ("customer", "price_list")
_ORDER = (
    "'shop:' || r.shop || CASE WHEN r.warehouse <> '' THEN '/wh:' || r.warehouse ELSE '' END"
    " || CASE WHEN r.signatures_needed > 0 THEN '/review' ELSE '' END"
)
_DOC = (
    "'wh:' || r.warehouse"
    " || CASE WHEN r.target <> '' AND r.target <> r.warehouse THEN '/wh:' || r.target ELSE '' END"
)
_CASE = "CASE WHEN r.owner = '' THEN 'office' ELSE 'user:' || r.owner END"
_REF = "CASE WHEN r.tbl IN ('customer', 'price_list') THEN 'office' WHEN r.tbl = 'revision' THEN 'settings'"
_ROWS = (
    f"SELECT r.feed_id, {_ORDER}, 'order', r.id, r.seq FROM orders r",
    "SELECT r.feed_id, 'wh:' || r.warehouse, 'stock', r.warehouse || '/' || r.sku, r.seq FROM stock r",
    f"SELECT r.feed_id, {_DOC}, 'stock_doc', r.id, r.seq FROM stock_doc r",
    (
        f"SELECT r.feed_id, {_CASE}, 'snag', r.id, r.seq FROM snag r"
        " WHERE r.subject <> 'order' AND r.state = 'open'"
    ),
    f"SELECT r.feed_id, {_REF} ELSE 'ref' END, r.tbl, r.pk, r.seq FROM ref r",
)
"""Feed, scope, table, key and number of every row that counts in a checksum."""


def upgrade() -> None:
    op.add_column("feed", sa.Column("compacted", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("audit_block", sa.Column("changes_root", sa.LargeBinary(), nullable=True))
    for table, key, scope in (("order", "orders", _ORDER), ("stock_doc", "stock_doc", _DOC)):
        now = f"FROM {key} r WHERE r.feed_id = change.feed_id AND r.id = change.pk"
        op.execute(
            f"UPDATE change SET scope = (SELECT {scope} {now}) "
            f"WHERE tbl = '{table}' AND EXISTS (SELECT 1 {now})"
        )
    op.execute("UPDATE change SET scope = 'office' WHERE tbl IN ('customer', 'price_list')")
    op.execute("UPDATE change SET scope = 'office' WHERE tbl = 'snag' AND scope = 'ref'")
    op.execute("UPDATE change SET scope = 'settings' WHERE tbl = 'revision'")
    op.create_index(op.f("ix_change_feed_id_scope_seq"), "change", ["feed_id", "scope", "seq"])
    _count_again()
    op.execute("UPDATE feed SET floor = head, compacted = head")


def _count_again() -> None:
    """Add every checksum up anew, under the scopes as they are now."""
    db = op.get_bind()
    sums: dict[tuple[int, str], int] = {}
    for feed_id, scope, table, key, seq in _rows(db):
        mark = hashlib.blake2b(f"{table}\x1f{key}\x1f{seq}".encode(), digest_size=8).digest()
        sums[feed_id, scope] = sums.get((feed_id, scope), 0) + int.from_bytes(mark, "big")
    db.exec_driver_sql("DELETE FROM scope_sum")
    into = sa.table("scope_sum", *(sa.column(name) for name in ("feed_id", "scope", "sum64")))
    counted = [
        {"feed_id": feed_id, "scope": scope, "sum64": (total + 2**63) % 2**64 - 2**63}
        for (feed_id, scope), total in sums.items()
    ]
    if counted:
        db.execute(sa.insert(into), counted)


def _rows(db: sa.Connection) -> Iterator[tuple[int, str, str, str, int]]:
    for query in _ROWS:
        for row in db.exec_driver_sql(query):
            yield tuple(row)
