"""What a gate profile would change for the orders that may still change, before it is published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from app import engine
from app.command import Facts, Refs, with_settings
from app.desk import Desk
from app.domain.gate_profile import GateProfile
from app.domain.order import Order, Status
from app.domain.values import digest
from app.gate import State
from app.gating import KINDS_OF
from app.kinds import kind_of
from app.ports import OrderQuery, Views
from app.profiles import PROFILE, asked_by_profile
from app.text import N_, Text

LOOKED = (Status.RELEASED, Status.GATED, Status.TO_CHECK, Status.RECEIVED)
EACH_MOST = 60
"""So many orders of each state, the newest, are looked at."""
NAMED_MOST = 4


@dataclass(slots=True)
class Change:
    """Numbers of orders that would be held and are not, that would go on, and that no profile is for."""

    looked: int = 0
    held: list[str] = field(default_factory=list)
    freed: list[str] = field(default_factory=list)
    unnamed: int = 0


async def foreseen(desk: Desk, profile: GateProfile, goes_on: Callable[[], bool]) -> Change | None:
    """Look at the newest orders as they would stand under a profile; None where nobody asks any more."""
    found = Change()
    for status in LOOKED:
        for row in await desk.look(Views.order_page, OrderQuery(status=status), 0, EACH_MOST):
            if not goes_on():
                return None
            known = await desk.look(Views.order, row.id, desk.login)
            if known is not None:
                _compare(found, *known, profile)
    return found


def _compare(found: Change, order: Order, facts: Facts, profile: GateProfile) -> None:
    refs = with_settings(facts.refs, {("gate_profile", profile.code): profile})
    before, after = _keeps(order, facts, facts.refs), _keeps(order, facts, refs)
    found.looked += 1
    found.unnamed += PROFILE in after
    if after and not before:
        found.held.append(order.number)
    if before and not after:
        found.freed.append(order.number)


def _keeps(order: Order, facts: Facts, refs: Refs) -> frozenset[str]:
    """Name what keeps an order back, short of what only the hub has not answered yet."""
    looked = replace(facts, refs=refs, changed={})
    engine.apply(engine.SPECS["recheck"].type(order=order.id), looked)
    seen = looked.order(order.id) or order
    gates = {
        code
        for code, measure in engine.measures(seen, looked).items()
        if measure.state is not State.MET and not (code == "stock" and seen.snag("short_stock") is None)
    }
    of_gates = {kind for code in gates for kind in KINDS_OF.get(code, ())}
    asked = asked_by_profile(seen, looked)
    kinds = {
        snag.kind
        for snag in seen.snags
        if kind_of(snag.kind, refs.snag_rules).blocks
        and snag.kind not in of_gates
        and kind_of(snag.kind, refs.snag_rules).gate not in asked.left
    }
    lacks = "invoice" in asked.more and not seen.customer and seen.invoice is None
    if lacks and not seen.is_settled("invoice_missing", digest(seen.id, seen.invoice)):
        kinds.add("invoice_missing")
    return frozenset(gates | kinds)


def said(change: Change) -> tuple[Text, ...]:
    """Say it in a sentence for each side."""
    if not (change.held or change.freed or change.unnamed):
        message = N_("None of {looked} orders before picking would change.")
        return (Text(message, {"looked": change.looked}),)
    told = []
    for numbers, message in (
        (change.held, N_("Of {looked} orders before picking {count} would be held: {numbers}.")),
        (change.freed, N_("Of {looked} orders before picking {count} would go on: {numbers}.")),
    ):
        if numbers:
            known: dict[str, str | int | Text] = {"looked": change.looked, "count": len(numbers)}
            told.append(Text(message, known | {"numbers": _listed(numbers)}))
    if change.unnamed:
        message = N_("{count} would have no profile and stop. Publish one for all orders first.")
        told.append(Text(message, {"count": change.unnamed}))
    return tuple(told)


def _listed(numbers: Sequence[str]) -> str:
    more = " …" if len(numbers) > NAMED_MOST else ""
    return ", ".join(numbers[:NAMED_MOST]) + more
