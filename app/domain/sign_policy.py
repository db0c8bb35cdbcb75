"""Who may sign which review: by amount and time of day, which roles or people, and whether of two roles.

Policies narrow who holds the right to sign; where none fits an order, the right alone decides.
Source: capabilities 10, policy as data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from app.domain.company import User
from app.domain.values import Role
from app.text import N_

ALWAYS, NIGHT, DAY = "", "night", "day"
WHEN: Mapping[str, str] = {
    ALWAYS: N_("At any time"),
    NIGHT: N_("While the review is on"),
    DAY: N_("While the review is off"),
}
"""The review is on in the hours of the rules, and on holidays where they say so."""
ROLES: Mapping[str, str] = {
    Role.REVIEWER.value: N_("Night review"),
    Role.LEAD.value: N_("Lead"),
    Role.ADMIN.value: N_("Administrator"),
    Role.CLERK.value: N_("Order clerk"),
    Role.TRAINER.value: N_("Trainer"),
    Role.WAREHOUSE.value: N_("Warehouse"),
}


class SignPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A published policy never changes: a change is its next revision.

    For orders from `least_minor` on and below `below_minor` (0: without end), at the time `when`. Whoever is
    named, by role or by person, may sign; nobody named: whoever holds the right. `other_role`: as many
    signatures as are asked are not all of one role.
    """

    code: str
    title: str
    least_minor: int = 0
    below_minor: int = 0
    when: str = ALWAYS
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    other_role: bool = False
    active: bool = True
    rev: int = 0

    def fits(self, payable_minor: int, *, is_on: bool) -> bool:
        """Tell whether it says who signs an order of this amount now; `is_on`: the review is."""
        is_large = payable_minor >= self.least_minor
        is_inside = is_large and (not self.below_minor or payable_minor < self.below_minor)
        return self.active and is_inside and self.when in (ALWAYS, NIGHT if is_on else DAY)

    def lets(self, user: str, role: str) -> bool:
        """Tell whether somebody may sign under it."""
        return not (self.roles or self.people) or role in self.roles or user in self.people


def fitting(policies: Iterable[SignPolicy], payable_minor: int, *, is_on: bool) -> list[SignPolicy]:
    """Return the policies an order falls under; all of them must let whoever signs."""
    found = [one for one in policies if one.fits(payable_minor, is_on=is_on)]
    return sorted(found, key=lambda one: one.code)


def lacks_other_role(role: str, earlier: Sequence[str], asked: int, users: Mapping[str, User]) -> bool:
    """Tell whether one more signature of this role would leave all of those asked with one role."""
    roles = {users[who].role.value for who in earlier if who in users} | {role}
    return len(earlier) + 1 >= max(asked, 2) and len(roles) < 2
