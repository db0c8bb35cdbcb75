"""A right that asks for a pass is closed to who has none, on the desk and at the hub.

Source: capabilities 11.4.
"""

from __future__ import annotations

from app.command import NOT_ALLOWED, Facts, Refusal, refuse
from app.domain.company import LICENSED
from app.domain.skill import lock_of
from app.text import N_

REASON_MOST = 200


def closed_to(right: str, facts: Facts) -> Refusal | None:
    """Say why whoever asks may not use a right: they do not have it, or a lesson comes first.

    Refuses: `not_allowed`, `not_proved`.
    """
    by, refs = facts.by, facts.refs
    if right not in by.grants:
        return NOT_ALLOWED
    lock = lock_of(right, by.role, refs.skills.get(by.user), refs.licences, facts.now)
    return Refusal("not_proved", lock.says()) if lock is not None else None


def kept_from_changing(user: str, right: str, reason: str, facts: Facts) -> Refusal | None:
    """Say why a right cannot be opened or closed by hand to somebody.

    Refuses: `no_user`, `own`, `no_right`, `no_reason`.
    """
    if user not in facts.refs.users:
        return refuse("no_user", N_("There is no such person."))
    if user == facts.by.user:
        return refuse("own", N_("Nobody opens or closes a right to themselves. Ask another trainer or lead."))
    if right not in LICENSED:
        return refuse("no_right", N_("No lesson can stand before this right. Choose one from the list."))
    if not reason or len(reason) > REASON_MOST or reason != reason.strip() or not reason.isprintable():
        return refuse("no_reason", N_("Say why, on one line of up to 200 characters."))
    return None
