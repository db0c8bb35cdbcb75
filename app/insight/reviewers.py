"""How well reviewers see: seeded mistakes they found, right orders they sent back, each with its interval.

Source: capabilities 10.3.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.domain.drill import Drill
from app.domain.share import Share, share
from app.domain.vouching import Vote


class Reviewer(msgspec.Struct, frozen=True, kw_only=True):
    """One person. `hits`: seeded mistakes sent back; `false_alarms`: a no to what then left as it was.

    `unread`: yeses that came too fast to count.
    """

    person: str
    hits: Share
    false_alarms: Share
    unread: int
    is_small: bool


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
