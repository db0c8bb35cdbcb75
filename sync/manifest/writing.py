"""What is told to a channel, as the calls its manifest makes of it: whole values, never differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sync.manifest.blocks import Write
from sync.manifest.paths import filled, filled_path, holds
from sync.manifest.request import put


class Told(NamedTuple):
    """One call, and how it is made."""

    call: dict[str, Any]
    method: str = ""


def calls_of(
    write: Write, values: Mapping[str, Any], items: Sequence[Mapping[str, Any]] = ()
) -> Iterator[Told]:
    """Make the calls of one message. `items` are shared out where the channel takes many in one call."""
    for step in write.steps or (write,):
        if not holds(values, step.only):
            continue
        if step.batch > 1 and items:
            for at in range(0, len(items), step.batch):
                part = items[at : at + step.batch]
                call = _call(step, {**values, **part[0]})
                put(call, step.each, _listed(step, values, part))
                yield Told(call, step.method)
        elif items and not write.steps:
            for one in items:
                yield Told(_call(step, {**values, **one}), step.method)
        else:
            yield Told(_call(step, values), step.method)


def _call(step: Write, values: Mapping[str, Any]) -> dict[str, Any]:
    call: dict[str, Any] = filled({**step.call, **step.body}, values)
    return call | {"path": filled_path(step.path, values)} if step.path else call


def _listed(step: Write, values: Mapping[str, Any], part: Sequence[Mapping[str, Any]]) -> Any:
    """Return the list of a call; where an item is one text only, all of them are one text."""
    found = [filled(step.item, {**values, **one}) for one in part]
    return ";".join(str(one["text"]) for one in found) if set(step.item) == {"text"} else found
