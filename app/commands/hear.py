"""What a channel says of a known order between two of its versions: a refund, an address, a call to stop."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.announced import ASKED_THERE, Announced
from app.domain.events import Amendment, Event, OrderAmended
from app.domain.kit_lines import line_meant, named
from app.domain.mirrored import mirrored, mirrored_as
from app.domain.order import DEAD, OPEN, ChannelState, Order, Status
from app.domain.relations import lines_of, successors
from app.domain.told import REFUND_PENDING, ChannelCase, Told, is_older, with_case
from app.domain.told_of import case_in
from app.domain.values import Receiver, Region, digest
from app.text import N_

SENT = frozenset({Status.SHIPPED, Status.COMPLETED, Status.RETURNED})


class Means(StrEnum):
    """What a message is about."""

    CASE = "case"
    ADDRESS = "address"
    CANCELLED = "cancelled"
    CANCEL_ASKED = "cancel_asked"
    UNKNOWN = "unknown"


class Hear(Command, frozen=True, kw_only=True):
    """`topic` names a message nobody understood; an address comes with `receiver` and `region`."""

    order: str
    means: Means
    case: ChannelCase | None = None
    receiver: Receiver = Receiver()
    region: Region | None = None
    topic: str = ""


def decide(command: Hear, facts: Facts) -> Decided:
    """Write it down, so that a person or a rule sees it; the order itself is read again beside this.

    Refuses: `no_order`, `unchanged`, `stale_version`, `no_case`, `too_late`.
    Source: capabilities 5.7, an unknown message is never nothing.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    match command.means:
        case Means.CASE:
            return _case(order, command.case, facts)
        case Means.ADDRESS:
            return _address(order, command, facts)
        case Means.CANCELLED:
            return _state(order, ChannelState.CANCELLED, order.told, facts)
        case Means.CANCEL_ASKED:
            told = msgspec.structs.replace(order.told, lock=REFUND_PENDING)
            return _state(order, ChannelState.ON_HOLD, told, facts)
        case _:
            told = msgspec.structs.replace(order.told, unclear=command.topic[:80] or "?")
            return _told(order, told, [], facts)


def _told(order: Order, told: Told, follow: list[Event], facts: Facts, **changes: object) -> Decided:
    if told == order.told and not changes:
        return refuse("unchanged", N_("The channel has said this already. Nothing to do."))
    amendment = msgspec.structs.replace(Amendment(told=told), **changes)
    return [OrderAmended(order=order.id, amendment=amendment, by=facts.by.user), *follow]


def _case(order: Order, case: ChannelCase | None, facts: Facts) -> Decided:
    if case is None:
        return refuse("no_case", N_("The message names no refund. Read the order from the channel."))
    if is_older(case, order.told.case(case.id)):
        return refuse("stale_version", N_("A newer version of this order is here already. Nothing to do."))
    case = msgspec.structs.replace(case, line=line_meant(order.lines, case.line))
    told = with_case(order.told, case)
    newest = told.case(case.id) or case
    follow = mirrored(order, newest, facts.by.user, facts.now) if order.status in SENT else []
    if order.status is Status.REPLACED:
        follow += _in_parcels(order, newest, facts)
    return _told(order, told, follow, facts)


def _in_parcels(order: Order, case: ChannelCase, facts: Facts) -> Iterator[Event]:
    """Yield what a case means for the parcels that left, together of no more pieces than it is about."""
    sent = [leaf for leaf in successors(order, facts.order) if leaf.status in SENT]
    known = [ours for leaf in sent if (ours := leaf.case(mirrored_as(case))) is not None]
    left = case.qty - sum(asked.qty for ours in known for asked in ours.lines)
    for leaf in sent:
        here = case_in(leaf, order, case, facts.order)
        if here is None:
            continue
        its = named(leaf.lines, here.line)
        is_new = leaf.case(mirrored_as(case)) is None
        if is_new and case.qty and len(its) == 1 and its[0].kit is None:
            here = msgspec.structs.replace(here, qty=max(0, min(left, its[0].qty)))
            left -= here.qty
        if here.qty or not case.qty:
            only = lines_of(leaf, order, facts.order)
            yield from mirrored(leaf, here, facts.by.user, facts.now, only)


def _address(order: Order, command: Hear, facts: Facts) -> Decided:
    if order.status not in OPEN:
        return refuse("too_late", N_("The parcel has left. Ask the carrier to redirect it."))
    receiver, region = command.receiver, command.region or order.region
    said = ASKED_THERE + digest(order.ext_id, receiver, region)
    if order.announced is not None and order.announced.said == said:
        return refuse("unchanged", N_("The channel has said this already. Nothing to do."))
    announced = Announced(receiver=receiver, region=region, said=said)
    return _told(order, order.told, [], facts, announced=announced)


def _state(order: Order, state: ChannelState, told: Told, facts: Facts) -> Decided:
    if order.channel_state in DEAD or (order.channel_state is state and told == order.told):
        return refuse("unchanged", N_("The channel has said this already. Nothing to do."))
    return _told(order, told, [], facts, channel_state=state)


SPEC = Spec("hear", Hear, order_of, decide, Authority.HUB, touches=False)
