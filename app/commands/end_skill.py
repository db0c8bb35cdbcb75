"""Close a right to somebody until they pass again, with a reason that stays."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, publish
from app.domain.skill import Ended, Skills, skill_key
from app.domain.values import Keys
from app.proving import kept_from_changing


class EndSkill(Command, frozen=True, kw_only=True):
    """`rev` is that of the record the person started from."""

    user: str
    right: str
    reason: str
    rev: int = 0


def needs(command: EndSkill) -> Keys:
    """Name the person's record."""
    return frozenset({skill_key(command.user)})


def decide(command: EndSkill, facts: Facts) -> Decided:
    """What was given by hand is gone, and passes of before open this right no more.

    Refuses: `no_user`, `own`, `no_right`, `no_reason`, `stale_content`.
    """
    wrong = kept_from_changing(command.user, command.right, command.reason, facts)
    if wrong is not None:
        return wrong
    before: Skills = facts.row(skill_key(command.user)) or Skills(user=command.user)
    given = tuple(one for one in before.given if one.right != command.right)
    over = Ended(right=command.right, by=facts.by.user, at=facts.now, reason=command.reason)
    others = tuple(one for one in before.ended if one.right != command.right)
    after = msgspec.structs.replace(before, given=given, ended=(*others, over), rev=command.rev)
    return publish("skill", command.user, after, facts, command.reason)


SPEC = Spec("end_skill", EndSkill, needs, decide, Authority.HUB, touches=False)
