"""What was decided about an order, by which policy, and what every other place would have come to."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.domain.money import shown
from app.text import N_, Text


class Parcel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One parcel of an order. `takes`: pieces of each line. Units: grams, minor units, hours."""

    place: str
    takes: tuple[tuple[str, int], ...]
    weight_g: int
    carrier: str = ""
    service: str = ""
    freight_minor: int = 0
    late_h: int = 0
    leaves_at: datetime
    arrives_at: datetime


class Candidate(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One place, or several together, that might have sent it; written as a list, since orders hold many.

    `why_not`: the rule that removed it, or what it costs more; nothing: it is the one. A place
    without a score cannot send everything by itself.
    Units: km; `has` of `wants` pieces; minor units; hours.
    """

    places: tuple[str, ...]
    km: int
    has: int
    wants: int
    freight_minor: int | None = None
    score: int | None = None
    parcels: int = 0
    leaves_at: datetime | None = None
    """The cut-off it would make."""
    arrives_at: datetime | None = None
    late_h: int = 0
    why_not: Text | None = None


class Sending(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sent together with no regard to the rest of an order; most orders are one.

    `score` is freight, splits, lateness and scarcity added up; without parcels nobody has it all. `proven`:
    nothing is cheaper.
    """

    lines: tuple[str, ...]
    parcels: tuple[Parcel, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    score: int = 0
    freight_minor: int = 0
    split_minor: int = 0
    late_minor: int = 0
    scarce_minor: int = 0
    km: int = 0
    proven: bool = True


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A decision and its reasons; it never changes. `inputs` is a digest of everything it was made from."""

    order: str
    policy: str
    version: int
    inputs: str
    at: datetime
    currency: str = "CNY"
    sendings: tuple[Sending, ...] = ()
    by: str = ""
    """Who chose another place than the cheapest; nobody: the policy did."""
    reason: str = ""
    extra_minor: int = 0
    """What that costs more. Units: minor units; `extra_h` hours later."""
    extra_h: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is sent from somewhere."""
        return bool(self.sendings) and all(sending.parcels for sending in self.sendings)

    @property
    def is_split(self) -> bool:
        """Tell whether it goes in several parcels."""
        return len(self.parcels) > 1

    @property
    def parcels(self) -> tuple[Parcel, ...]:
        """Return all parcels."""
        return tuple(parcel for sending in self.sendings for parcel in sending.parcels)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Return every place and set that was looked at."""
        return tuple(one for sending in self.sendings for one in sending.candidates)

    @property
    def freight_minor(self) -> int:
        """Return what all parcels cost. Units: minor units."""
        return sum(sending.freight_minor for sending in self.sendings)

    @property
    def difference(self) -> Text | None:
        """Say what a person's choice costs more, and how much later it is; nothing where a policy chose."""
        return difference_said(self.extra_minor, self.extra_h, self.currency) if self.by else None

    @property
    def score(self) -> int:
        """Return what is compared. Units: minor units."""
        return sum(sending.score for sending in self.sendings)


class Instead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a plan came in the place of, and why an order was planned anew.

    `before`: the place, or who took it. Without a difference nobody can tell it.
    Units: `extra_minor` minor units of `currency`; `extra_h` hours later.
    """

    before: Text
    why: Text
    extra_minor: int | None = None
    extra_h: int | None = None
    currency: str = "CNY"

    def params(self) -> dict[str, str | int | Text]:
        """Return what the journal keeps of it; the difference stands beside the sentence."""
        said: dict[str, str | int | Text] = {"before": self.before, "why": self.why}
        said["currency"] = self.currency
        known = {"extra_minor": self.extra_minor, "extra_h": self.extra_h}
        return said | {name: value for name, value in known.items() if value is not None}


_DIFFERENCES = {
    (0, 0): N_("the same price, no later"),
    (0, 1): N_("the same price, {hours} h later"),
    (0, -1): N_("the same price, {hours} h earlier"),
    (1, 0): N_("{money} more, no later"),
    (1, 1): N_("{money} more, {hours} h later"),
    (1, -1): N_("{money} more, {hours} h earlier"),
    (-1, 0): N_("{money} less, no later"),
    (-1, 1): N_("{money} less, {hours} h later"),
    (-1, -1): N_("{money} less, {hours} h earlier"),
}
"""By whether it costs more, and whether it is later."""


def difference_said(extra_minor: int, extra_h: int, currency: str) -> Text:
    """Say how much more another place costs and how much later it is."""
    params: dict[str, str | int | Text] = {"money": shown(abs(extra_minor), currency), "hours": abs(extra_h)}
    return Text(_DIFFERENCES[_sign(extra_minor), _sign(extra_h)], params)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
