"""The replicas of one PC: people who work on other orders keep one of their own; each holds what it may.

Source: sync.md section 11.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from app.domain.event import listed
from app.domain.scopes import Reach, covers
from app.text import N_, Text
from app.trouble import Trouble
from sync.mark import Mark
from sync.projection import Row, put
from sync.replica.files import open_file, remove
from sync.replica.rows import mark_of
from sync.replica.sealed import faults

PUT_ASIDE = 2
"""Replicas kept for people who work on other orders; each is as large as its orders."""
_PURGED = (
    "snag", "revision", "habit", "bell", "drill", "customer", "price_list", "stock", "stock_doc", "handover",
    "attempt",
)  # fmt: skip
"""Tables that a replica gives rows up of; where orders must go, the whole file goes."""


def fresh_path(folder: Path) -> Path:
    """Return where the next replica of a desk is made."""
    numbers = [int(path.stem.rpartition("-")[2]) for path in folder.glob("replica-*.db")]
    path = folder / f"replica-{max(numbers, default=0) + 1}.db"
    remove(path)
    return path


def others(here: Path, key: bytes) -> Iterator[tuple[Path, Mark]]:
    """Name the replicas that were put aside, the one used last first."""
    found = [path for path in here.parent.glob("replica-*.db") if path != here]
    for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            with closing(open_file(path, key=key, read_only=True)) as db:
                mark = mark_of(db)
        except faults(Trouble, msgspec.MsgspecError):
            mark = Mark()
        yield path, mark


def forget_others(here: Path, key: bytes, is_over: Callable[[Mark], bool]) -> None:
    """Delete replicas put aside that are over, and all but the last few."""
    for i, (path, mark) in enumerate(list(others(here, key))):
        if i >= PUT_ASIDE or is_over(mark):
            remove(path)


def purge(db: sqlite3.Connection, scopes: Sequence[str]) -> None:
    """Delete every row of these scopes, and what was read off it."""
    if scopes:
        tables, marks = (", ".join("?" * len(names)) for names in (_PURGED, scopes))
        found = db.execute(
            f"SELECT tbl, pk, seq FROM row WHERE tbl IN ({tables}) AND scope IN ({marks})",
            (*_PURGED, *scopes),
        )
        put(db, [Row(tbl, pk, seq, None) for tbl, pk, seq in found.fetchall()])


def narrowed(mark: Mark, reach: Reach, without: Sequence[str]) -> Mark:
    """Return the mark of a replica that gave some scopes up for a reach; what it lacks is to be fetched."""
    was = mark.reach
    is_more = mark.epoch != "" and was is not None and not covers(was, reach)
    return msgspec.structs.replace(
        mark,
        reach=reach,
        had=was if is_more else mark.had,
        lacks_own=mark.lacks_own or was is None or was.user != reach.user,
        sums={scope: value for scope, value in mark.sums.items() if scope not in without},
        refs_rev=mark.refs_rev + 1,
    )


def lost(was: Reach, now: Reach) -> Text:
    """Say that a desk holds less than before."""
    if (was.shops, was.warehouses) == (now.shops, now.warehouses):
        return Text(N_("Your rights were changed: what they no longer cover is gone from this desk."))
    message = N_("You now work for {shops} and {houses}: the rest is gone from this desk.")
    shops = _named(now.shops) or Text(N_("all shops"))
    return Text(message, {"shops": shops, "houses": _named(now.warehouses) or Text(N_("all warehouses"))})


def _named(codes: tuple[str, ...]) -> Text | None:
    return listed([Text("{code}", {"code": code}) for code in codes]) if codes else None
