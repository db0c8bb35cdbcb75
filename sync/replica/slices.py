"""A page of the feed in slices: the screen never waits for a large one. Source: sync.md section 4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sync.projection import Row
from sync.wire import PullReply

SLICE_ROWS = 100
"""Rows applied without letting the store lane go; sync.md allows 200, 20 ms on a slow PC ask for fewer."""


class Slice(NamedTuple):
    """A part of a pull page, applied in one transaction; the last one carries the page's own figures."""

    rows: Sequence[Row]
    cursor: int
    page: PullReply | None


def slices(reply: PullReply, size: int = SLICE_ROWS) -> Iterator[Slice]:
    """Cut a page; the cursor moves only over numbers that are whole."""
    rows = [Row(c.tbl, c.pk, c.seq, None if c.op == "D" else bytes(c.row)) for c in reply.changes]
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        after = rows[start + size].seq if start + size < len(rows) else None
        if after is not None:
            whole = part[-1].seq if part[-1].seq < after else part[-1].seq - 1
            yield Slice(part, max(reply.since, whole), None)
        else:
            yield Slice(part, reply.to, reply)
    if not rows:
        yield Slice((), reply.to, reply)
