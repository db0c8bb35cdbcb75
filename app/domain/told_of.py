"""What channels tell of goods that were merged or split: a refund stops the parcel its goods are in. Pure."""

from __future__ import annotations

import msgspec

from app.domain.kit_lines import named
from app.domain.order import Order
from app.domain.relations import Find, lines_of, roots
from app.domain.told import ChannelCase


def told_of(order: Order, find: Find) -> tuple[ChannelCase, ...]:
    """Return every refund a channel told of that is about goods in this order, by the lines it has here."""
    made_of = roots(order, find) if order.made_from else ()
    told = [case_in(order, root, case, find) for root in made_of for case in root.told.cases]
    return (*order.told.cases, *filter(None, told))


def case_in(order: Order, original: Order, case: ChannelCase, find: Find) -> ChannelCase | None:
    """Return a refund of an original as one of an order made of it; None where none of its goods are in.

    A kit that was unpacked anywhere between is meant as a whole, a part of one that is named as this part.
    """
    its = named(original.lines, case.line)
    inside = lines_of(order, original, find, {line.id for line in its} or None)
    if not its or not inside:
        return case if inside else None
    ours = next(line for line in order.lines if line.id in inside)
    is_part = any(line.id == case.line and line.kit is not None for line in its)
    line = ours.kit.line if ours.kit is not None and not is_part else ours.id
    return msgspec.structs.replace(case, line=line)
