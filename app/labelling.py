"""What follows for the label of an order after every change: asked for, or taken back."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.command import Facts
from app.domain import address
from app.domain import events as e
from app.domain.destination import usual_postcode
from app.domain.effect import KINDS, WITH_THE_LAST, EffectState, Outcome, outcome_of
from app.domain.order import LEFT, OPEN, Order, Status
from app.domain.relations import Find, destination, holders, roots
from app.domain.waybill import POSTCODE, Waybill, waybill_key
from app.text import Text

LABELLED = frozenset({Status.RELEASED, Status.PICKING, Status.PACKED})
"""From release on the parcel is on its way to be closed."""


def label_outcome(order: Order) -> Outcome | None:
    """Return what became of the label asked for, if anything is known."""
    return outcome_of(order.effects, order.waybill.key) if order.waybill is not None else None


def label_number(order: Order) -> str:
    """Return the tracking number the carrier gave; empty while there is none."""
    outcome = label_outcome(order)
    return outcome.ref if outcome is not None and outcome.state is EffectState.DONE else ""


def outcomes_said(order: Order) -> tuple[Outcome, ...]:
    """Return what became of what was sent for an order, without labels that nobody needs any more."""
    mine = order.waybill.key if order.waybill is not None else ""
    return tuple(one for one in order.effects if one.kind != "label" or one.key == mine)


def told_said(order: Order, find: Find) -> tuple[tuple[str, Text], ...]:
    """Return what became of telling the channels that this parcel of an order of theirs left."""
    keys = [f"confirm:{root.id}:{order.id}" for root in roots(order, find)] if order.made_from else []
    outcomes = (one for root in roots(order, find) for one in root.effects if one.key in keys)
    said = [(KINDS[one.kind], one.text) for one in outcomes]
    return tuple(one for at, one in enumerate(said) if one not in said[:at])


def waits_for_last(order: Order, find: Find) -> bool:
    """Tell whether a channel has not heard of this parcel yet: others of the same order are still here."""
    is_told_later = any(text.message == WITH_THE_LAST for _, text in told_said(order, find))
    return is_told_later and any(
        one.status in OPEN for root in roots(order, find) for one in holders(root, find)
    )


def readdressed(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield the usual postcode of an accepted place where the carrier refused the one that was written.

    The label is asked for anew; refused once more it is a person's: the usual code stands there already.
    Source: capabilities 2.9.
    """
    waybill, outcome = order.waybill, label_outcome(order)
    if not facts.at_hub or waybill is None or outcome is None or order.status is not Status.RELEASED:
        return
    is_refused = outcome.state is EffectState.REJECTED and outcome.field == POSTCODE
    if not is_refused or order.region.verdict != address.ACCEPT:
        return
    code = usual_postcode(order, facts.refs.gazetteer)
    if code and code != order.region.postcode:
        region = msgspec.structs.replace(order.region, postcode=code)
        yield e.AddressFixed(
            order=order.id,
            receiver=order.receiver,
            region=region,
            by=facts.by.user,
            refused_by=waybill.carrier,
        )


def voided(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield that a label fits no more: another address, another carrier, or no parcel at all.

    Only the hub says so: it reads every address.
    Source: capabilities 15, address_changed voids the label; sync.md section 10.
    """
    if facts.at_hub and order.waybill is not None and not _fits(order, order.waybill):
        yield e.LabelVoided(order=order.id, waybill=order.waybill)


def asked_for(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield that a label is asked of whoever takes a released order and gives labels."""
    carriage = order.carriage
    if not facts.at_hub or carriage is None or order.waybill is not None or order.status not in LABELLED:
        return
    carrier = facts.refs.carriers.get(carriage.carrier)
    if carrier is None or not carrier.gives_labels or not carrier.active:
        return
    waybill = Waybill(
        key=waybill_key(order.id, order.waybills + 1),
        carrier=carriage.carrier,
        service=carriage.service,
        there=destination(order),
        at=facts.now,
    )
    yield e.LabelAsked(order=order.id, waybill=waybill)


def _fits(order: Order, waybill: Waybill) -> bool:
    if order.status in LEFT:
        return False
    if order.status not in OPEN:
        return label_number(order) in order.tracking_no.split()
    carriage = order.carriage
    return carriage is not None and (waybill.carrier, waybill.service, waybill.there) == (
        carriage.carrier,
        carriage.service,
        destination(order),
    )
