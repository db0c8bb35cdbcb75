"""Of all that can be offered together on one order, no two things share a key."""

from __future__ import annotations

from collections import Counter
from itertools import product

import msgspec

from app.commands.recheck import Recheck
from app.domain.aftersale import ReturnCase, ReturnKind, ReturnState
from app.domain.order import Order, Pause, Source, Status
from app.domain.values import order_key
from app.domain.visit import Part, Visit
from app.guides import offered
from app.standing import standing
from tests.builders import NOW
from tests.form_situations import LEAD, Situation, goods_situations, order_situations

OF_THE_PAGE = frozenset("12GJKOPZ/?")
"""What the sheet, its repairs and the window keep for themselves."""
_VISIT = Visit(outlet="o", day=NOW.date(), part=Part.MORNING, planned_by="wu", planned_at=NOW)


def _full(order: Order, status: Status, *, is_paused: bool) -> Order:
    """Give an order whatever makes a key appear, in one state of work."""
    cases = tuple(
        ReturnCase(
            id=f"c{state}",
            kind=ReturnKind.RETURN,
            state=state,
            lines=(),
            reason="",
            opened_by="x",
            opened_at=NOW,
            since=NOW,
        )
        for state in ReturnState
    )
    return msgspec.structs.replace(
        order,
        status=status,
        pause=Pause(reason="ask", by="wu", at=NOW) if is_paused else None,
        returns=cases,
        visit=_VISIT,
        made_from=order.made_from or (Source(order="o9", number="9"),),
    )


def _situations() -> list[Situation]:
    return [one for some in (*order_situations().values(), *goods_situations().values()) for one in some]


def _shared(order: Order, situation: Situation) -> set[tuple[str, ...]]:
    company = situation.company
    was = company.rows[order_key("o1")]
    company.rows[order_key("o1")] = order
    try:
        facts = company.facts(Recheck(order="o1"), LEAD)
        guides = offered(order, facts, lambda _grant: True)
    finally:
        company.rows[order_key("o1")] = was
    keys = [(guide.key, guide.code) for guide in guides]
    keys += [(key, code) for code, _, key, _, is_ready in standing(order, facts) if is_ready]
    count = Counter(key for key, _ in keys)
    return {
        (key, *sorted(code for at, code in keys if at == key))
        for key in count
        if count[key] > 1 or key in OF_THE_PAGE
    }


def test_no_two_actions_of_one_order_share_a_key():
    shared: set[tuple[str, ...]] = set()
    seen = 0
    for situation in _situations():
        if order_key("o1") not in situation.company.rows:
            continue
        for status, is_paused in product(Status, (True, False)):
            shared |= _shared(_full(situation.company.order(), status, is_paused=is_paused), situation)
            seen += 1
    assert seen > 500
    assert shared == set()
