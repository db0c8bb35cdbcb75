"""Figures on work, as the hub works them out and screens show them: plain values, n always beside them.

Units: `*_s` seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from app.domain.attempt import Attempt, Beat
from app.domain.deck import OwnDeck
from app.domain.voucher import Voucher
from app.people_figures import PeopleReport, RosterReport
from app.review_figures import ReviewReport
from app.text import N_, Text

EXCEPTIONS, GUIDES, GATES, PLANS = "exceptions", "guides", "gates", "plans"
BOOKS, PEOPLE, REVIEWS, ROSTER = "books", "people", "reviews", "roster"
VIEWS: Mapping[str, str] = {
    EXCEPTIONS: N_("Exceptions"),
    GUIDES: N_("Suggestions"),
    GATES: N_("Gates"),
    PLANS: N_("Planned anew"),
    BOOKS: N_("Vouchers"),
    PEOPLE: N_("People and time"),
    REVIEWS: N_("Reviewers"),
    ROSTER: N_("Roster"),
}
"""What is looked at, in the order of its key."""
OWN = frozenset({EXCEPTIONS, PEOPLE, REVIEWS})
"""Views in which everybody reads at least themselves."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What some exceptions took: `median_s` and `p90_s` are working time, without waits for others.

    `at_once` were cured by the first repair, `reopened` had been closed before. `hand_s` is the median from
    the claim to the end, of the `claimed` ones. `paced` are those nobody claimed whose clerk had just done
    something else; `pace_s` is the median from that act to the repair: looking for the next is in it.
    `waited_s` is the sum over all of them, by whom they waited for.
    """

    of: str
    n: int
    median_s: float
    p90_s: float
    late: int
    waited_s: dict[str, int]
    at_once: int = 0
    reopened: int = 0
    claimed: int = 0
    hand_s: float = 0.0
    paced: int = 0
    pace_s: float = 0.0


class Age(msgspec.Struct, frozen=True, kw_only=True):
    """So many open exceptions are younger than `below_min`; None: older than all classes."""

    below_min: int | None
    n: int
    late: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Exceptions that were closed from `since` on and before `until`, and those open at `as_of`.

    `people` is how many closed any; `is_own`: only what the reader had is in it.
    """

    since: datetime
    until: datetime
    zone: str
    closed: Figures
    by_kind: tuple[Figures, ...]
    by_owner: tuple[Figures, ...]
    by_shift: tuple[Figures, ...]
    open: Figures
    open_ages: tuple[Age, ...]
    open_by_owner: tuple[Figures, ...]
    as_of: datetime
    people: int = 0
    is_own: bool = False


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """So many deliveries of shops have come and are not decided yet."""

    waiting: int
    as_of: datetime


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """One order that went to the warehouse; `unmet` None: nothing was written down of its gates."""

    order: str
    number: str
    at: datetime
    unmet: int | None = 0
    waived: int = 0

    @property
    def is_green(self) -> bool:
        """Every gate was met, be it by somebody's word."""
        return self.unmet == 0


class GateReport(msgspec.Struct, frozen=True, kw_only=True):
    """How many orders went to the warehouse from `since` on and before `until`, `green` with every gate met.

    `waived` of the green ones had somebody's word for a gate. `replayed` are the green ones of
    `replayed_moves` once more, by the holds of the journal. `passages` are those that were not green, then
    those answered for, then the newest, as many as are listed.
    """

    since: datetime
    until: datetime
    zone: str
    moves: int
    green: int
    waived: int
    replayed_moves: int
    replayed: int
    passages: tuple[Passage, ...]
    as_of: datetime


class Replan(msgspec.Struct, frozen=True, kw_only=True):
    """One order whose `what` (place | carrier | way) was decided anew; nobody in `by`: the program did.

    No difference: nobody can tell it. Units: `extra_minor` minor units of `currency`; `extra_h` hours later.
    """

    order: str
    number: str
    at: datetime
    what: str
    before: Text
    after: Text
    why: Text
    by: str = ""
    extra_minor: int | None = None
    extra_h: int | None = None
    currency: str = "CNY"


class ReplanReport(msgspec.Struct, frozen=True, kw_only=True):
    """Orders planned anew from `since` on and before `until`, the newest first; `more`: there were others."""

    since: datetime
    until: datetime
    zone: str
    replans: tuple[Replan, ...]
    as_of: datetime
    more: bool = False


class VoucherReport(msgspec.Struct, frozen=True, kw_only=True):
    """The vouchers of what left or was given back from `since` on and before `until`."""

    since: datetime
    until: datetime
    zone: str
    vouchers: tuple[Voucher, ...]
    as_of: datetime


class StepFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How a step of a guide was answered in `n` guides that came to their end.

    In `used` + `overridden` of them it recommended a value. `shown`, `faded`, `unfolded` say how its hints
    stood and add up to `n`.
    """

    form: str
    step: str
    n: int
    used: int
    overridden: int
    shown: int
    faded: int
    unfolded: int

    @property
    def advised(self) -> int:
        """How often a value was recommended."""
        return self.used + self.overridden


class GuideReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of suggestions from `since` on and before `until`, by the days of a place."""

    since: datetime
    until: datetime
    zone: str
    steps: tuple[StepFigures, ...]
    as_of: datetime


class Learner(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody who practises was last heard of. `asks`: they would like somebody to come."""

    user: str
    heard_at: datetime
    beat: Beat


class LessonFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How a lesson went. `first_passed` of `people` passed their first exam; `missed` goals, how often."""

    lesson: str
    n: int
    passed: int
    people: int
    first_passed: int
    median_s: float
    helps: int
    missed: dict[str, int]


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody who began in a month: `alone` of `n` first orders were done alone, `waiting` are too young.

    `ready` people are independent; `days` is the median until they were. `low`, `high`: 95 % intervals.
    """

    month: str
    people: int
    n: int
    alone: int
    low_pct: float
    high_pct: float
    waiting: int
    helped: int
    led: int
    corrected: int
    ready: int
    days: float
    days_low: float
    days_high: float


class TrainingReport(msgspec.Struct, frozen=True, kw_only=True):
    """Who practises now, how lessons went from `since` on, who works alone.

    `is_summed`: nobody is named, as they are fewer than five and whoever asks is no trainer.
    """

    since: datetime
    until: datetime
    zone: str
    as_of: datetime
    learners: tuple[Learner, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    lessons: tuple[LessonFigures, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    seconds: dict[str, int] = {}
    """How long each person practised."""
    seconds_all: int = 0
    people: int = 0
    is_summed: bool = False
    is_own: bool = False
    """Only what the reader did is in it."""


class Answers(Protocol):
    """What a desk asks the hub about work."""

    def handling(self, days: int) -> Report: ...
    def people_time(self, days: int) -> PeopleReport: ...
    def reviewers(self, days: int) -> ReviewReport: ...
    def roster(self) -> RosterReport: ...
    def gates(self, days: int) -> GateReport: ...
    def vouchers(self, days: int) -> VoucherReport: ...
    def replans(self, days: int) -> ReplanReport: ...
    def guide_use(self, days: int) -> GuideReport: ...
    def backlog(self) -> Backlog: ...
    def training(self, days: int) -> TrainingReport: ...
    def own_deck(self, days: int) -> OwnDeck: ...
    def practising(self, beat: Beat) -> None: ...
