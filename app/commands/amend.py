"""Change quantities, prices, the promised date or the priority by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, order_of, refuse
from app.domain.events import Amendment, OrderAmended
from app.domain.order import EDITABLE, LINES_MOST, OPEN, Line, Order
from app.text import N_

UNSET = msgspec.UNSET


class Amend(Command, frozen=True, kw_only=True, omit_defaults=True):
    """What is left out stays. `lines` are all lines the order shall have; a new one names its article.

    Units: `priority` 0 usual, 10 urgent.
    """

    order: str
    lines: tuple[Line, ...] | msgspec.UnsetType = UNSET
    ship_by_at: datetime | msgspec.UnsetType | None = UNSET
    priority: int | msgspec.UnsetType = UNSET


def decide(command: Amend, facts: Facts) -> Decided:
    """Amend the order; a line keeps its code, article and picked pieces.

    Refuses: `no_order`, `too_late`, `picked`, `too_many_lines`, `no_lines`, `bad_line`, `unknown_sku`,
    `unchanged`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in OPEN:
        return refuse("too_late", N_("This order is finished. It cannot be changed."))
    changes: dict[str, object] = {}
    if command.lines is not UNSET:
        lines = _lines(command.lines, order, facts)
        if isinstance(lines, Refusal):
            return lines
        changes["lines"] = lines
    if command.ship_by_at is not UNSET:
        changes["ship_by_at"] = command.ship_by_at
    if command.priority is not UNSET:
        changes["priority"] = command.priority
    changes = {field: value for field, value in changes.items() if value != getattr(order, field)}
    if not changes:
        return refuse("unchanged", N_("Nothing is different. Change something first."))
    amendment = msgspec.structs.replace(Amendment(), **changes)
    return [OrderAmended(order=order.id, amendment=amendment, by=facts.by.user)]


def _lines(wanted: tuple[Line, ...], order: Order, facts: Facts) -> tuple[Line, ...] | Refusal:
    if order.status not in EDITABLE:
        return refuse("picked", N_("The warehouse has begun. Put the goods back first."))
    if len(wanted) > max(LINES_MOST, len(order.lines)):
        return refuse("too_many_lines", N_("An order has at most 500 lines. Put the rest into another one."))
    if not wanted:
        return refuse("no_lines", N_("An order has at least one line. Cancel it instead."))
    known = {line.id: line for line in order.lines}
    is_twice = max(Counter(line.id for line in wanted).values()) > 1 or _names_a_kit_twice(wanted, known)
    if is_twice or any(line.picked for line in wanted):
        return refuse("bad_line", N_("A line stands there twice. Remove one of them."))
    if any(line.qty < 1 or line.unit_price_minor < 0 for line in wanted):
        return refuse("bad_line", N_("A quantity is 1 or more, a price not negative. Change the line."))
    lines = []
    for line in _as_sold(wanted, order):
        old = known.get(line.id)
        if old is not None:
            price = line.unit_price_minor
            kept = msgspec.structs.replace(old, qty=line.qty, unit_price_minor=price, kit=line.kit or old.kit)
            lines.append(kept)
            continue
        if line.sku and facts.sku(line.sku) is None:
            return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=line.sku)
        if not line.sku and not line.ext_sku:
            return refuse("bad_line", N_("A new line needs an article. Choose one from the list."))
        lines.append(line)
    return tuple(lines)


def _names_a_kit_twice(wanted: tuple[Line, ...], known: Mapping[str, Line]) -> bool:
    """Tell whether a kit and parts of it are named."""
    names = {line.id for line in wanted}
    kept = (known[name] for name in names if name in known)
    return any(old.kit is not None and old.kit.line in names for old in kept)


def _as_sold(wanted: tuple[Line, ...], order: Order) -> Iterator[Line]:
    """Read a line that names a kit as that kit: it is unpacked anew."""
    kits = {line.kit.line: line.kit for line in order.lines if line.kit is not None}
    for line in wanted:
        kit = kits.get(line.id)
        if kit is None:
            yield line
        else:
            yield msgspec.structs.replace(line, sku=kit.sku, ext_sku=kit.ext_sku, title=kit.title)


def inverse(command: Amend, facts: Facts) -> Undo | None:
    """Bring the old values back."""
    order = facts.order(command.order)
    if order is None:
        return None
    args: dict[str, object] = {"order": order.id}
    for field in ("lines", "ship_by_at", "priority"):
        if getattr(command, field) is not UNSET:
            args[field] = getattr(order, field)
    # An order that came without lines cannot be emptied again by a person.
    return None if args.get("lines") == () else Undo("amend", args)


SPEC = Spec(
    "amend",
    Amend,
    order_of,
    decide,
    Authority.DESK,
    changes=("lines", "ship_by_at", "priority"),
    inverse=inverse,
)
