"""How well reviewers see: seeded mistakes they found, right orders they sent back, each with its interval.

Source: capabilities 10.3; Wilson 1927, the interval of a share.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import msgspec

from app.domain.drill import Drill
from app.domain.vouching import Vote

Z_95 = 1.959964
"""So many standard deviations hold 95 % of a normal distribution."""
ENOUGH = 100
"""Below so many nobody's share says much: capabilities 10, statistics."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """`count` of `of`, and between which shares the true one lies with 95 %. Units: `*_pct` percent."""

    count: int
    of: int
    low_pct: float
    high_pct: float

    @property
    def is_small(self) -> bool:
        """Tell whether the sample is too small to compare anybody by it."""
        return self.of < ENOUGH


class Reviewer(msgspec.Struct, frozen=True, kw_only=True):
    """One person. `hits`: seeded mistakes sent back; `false_alarms`: a no to what then left as it was.

    `unread`: yeses that came too fast to count.
    """

    person: str
    hits: Share
    false_alarms: Share
    unread: int
    is_small: bool


def share(count: int, of: int) -> Share:
    """Return a share with its interval; of nothing everything is possible."""
    if of == 0:
        return Share(count=0, of=0, low_pct=0.0, high_pct=100.0)
    part, square = count / of, Z_95 * Z_95
    middle = (part + square / (2 * of)) / (1 + square / of)
    half = Z_95 / (1 + square / of) * sqrt(part * (1 - part) / of + square / (4 * of * of))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Share(count=count, of=of, low_pct=round(100 * low, 1), high_pct=round(100 * high, 1))


def reviewers(
    drills: Sequence[Drill], votes: Sequence[Vote], approved: frozenset[tuple[str, int]]
) -> tuple[Reviewer, ...]:
    """Return every person who answered a test or gave a verdict, by name.

    `approved` are the contents that left as they were: (seal, revision).
    """
    people = sorted({one.person for one in drills if one.told} | {vote.user for vote in votes})
    return tuple(_reviewer(person, drills, votes, approved) for person in people)


def _reviewer(
    person: str, drills: Sequence[Drill], votes: Sequence[Vote], approved: frozenset[tuple[str, int]]
) -> Reviewer:
    told = [one.told for one in drills if one.person == person and one.told is not None]
    mine = [vote for vote in votes if vote.user == person]
    right = [vote for vote in mine if not vote.unread and (vote.content_hash, vote.revision) in approved]
    hits = share(sum(one.is_found for one in told), len(told))
    alarms = share(sum(not vote.is_pass for vote in right), len(right))
    unread = sum(vote.unread > 0 for vote in mine)
    return Reviewer(
        person=person,
        hits=hits,
        false_alarms=alarms,
        unread=unread,
        is_small=hits.is_small or alarms.is_small,
    )
