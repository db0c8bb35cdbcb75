"""What a reviewer should look at first: what the past says of an order, and how its gates stand."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from app.command import Facts
from app.domain.order import Order
from app.domain.usual import Finding, Usual, unusual
from app.engine import GATES, measures
from app.kinds import kind_of
from app.screening.orders import COVERED
from app.screening.standing import Screening, found
from app.text import N_, Text

KEYED_FIRST = Text(N_("Something of this line is unusual: key its pieces first."))
Check = tuple[str, str, Text]
"""(mark, title, sentence)"""


class Learned(NamedTuple):
    """What is usual by what this desk holds, and the model of the hub, at this moment."""

    usual: Usual
    model: Screening | None
    now: datetime


def unusual_of(order: Order, learned: Learned, covered: AbstractSet[str]) -> tuple[Check, ...]:
    """Return what is unusual; of a line whose pieces are still to be keyed, only that something is."""
    return tuple(_checked(one, covered) for one in _findings(order, learned))


def _findings(order: Order, learned: Learned) -> Iterator[Finding]:
    yield from unusual(order, learned.usual)
    yield from found(order, learned.model, learned.now)


def _checked(one: Finding, covered: AbstractSet[str]) -> Check:
    tells_pieces = one.line in covered or (bool(covered) and one.field in COVERED)
    return "waits", one.by, KEYED_FIRST if tells_pieces else _said(one)


def _said(finding: Finding) -> Text:
    return Text(N_("{said}. {why}"), {"said": finding.said, "why": finding.because})


def gates_of(order: Order, facts: Facts) -> tuple[Check, ...]:
    """Return how the gates stand and what a person decided, what needs a look first."""
    gates = [
        ("waits" if measure.is_waived else str(measure.state), GATES[code].title, measure.text)
        for code, measure in measures(order, facts).items()
        if code != "review"
    ]
    decided = Text(N_("A person decided this one"))
    answered = [("waits", kind_of(s.kind, facts.refs.snag_rules).title, decided) for s in order.settled]
    return tuple(sorted(answered + gates, key=lambda check: check[0] == "met"))
