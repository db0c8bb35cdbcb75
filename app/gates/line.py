"""Lines: does anybody, or a rule, keep a single line back? The rest may go on as an order of its own."""

from __future__ import annotations

from app.command import Facts
from app.domain.order import Order
from app.gate import Gate, Measure, State
from app.text import N_, Text

CLEARS = N_("Resume the line, or let the rest go on without it.")


def measure(order: Order, _facts: Facts) -> Measure:
    """Count the lines somebody keeps back; one that is called off keeps nothing back.

    Source: capabilities 4, holds at order and line.
    """
    held = [line for line in order.lines if line.held and line.qty]
    if not held:
        return Measure(State.MET, Text(N_("None held")))
    said: dict[str, str | int | Text] = {
        "article": held[0].sku or held[0].title or held[0].ext_sku,
        "reason": Text(held[0].held) if held[0].held_by else held[0].held,
        "count": len(held) - 1,
    }
    text = N_("{article}: {reason}") if len(held) == 1 else N_("{article}: {reason}, and {count} more")
    return Measure(State.STOPS, Text(text, said), CLEARS)


GATE = Gate(
    "line",
    N_("Line holds"),
    35,
    measure,
    applies=lambda order: any(line.held and line.qty for line in order.lines),
)
