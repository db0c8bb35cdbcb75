"""A page of the feed in slices: the screen never waits for a large one. Source: sync.md section 4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sync.projection import Row
from sync.wire import PullReply

SLICE_ROWS = 100
"""Rows applied without letting the store lane go; sync.md allows 200, 20 ms on a slow PC ask for fewer."""


class Slice(NamedTuple):
    """A part of a pull page, applied in one transaction; the last one carries the page's own figures.

    `scope_rev` names the reach it was asked for: it is not for the replica of anybody else.
    """

    rows: Sequence[Row]
    cursor: int
    page: PullReply | None
    scope_rev: str = ""


def slices(reply: PullReply, size: int = SLICE_ROWS) -> Iterator[Slice]:
    """Cut a page; the cursor moves only over numbers that are whole."""
    rows = [Row(c.tbl, c.pk, c.seq, None if c.op == "D" else bytes(c.row), c.scope) for c in reply.changes]
    rev = reply.scope_rev
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        after = rows[start + size].seq if start + size < len(rows) else None
        if after is not None:
            whole = part[-1].seq if part[-1].seq < after else part[-1].seq - 1
            yield Slice(part, min(max(reply.since, whole), reply.to), None, rev)
        else:
            yield Slice(part, reply.to, reply, rev)
    if not rows:
        yield Slice((), reply.to, reply, rev)
