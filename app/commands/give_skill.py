"""Open a right to somebody by hand, without a pass, with a reason that stays."""

from __future__ import annotations

from datetime import date

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, publish, refuse
from app.domain.skill import Given, Skills, skill_key
from app.domain.values import Keys
from app.proving import kept_from_changing
from app.text import N_


class GiveSkill(Command, frozen=True, kw_only=True):
    """`until` is the last day it is open; `rev` that of the record the person started from."""

    user: str
    right: str
    reason: str
    until: date | None = None
    rev: int = 0


def needs(command: GiveSkill) -> Keys:
    """Name the person's record."""
    return frozenset({skill_key(command.user)})


def decide(command: GiveSkill, facts: Facts) -> Decided:
    """Write it into the record: who gave it, why, until when.

    Refuses: `no_user`, `own`, `no_right`, `no_reason`, `past`, `stale_content`.
    """
    wrong = kept_from_changing(command.user, command.right, command.reason, facts) or _past(command, facts)
    if wrong is not None:
        return wrong
    before: Skills = facts.row(skill_key(command.user)) or Skills(user=command.user)
    given = Given(
        right=command.right, by=facts.by.user, at=facts.now, reason=command.reason, until=command.until
    )
    others = tuple(one for one in before.given if one.right != command.right)
    after = msgspec.structs.replace(before, given=(*others, given), rev=command.rev)
    return publish("skill", command.user, after, facts, command.reason)


def _past(command: GiveSkill, facts: Facts) -> Refusal | None:
    if command.until is not None and command.until < facts.now.date():
        return refuse("past", N_("This day is over. Choose a later one."))
    return None


SPEC = Spec("give_skill", GiveSkill, needs, decide, Authority.HUB, touches=False)
