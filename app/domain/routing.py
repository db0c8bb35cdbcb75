"""Who shall work on what: somebody on shift who knows the type, and of those the one with least to do.

Source: capabilities 5, owner; capabilities 5.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from app.domain.company import Grants, Holidays, Shift, User, grants_of
from app.domain.values import Role
from app.domain.working_time import ends_at

TAKES = "claim"
"""Who may not do this gets nothing."""


class Task(NamedTuple):
    """One exception nobody has claimed. `was`: whose it is; `declined`: who gave it back.

    `group` is the role it is for, empty for everybody who is handed exceptions.
    """

    order: str
    kind: str
    shop: str
    effort_min: int
    was: str = ""
    declined: tuple[str, ...] = ()
    group: str = ""


def is_on_shift(
    user: User, shifts: Mapping[str, Shift], holidays: Mapping[str, Holidays], at: datetime
) -> bool:
    """Tell whether somebody is at work: in one of their shifts, or in any where they have none of their own.

    A company without shifts works round the clock.
    """
    return not any(shift.active for shift in shifts.values()) or bool(shift_of(user, shifts, holidays, at))


def shift_of(
    user: User, shifts: Mapping[str, Shift], holidays: Mapping[str, Holidays], at: datetime
) -> tuple[Shift, datetime] | None:
    """Return the shift somebody works in and when it ends, in UTC; of several the one that ends first."""
    own = (s for s in shifts.values() if s.active and (not user.shifts or s.code in user.shifts))
    ends = [(end, shift) for shift in own if (end := ends_at(shift, at, holidays)) is not None]
    end, shift = min(ends, key=lambda one: one[0], default=(None, None))
    return (shift, end) if shift is not None and end is not None else None


def takes_work(user: User, single: Grants | None) -> bool:
    """Tell whether exceptions are handed to somebody: to clerks, and to others where types are named."""
    return is_meant(user) and _can_take(user, single)


def is_meant(user: User) -> bool:
    """Tell whether somebody is given what is for everybody."""
    return user.role is Role.CLERK or bool(user.skills)


def _can_take(user: User, single: Grants | None) -> bool:
    return user.active and TAKES in grants_of(user, single)


def knows(user: User, kind: str, shop: str) -> bool:
    """Tell whether somebody may be given this type of this shop; none named: all."""
    return (not user.skills or kind in user.skills) and (not user.shops or shop in user.shops)


def may_have(user: User, task: Task) -> bool:
    """Tell whether somebody at work may be handed a task: their role's own, or one they know.

    Source: capabilities 5.9; a company's own type names the role it is for.
    """
    if user.code in task.declined or not knows(user, task.kind, task.shop):
        return False
    return user.role == task.group if task.group else is_meant(user)


def share_out(tasks: Sequence[Task], people: Iterable[User], open_min: Mapping[str, int]) -> list[str]:
    """Return for each task who gets it, empty for nobody; the first of two who have equally little to do.

    Units: `open_min` are the minutes of work each has before.
    """
    here = sorted(people, key=lambda user: user.code)
    load = {user.code: open_min.get(user.code, 0) for user in here}
    given = []
    for task in tasks:
        able = [user.code for user in here if may_have(user, task)]
        to = min(able, key=lambda code: load[code], default="")
        if to:
            load[to] += task.effort_min
        given.append(to)
    return given


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """The people, their rights, and when they work. `groups`: roles that have types of their own."""

    users: Mapping[str, User]
    grants: Mapping[str, Grants]
    shifts: Mapping[str, Shift]
    holidays: Mapping[str, Holidays]
    groups: frozenset[str] = frozenset()

    def present(self, at: datetime) -> list[User]:
        """Return who works now and is handed exceptions."""
        return [
            user
            for user in self.users.values()
            if (is_meant(user) or user.role in self.groups)
            and _can_take(user, self.grants.get(user.code))
            and is_on_shift(user, self.shifts, self.holidays, at)
        ]
