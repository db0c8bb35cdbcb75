"""What is told to a channel, as the calls its manifest makes of it: whole values, never differences.

What a step keeps of its answer is among the values of the steps after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from app.trouble import Trouble
from sync.channel import Unreadable
from sync.manifest.blocks import Write
from sync.manifest.map_block import Value
from sync.manifest.paths import filled, filled_path, holds
from sync.manifest.request import put
from sync.manifest.values import Terms, read

KEPT = "kept"
_COUNTED = Terms("decimal", "", "UTC", ())


class Told(NamedTuple):
    """One call, and how it is made."""

    call: dict[str, Any]
    method: str = ""
    keep: Mapping[str, Value] = {}


def tell(
    write: Write,
    values: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    ask: Callable[[Told], Any],
) -> list[Any]:
    """Make the calls of one message; return what each was answered.

    Raises:
        Trouble: not_kept: an answer lacks what the next step needs.
    """
    kept: dict[str, Any] = {}
    answers = []
    for told in calls_of(write, {**values, KEPT: kept}, items):
        answer = ask(told)
        answers.append(answer)
        heard = {**values, **(answer if isinstance(answer, dict) else {})}
        try:
            kept |= {name: read(name, spec, heard, _COUNTED) for name, spec in told.keep.items()}
        except Unreadable as wrong:
            raise Trouble("not_kept", wrong.text) from None
    return answers


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
                yield Told(call, step.method, step.keep)
        elif items and not write.steps:
            for one in items:
                yield Told(_call(step, {**values, **one}), step.method, step.keep)
        else:
            yield Told(_call(step, values), step.method, step.keep)


def _call(step: Write, values: Mapping[str, Any]) -> dict[str, Any]:
    call: dict[str, Any] = filled({**step.call, **step.body}, values)
    return call | {"path": filled_path(step.path, values)} if step.path else call


def _listed(step: Write, values: Mapping[str, Any], part: Sequence[Mapping[str, Any]]) -> Any:
    """Return the list of a call; where an item is one text only, all of them are one text."""
    found = [filled(step.item, {**values, **one}) for one in part]
    return ";".join(str(one["text"]) for one in found) if set(step.item) == {"text"} else found
