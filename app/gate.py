"""A gate (关卡) is a condition an order must meet before it is released; unmet, it is an open hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.command import Facts
from app.domain.order import Order
from app.domain.values import Role
from app.text import N_, Text

ARTICLES_CLEAR = N_("Match every article once, then every order with it goes on.")
MONEY_CLEARS = N_("It goes on by itself when the money is here.")
HUB_CLEARS = N_("It goes on by itself when the hub answers.")
"""What more than one gate waits for."""


class State(StrEnum):
    """How a gate stands; everything but `met` keeps the order back (fail closed)."""

    MET = "met"
    WAITS = "waits"
    STOPS = "stops"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Measure:
    """Where a gate stands, and the deciding number in words."""

    state: State
    text: Text
    clears: str = ""
    """What clears it where it is not met, unless the words say so themselves."""
    is_waived: bool = False
    """Met only because somebody answers for it."""


def always(_order: Order) -> bool:
    """Say that every order meets it."""
    return True


OWNERS: Mapping[Role, str] = {
    Role.CLERK: N_("Order clerks"),
    Role.LEAD: N_("Leads"),
    Role.REVIEWER: N_("Reviewers"),
    Role.WAREHOUSE: N_("Warehouse"),
}
"""What those are called who put right what a gate asks for."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate. `checks` gates must be met for the order to count as checked; `rank` orders the strip.

    `applies` says which orders meet it at all; `owner` is the role that puts right what it asks for.
    """

    code: str
    title: str
    rank: int
    measure: Callable[[Order, Facts], Measure]
    checks: bool = False
    applies: Callable[[Order], bool] = always
    owner: Role = Role.CLERK
