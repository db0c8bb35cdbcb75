"""What a page of the feed means for a replica, row by row, and whether both agree at the head.

Source: sync.md sections 4, 6, 11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.values import Key
from sync.mark import MODULUS, sum_of, sums_said
from sync.projection import Row
from sync.replica.image import Image
from sync.wire import PullReply


class Diverged(Exception):
    """The replica is not what the hub says it should be: throw it away and build it again."""


def news_of(image: Image, was: Mapping[str, str], rows: Sequence[Row]) -> tuple[list[Row], dict[str, str]]:
    """Return the rows that are news in a replica that looks like `image`, and its checksums with them.

    An order that leaves takes its history along. What was fetched beside the feed may be newer than what the
    feed says afterwards.
    """
    here: dict[Key, tuple[int, str] | None] = {}
    sums = {scope: int(value, 16) for scope, value in was.items()}
    news: list[Row] = []
    image.know((row.tbl, row.pk) for row in rows)
    for row in rows:
        key = (row.tbl, row.pk)
        known = here[key] if key in here else image.stands(key)
        if row.doc is None:
            if known is not None and (known[1] != row.scope or known[0] > row.seq):
                continue
            if row.tbl == "order":
                image.drop_history(row.pk)
                news = [one for one in news if one.tbl != "history" or _order_of(one) != row.pk]
            if known is None:
                continue
            here[key] = None
        else:
            if known is not None and known[0] > row.seq:
                continue
            here[key] = (row.seq, row.scope)
            sums[row.scope] = (sums.get(row.scope, 0) + sum_of(*key, row.seq)) % MODULUS
        if known is not None:
            sums[known[1]] = (sums.get(known[1], 0) - sum_of(*key, known[0])) % MODULUS
        news.append(row)
    return news, sums_said(sums)


def _order_of(entry: Row) -> str:
    """Return whose history a row is: its key is the order, the number, the place in it."""
    return entry.pk.rsplit(":", 2)[0]


def compare(sums: dict[str, str], page: PullReply) -> None:
    """Compare every checksum held with the hub's.

    Raises:
        Diverged: one of them differs.
    """
    theirs = sums_said({scope: int(value, 16) for scope, value in page.sums.items()})
    wrong = sorted(scope for scope in sums.keys() | theirs.keys() if sums.get(scope) != theirs.get(scope))
    if wrong:
        raise Diverged(f"{', '.join(wrong)} at {page.to}")
