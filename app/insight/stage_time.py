"""Which stages an order went through, and what of its time there was touch, waiting and rework.

A visit of a stage lasts from the move into it to the move out of it, so the visits of an order fill its
life without a gap. What came back to a stage is there for rework. Types of exceptions are stages too.
Source: capabilities 10.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from app.domain.order import TITLES, Status
from app.domain.order_events import MOVED, MOVED_BECAUSE
from app.insight.handling import Took
from app.text import Text

STAGES = (
    Status.RECEIVED, Status.TO_CHECK, Status.GATED, Status.RELEASED, Status.PICKING, Status.PACKED,
)  # fmt: skip
"""Where somebody or something has an order before it leaves the house."""
_STATUS = {title: status for status, title in TITLES.items()}


class Entry(NamedTuple):
    """What the journal says of one command: when, by whom, what it led to."""

    at: datetime
    by: str
    texts: Sequence[Text]


class Focus(NamedTuple):
    """Somebody was at an order; `touch_s` of the time between."""

    person: str
    subject: str
    kind: str
    since: datetime
    until: datetime
    touch_s: float

    def within(self, since: datetime, until: datetime) -> float:
        """Return what of it fell into a time, as if it were spread evenly."""
        whole = (self.until - self.since).total_seconds()
        inside = (min(self.until, until) - max(self.since, since)).total_seconds()
        return self.touch_s * min(1.0, max(0.0, inside) / whole) if whole > 0 else 0.0


class Visit(NamedTuple):
    """One stay in one stage; `until` None: it is there still. `by` ended it, nobody: the program did.

    `is_failed`: what was done here had to be done again. `work_s`: what is known of it without focus.
    """

    order: str
    stage: str
    since: datetime
    until: datetime | None
    by: str = ""
    post: str = ""
    shift: str = ""
    is_again: bool = False
    is_failed: bool = False
    is_repair: bool = False
    is_night: bool = False
    focus: tuple[Focus, ...] = ()
    work_s: int | None = None

    def touched_by(self, person: str) -> float:
        """Return how long one person was at it."""
        return sum(
            one.within(self.since, self.until or one.until) for one in self.focus if one.person == person
        )

    def each_s(self) -> float | None:
        """Return how long whoever ended it was at it; None where nothing tells."""
        return self.touched_by(self.by) or self.work_s if self.by else None


class StageTime(NamedTuple):
    """What a time in a stage was spent on; the three add up to all of it. Units: seconds."""

    order: str
    stage: str
    touch: float
    wait: float
    rework: float


def stage_time(visit: Visit, since: datetime, until: datetime) -> StageTime:
    """Return what a visit was within a time: touched, waited, or all of it rework."""
    begins, ends = max(visit.since, since), min(visit.until or until, until)
    whole = max(0.0, (ends - begins).total_seconds())
    if visit.is_again:
        return StageTime(visit.order, visit.stage, 0.0, 0.0, whole)
    touch = min(whole, sum(one.within(begins, ends) for one in visit.focus)) if whole else 0.0
    return StageTime(visit.order, visit.stage, touch, whole - touch, 0.0)


def visits(
    order: str, journal: Sequence[Entry], focus: Iterable[Focus], people: frozenset[str], post: str = ""
) -> list[Visit]:
    """Return the visits of one order in the order of time; moves within one moment are no visit."""
    mine, found, seen = tuple(focus), list[Visit](), dict[str, int]()
    moves = list(_moves(journal))
    ends = [*moves[1:], None]
    for (stage, since, _), nxt in zip(moves, ends, strict=True):
        until = nxt[1] if nxt is not None else None
        if stage not in STAGES or until == since:
            continue
        before = seen.get(stage)
        if before is not None:
            found[before] = found[before]._replace(is_failed=True)
        seen[stage] = len(found)
        by = nxt[2] if nxt is not None and nxt[2] in people else ""
        inside = tuple(one for one in mine if one.until > since and (until is None or one.since < until))
        found.append(Visit(order, stage, since, until, by, post, is_again=before is not None, focus=inside))
    return found


def repairs(
    done: Iterable[Took], focus: Mapping[str, Sequence[Focus]], posts: Mapping[str, str]
) -> list[Visit]:
    """Return exceptions as visits of their type: touched while somebody was at the order for it.

    `focus`, `posts`: by order.
    """
    found = []
    for one in done:
        if one.opened_at is None:
            continue
        inside = tuple(each for each in focus.get(one.subject, ()) if each.kind == one.kind)
        found.append(
            Visit(
                one.subject,
                one.kind,
                one.opened_at,
                one.ended_at,
                one.owner,
                posts.get(one.subject, ""),
                one.shift,
                is_again=one.came_back > 0,
                is_failed=one.came_back > 0,
                is_repair=True,
                focus=inside,
                work_s=one.hand_s if one.hand_s is not None else one.pace_s,
            )
        )
    return found


def life(journal: Sequence[Entry], since: datetime, until: datetime) -> float:
    """Return how much of a time the journal has an order in the house, by its moves alone. Units: seconds."""
    inside, begins = 0.0, None
    for stage, at, _ in _moves(journal):
        here = min(max(at, since), until)
        if stage in STAGES:
            begins = begins if begins is not None else here
        elif begins is not None:
            inside += (here - begins).total_seconds()
            begins = None
    return inside + ((until - begins).total_seconds() if begins is not None else 0.0)


def once(noted: Iterable[Focus]) -> list[Focus]:
    """Return what was noted without what came twice: a desk that died may say the same stay again."""
    best: dict[tuple[str, str, str, datetime], Focus] = {}
    for one in noted:
        key = one[:4]
        if key not in best or best[key].touch_s < one.touch_s:
            best[key] = one
    return list(best.values())


def _moves(journal: Sequence[Entry]) -> Iterator[tuple[str, datetime, str]]:
    """Yield into which state an order came, when and by whom, its first one before all others."""
    is_first = True
    for at, by, texts in journal:
        for text in texts:
            if text.message not in (MOVED, MOVED_BECAUSE):
                continue
            before, after = _status(text, "before"), _status(text, "after")
            if is_first and before:
                yield before, journal[0].at, ""
            is_first = False
            if after:
                yield after, at, by
    if is_first and journal:
        yield Status.RECEIVED, journal[0].at, ""


def _status(text: Text, name: str) -> str:
    said = text.params.get(name)
    return _STATUS.get(said.message, "") if isinstance(said, Text) else ""
