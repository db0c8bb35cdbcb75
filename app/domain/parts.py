"""The parts of an order that people change one at a time: two of them may change different ones at once.

A receiver is a name, a phone and a place; street and region belong together, or a street would end up in
somebody else's city. Lines are one part each, and which lines there are is another.
Source: capabilities 14.4, edits that do not overlap merge by themselves.
"""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain.order import Line, Order
from app.domain.values import Receiver

NAME, PHONE, PLACE, LINES = "receiver.name", "receiver.phone", "place", "lines.ids"
MEMO = "receiver.memo"
ACCOUNT = "receiver.account"
"""Never part of a conflict: only compared."""
_OF = {"receiver": (NAME, PHONE, PLACE), "region": (PLACE,)}


def parts_of(changes: tuple[str, ...], command: Any, order: Order) -> tuple[str, ...]:
    """Name the parts behind the fields a command overwrites; what it leaves unset is none of them."""
    parts: list[str] = []
    for field in changes:
        if getattr(command, field, None) is msgspec.UNSET:
            continue
        if field != "lines":
            parts += _OF.get(field, (field,))
        elif line := getattr(command, "line", ""):
            parts.append(f"lines.{line}")
        elif code := getattr(command, "ext_sku", ""):
            parts += [f"lines.{each.id}" for each in order.lines if code in (each.ext_sku, _kit_of(each))]
        else:
            parts += [LINES, *(f"lines.{each.id}" for each in order.lines)]
    return tuple(dict.fromkeys(parts))


def _kit_of(line: Line) -> str:
    return line.kit.ext_sku if line.kit is not None else ""


def value_of(order: Order, part: str) -> Any:
    """Return a part of an order; None where there is none."""
    return _read(order, part)


def asked_of(command: Any, part: str) -> Any:
    """Return the value a command gives a part; UNSET where it does not say one outright."""
    whole = {NAME: "receiver", PHONE: "receiver", PLACE: "region", LINES: "lines", MEMO: "memo"}.get(part)
    field = whole or ("lines" if part.startswith("lines.") else part)
    if not hasattr(command, field) or getattr(command, field) is msgspec.UNSET:
        return msgspec.UNSET
    return _read(command, part)


def with_part(command: Any, part: str, order: Order) -> Any:
    """Return the command with one part as the order has it now."""
    change = msgspec.structs.replace
    if part == NAME:
        return change(command, receiver=change(command.receiver, name=order.receiver.name))
    if part == PHONE:
        return change(command, receiver=change(command.receiver, phone=order.receiver.phone))
    if part == PLACE:
        receiver = change(command.receiver, street=order.receiver.street)
        return change(command, receiver=receiver, region=order.region)
    if part == MEMO:
        return change(command, memo=Receiver(memo=order.receiver.memo))
    if part == LINES:
        mine = {line.id: line for line in command.lines}
        return change(command, lines=tuple(mine.get(line.id, line) for line in order.lines))
    if part.startswith("lines."):
        theirs = {line.id: line for line in order.lines}
        return change(command, lines=tuple(_line(each, part, theirs) for each in command.lines))
    return change(command, **{part: msgspec.UNSET})


def _line(line: Line, part: str, theirs: dict[str, Line]) -> Line:
    return theirs.get(line.id, line) if part == f"lines.{line.id}" else line


def _read(row: Any, part: str) -> Any:
    if part == NAME:
        return row.receiver.name
    if part == PHONE:
        return row.receiver.phone
    if part == PLACE:
        return row.receiver.street, row.region
    if part == MEMO:
        return row.receiver.memo if isinstance(row, Order) else row.memo.memo
    if part == LINES:
        return tuple(line.id for line in row.lines)
    if part.startswith("lines."):
        wanted = part.removeprefix("lines.")
        found = next((line for line in row.lines if line.id == wanted), None)
        return (found.sku, found.qty, found.unit_price_minor) if found is not None else None
    return getattr(row, part, None)
