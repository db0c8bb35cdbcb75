"""Pass or send back what was a test; what was missed is told at once."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.drill import Drill, Mistake, Told, drill_key, mistake_key
from app.domain.events import DrillAnswered
from app.domain.values import Keys
from app.text import N_

Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]


class AnswerDrill(Command, frozen=True, kw_only=True):
    """`read_ms` is how long it was on screen."""

    person: str
    drill: str
    mistake: str
    is_pass: bool
    read_ms: Milliseconds = 0


def needs(command: AnswerDrill) -> Keys:
    """Name the drill and what is wrong in it."""
    return frozenset({drill_key(command.person, command.drill), mistake_key(command.mistake)})


def decide(command: AnswerDrill, facts: Facts) -> Decided:
    """Take the answer down; who sent it back has found the mistake.

    Refuses: `no_drill`, `signed_already`.
    Source: capabilities 10.3.
    """
    drill: Drill | None = facts.row(drill_key(command.person, command.drill))
    if drill is None or drill.person != facts.by.user or drill.mistake != command.mistake:
        return refuse("no_drill", N_("This is not before you any more. Take the next order."))
    if drill.answered_at is not None:
        return refuse("signed_already", N_("You have reviewed this. Another person must look at it too."))
    mistake: Mistake | None = facts.row(mistake_key(command.mistake)) if facts.at_hub else None
    told = None
    if mistake is not None:
        found = not command.is_pass
        told = Told(fault=mistake.fault, is_found=found, at=facts.now, read_ms=command.read_ms)
    return [DrillAnswered(person=drill.person, drill=drill.id, at=facts.now, told=told)]


SPEC = Spec("answer_drill", AnswerDrill, needs, decide, Authority.DESK, touches=False)
