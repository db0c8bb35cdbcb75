"""Note that somebody opened help with an order before them: what is done without it shows who is ready."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.habit import is_habit_code
from app.domain.values import Keys
from app.text import N_


class NoteHelp(Command, frozen=True, kw_only=True):
    """`topic` is a page of the help, or a step of a guide whose hints were asked for."""

    order: Annotated[str, Meta(min_length=1, max_length=200)]
    topic: str


def needs(_command: NoteHelp) -> Keys:
    """Name no row: nothing changes."""
    return frozenset()


def decide(command: NoteHelp, _facts: Facts) -> Decided:
    """Let it be written down; no row changes and no history mentions it.

    Refuses: `bad_step`.
    """
    if not is_habit_code(command.topic):
        return refuse("bad_step", N_("There is no such step. Update Docket on this PC."))
    return []


SPEC = Spec("note_help", NoteHelp, needs, decide, Authority.DESK, touches=False)
