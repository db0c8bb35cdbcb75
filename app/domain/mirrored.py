"""A case of the channel as a case of ours: opened, accepted and ended as it is there.

Goods are graded by us and by nobody else; money is told with the order, so none is booked here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from app.domain.aftersale import (
    COMES_BACK,
    ENDED,
    ON_CHANNEL,
    VOID,
    Asked,
    ReturnCase,
    ReturnKind,
    ReturnState,
)
from app.domain.aftersale_events import (
    ReturnAccepted,
    ReturnEndedThere,
    ReturnOpened,
    ReturnReopened,
    ReturnWithdrawn,
)
from app.domain.event import Event
from app.domain.kit_lines import named, pieces_of
from app.domain.order import Order
from app.domain.refund import returnable
from app.domain.told import BEGUN, OFF, OURS, CaseState, ChannelCase

ACCEPTED_THERE = frozenset({CaseState.AWAITING_RETURN, CaseState.RETURN_IN_TRANSIT, CaseState.REFUNDING})


def mirrored_as(case: ChannelCase) -> str:
    """Return what a case of the channel is called as one of ours."""
    return f"ch-{case.id}"


def mirrored(
    order: Order, case: ChannelCase, by: str, at: datetime, only: Collection[str] | None = None
) -> list[Event]:
    """Return what the word of the channel means for the cases of an order whose goods have left.

    `only` these of its lines are of the channel's order.
    """
    name = mirrored_as(case)
    ours = order.case(name)
    events: list[Event] = []
    if ours is None:
        if case.state not in BEGUN:
            return []
        ours = _opened(order, case, name, by, at, only)
        if not ours.lines:
            return []
        events.append(ReturnOpened(order=order.id, case=ours))
    elif ours.state in VOID and _asked_again(order, case) and _still_there(order, ours):
        ours = msgspec.structs.replace(ours, state=ReturnState.REQUESTED)
        events.append(ReturnReopened(order=order.id, case=name, at=at))
    if ours.state in ENDED:
        return events
    is_asked = ours.state is ReturnState.REQUESTED
    if case.state in OFF and ours.state is not ReturnState.GRADED:
        events.append(ReturnWithdrawn(order=order.id, case=name, at=at))
    elif case.state is CaseState.REFUNDED and (ours.kind not in COMES_BACK or ours.grades):
        events.append(ReturnEndedThere(order=order.id, case=name, at=at))
    elif (case.state in ACCEPTED_THERE or case.state is CaseState.REFUNDED) and is_asked:
        events.append(ReturnAccepted(order=order.id, case=name, by=by, at=at))
    return events


def _opened(
    order: Order, case: ChannelCase, id: str, by: str, at: datetime, only: Collection[str] | None
) -> ReturnCase:
    kind = OURS.get(case.kind, ReturnKind.REFUND)
    return ReturnCase(
        id=id,
        kind=kind,
        lines=_asked(order, case, kind, only),
        reason=ON_CHANNEL,
        opened_by=by,
        opened_at=at,
        since=at,
    )


def _asked_again(order: Order, case: ChannelCase) -> bool:
    """Tell whether the buyer asks for what the channel had refused or given up before."""
    before = order.told.case(case.id)
    return case.state in BEGUN and before is not None and before.state in OFF


def _still_there(order: Order, ours: ReturnCase) -> bool:
    """Tell whether the pieces of a case can still come back: another one may be about them by now."""
    return ours.kind not in COMES_BACK or all(
        asked.qty <= returnable(order, asked.line) for asked in ours.lines
    )


def _asked(
    order: Order, case: ChannelCase, kind: ReturnKind, only: Collection[str] | None
) -> tuple[Asked, ...]:
    """Return the pieces it is about: of its line, else all of them; never more than can still come back."""
    its = named(order.lines, case.line)
    lines = its or [line for line in order.lines if only is None or line.id in only]
    most = {line.id: returnable(order, line.id) if kind in COMES_BACK else line.qty for line in lines}
    pieces = pieces_of(lines, case.qty if its else 0, most)
    return tuple(Asked(line, qty) for line, qty in pieces if qty > 0)
