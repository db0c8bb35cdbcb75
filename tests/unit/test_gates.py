"""What keeps an order back says what clears it, and what it says fits the cause."""

from __future__ import annotations

import pytest
from builders import facts, order, stock

from app.domain.order import ChannelState
from app.engine import GATES
from app.gate import State

UNPAID = {"paid_minor": 0}


def measured(gate, known, *rows, **world):
    return GATES[gate].measure(known, facts(known, *rows, **world))


@pytest.mark.parametrize(
    ("known", "rows", "text", "clears"),
    [
        (
            order(),
            (stock(on_hand=10),),
            "Available, to be confirmed by the hub",
            "when the hub answers",
        ),
        (order(), (stock(on_hand=0),), "{short} of {pieces} short", "as soon as stock is free"),
        (order(**UNPAID), (stock(on_hand=10),), "Payment first", "when the money is here"),
    ],
)
def test_stock_says_what_it_waits_for_and_not_always_stock(known, rows, text, clears):
    measure = measured("stock", known, *rows)

    assert measure.state is not State.MET
    assert measure.text.message == text
    assert clears in measure.clears


def test_money_that_is_awaited_comes_by_itself_and_what_the_channel_stopped_does_not():
    waits = measured("payment", order(**UNPAID))
    stopped = measured("payment", order(channel_state=ChannelState.UNKNOWN))

    assert waits.clears == "It goes on by itself when the money is here."
    assert stopped.clears == "Look the order up there, then cancel it here or wait for the next news."
