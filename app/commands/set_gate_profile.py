"""Publish which gates orders of some shops and a type meet, and with which limits."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.company import is_code, is_title
from app.domain.gate_profile import CHOSEN, LIMITS, ORDER_TYPES, GateProfile
from app.domain.rules import CATALOGUE
from app.domain.values import Keys
from app.text import N_, Text

PROFILES_MOST = 200
NAMED_MOST = 500
"""Of shops: a profile travels whole."""


class SetGateProfile(Command, frozen=True, kw_only=True):
    """`profile.rev` is the revision the person started from, 0 for a new one."""

    profile: GateProfile


def needs(command: SetGateProfile) -> Keys:
    """Name the profile."""
    return frozenset({("gate_profile", command.profile.code)})


def decide(command: SetGateProfile, facts: Facts) -> Decided:
    """Publish the profile under its next revision; every open order is looked at again.

    Refuses: `bad_code`, `bad_title`, `bad_kind`, `bad_gate`, `bad_limit`, `too_many`, `unknown_shop`,
    `overlap`, `stale_content`, `unchanged`.
    """
    wrong = _wrong(command.profile, facts)
    return (
        wrong if wrong is not None else publish("gate_profile", command.profile.code, command.profile, facts)
    )


def _wrong(profile: GateProfile, facts: Facts) -> Refusal | None:
    refs = facts.refs
    known = refs.gate_profiles
    if profile.code not in known:
        if not is_code(profile.code):
            return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
        if len(known) >= PROFILES_MOST:
            return refuse("too_many", N_("There are 200 profiles. Change one you do not need."))
    if not is_title(profile.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if profile.kind not in ORDER_TYPES:
        return refuse("bad_kind", N_("Choose the type of orders from the list."))
    if len(set(profile.gates)) != len(profile.gates) or not set(profile.gates) <= set(CHOSEN):
        return refuse("bad_gate", N_("Choose the gates from the list, each once."))
    if len(profile.shops) > NAMED_MOST:
        return refuse("too_many", N_("A profile names up to 500 shops. Make another one for the rest."))
    other = next((shop for shop in profile.shops if shop not in refs.shops), None)
    if other is not None:
        return refuse("unknown_shop", N_("No shop {shop}. Choose one from the list."), shop=other)
    return _wrong_limit(profile) or _twice(profile, facts)


def _wrong_limit(profile: GateProfile) -> Refusal | None:
    names = [limit.name for limit in profile.limits]
    if len(set(names)) != len(names):
        return refuse("bad_limit", N_("A limit is named twice. Leave one out."))
    rules = {rule.name: rule for rule in CATALOGUE}
    for limit in profile.limits:
        if limit.name not in LIMITS:
            return refuse("bad_limit", N_("A profile has no limit {name}. Leave it out."), name=limit.name)
        rule = rules[limit.name]
        if not rule.holds(limit.value):
            said: dict[str, str | int | Text] = {"title": Text(rule.title)}
            return Refusal("bad_limit", Text(N_("{title} is outside its range. Change it."), said))
    return None


def _twice(profile: GateProfile, facts: Facts) -> Refusal | None:
    """Refuse a second profile that says as exactly of the same orders: nobody could say which one counts."""
    others = (one for one in facts.refs.gate_profiles.values() if one.active and one.meets(profile))
    other = next(others, None) if profile.active else None
    if other is None:
        return None
    text = N_(
        "{other} says this of such orders already. Name other shops or another type, or change that one."
    )
    return refuse("overlap", text, other=other.title)


def inverse(command: SetGateProfile, facts: Facts) -> Undo | None:
    """Publish the profile as it was; one that is new is put out of use."""
    before = facts.refs.gate_profiles.get(command.profile.code)
    if before is None:
        gone = msgspec.structs.replace(command.profile, rev=command.profile.rev + 1, active=False)
        return Undo("set_gate_profile", {"profile": gone})
    return go_back("set_gate_profile", "profile", before)


SPEC = Spec("set_gate_profile", SetGateProfile, needs, decide, Authority.HUB, inverse=inverse, touches=False)
