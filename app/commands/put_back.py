"""Take a merge or a split back: the originals go on by themselves, exactly as they were."""

from __future__ import annotations

from collections import Counter

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.events import (
    AddressFixed,
    Event,
    LinesMatched,
    OrderPutBack,
    StatusChanged,
    StockReleased,
    StockReserved,
)
from app.domain.making import Part
from app.domain.order import EDITABLE, Order, Source, Status
from app.domain.promised import Reserved
from app.domain.relations import Group, comes_back_as, group_of, matched_since, moved_to, why_not_back
from app.domain.waiver import is_funded
from app.text import N_


class PutBack(Command, frozen=True, kw_only=True):
    """`order` is an original, or one that was made of it."""

    order: str


def decide(command: PutBack, facts: Facts) -> Decided:
    """Dissolve what was made and bring the originals back; an address put right meanwhile goes with them.

    Refuses: `no_order`, `not_joined`, or why it is too late, see `relations.why_not_back`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    group = group_of(order, facts.order)
    if group is None:
        return refuse("not_joined", N_("This order was neither merged nor split. Nothing to take back."))
    objection = why_not_back(group)
    if objection is not None:
        return Refusal(objection.code, objection.text)
    events: list[Event] = []
    free: Counter[tuple[str, str]] = Counter()
    for made in group.made:
        if made.reserved:
            events.append(StockReleased(order=made.id, items=made.reserved))
            free.update({(item.warehouse, item.sku): 0 for item in made.reserved})
            for item in made.reserved:
                free[item.warehouse, item.sku] += item.qty
        events.append(StatusChanged(order=made.id, before=made.status, after=Status.DISSOLVED, at=facts.now))
    for original in group.originals:
        events += _back(original, group, facts, free)
    return events


def _back(original: Order, group: Group, facts: Facts, free: Counter[tuple[str, str]]) -> list[Event]:
    after = comes_back_as(original)
    source = _source_of(original, group)
    had = source.snags if source is not None and after in EDITABLE else ()
    events: list[Event] = [
        OrderPutBack(order=original.id, snags=had),
        StatusChanged(order=original.id, before=original.status, after=after, at=facts.now),
    ]
    if after not in EDITABLE:
        return events
    moved = moved_to(original, group)
    if moved is not None:
        receiver, made = moved
        events.append(
            AddressFixed(order=original.id, receiver=receiver, region=made.region, by=facts.by.user)
        )
    found = tuple(matched_since(original, group))
    if found:
        events.append(LinesMatched(order=original.id, skus=found, by=facts.by.user))
    held = _held_before(original, source)
    if held and facts.at_hub and is_funded(original, facts.now) and _is_free(held, facts, free):
        for item in held:
            free[item.warehouse, item.sku] -= item.qty
        events.append(StockReserved(order=original.id, warehouse=held[0].warehouse, items=held))
    return events


def _source_of(original: Order, group: Group) -> Source | None:
    """Return what an original was like when it was merged or split."""
    sources = (source for made in group.made for source in made.made_from)
    return next((source for source in sources if source.order == original.id), None)


def _held_before(original: Order, source: Source | None) -> tuple[Reserved, ...]:
    """Return what an original had been promised, where its goods are still the same."""
    held = source.reserved if source is not None else ()
    wanted = {(line.id, line.sku, line.qty) for line in original.lines if line.qty}
    return held if {(item.line, item.sku, item.qty) for item in held} == wanted else ()


def _is_free(held: tuple[Reserved, ...], facts: Facts, free: Counter[tuple[str, str]]) -> bool:
    wanted: Counter[tuple[str, str]] = Counter()
    for item in held:
        wanted[item.warehouse, item.sku] += item.qty
    for (warehouse, sku), qty in wanted.items():
        stock = facts.stock(warehouse, sku)
        if stock is None or stock.unreserved - stock.held + free[warehouse, sku] < qty:
            return False
    return True


def inverse(command: PutBack, facts: Facts) -> Undo | None:
    """Merge or split again, into the same orders."""
    order = facts.order(command.order)
    group = group_of(order, facts.order) if order is not None else None
    if group is None:
        return None
    if len(group.made) == 1:
        return Undo("merge", {"orders": tuple(one.id for one in group.originals), "into": group.made[0].id})
    parts = tuple(Part(made.id, tuple((line.id, line.qty) for line in made.lines)) for made in group.made)
    return Undo("split", {"order": group.originals[0].id, "parts": parts})


SPEC = Spec("put_back", PutBack, order_of, decide, Authority.DESK, inverse=inverse)
