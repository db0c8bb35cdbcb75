"""Articles: do we know what every line means?"""

from __future__ import annotations

from app.command import Facts
from app.domain.order import Order
from app.gate import ARTICLES_CLEAR, Gate, Measure, State
from app.text import N_, Text


def measure(order: Order, facts: Facts) -> Measure:
    """Count the lines whose article is known."""
    if not order.lines:
        return Measure(State.STOPS, Text(N_("No lines yet")), N_("They come with the next news of the shop."))
    known = sum(1 for line in order.lines if line.sku and facts.sku(line.sku) is not None)
    params: dict[str, str | int | Text] = {"known": known, "lines": len(order.lines)}
    state = State.MET if known == len(order.lines) else State.STOPS
    return Measure(state, Text(N_("{known}/{lines} matched"), params), ARTICLES_CLEAR)


GATE = Gate("sku", N_("Articles"), 30, measure, checks=True)
