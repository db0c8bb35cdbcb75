"""How well reviewers see, as the hub works it out and screens show it; n always stands beside it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.domain.share import Share


class Reviewer(msgspec.Struct, frozen=True, kw_only=True):
    """One person. `hits`: seeded mistakes sent back; `false_alarms`: a no to what then left as it was.

    `agreed`: verdicts that were what came of a review that others gave a verdict in too. `unread`: yeses that
    came too fast to count. `median_s` is what a verdict took, of the `timed` ones. Units: `median_s` seconds.
    """

    person: str
    hits: Share
    false_alarms: Share
    unread: int
    is_small: bool
    agreed: Share
    verdicts: int = 0
    timed: int = 0
    median_s: float = 0.0


class ReviewReport(msgspec.Struct, frozen=True, kw_only=True):
    """Verdicts given from `since` on and before `until`; `whole` is everybody together.

    `people` is how many gave any; `is_own`: only the reader is named, and nobody else is in the sum.
    """

    since: datetime
    until: datetime
    zone: str
    whole: Reviewer
    persons: tuple[Reviewer, ...]
    as_of: datetime
    people: int = 0
    is_own: bool = False
