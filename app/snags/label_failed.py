"""The carrier gave no label: it refused, or nobody can tell."""

from __future__ import annotations

from app.carrying import further_offer, next_offer
from app.command import Command, Facts
from app.commands.choose_carrier import ChooseCarrier
from app.commands.redo_effect import RedoEffect
from app.domain.clock import Wait
from app.domain.effect import EffectState
from app.domain.order import Order
from app.domain.paper import Paper
from app.labelling import LABELLED, label_outcome
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

FAILED = frozenset({EffectState.REJECTED, EffectState.UNKNOWN})


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find a parcel that is to be closed and for which no label came.

    Source: capabilities 15, label_failed; sync.md section 10.
    """
    outcome = label_outcome(order)
    if (
        order.waybill is None
        or outcome is None
        or outcome.state not in FAILED
        or order.status not in LABELLED
    ):
        return None
    params: dict[str, str | int | Text] = {"carrier": order.waybill.carrier, "text": outcome.text}
    return Finding(Text(N_("No label of {carrier}: {text}"), params))


def look_up(order: Order, _facts: Facts) -> Command | None:
    """Ask the carrier what became of it, and ask for it again only where it never arrived."""
    outcome = label_outcome(order)
    if outcome is None or outcome.state not in FAILED:
        return None
    return RedoEffect(order=order.id, key=outcome.key, looks=True)


def next_carrier(order: Order, facts: Facts) -> Command | None:
    """Let another one take it that goes there, first one not asked yet; the failed label is void."""
    offer = further_offer(order, facts) or next_offer(order, facts)
    if offer is None or order.prints.get(Paper.LABEL, 0):
        return None
    return ChooseCarrier(order=order.id, carrier=offer.carrier.code)


KIND = Kind(
    code="label_failed",
    title=N_("No label"),
    hint=N_("Read what they answered. Another carrier, or our own label, keeps the parcel going."),
    severity="bad",
    rank=16,
    found=found,
    repairs=(
        Repair(
            "look_up",
            N_("Look up, retry"),
            look_up,
            N_("The carrier is asked first what became of it. It can be undone for 30 s."),
        ),
        Repair(
            "next_carrier",
            N_("Next carrier"),
            next_carrier,
            N_("Carrier and cost change, the old label is void. Undo until a label is printed."),
            off=N_("No other carrier goes there"),
        ),
    ),
    blocks=False,
    stops=(Wait.CARRIER,),
    goal_min=15,
)
