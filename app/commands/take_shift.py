"""Sign the page a shift was left with: whoever takes over has read it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from app.claims import about, snag_of, subject_of
from app.command import Authority, Command, Decided, Facts, Refusal, Spec, refuse
from app.domain.events import ShiftTaken, SnagClaimed
from app.domain.handover import LINES_MOST, Handover, Open, handover_key
from app.domain.order import Snag
from app.domain.values import Keys
from app.proving import closed_to
from app.text import N_

Code = Annotated[str, Meta(max_length=200)]


class Claimed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exception that goes from hand to hand, of an order or a case."""

    order: Code = ""
    kind: Code
    case: Code = ""


Claims = Annotated[tuple[Claimed, ...], Meta(max_length=LINES_MOST)]


class TakeShift(Command, frozen=True, kw_only=True):
    """`seal` is the digest of the page that was read; `claims` are what is taken on with it."""

    id: Code
    seal: Code
    warehouse: str = ""
    claims: Claims = ()


def needs(command: TakeShift) -> Keys:
    """Name the page, and whatever has an exception that is taken on."""
    subjects = (subject_of(one) for one in command.claims)
    return frozenset({handover_key(command.warehouse, command.id)}).union(*subjects)


def decide(command: TakeShift, facts: Facts) -> Decided:
    """Put a second name under the page, never that of its author; take on what its author passes on.

    An exception that ended or went to somebody else meanwhile is left alone.
    Refuses: `no_page`, `unchanged`, `taken`, `same_person`, `other_page`, `not_passed`, `not_allowed`,
    `not_proved`.
    """
    page = facts.row(handover_key(command.warehouse, command.id))
    if not isinstance(page, Handover):
        return refuse("no_page", N_("This page is not here. Look again when the hub has been heard."))
    wrong = _wrong(page, command, facts)
    if wrong is not None:
        return wrong
    claims = [one for one in command.claims if _is_theirs(snag_of(one, facts), page.left_by)]
    by, at = facts.by.user, facts.now
    taken = ShiftTaken(id=page.id, warehouse=page.warehouse, by=by, at=at, claims=len(claims))
    return [taken, *(SnagClaimed(**about(one), by=by, at=at) for one in claims)]


def _wrong(page: Handover, command: TakeShift, facts: Facts) -> Refusal | None:
    if page.taken_by == facts.by.user:
        return refuse("unchanged", N_("You took this shift over already. Nothing to do."))
    if page.taken_by:
        return refuse("taken", N_("{who} took this shift over. Talk to them."), who=page.taken_by)
    if page.left_by == facts.by.user:
        return refuse("same_person", N_("You signed this page. Somebody else takes it over."))
    if command.seal != page.seal:
        return refuse("other_page", N_("This is not the page that was signed. Read it again."))
    if not set(command.claims) <= {claimed_of(line) for line in page.claims}:
        return refuse("not_passed", N_("The page does not pass this on. Read it again."))
    return closed_to("claim", facts) if command.claims else None


def claimed_of(line: Open) -> Claimed:
    """Name the exception of a line."""
    return Claimed(
        order="" if line.is_case else line.id, kind=line.kind, case=line.id if line.is_case else ""
    )


def _is_theirs(snag: Snag | Refusal, who: str) -> bool:
    return isinstance(snag, Snag) and snag.owner == who


SPEC = Spec("take_shift", TakeShift, needs, decide, Authority.DESK, touches=False)
