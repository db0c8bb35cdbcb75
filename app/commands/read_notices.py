"""Note that somebody has read what they were told."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.bell import KEPT_MOST, Bell
from app.domain.bell import read as with_read
from app.domain.events import NoticesRead
from app.domain.values import Keys, bell_key
from app.text import N_


class ReadNotices(Command, frozen=True, kw_only=True):
    """`person` is whoever asks; `notices` are named by their keys."""

    person: str
    notices: tuple[str, ...]


def needs(command: ReadNotices) -> Keys:
    """Name what the person was told."""
    return frozenset({bell_key(command.person)})


def decide(command: ReadNotices, facts: Facts) -> Decided:
    """Mark them; what changes nothing is not written down.

    Refuses: `not_yours`, `too_many`, `unchanged`.
    """
    if command.person != facts.by.user:
        return refuse("not_yours", N_("Everybody reads their own notices. Sign in as this person."))
    if len(command.notices) > KEPT_MOST:
        return refuse("too_many", N_("That is too much at once. Tell it in parts."))
    before: Bell = facts.row(bell_key(command.person)) or Bell(person=command.person)
    if with_read(before, command.notices, facts.now) == before:
        return refuse("unchanged", N_("This is known already. Nothing to do."))
    return [NoticesRead(person=command.person, at=facts.now, notices=command.notices)]


SPEC = Spec("read_notices", ReadNotices, needs, decide, Authority.DESK, touches=False)
