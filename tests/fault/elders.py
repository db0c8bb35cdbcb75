"""Desks of one and two revisions back among new ones: what they write is spelled as it was spelled then.

No verb has changed its spelling yet, so three get a past here: today's form is their third revision, and the
hub reads the first two by steps, as it will read real ones. Source: sync.md section 12, N-2 … N.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple
from unittest.mock import patch

import msgspec

from app import engine, upcast
from sync.replica.entries import Entry

NEWEST = 3
OLDEST_SCHEMA = 1
"""Of a desk that signed nothing: a hub of today takes nothing from it, and it keeps its work."""
Args = dict[str, Any]
Step = Callable[[Args], Args]


class Past(NamedTuple):
    """How a verb was spelled: the way up from each revision to the next, and down again."""

    up: dict[int, Step]
    down: dict[int, Step]


def _renamed(was: str, now: str) -> tuple[Step, Step]:
    """Return the step that calls a field otherwise, and the step back."""

    def up(args: Args) -> Args:
        return {now if name == was else name: value for name, value in args.items()}

    def down(args: Args) -> Args:
        return {was if name == now else name: value for name, value in args.items()}

    return up, down


def _words(args: Args) -> Args:
    return {"order": args["order"], "why": args["words"][0]}


def _in_words(args: Args) -> Args:
    return {"order": args["order"], "words": [args["why"]]}


def _apart(args: Args) -> Args:
    warehouse, _, sku = args["shelf"].partition("/")
    return {"warehouse": warehouse, "sku": sku, "by": args["by"], "reason": args["reason"]}


def _together(args: Args) -> Args:
    shelf = f"{args['warehouse']}/{args['sku']}"
    return {"shelf": shelf, "by": args["by"], "reason": args["reason"]}


_WHY, _BY, _COUNT, _PIECES = (
    _renamed("why", "reason"),
    _renamed("by", "delta"),
    _renamed("count", "qty"),
    _renamed("pieces", "count"),
)
PASTS = {
    "hold": Past({1: _words, 2: _WHY[0]}, {3: _WHY[1], 2: _in_words}),
    "adjust_stock": Past({1: _apart, 2: _BY[0]}, {3: _BY[1], 2: _together}),
    "pick": Past({1: _PIECES[0], 2: _COUNT[0]}, {3: _COUNT[1], 2: _PIECES[1]}),
}


@contextmanager
def with_a_past() -> Iterator[None]:
    """Let those verbs be of their third revision, at the hub and on new desks."""
    specs = {
        name: dataclasses.replace(engine.SPECS[name], rev=NEWEST, upcasts=past.up)
        for name, past in PASTS.items()
    }
    by_type = {spec.type: spec for spec in specs.values()}
    with (
        patch.object(upcast, "SPECS", MappingProxyType({**engine.SPECS, **specs})),
        patch.object(engine, "_BY_TYPE", {**engine._BY_TYPE, **by_type}),
    ):
        yield


def as_written(entry: Entry, rev: int) -> Entry:
    """Return a command as a desk of that revision would have kept it."""
    past = PASTS.get(entry.name)
    if past is None or entry.rev != NEWEST or rev == NEWEST:
        return entry
    args: Args = json.loads(entry.args)
    for step in range(NEWEST, rev, -1):
        args = past.down[step](args)
    return msgspec.structs.replace(entry, rev=rev, args=msgspec.json.encode(args))
