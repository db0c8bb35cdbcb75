"""Sign the page that this shift leaves to the next."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, refuse
from app.domain.events import ShiftLeft
from app.domain.handover import (
    LINES_MOST,
    NOTE_MOST,
    Handover,
    Open,
    can_be_said,
    handover_key,
    seal_of,
)
from app.domain.values import Keys, Role
from app.text import N_

PAGE_BYTES = 256_000
Id = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[^/]*$")]
Lines = Annotated[tuple[Open, ...], Meta(max_length=1_000)]


class LeaveShift(Command, frozen=True, kw_only=True):
    """`lines` are what was on screen, with the words of whoever leaves. No `warehouse`: the whole desk.

    `passes`: what they have claimed goes to whoever takes over. `more` is open that the page has no room for.
    """

    id: Id
    warehouse: str = ""
    lines: Lines = ()
    remark: str = ""
    passes: bool = False
    more: Annotated[int, Meta(ge=0)] = 0


def needs(command: LeaveShift) -> Keys:
    """Name the page."""
    return frozenset({handover_key(command.warehouse, command.id)})


def decide(command: LeaveShift, facts: Facts) -> Decided:
    """Put a name under exactly these lines. A mistake is mended by a newer page: the newest counts.

    Refuses: `unchanged`, `no_place`, `too_many`, `bad_words`.
    """
    if facts.row(handover_key(command.warehouse, command.id)) is not None:
        return refuse("unchanged", N_("This page is signed already. Nothing to do."))
    wrong = _wrong(command, facts)
    if wrong is not None:
        return wrong
    more = command.more
    seal = seal_of(command.warehouse, command.lines, command.remark, passes=command.passes, more=more)
    signed = Handover(
        id=command.id, warehouse=command.warehouse, lines=command.lines, remark=command.remark,
        passes=command.passes, more=more, left_by=facts.by.user, left_at=facts.now, seal=seal,
    )  # fmt: skip
    return [ShiftLeft(handover=signed)]


def _wrong(command: LeaveShift, facts: Facts) -> Refusal | None:
    is_known = command.warehouse in facts.refs.warehouses if command.warehouse else True
    if not is_known or (not command.warehouse and facts.by.role is Role.WAREHOUSE):
        return refuse("no_place", N_("Choose the warehouse whose shift ends."))
    if len(command.lines) > LINES_MOST or len(msgspec.json.encode(command.lines)) > PAGE_BYTES:
        return refuse("too_many", N_("A page has up to 200 lines. Hand over one warehouse at a time."))
    if not all(can_be_said(line.why) for line in command.lines):
        return refuse("bad_words", N_("A line of this page cannot be read. Update Docket on this PC."))
    for text in (command.remark, *(line.remark for line in command.lines)):
        if len(text) > NOTE_MOST or text != text.strip() or not text.isprintable():
            return refuse("bad_words", N_("A sentence has up to 200 characters on one line. Shorten it."))
    return None


SPEC = Spec("leave_shift", LeaveShift, needs, decide, Authority.DESK, touches=False)
