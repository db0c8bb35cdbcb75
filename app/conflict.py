"""Two people change one order at once: what does not overlap merges by itself, the rest is for a person.

The engine looks, not each command: a command carries digests of the parts it is about to change, as its
author saw them. Source: sync.md section 2, capabilities 14.4.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from app.command import Command, Seen
from app.domain.order import Order
from app.domain.parts import asked_of, parts_of, value_of, with_part
from app.domain.values import digest
from app.engine import spec_of

C = TypeVar("C", bound=Command)


def seen(command: Command, order: Order | None) -> Seen | None:
    """Write down what the person saw of the parts `command` overwrites."""
    changes = spec_of(command).changes
    if order is None or not changes:
        return None
    parts = parts_of(changes, command, order)
    return Seen(order=order.id, ver=order.ver, fields={p: digest(value_of(order, p)) for p in parts})


def conflicts(saw: Seen | None, order: Order | None, command: Command) -> tuple[str, ...]:
    """Return the parts somebody else changed meanwhile, and this command changes to something else.

    Source: sync.md section 2, the command proceeds if the version or every seen value is still current.
    """
    if saw is None or order is None or order.ver == saw.ver:
        return ()
    return tuple(
        part
        for part, was in sorted(saw.fields.items())
        if (now := digest(value_of(order, part))) != was and _mine(command, part) not in {was, now}
    )


def merged(command: C, saw: Seen | None, order: Order | None) -> C:
    """Return the command on top of what others changed: parts its author left alone stay as they are now."""
    if saw is None or order is None or order.ver == saw.ver:
        return command
    for part, was in saw.fields.items():
        if _mine(command, part) == was and digest(value_of(order, part)) != was:
            command = with_part(command, part, order)
    return command


def keeping(command: C, parts: tuple[str, ...], order: Order) -> C:
    """Return the command without these parts of it: there the others are right."""
    for part in parts:
        command = with_part(command, part, order)
    return command


def _mine(command: Command, part: str) -> str:
    """Return the digest of what the command makes of a part; empty where it does not say it outright."""
    value = asked_of(command, part)
    return "" if value is msgspec.UNSET else digest(value)
