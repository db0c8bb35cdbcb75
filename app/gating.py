"""The gates of an order: how each stands, and the one sentence that names those that keep it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import app.gates
from app.command import Facts, Refusal, Unnamed
from app.domain import events as e
from app.domain.event import listed
from app.domain.order import EDITABLE, Order, Status
from app.domain.waiver import waiver_of
from app.gate import Gate, Measure, State
from app.profiles import asked_by_profile
from app.registry import collect
from app.text import N_, Text

GATES: Mapping[str, Gate] = dict(
    sorted(collect(app.gates, "GATE", Gate).items(), key=lambda item: item[1].rank)
)
KINDS_OF: Mapping[str, tuple[str, ...]] = {
    "profile": (),
    "payment": ("payment_failed", "part_paid", "refund_requested", "unclassified", "platform_lock"),
    "risk": ("fraud_risk",),
    "window": ("merge_wait",),
    "address": ("address_invalid",),
    "sku": ("sku_unmapped",),
    "line": (),
    "stock": ("short_stock", "lease_exceeded"),
    "price": ("price_anomaly",),
    "credit": ("credit_hold",),
    "invoice": ("invoice_missing",),
    "review": ("review_split", "sent_back"),
}
"""Which exceptions keep which gate unmet."""
CHECKS = tuple(code for code, gate in GATES.items() if gate.checks)


def measures(order: Order, facts: Facts) -> dict[str, Measure]:
    """Ask every gate an order meets, in the order of the strip."""
    asked = asked_by_profile(order, facts)
    return {
        code: _measure(gate, order, facts)
        for code, gate in GATES.items()
        if code not in asked.left and (code in asked.more or _meets(gate, order))
    }


def _meets(gate: Gate, order: Order) -> bool:
    """Tell whether an order meets a gate at all; where that cannot be said, it does."""
    try:
        return gate.applies(order)
    except Exception:  # noqa: BLE001 - fail closed
        return True


def _measure(gate: Gate, order: Order, facts: Facts) -> Measure:
    """Ask a gate; one that cannot answer stops the order. Source: capabilities 4, fail closed."""
    try:
        measured = gate.measure(order, facts)
    except Unnamed:
        raise
    except Exception:  # noqa: BLE001 - whatever a gate does wrong, no order leaves because of it
        return Measure(State.STOPS, Text(N_("Could not be measured. Tell your administrator.")))
    if order.waivers and measured.state in (State.WAITS, State.STOPS):
        waiver = waiver_of(order, gate.code, facts.now)
        if waiver is not None:
            who = facts.refs.called("user", waiver.by)
            text = Text(N_("Waived by {who}: {reason}"), {"who": who, "reason": waiver.reason})
            return Measure(State.MET, text, is_waived=True)
    return measured


def unmet(order: Order, facts: Facts) -> list[Text]:
    """Name every gate that is not met, with the number that decides."""
    return [
        Text(N_("{gate}: {said}"), {"gate": Text(GATES[code].title), "said": measure.text})
        for code, measure in measures(order, facts).items()
        if measure.state is not State.MET
    ]


def barred(decided: Iterable[e.Event], facts: Facts) -> Refusal | None:
    """Refuse to begin an order past a gate that is red by now, however it was released.

    Only the hub sees all that a gate looks at. Source: capabilities 4.1.
    """
    for event in decided if facts.at_hub else ():
        if not isinstance(event, e.StatusChanged) or event.after is not Status.PICKING:
            continue
        order = facts.order(event.order) if event.before in EDITABLE else None
        found = unmet(order, facts) if order is not None else []
        if found:
            text = N_("It may not go any more. {gates}. Put it aside.")
            return Refusal("gate_unmet", Text(text, {"gates": listed(found)}))
    return None


def with_gates(refusal: Refusal, order: Order | None, facts: Facts) -> Refusal:
    """Say of a step of the warehouse that came too early which gates the order has not passed."""
    if order is None or order.status not in EDITABLE:
        return refusal
    found = unmet(order, facts)
    if not found:
        return refusal
    said: dict[str, str | int | Text] = {"refused": refusal.text, "gates": listed(found)}
    return Refusal(refusal.code, Text(N_("{refused} Not met: {gates}."), said))
