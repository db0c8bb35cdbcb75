"""What a shift leaves to the next: what is open in a warehouse, and the pages that were signed.

Orders are found by indexed columns, and all of them are read: what a page has no room for is not done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from app.domain.handover import Handover, Open
from app.handing import in_turn, open_of, open_of_case
from sync.projection import waits_for_review
from sync.replica.rows import decode, load

_OPEN = """
SELECT DISTINCT id FROM (
  SELECT o.id AS id, o.warehouse AS warehouse FROM snag s JOIN orders o ON o.id = s.subject_id
    WHERE s.claimed <> 0 OR s.asleep OR s.why <> ''
  UNION ALL SELECT id, warehouse FROM orders WHERE held
  UNION ALL SELECT id, warehouse FROM orders WHERE status = 'packed'
  UNION ALL SELECT id, warehouse FROM orders WHERE waits_review
) WHERE :warehouse IN ('', warehouse)
"""
_CASES = "SELECT subject_id FROM snag WHERE subject <> 'order' AND (claimed <> 0 OR asleep OR why <> '')"
_PAGES = "SELECT doc FROM row WHERE tbl = 'handover' AND pk > ? AND pk < ? AND doc IS NOT NULL "


def open_work(db: sqlite3.Connection, warehouse: str) -> tuple[Open, ...]:
    """Return all that is open in a warehouse, or everywhere; what is promised first stands on top."""
    ids = [("order", one) for (one,) in db.execute(_OPEN, {"warehouse": warehouse})]
    if not warehouse:
        ids += [("snag", one) for (one,) in db.execute(_CASES)]
    lines: list[Open] = []
    for (table, _id), row in load(db, ids).items():
        if row is not None and table == "order":
            lines += open_of(row, is_reviewed=waits_for_review(row))
        elif row is not None:
            lines += open_of_case(row)
    return in_turn(lines)


def handovers(db: sqlite3.Connection, warehouse: str, limit: int) -> Sequence[Handover]:
    """Return the pages of a warehouse, or those of the whole desk, the newest first."""
    asked = (f"{warehouse}/", f"{warehouse}0", limit)
    found = db.execute(f"{_PAGES}ORDER BY pk DESC LIMIT ?", asked)
    return [decode("handover", doc) for (doc,) in found]
