"""Which move of an order is allowed, and who makes it."""

from __future__ import annotations

import msgspec

from app.domain.order import Status

S = Status


class Move(msgspec.Struct, frozen=True):
    """One allowed move; `by` is the command that asks for it, or `engine` where it follows by itself."""

    before: Status
    after: Status
    by: str


MOVES: tuple[Move, ...] = (
    Move(S.RECEIVED, S.TO_CHECK, "engine"),
    Move(S.TO_CHECK, S.GATED, "engine"),
    Move(S.GATED, S.TO_CHECK, "engine"),
    Move(S.GATED, S.RELEASED, "engine"),
    Move(S.RELEASED, S.GATED, "engine"),
    Move(S.RELEASED, S.PICKING, "pick"),
    Move(S.PICKING, S.RELEASED, "pick"),
    Move(S.PICKING, S.RELEASED, "refuse_order"),
    Move(S.PICKING, S.PACKED, "pack"),
    Move(S.PACKED, S.PICKING, "pick"),
    Move(S.PACKED, S.RELEASED, "pick"),
    Move(S.PACKED, S.SHIPPED, "ship"),
    Move(S.SHIPPED, S.COMPLETED, "receive"),
    Move(S.SHIPPED, S.COMPLETED, "record_scan"),
    Move(S.COMPLETED, S.SHIPPED, "record_scan"),
    Move(S.SHIPPED, S.RETURNED, "receive"),
    Move(S.COMPLETED, S.RETURNED, "receive"),
    *(Move(s, S.CANCELLED, "cancel") for s in (S.TO_CHECK, S.GATED, S.RELEASED)),
    *(Move(s, S.CANCELLED, "receive") for s in (S.RECEIVED, S.TO_CHECK, S.GATED, S.RELEASED)),
    *(Move(s, S.SHIPPED, "receive") for s in (S.RECEIVED, S.TO_CHECK, S.GATED, S.RELEASED)),
    *(Move(s, S.CANCELLED, "withdraw_replacement") for s in (S.TO_CHECK, S.GATED, S.RELEASED)),
    *(Move(s, S.CANCELLED, "withdraw") for s in (S.RECEIVED, S.TO_CHECK, S.GATED, S.RELEASED)),
    *(Move(s, S.CANCELLED, "withdraw") for s in (S.SHIPPED, S.COMPLETED)),
    Move(S.CANCELLED, S.TO_CHECK, "restore"),
    *(
        Move(s, S.REPLACED, by)
        for s in (S.TO_CHECK, S.GATED, S.RELEASED)
        for by in ("merge", "split", "engine")
    ),
    *(Move(s, S.DISSOLVED, "put_back") for s in (S.TO_CHECK, S.GATED, S.RELEASED)),
    *(Move(S.REPLACED, s, "put_back") for s in (S.TO_CHECK, S.CANCELLED)),
    Move(S.CANCELLED, S.TO_CHECK, "receive"),
)
"""Source: architecture section 9, work states; capabilities 1, hand-over (shipped on the platform closes)."""

_ALLOWED = {(m.before, m.after, m.by) for m in MOVES}


def may_move(before: Status, after: Status, by: str) -> bool:
    """Tell whether the table allows this move by this command."""
    return (before, after, by) in _ALLOWED


SENT = frozenset({S.SHIPPED, S.COMPLETED, S.RETURNED})
"""The parcel is with the carrier, or was."""


def check(before: Status, after: Status, by: str) -> None:
    """Refuse to go on with a move that is not in the table.

    Raises:
        LookupError: the table has no such move by this command.
    """
    if not may_move(before, after, by):
        raise LookupError(f"{by} may not move {before} → {after}")


def reachable() -> frozenset[Status]:
    """Return every state that can be reached from `received`."""
    seen, edge = {S.RECEIVED}, [S.RECEIVED]
    while edge:
        here = edge.pop()
        for move in MOVES:
            if move.before is here and move.after not in seen:
                seen.add(move.after)
                edge.append(move.after)
    return frozenset(seen)
