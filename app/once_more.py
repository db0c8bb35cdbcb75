"""A refused change, done once more: on the order as it is now, with the side a person chose of each part."""

from __future__ import annotations

import msgspec

from app.command import Command
from app.compare import SideRow, compared
from app.conflict import keeping, merged, seen
from app.domain.order import Order
from app.domain.parts import asked_of, parts_of
from app.engine import spec_of
from app.guides import FORMS
from app.ports import Again

SIDES = ("mine", "theirs")
AGAIN = frozenset({"again", *SIDES})
"""What a key may say of a refused change."""


def sides_of(again: Again, chosen: dict[str, str], zone: str, *, is_masked: bool) -> tuple[SideRow, ...]:
    """Show the three sides of every part anybody changed, with what was chosen so far."""
    order, before, mine = again.order, again.before, again.mine
    if order is None or before is None or mine is None:
        return ()
    parts = parts_of(spec_of(again.command).changes, again.command, before)
    rows = compared(parts, (before, order, mine), again.parts, zone, is_masked=is_masked)
    return tuple(msgspec.structs.replace(row, choice=chosen.get(row.part, "")) for row in rows)


def redone(again: Again, theirs: tuple[str, ...]) -> Command | None:
    """Return the change on top of the order as it is now; None where only the others' side is left of it.

    Parts the person had not touched stay as they are now, and so do those in `theirs`.
    """
    command, order = again.command, again.order
    if order is None:
        return command
    if any(asked_of(command, part) is msgspec.UNSET for part in theirs):
        return None  # it says no value of that part: it is done as a whole or not at all
    if again.before is not None:
        command = merged(command, seen(command, _other(again.before, order)), order)
    return keeping(command, theirs, order)


def _other(before: Order, order: Order) -> Order:
    """The order as it was seen, under a version that is not the present one."""
    return msgspec.structs.replace(before, ver=order.ver - 1)


def form_of(again: Again) -> str:
    """Return the guide in which the same can be asked with other values."""
    code = spec_of(again.command).code
    return next((form.code for form in FORMS.values() if code in {form.grant, form.code}), "")
