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
from app.ports import Given, Submitted, Wanted
from app.snag_card import Row, taken_by
from app.text import N_, Text
from app.trouble import Trouble

MOST = 300
"""Exceptions one key may be given for."""
STEP = 25
"""So many reach the disk together, and then the screen hears how far it is."""

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
    """Do one thing to each of these, in order; the window stays free between two steps."""
    done, undo, failed = 0, list[Command](), list[tuple[str, Text]]()
    for start in range(0, min(len(rows), MOST), STEP):
        if start:
            step(start)
        part = rows[start : min(start + STEP, MOST)]
        over = dict[str, Command]()
        wanted = [_wanted(desk, row, build, over, is_repair=is_repair) for row in part]
        answers: Sequence[Submitted | Text]
        try:
            answers = await desk.submit_each(wanted)
        except Trouble as trouble:  # what was done before stays done, and can be taken back
            answers = [trouble.hint] * len(part)
        for row, answer in zip(part, answers, strict=True):
            refused = answer if isinstance(answer, Text) else answer.refusal.text if answer.refusal else None
            if row.key in over and (objection := await desk.objection(over[row.key])) is not None:
                refused = objection.text
            if refused is not None:
                failed.append((row.key, refused))
                continue
            done += 1
            if isinstance(answer, Submitted) and answer.inverse is not None:
                undo.insert(0, answer.inverse)
    too_many = Text(N_("{most} at once. Press the key again."), {"most": MOST})
    failed += [(row.key, too_many) for row in rows[MOST:]]
    return Outcome(done=done, undo=tuple(undo), failed=tuple(failed))


def _wanted(desk: Desk, row: Row, build: Build, over: dict[str, Command], *, is_repair: bool) -> Wanted:
    """Say how it is done to one, or why not; `over` hears of a repair that came too late."""
    login = desk.login

    def make(found: tuple[Order, Facts] | None) -> Given | Text:
        lock = taken_by(row.snag, login)
        if lock is None and found is not None:
            lock = locked_by(found[0], row.snag.kind)
        if lock is not None:
            return lock
        command = build(row, found)
        if command is None and found is None:
            return Text(N_("Not about an order. Open it by itself."))
        if command is None:
            return Text(N_("This repair does not fit. Open it by itself."))
        if is_repair and found is not None and found[0].snag(row.snag.kind) is None:
            over[row.key] = command
            return Text(N_("This exception is over already. Nothing was done."))
        ver = ver_of(command, found[0]) if found is not None else None
        return Given(command, row.snag.kind if is_repair else "", ver)

    return Wanted(row.snag.id if row.snag.subject == "order" else "", make)


async def take_back(desk: Desk, commands: Sequence[Command]) -> list[Text]:
    """Take some of it back, in order; return why some could not be."""
    wanted = [Wanted("", lambda _found, command=command: Given(command, "undo")) for command in commands]  # type: ignore[misc]
    answers = await desk.submit_each(wanted)
    said = [
        each if isinstance(each, Text) else each.refusal.text if each.refusal else None for each in answers
    ]
    return [text for text in said if text is not None]


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
