"""What reviewers said, and who signed a shift over, as the tables hold it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.handover import Handover
from app.domain.vouching import Ballot, Vote
from sync.columns import instant, micros

VOTE_COLUMNS = (
    "user_code", "content_hash", "maker", "reason", "revision", "passed", "read_ms", "unread", "given_at",
)  # fmt: skip
HANDOVER_COLUMNS = ("id", "warehouse", "seal", "left_by", "left_at", "taken_by", "taken_seal", "taken_at")


def handover_row(page: Handover) -> tuple[Any, ...]:
    """Return the names under a page as `HANDOVER_COLUMNS` name its columns; what was left never changes."""
    left = page.id, page.warehouse, page.seal, page.left_by, micros(page.left_at)
    if page.taken_at is None:
        return (*left, "", "", None)
    return (*left, page.taken_by, page.seal, micros(page.taken_at))


def vote_row(vote: Vote) -> tuple[Any, ...]:
    """Return a verdict as `VOTE_COLUMNS` name its columns."""
    about = vote.user, vote.content_hash, vote.maker, vote.reason, vote.revision
    return (*about, vote.is_pass, vote.read_ms, vote.unread, micros(vote.at))


def fresh_rows(order: str, before: Ballot | None, after: Ballot) -> list[tuple[Any, ...]]:
    """Return the rows of what was said since `before`."""
    known = len(before.votes) if before is not None else 0
    return [(order, slot, *vote_row(vote)) for slot, vote in enumerate(after.votes, 1) if slot > known]


def vote_of(row: Sequence[Any]) -> Vote:
    """Return the verdict a row of `VOTE_COLUMNS` holds."""
    user, seal, maker, reason, revision, passed, read_ms, unread, at = row
    return Vote(
        user=user,
        content_hash=seal,
        revision=revision,
        maker=maker,
        is_pass=bool(passed),
        at=instant(at),
        reason=reason,
        read_ms=read_ms,
        unread=unread,
    )
