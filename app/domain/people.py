"""Rights over people: nobody gives what they do not hold, and somebody always holds the keys."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from app.domain.company import RIGHTS_OVER_PEOPLE, Grants, User, grants_of


def gives_more_than_held(before: AbstractSet[str], after: AbstractSet[str], giver: AbstractSet[str]) -> bool:
    """Tell whether a change hands out a right that neither the person nor the giver had."""
    return bool(after - before - giver)


def gives_wider(before: tuple[str, ...] | None, after: tuple[str, ...], giver: tuple[str, ...]) -> bool:
    """Tell whether a change opens places that neither the person nor the giver works for.

    None named: all. Somebody new (`before` is None) had none.
    """
    if not giver or before == ():
        return False
    return not after or bool(set(after) - set(before or ()) - set(giver))


def leaves_nobody(users: Mapping[str, User], grants: Mapping[str, Grants]) -> bool:
    """Tell whether no active colleague would hold every right over people."""
    return not any(grants_of(user, grants.get(code)) >= RIGHTS_OVER_PEOPLE for code, user in users.items())
