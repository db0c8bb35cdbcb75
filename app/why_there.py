"""Why an order is sent from where it is sent from: every place it might have come from, with its figures.

Source: capabilities 6.2.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.choosing import decided
from app.command import Facts
from app.domain.decision import Candidate, Decision
from app.domain.order import EDITABLE, LEFT, Order
from app.sourcing.lanes import FAR_KM
from app.text import N_, Text


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a warehouse, or several together. Units: km, pieces, minor units, hours."""

    title: str
    km: int | None
    has: int
    wants: int
    freight_minor: int | None
    parcels: int
    leaves_at: datetime | None
    late_h: int
    score: int | None
    verdict: Text
    is_chosen: bool


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """All places of an order, the chosen one first. `said`: by which policy, when, and by whom."""

    places: tuple[Place, ...] = ()
    currency: str = "CNY"
    at: datetime | None = None
    said: Text | None = None
    is_decided: bool = True
    """Else it is what would be decided now."""


def why_there(order: Order, facts: Facts) -> Why:
    """Return why it is sent from there; where nothing is promised yet, what would be decided now."""
    is_decided = bool(order.reserved) or order.status not in EDITABLE
    decision = order.sourced if is_decided else None
    if decision is not None and order.status in LEFT and not decision.is_split:
        decision = None
    if not is_decided and order.matched and facts.warehouses_of(order):
        decision = decided(order, facts, facts.free)
    if decision is None:
        return Why(is_decided=is_decided)
    there = {one.place for one in decision.parcels}
    if order.reserved and not order.made_from:
        there = {item.warehouse for item in order.reserved}
    rows = [_row(one, decision, there, facts) for one in decision.candidates]
    return Why(
        places=tuple(sorted(rows, key=lambda row: not row.is_chosen)),
        currency=decision.currency,
        at=decision.at,
        said=_said(decision, facts),
        is_decided=is_decided,
    )


def _row(one: Candidate, decision: Decision, there: set[str], facts: Facts) -> Place:
    is_chosen = decision.is_whole and set(one.places) == there
    return Place(
        title=" + ".join(facts.refs.called("warehouse", code) for code in one.places),
        km=one.km if one.km < FAR_KM else None,
        has=one.has,
        wants=one.wants,
        freight_minor=one.freight_minor,
        parcels=one.parcels,
        leaves_at=one.leaves_at,
        late_h=one.late_h,
        score=one.score,
        verdict=_verdict(one, is_chosen=is_chosen, decided_by=decision.by),
        is_chosen=is_chosen,
    )


def _verdict(one: Candidate, *, is_chosen: bool, decided_by: str) -> Text:
    if one.why_not is None:
        return Text(N_("the cheapest")) if is_chosen or decided_by else Text(N_("could send"))
    return one.why_not


def _said(decision: Decision, facts: Facts) -> Text:
    if decision.by:
        params: dict[str, str | int | Text] = {
            "name": facts.refs.called("user", decision.by),
            "difference": decision.difference or "",
            "reason": decision.reason or Text(N_("no reason")),
        }
        return Text(N_("Chosen by {name}, {difference}: {reason}"), params)
    if not decision.version:
        return Text(N_("Freight, parcels and lateness added up; the least wins"))
    return Text(
        N_("Policy {code}, version {version}"), {"code": decision.policy, "version": decision.version}
    )
