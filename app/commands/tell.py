"""Tell somebody at their desk of orders that are held, or are held no more; the hub does."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.bell import KEPT_MOST, Bell, Notice
from app.domain.bell import told as with_told
from app.domain.events import PersonTold
from app.domain.values import Keys, bell_key
from app.text import N_


class Tell(Command, frozen=True, kw_only=True):
    """`over` names notices of before."""

    person: str
    notices: tuple[Notice, ...] = ()
    over: tuple[str, ...] = ()


def needs(command: Tell) -> Keys:
    """Name what the person was told before."""
    return frozenset({bell_key(command.person)})


def decide(command: Tell, facts: Facts) -> Decided:
    """Tell what is new, once.

    Refuses: `no_user`, `too_many`, `unchanged`.
    Source: capabilities 4.7.
    """
    if command.person not in facts.refs.users:
        return refuse("no_user", N_("There is no such person."))
    if len(command.notices) > KEPT_MOST or len(command.over) > KEPT_MOST:
        return refuse("too_many", N_("That is too much at once. Tell it in parts."))
    before: Bell = facts.row(bell_key(command.person)) or Bell(person=command.person)
    if with_told(before, command.notices, command.over, facts.now) == before:
        return refuse("unchanged", N_("They were told before. Nothing to do."))
    return [PersonTold(person=command.person, at=facts.now, notices=command.notices, over=command.over)]


SPEC = Spec("tell", Tell, needs, decide, Authority.HUB, touches=False)
