"""What of an order is open when a shift ends, and what has become of a page since it was signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain import review
from app.domain.evolve import Case
from app.domain.handover import Handover, Open, What
from app.domain.order import Order, Snag, Status
from app.text import N_, Text


class Since(StrEnum):
    """What has become of a line since its page was signed."""

    SAME = "same"
    DONE = "done"
    OWNER = "owner"
    """Somebody else has it."""
    MOVED = "moved"
    """It is promised for another time, or sleeps, or woke."""
    NEW = "new"
    """It was not open when the page was signed."""


def open_of(order: Order, *, is_reviewed: bool) -> Iterator[Open]:
    """Yield what of an order whoever comes must know of; `is_reviewed`: the review is its only gate."""
    for snag in order.snags:
        yield from _open_snag(snag, _of(order, What.SNAG, snag.text))
    pause = order.pause
    if pause is not None:
        yield _of(order, What.HOLD, Text(pause.reason), pause.until, pause.by)
    if order.status is Status.PACKED:
        yield _of(order, What.PARCEL, Text(N_("Packed; the carrier has not taken it")), order.ship_by_at)
    if is_reviewed:
        given, asked = review.said_so_far(order), review.asked_now(order)
        yield _of(order, What.REVIEW, Text(N_("Verdict {n} of {all} given"), {"n": given, "all": asked}))


def _of(order: Order, what: What, why: Text, until: datetime | None = None, owner: str = "") -> Open:
    return Open(what=what, id=order.id, number=order.number, why=why, until=until, owner=owner)


def open_of_case(case: Case) -> Iterator[Open]:
    """Yield the exception of a delivery or a command, where somebody has it."""
    snag = case.snag
    if case.is_open:
        blank = Open(what=What.SNAG, id=case.id, is_case=True, number=case.subject_id, why=snag.text)
        yield from _open_snag(snag, blank)


def _open_snag(snag: Snag, blank: Open) -> Iterator[Open]:
    """What nobody took on, put off or sent to the lead stands in the inbox, and promises nothing."""
    sleep = snag.snooze
    if snag.claimed_at is None and sleep is None and snag.escalation is None:
        return
    until = sleep.until if sleep is not None and sleep.until is not None else snag.due_at
    yield msgspec.structs.replace(
        blank,
        kind=snag.kind,
        owner=snag.owner or (sleep.by if sleep is not None else ""),
        is_claimed=snag.claimed_at is not None,
        is_asleep=sleep is not None,
        until=until,
    )


def in_turn(lines: Sequence[Open]) -> tuple[Open, ...]:
    """Put what is promised first on top; what has no time stands last."""
    return tuple(
        sorted(lines, key=lambda one: (one.until is None, one.until and one.until.timestamp(), one.key))
    )


def since(page: Handover, now: Sequence[Open]) -> Mapping[str, Since]:
    """Say of every line of a page what became of it, and of what is open now whether the page knew it.

    Nothing is called new where the page had no room for all that was open.
    """
    here = {one.key: one for one in now}
    became = {one.key: _became(one, here.get(one.key)) for one in page.lines}
    return became | {key: Since.NEW for key in here if key not in became and not page.more}


def _became(was: Open, now: Open | None) -> Since:
    if now is None:
        return Since.DONE
    if was.owner != now.owner:
        return Since.OWNER
    return Since.SAME if (was.until, was.is_asleep) == (now.until, now.is_asleep) else Since.MOVED
