"""An exception as it is written into its order: new with its clock, or an open one with what is found now."""

from __future__ import annotations

import msgspec

from app.command import Facts
from app.domain.order import Order, Snag
from app.duties import opening_times
from app.snag import Finding, Kind


def differs(was: Snag, finding: Finding) -> bool:
    """Tell whether what is found is not what stands there."""
    return (was.text, was.waits_for, was.digest) != (finding.text, finding.waits_for, finding.digest)


def raised(kind: Kind, finding: Finding, was: Snag | None, order: Order, facts: Facts) -> Snag:
    """Say what is found; an open one keeps its clock and its owner."""
    if was is not None:
        text, digest, waits_for = finding.text, finding.digest, finding.waits_for
        return msgspec.structs.replace(was, text=text, digest=digest, waits_for=waits_for)
    goal_min = kind.goal_min or facts.rules.snag_goal_min
    warn_at, due_at = opening_times(order.shop, goal_min, facts)
    classed = order.classed
    return Snag(
        kind=kind.code,
        severity=kind.severity,
        opened_at=facts.now,
        warn_at=warn_at,
        due_at=due_at,
        goal_min=goal_min,
        may_stop=kind.stops,
        text=finding.text,
        digest=finding.digest,
        waits_for=finding.waits_for,
        queue=classed.queue if classed is not None else "",
    )
