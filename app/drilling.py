"""Which mistakes are put before reviewers again: those that review found and somebody then mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.command import Facts
from app.domain.drill import mistake_of
from app.domain.events import Event, MistakeKept
from app.domain.order import Order
from app.gate import Measure


def mistakes(
    before: Order | None,
    order: Order,
    measured: Mapping[str, Measure],
    titles: Mapping[str, str],
    facts: Facts,
) -> Iterator[Event]:
    """Keep what was wrong in an order that was sent back, once it was mended. Source: capabilities 10.3."""
    if before is None or before.rejection is None or not facts.at_hub:
        return
    if before.content_hash == order.content_hash:
        return
    checks = tuple(
        (str(one.state), titles[code], one.text) for code, one in measured.items() if code in titles
    )
    mistake = mistake_of(before, order, checks)
    if mistake is not None:
        yield MistakeKept(mistake=mistake)
