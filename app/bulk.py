"""One key for many exceptions: each is asked by itself, and says by itself why it could not.

Source: capabilities 5.6; capabilities 5, special orders are left alone by bulk actions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from app.command import Command, Facts
from app.desk import Desk, Undo, ver_of
from app.domain.order import Order
from app.kinds import kind_of
from app.ports import Views
from app.snag_card import Row, taken_by
from app.text import N_, Text
from app.trouble import Trouble

MOST = 300
"""Exceptions one key may be given for."""
STEP = 25
"""After so many the screen hears how far it is."""

Build = Callable[[Row, tuple[Order, Facts] | None], Command | None]
"""Make a command for a row of an order; without one it is about a delivery or a command."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each: what takes back what was done, the newest first; who could not, and why."""

    done: int = 0
    undo: tuple[Command, ...] = ()
    failed: tuple[tuple[str, Text], ...] = ()


async def apply_to_all(
    desk: Desk, rows: Sequence[Row], build: Build, step: Callable[[int], None], *, is_repair: bool
) -> Outcome:
    """Do one thing to each of these, in order; the window stays free between two of them."""
    done, undo, failed = 0, list[Command](), list[tuple[str, Text]]()
    for i, row in enumerate(rows):
        if i and i % STEP == 0:
            step(i)
        if i >= MOST:
            failed.append((row.key, Text(N_("{most} at once. Press the key again."), {"most": MOST})))
            continue
        try:
            refused, inverse = await _apply(desk, row, build, is_repair=is_repair)
        except Trouble as trouble:  # what was done before stays done, and can be taken back
            refused, inverse = trouble.hint, None
        if refused is not None:
            failed.append((row.key, refused))
            continue
        done += 1
        if inverse is not None:
            undo.insert(0, inverse)
    return Outcome(done=done, undo=tuple(undo), failed=tuple(failed))


async def _apply(
    desk: Desk, row: Row, build: Build, *, is_repair: bool
) -> tuple[Text | None, Command | None]:
    """Do it to one; return why not, and what takes it back."""
    found = await desk.look(Views.order, row.snag.id, desk.login) if row.snag.subject == "order" else None
    lock = taken_by(row.snag, desk.login)
    if lock is None and found is not None:
        lock = locked_by(found[0], row.snag.kind)
    if lock is not None:
        return lock, None
    command = build(row, found)
    if command is None and found is None:
        return Text(N_("Not about an order. Open it by itself.")), None
    if command is None:
        return Text(N_("This repair does not fit. Open it by itself.")), None
    if is_repair and found is not None and found[0].snag(row.snag.kind) is None:
        objection = await desk.objection(command)
        over = Text(N_("This exception is over already. Nothing was done."))
        return (objection.text if objection is not None else over), None
    ver = ver_of(command, found[0]) if found is not None else None
    done = await desk.submit(command, row.snag.kind if is_repair else "", ver)
    return (done.refusal.text if done.refusal is not None else None), done.inverse


def locked_by(order: Order, kind: str) -> Text | None:
    """Say which other exception keeps an order out of work on many; None where none does."""
    for snag in order.snags:
        known = kind_of(snag.kind)
        if snag.kind != kind and known.locks:
            return Text(N_("Open by itself: {title} comes first"), {"title": Text(known.title)})
    return None


def undo_of(done: Outcome) -> Undo | None:
    """Return what takes back all that was done, as one."""
    if not done.undo:
        return None
    text = Text(N_("{count} done at once"), {"count": done.done})
    return Undo(text=text, number="", command=done.undo[0], more=done.undo[1:])


def said(done: Outcome) -> Text | None:
    """Say how many were done and how many were not; nothing where all were."""
    if not done.failed:
        return None
    counts: dict[str, str | int | Text] = {"done": done.done, "left": len(done.failed)}
    return Text(N_("{done} done; {left} stay chosen and say why"), counts)
