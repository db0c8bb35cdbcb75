"""What a channel tells of an order beside the order itself: refunds and returns there, and why it holds it.

Refunds are facts of lines: an order may be "all shipped" there and half of it be paid back.
Source: channels.md sections 0 and 1.2.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.aftersale import ReturnKind
from app.domain.beside import Beside


class CaseKind(StrEnum):
    """What the buyer asked the channel for."""

    REFUND_ONLY = "refund_only"
    RETURN_REFUND = "return_refund"
    EXCHANGE = "exchange"
    RESEND = "resend"
    REPAIR = "repair"
    PRICE_PROTECTION = "price_protection"
    UNKNOWN = "unknown"


class CaseState(StrEnum):
    """Where it stands there, see channels.md 1.2."""

    REQUESTED = "requested"
    AWAITING_RETURN = "awaiting_return"
    RETURN_IN_TRANSIT = "return_in_transit"
    REFUSED = "refused"
    PLATFORM_REVIEW = "platform_review"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    FAILED = "failed"
    UNKNOWN = "unknown"


BEGUN = frozenset(
    {
        CaseState.REQUESTED,
        CaseState.AWAITING_RETURN,
        CaseState.RETURN_IN_TRANSIT,
        CaseState.PLATFORM_REVIEW,
        CaseState.REFUNDING,
    }
)
"""The channel waits for somebody."""

STOPS = BEGUN | {CaseState.REFUNDED}
"""Goods that are still here must not leave."""

OFF = frozenset({CaseState.REFUSED, CaseState.FAILED})
"""As if nobody had asked."""

REFUND_PENDING = "refund_pending"
"""The channel holds an order because the buyer asked to call it off."""

OF_LINE = "line-"
"""How a case begins that an order tells of a line without naming the case; whoever names it knows better."""

CASES_MOST = 200
"""So many are kept of one order, the latest ones."""

OURS: dict[CaseKind, ReturnKind] = {
    CaseKind.RETURN_REFUND: ReturnKind.RETURN,
    CaseKind.REPAIR: ReturnKind.RETURN,
    CaseKind.EXCHANGE: ReturnKind.EXCHANGE,
    CaseKind.RESEND: ReturnKind.RESHIP,
}
"""What we call it; everything else is money only."""


class ChannelCase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One refund or return as the channel tells of it. `version` grows as text; no `line`: the whole order.

    Units: `qty` pieces, `amount_minor` in the order's currency.
    """

    id: str
    kind: CaseKind = CaseKind.UNKNOWN
    state: CaseState
    version: str = ""
    line: str = ""
    qty: int = 0
    amount_minor: int = 0


class Said(msgspec.Struct, frozen=True):
    """What the channel last said, as digests: repeating itself must not undo a person's work."""

    address: str = ""
    lines: str = ""
    money: str = ""
    ship_by_at: datetime | None = None
    memo: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The latest of everything. `lock`: why the channel holds it; `unclear`: a message nobody understood."""

    lock: str = ""
    cases: tuple[ChannelCase, ...] = ()
    unclear: str = ""
    beside: Beside = Beside()

    def case(self, id: str) -> ChannelCase | None:
        """Return one case, if the channel told of it."""
        return next((one for one in self.cases if one.id == id), None)


def is_older(case: ChannelCase, known: ChannelCase | None) -> bool:
    """Tell whether a newer word on the same case is here already."""
    return known is not None and bool(case.version) and case.version < known.version


def without_hints(told: Told, still: Collection[str]) -> Told:
    """Let go of what an order said of its lines itself and does not say any more."""
    cases = tuple(case for case in told.cases if not case.id.startswith(OF_LINE) or case.id in still)
    return told if cases == told.cases else msgspec.structs.replace(told, cases=cases)


def _knows_better(case: ChannelCase, hint: ChannelCase) -> bool:
    is_one = hint.id.startswith(OF_LINE) and not case.id.startswith(OF_LINE)
    return is_one and case.line == hint.line and case.state in STOPS


def with_case(told: Told, case: ChannelCase) -> Told:
    """Take one case in; what a newer word leaves out stays as it was. The same one changes nothing."""
    if any(_knows_better(one, case) for one in told.cases):
        return told
    hints = [one for one in told.cases if _knows_better(case, one)]
    if hints:
        told = msgspec.structs.replace(told, cases=tuple(one for one in told.cases if one not in hints))
    known = told.case(case.id)
    if known is None:
        return msgspec.structs.replace(told, cases=(*told.cases, case)[-CASES_MOST:])
    if is_older(case, known):
        return told
    newer = msgspec.structs.replace(
        case,
        version=case.version or known.version,
        kind=known.kind if case.kind is CaseKind.UNKNOWN else case.kind,
        line=case.line or known.line,
        qty=case.qty or known.qty,
        amount_minor=case.amount_minor or known.amount_minor,
    )
    return msgspec.structs.replace(
        told, cases=tuple(newer if one.id == case.id else one for one in told.cases)
    )
