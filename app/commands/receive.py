"""What a channel says now of one of its orders."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.announced import ASKED_THERE, Announced
from app.domain.beside import Beside, newest
from app.domain.events import (
    Amendment,
    Event,
    MemoWritten,
    OrderAmended,
    OrderReceived,
    StatusChanged,
    closing,
)
from app.domain.kit_lines import still_unpacked
from app.domain.order import DEAD, EDITABLE, GONE, OPEN, ChannelState, Line, Order, Status
from app.domain.relations import holders, roots
from app.domain.told import ChannelCase, Said, Told, with_case, without_hints
from app.domain.values import Receiver, Region, digest
from app.text import N_


class Receive(Command, frozen=True, kw_only=True):
    """One version of one order, prepared by intake: money in minor units, the address read and judged.

    `order` is the id its receipt was given; `ext_version` grows in text order; a file of whole orders has no
    `lines`.
    Units: `*_minor` in `currency`.
    """

    order: str
    number: str
    shop: str
    ext_id: str
    ext_version: str = ""
    channel_state: ChannelState
    currency: str
    total_minor: int
    payable_minor: int
    paid_minor: int
    refunded_minor: int = 0
    receiver: Receiver
    region: Region
    lines: tuple[Line, ...] = ()
    ordered_at: datetime
    ship_by_at: datetime | None = None
    lock: str = ""
    """Why the channel holds it."""
    cases: tuple[ChannelCase, ...] = ()
    """Refunds of its lines, as the order itself names them."""
    customer: str = ""
    """The business that buys, where the channel names one of ours."""
    is_cod: bool = False
    """The buyer pays whoever brings it."""
    written: Region | None = None
    """Where it goes as the channel wrote it, where reading it gave it another form."""
    beside: Beside | None = None
    """What else the channel says of it, see `app.domain.beside`."""


def decide(command: Receive, facts: Facts) -> Decided:
    """Take the order in, or follow the channel; a person's work stays unless the channel spoke anew.

    Refuses: `bad_lines`, `stale_version`, `unchanged`.
    Source: capabilities 1, hand-over and idempotency; sync.md section 9.
    """
    if any(line.qty < 0 or line.unit_price_minor < 0 for line in command.lines):
        return refuse("bad_lines", N_("A quantity or a price is negative. Correct it on the channel."))
    order = facts.order(command.order)
    if order is None:
        return _first(command, facts)
    if command.ext_version < order.ext_version:
        return refuse("stale_version", N_("A newer version of this order is here already. Nothing to do."))
    return _later(order, command, facts)


MEMO_FIGURES = 4
"""So few of a digest: enough to see that a memo changed, too few to find out a number it consists of."""
_MONEY = ("total_minor", "payable_minor", "paid_minor", "refunded_minor")


def _said(command: Receive) -> Said:
    """Digest what the channel itself wrote: our reading of an address may improve by itself."""
    receiver, region = command.receiver, command.written or command.region
    place = receiver.raw or (receiver.street, region.province, region.city, region.district, region.postcode)
    return Said(
        address=digest(command.ext_id, receiver.name, receiver.phone, receiver.note, place),
        lines=digest(command.lines),
        money=digest(*[getattr(command, field) for field in _MONEY]),
        ship_by_at=command.ship_by_at,
        memo=digest(receiver.memo)[:MEMO_FIGURES] if receiver.memo else "",
    )


def _matched(command: Receive, facts: Facts) -> tuple[Line, ...]:
    lines = []
    for line in command.lines:
        mapping = facts.mapping(command.shop, line.ext_sku) if line.ext_sku else None
        sku = mapping.sku if mapping is not None else ""
        if sku and facts.sku(sku) is None:
            sku = ""
        if sku != line.sku or line.picked or line.held:
            line = Line(  # noqa: PLW2901 - the line as we keep it
                id=line.id,
                ext_sku=line.ext_sku,
                title=line.title,
                sku=sku,
                qty=line.qty,
                unit_price_minor=line.unit_price_minor,
            )
        lines.append(line)
    return tuple(lines)


def _first(command: Receive, facts: Facts) -> list[Event]:
    content = Order(
        id=command.order,
        number=command.number,
        shop=command.shop,
        ext_id=command.ext_id,
        ext_version=command.ext_version,
        channel_state=command.channel_state,
        currency=command.currency,
        total_minor=command.total_minor,
        payable_minor=command.payable_minor,
        paid_minor=command.paid_minor,
        refunded_minor=command.refunded_minor,
        receiver=command.receiver,
        region=command.region,
        lines=_matched(command, facts),
        ordered_at=command.ordered_at,
        received_at=facts.now,
        ship_by_at=command.ship_by_at,
        said=_said(command),
        told=_told(Told(), command),
        maker=facts.by.user,
        customer=command.customer,
        is_cod=command.is_cod,
    )
    return [OrderReceived(content=content), *_moves(content, command.channel_state, facts.now)]


def _later(order: Order, command: Receive, facts: Facts) -> Decided:
    changes = _changes(order, command, facts)
    if not changes:
        return refuse("unchanged", N_("This version says nothing new. Nothing to do."))
    amendment = msgspec.structs.replace(Amendment(), **changes)
    amended: list[Event] = [OrderAmended(order=order.id, amendment=amendment, by=facts.by.user)]
    memo = command.receiver.memo
    if amendment.said and amendment.said.memo != order.said.memo and memo != order.receiver.memo:
        amended.append(MemoWritten(order=order.id, memo=Receiver(memo=memo), by=facts.by.user))
    if order.status is Status.REPLACED:
        return [*amended, *_follow(order, command, facts)]
    return [*amended, *_moves(order, command.channel_state, facts.now)]


def _follow(order: Order, command: Receive, facts: Facts) -> list[Event]:
    """Bring news of a merged or split order to those in its place: the date, and the end once they are gone.

    Everything else is written down with the original and asked of a person, see `snags.source_changed`.
    Source: capabilities 6.5, tracking and state belong to each source order.
    """
    events: list[Event] = []
    for leaf in holders(order, facts.order):
        dates = {root.id: root.ship_by_at for root in roots(leaf, facts.order)}
        promised = [at for at in (dates | {order.id: command.ship_by_at}).values() if at is not None]
        ship_by_at = min(promised, default=None)
        if leaf.status in OPEN and ship_by_at != leaf.ship_by_at:
            amendment = msgspec.structs.replace(Amendment(), ship_by_at=ship_by_at)
            events.append(OrderAmended(order=leaf.id, amendment=amendment, by=facts.by.user))
        states = {root.id: root.channel_state for root in roots(leaf, facts.order)}
        said = set((states | {order.id: command.channel_state}).values())
        if leaf.status is Status.SHIPPED and said == {ChannelState.COMPLETED}:
            events.append(
                StatusChanged(order=leaf.id, before=leaf.status, after=Status.COMPLETED, at=facts.now)
            )
        elif leaf.status in (Status.SHIPPED, Status.COMPLETED) and said <= DEAD:
            events.append(
                StatusChanged(order=leaf.id, before=leaf.status, after=Status.RETURNED, at=facts.now)
            )
    return events


def _is_anew(order: Order) -> bool:
    """Tell whether the file that spoke of an order was taken back: whatever comes now is heard in full."""
    return order.channel_state is ChannelState.WITHDRAWN


def _changes(order: Order, command: Receive, facts: Facts) -> dict[str, object]:
    changes: dict[str, object] = {}
    said = _said(command)
    if said.money != order.said.money:
        changes |= {field: getattr(command, field) for field in _MONEY}
    if said.ship_by_at != order.said.ship_by_at:
        changes["ship_by_at"] = said.ship_by_at
    address, lines = order.said.address, order.said.lines
    if order.status in EDITABLE or order.status is Status.REPLACED or _is_anew(order):
        # Once the warehouse has begun, goods and destination stay; the digests then stay behind too.
        # Where the buyer wants it now is written down beside, see `snags.address_changed`.
        if _is_news(order, command, said):
            changes, address = changes | _address(order, command), said.address
        changes = _place(order, command) | changes
        if said.lines != lines:
            changes["lines"], lines = still_unpacked(_matched(command, facts), order.lines), said.lines
        if order.announced is not None and (address != order.said.address or not _is_asked(order)):
            changes["announced"] = None
    elif order.status in OPEN and (_is_news(order, command, said) or not _is_asked(order)):
        announced = _announced(order, command, said)
        if announced != order.announced:
            changes["announced"] = announced
    said = Said(address, lines, said.money, said.ship_by_at, said.memo)
    told = _told(order.told, command)
    if told != order.told:
        changes["told"] = told
    latest = {"channel_state": _meant(order, command), "ext_version": command.ext_version, "said": said}
    changes |= {field: value for field, value in latest.items() if value != getattr(order, field)}
    return changes


def _told(told: Told, command: Receive) -> Told:
    """Return what the channel tells beside the order: all it told before, with the newest word on each."""
    told = msgspec.structs.replace(told, lock=command.lock, beside=newest(told.beside, command.beside))
    told = without_hints(told, {case.id for case in command.cases})
    for case in command.cases:
        told = with_case(told, case)
    return told


def _is_news(order: Order, command: Receive, said: Said) -> bool:
    """Tell whether the channel names another address than it did last; the digest has no country in it."""
    was = (order.original or order.region).country
    return said.address != order.said.address or command.region.country != was


def _is_asked(order: Order) -> bool:
    """Tell whether the buyer asked for an address that the order itself does not name yet."""
    return order.announced is not None and order.announced.said.startswith(ASKED_THERE)


def _address(order: Order, command: Receive) -> dict[str, object]:
    """Return where the channel sends it now; nothing where that is what we told it ourselves."""
    if _is_there(order, command):
        return {}
    ours = order.receiver
    return {"receiver": command.receiver.with_memo(ours.memo, ours.memo_by), "region": command.region}


def _place(order: Order, command: Receive) -> dict[str, object]:
    """Return the place as the channel names it now: it may show another one as it showed the first."""
    place = command.receiver.place
    if place == order.receiver.place:
        return {}
    return {"receiver": msgspec.structs.replace(order.receiver, place=place)}


def _is_there(order: Order, command: Receive) -> bool:
    """Tell whether the order goes where the channel says now, word for word, and to the same person."""
    ours, theirs = order.receiver, command.receiver
    here, said = order.region, command.region
    place = here.country, here.province, here.city, here.district, here.postcode
    return bool(theirs.street) and (ours.name, ours.phone, ours.street, ours.note, *place) == (
        theirs.name, theirs.phone, theirs.street, theirs.note,
        said.country, said.province, said.city, said.district, said.postcode,
    )  # fmt: skip


def _meant(order: Order, command: Receive) -> ChannelState:
    """Return what the channel's state means: of one that was not known a person may have said it."""
    is_known = order.classified_from == command.channel_state
    return order.channel_state if is_known else command.channel_state


def _announced(order: Order, command: Receive, said: Said) -> Announced | None:
    """Return where the channel wants an order that is being picked; None where it goes there already."""
    if not _is_news(order, command, said) or _is_there(order, command):
        return None
    return Announced(receiver=command.receiver, region=command.region, said=said.address)


def _moves(order: Order, state: ChannelState, at: datetime) -> list[Event]:
    """Follow the channel's own state; stock never moves because of it.

    Source: capabilities 1, already shipped on the platform closes the order.
    """
    moves: list[Event] = []
    status = order.status
    if status is Status.CANCELLED and _is_anew(order):
        # A file that was taken back comes again: the order begins anew.
        moves.append(StatusChanged(order=order.id, before=status, after=Status.TO_CHECK, at=at))
        status = Status.TO_CHECK
    if status in EDITABLE and state in GONE:
        moves += closing(msgspec.structs.replace(order, status=status), Status.SHIPPED, at)
        status = Status.SHIPPED
    if status is Status.SHIPPED and state is ChannelState.COMPLETED:
        moves.append(StatusChanged(order=order.id, before=status, after=Status.COMPLETED, at=at))
    elif status in EDITABLE and state in DEAD:
        moves += closing(msgspec.structs.replace(order, status=status), Status.CANCELLED, at)
    elif status in (Status.SHIPPED, Status.COMPLETED) and state in DEAD:
        moves.append(StatusChanged(order=order.id, before=status, after=Status.RETURNED, at=at))
    elif status is Status.CANCELLED and order.channel_state in DEAD and state not in DEAD | GONE:
        moves.append(StatusChanged(order=order.id, before=status, after=Status.TO_CHECK, at=at))
    return moves


SPEC = Spec("receive", Receive, order_of, decide, Authority.HUB, touches=False)
