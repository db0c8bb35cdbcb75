"""Say which right is used only by who passed which lessons, and for how long a pass holds."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.attempt import is_lesson_code
from app.domain.company import LICENSED
from app.domain.skill import DAYS_MOST, LESSONS_MOST, Licence
from app.domain.values import Keys
from app.text import N_


class SetLicence(Command, frozen=True, kw_only=True):
    """`licence.rev` is the revision the person started from, 0 for a new one."""

    licence: Licence


def needs(command: SetLicence) -> Keys:
    """Name the policy of the right."""
    return frozenset({("licence", command.licence.code)})


def decide(command: SetLicence, facts: Facts) -> Decided:
    """Publish the policy; from now on the right is closed to who has not passed.

    Refuses: `no_right`, `no_role`, `no_lesson`, `bad_days`, `stale_content`, `unchanged`.
    """
    wrong = _wrong(command.licence)
    return wrong if wrong is not None else publish("licence", command.licence.code, command.licence, facts)


def _wrong(licence: Licence) -> Refusal | None:
    if licence.code not in LICENSED:
        return refuse("no_right", N_("No lesson can stand before this right. Choose one from the list."))
    roles = licence.roles
    if not roles or len(set(roles)) != len(roles) or not all(role.person for role in roles):
        return refuse("no_role", N_("Choose for which roles it holds."))
    codes = [one.code for one in licence.lessons]
    is_named = all(map(is_lesson_code, codes)) and all(one.title.isprintable() for one in licence.lessons)
    if not 1 <= len(codes) <= LESSONS_MOST or len(set(codes)) != len(codes) or not is_named:
        return refuse("no_lesson", N_("Choose one to 8 lessons, each once."))
    if not 1 <= licence.holds_days <= DAYS_MOST:
        return refuse("bad_days", N_("A pass holds from one day to three years. Change the days."))
    return None


def inverse(command: SetLicence, facts: Facts) -> Undo | None:
    """Publish the policy as it was; one that is new is put out of use."""
    before = facts.refs.licences.get(command.licence.code)
    if before is None:
        off = msgspec.structs.replace(command.licence, rev=command.licence.rev + 1, is_on=False)
        return Undo("set_licence", {"licence": off}) if command.licence.is_on else None
    return go_back("set_licence", "licence", before)


SPEC = Spec("set_licence", SetLicence, needs, decide, Authority.HUB, inverse=inverse, touches=False)
