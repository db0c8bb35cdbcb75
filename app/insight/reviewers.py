"""How well reviewers see: seeded mistakes they found, right orders they sent back, each with its interval.

Source: capabilities 10.3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median

import msgspec

from app.domain.drill import Drill
from app.domain.share import share
from app.domain.vouching import Vote
from app.insight.handling import NAMED_LEAST
from app.review_figures import Reviewer, ReviewReport

Content = tuple[str, int]
"""What verdicts are about: (seal, revision)."""


def reviewers(
    drills: Sequence[Drill], votes: Sequence[Vote], approved: frozenset[Content], asked: int = 2
) -> tuple[Reviewer, ...]:
    """Return every person who answered a test or gave a verdict, by name.

    `approved` are the contents that left as they were; `asked` how many a review asks as a rule.
    """
    people = sorted({one.person for one in drills if one.told} | {vote.user for vote in votes})
    ends = outcomes(votes, approved, asked)
    return tuple(
        reviewer(
            person,
            [one for one in drills if one.person == person],
            [vote for vote in votes if vote.user == person],
            approved,
            ends,
        )
        for person in people
    )


def outcomes(votes: Sequence[Vote], approved: frozenset[Content], asked: int) -> Mapping[Content, bool]:
    """Return what came of each review that is over and in which two looked; of others nobody may know yet."""
    said = defaultdict[Content, dict[str, bool]](dict)
    for vote in votes:
        if not vote.unread:
            said[vote.content_hash, vote.revision][vote.user] = vote.is_pass
    ends = {}
    for content, by in said.items():
        is_refused = sum(not is_pass for is_pass in by.values()) >= max(asked, 2)
        if len(by) > 1 and (content in approved or is_refused):
            ends[content] = content in approved
    return ends


def reviewer(
    person: str,
    drills: Sequence[Drill],
    votes: Sequence[Vote],
    approved: frozenset[Content],
    ends: Mapping[Content, bool],
) -> Reviewer:
    """Return the figures of one person, or of a group, from what is theirs."""
    told = [one.told for one in drills if one.told is not None]
    counted = [vote for vote in votes if not vote.unread]
    right = [vote for vote in counted if (vote.content_hash, vote.revision) in approved]
    ended = [(vote, ends[key]) for vote in counted if (key := (vote.content_hash, vote.revision)) in ends]
    hits = share(sum(one.is_found for one in told), len(told))
    alarms = share(sum(not vote.is_pass for vote in right), len(right))
    times = [vote.read_ms / 1_000 for vote in counted if vote.read_ms]
    return Reviewer(
        person=person,
        hits=hits,
        false_alarms=alarms,
        unread=len(votes) - len(counted),
        is_small=hits.is_small or alarms.is_small,
        agreed=share(sum(vote.is_pass == end for vote, end in ended), len(ended)),
        verdicts=len(counted),
        timed=len(times),
        median_s=round(median(times), 1) if times else 0.0,
    )


def seen_by(whole: ReviewReport, user: str, *, reads_all: bool) -> ReviewReport:
    """Return what one person may read: everybody with the right to it, else themselves.

    Of fewer than five people nobody is named but the reader: the others are in the sum.
    """
    if reads_all and whole.people >= NAMED_LEAST:
        return whole
    mine = tuple(one for one in whole.persons if one.person == user)
    if reads_all:
        return msgspec.structs.replace(whole, persons=mine)
    nothing = reviewer("", (), (), frozenset(), {})
    own = msgspec.structs.replace(mine[0], person="") if mine else nothing
    return msgspec.structs.replace(whole, whole=own, persons=mine, people=len(mine), is_own=True)


def review_report(
    drills: Sequence[Drill],
    votes: Sequence[Vote],
    approved: frozenset[Content],
    asked: int,
    period: tuple[datetime, datetime, str, datetime],
) -> ReviewReport:
    """Return the figures of everybody in a period: (since, until, zone, as of)."""
    since, until, zone, as_of = period
    persons = reviewers(drills, votes, approved, asked)
    return ReviewReport(
        since=since,
        until=until,
        zone=zone,
        whole=reviewer("", drills, votes, approved, outcomes(votes, approved, asked)),
        persons=persons,
        as_of=as_of,
        people=len(persons),
    )
