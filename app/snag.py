"""A snag is what the screen calls an exception (异常): a named reason why an order needs a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.command import Command, Facts
from app.domain.order import Order
from app.text import N_, Text


@dataclass(frozen=True, slots=True)
class Finding:
    """The snag holds now: the sentence with the offending value, and what would cure it from outside.

    `digest` names what a person would answer; where it is set, `Settle` with it closes the snag.
    """

    text: Text
    waits_for: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """One key. `build` returns the command, or None when it cannot help here; `why` says why it is safe."""

    code: str
    label: str
    build: Callable[[Order, Facts], Command | None]
    why: str = ""
    off: str = N_("Not possible now")
    """Why there is no command; empty: the key is shown only where it helps."""


def opens_nothing(_case: str) -> str:
    """Say that a command does it."""
    return ""


@dataclass(frozen=True, slots=True)
class CaseRepair:
    """The same for a delivery or a command: `build` takes the id of the case; without a command no key.

    `opens` names the screen on which the case is cured instead, "" where this case is not.
    """

    code: str
    label: str
    build: Callable[[str], Command | None]
    why: str = ""
    opens: Callable[[str], str] = opens_nothing


def nothing_found(_order: Order, _facts: Facts) -> Finding | None:
    """Say that orders never have this snag: it belongs to deliveries or commands."""
    return None


def never_wakes(_order: Order, _facts: Facts) -> datetime | None:
    """Say that time alone does not change the answer."""
    return None


LAST_RANK = 99
"""Of a type that names no order."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One exception type: how it is found, what it is called, what cures it.

    `title` names it in a list, `hint` tells a new clerk what to look at, `severity` is bad or warn,
    `rank` is its place among all of them, the lowest names the order in lists (capabilities 15),
    `goal_min` overrides the rules' goal (minutes of working time), `form` is the guide that `Enter` opens.
    `stops` are those whom it may wait for with its clock standing still, see `clock.Wait`.
    `effort_min` is how long a person needs for one, as a guess to share work out by.
    `locks`: while it is open, work on many orders at once leaves this order alone.
    `shows_raw`: it is about a delivery whose text the hub keeps and shows.
    `hub_only` kinds need rows a desk does not hold: the desk leaves them as the hub last said.
    `blocks` says whether the order may not be released while it is open.
    `after_sales` kinds are asked of finished orders too.
    `group` is the role it is handed to; none: everybody who is handed exceptions.
    `gate` names the gate it keeps unmet: who waives that gate answers for this too.
    """

    code: str
    title: str
    hint: str
    severity: str
    rank: int = LAST_RANK
    found: Callable[[Order, Facts], Finding | None] = nothing_found
    repairs: tuple[Repair, ...] = ()
    case_repairs: tuple[CaseRepair, ...] = ()
    form: str = ""
    hub_only: bool = False
    blocks: bool = True
    after_sales: bool = False
    gate: str = ""
    group: str = ""
    goal_min: int = 0
    effort_min: int = 5
    stops: tuple[str, ...] = ()
    locks: bool = False
    shows_raw: bool = False
    wake_at: Callable[[Order, Facts], datetime | None] = never_wakes


def repair_of(kind: Kind, code: str) -> Repair | None:
    """Return one repair of a type."""
    return next((one for one in kind.repairs if one.code == code), None)
