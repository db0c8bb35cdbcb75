"""What channels tell of goods that were merged or split: a refund stops the parcel its goods are in. Pure."""

from __future__ import annotations

import msgspec

from app.domain.kit_lines import named
from app.domain.order import Order, Source
from app.domain.relations import Find
from app.domain.told import ChannelCase


def told_of(order: Order, find: Find) -> tuple[ChannelCase, ...]:
    """Return every refund a channel told of that is about goods in this order, by the lines it has here."""
    found = list(order.told.cases)
    for source in order.made_from:
        original = find(source.order)
        for case in told_of(original, find) if original is not None else ():
            here = _here(case, original, source)
            if here is not None:
                found.append(here)
    return tuple(found)


def case_in(order: Order, original: Order, case: ChannelCase, find: Find) -> ChannelCase | None:
    """Return a refund of an original as one of an order made of it; None where none of its goods are in."""
    for source in order.made_from:
        above = find(source.order)
        if above is None:
            continue
        told = case if above.id == original.id else case_in(above, original, case, find)
        here = _here(told, above, source) if told is not None else None
        if here is not None:
            return here
    return None


def _here(case: ChannelCase, original: Order | None, source: Source) -> ChannelCase | None:
    its = {line.id for line in named(original.lines, case.line)} if original is not None else set()
    if not its:
        return case
    ours = next((here for there, here in source.lines if there in its), None)
    return msgspec.structs.replace(case, line=ours) if ours is not None else None
