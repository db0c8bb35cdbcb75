"""A company whose people, shops and calendars are rows, to publish settings in."""

from __future__ import annotations

import msgspec
from builders import SHOPS, WAREHOUSES, Company

from app.command import Refusal
from app.domain.company import Grants, User, grants_of
from app.domain.revision import Revision, earlier
from app.domain.values import Actor, Role
from app.engine import inverse_of

PEOPLE = (
    User(code="lin", title="Lin", role=Role.CLERK),
    User(code="wu", title="Wu", role=Role.LEAD),
    User(code="fang", title="Fang", role=Role.ADMIN),
    User(code="he", title="He", role=Role.ADMIN),
)


def settled() -> Company:
    """Return a company with four people, two of them administrators."""
    company = Company()
    company.rows |= {("shop", shop.code): shop for shop in SHOPS.values()}
    company.rows |= {("warehouse", house.code): house for house in WAREHOUSES.values()}
    company.rows |= {("user", person.code): person for person in PEOPLE}
    return company


def acting(company: Company, code: str) -> Actor:
    """Return somebody with the rights they have now."""
    user, single = company.rows["user", code], company.rows.get(("grants", code))
    return Actor(code, user.role, grants_of(user, single if isinstance(single, Grants) else None))


def revisions(company: Company) -> list[Revision]:
    """Return what was published, the oldest first."""
    return [row for row in company.rows.values() if isinstance(row, Revision)]


def taken_back(company: Company, command, by: str):
    """Give a command and the one that takes it back; return the row between and after."""
    actor = acting(company, by)
    undo = inverse_of(command, company.facts(command, actor))
    done = company.do(command, actor)
    assert not isinstance(done, Refusal), done
    if undo is not None:
        company.must(undo, actor)
    return undo


def same(row, other) -> bool:
    """Tell whether two rows differ in their revision at most."""
    return msgspec.structs.replace(row, rev=0) == msgspec.structs.replace(other, rev=0)


__all__ = ["PEOPLE", "acting", "earlier", "revisions", "same", "settled", "taken_back"]
