"""exchange_due: a replacement is due, or waits for stock."""

from __future__ import annotations

from app.commands.refund_return import RefundReturn
from app.commands.send_replacement import SendReplacement
from app.domain.aftersale import Asked, Grade, Graded, Refunded, ReturnCase, ReturnKind, ReturnState
from app.domain.order import Order, Status
from app.snags.exchange_due import KIND
from tests.builders import NOW, facts, line, order, stock


def sent(state: ReturnState, kind: ReturnKind, *grades: Graded) -> Order:
    case = ReturnCase(
        id="c1",
        kind=kind,
        state=state,
        lines=(Asked("1", 2),),
        reason="lost",
        opened_by="ann",
        accepted_by="ben",
        opened_at=NOW,
        since=NOW,
        grades=grades,
    )
    return order(status=Status.SHIPPED, returns=(case,), lines=(line(sku="LN-220", qty=2),))


def test_a_reshipment_is_due_once_it_is_accepted():
    due = sent(ReturnState.ACCEPTED, ReturnKind.RESHIP)

    assert KIND.found(due, facts(stock())).waits_for == ()
    assert KIND.repairs[0].build(due, facts()) == SendReplacement(order="o1", case="c1", replacement="c1-r1")
    assert KIND.repairs[1].build(due, facts()) == RefundReturn(
        order="o1", case="c1", refunds=(Refunded("1", 64_000),)
    )


def test_a_replacement_out_of_stock_says_how_many_and_waits():
    found = KIND.found(sent(ReturnState.ACCEPTED, ReturnKind.RESHIP), facts(stock(on_hand=1)))

    assert (found.text.params["short"], found.waits_for) == (1, ("stock:LN-220",))


def test_an_exchange_is_due_for_what_came_back():
    due = sent(
        ReturnState.GRADED, ReturnKind.EXCHANGE, Graded("1", Grade.DEFECT, 1), Graded("1", Grade.SHORT, 1)
    )

    assert KIND.found(due, facts(stock())).text.params["pieces"] == 1


def test_before_the_goods_came_and_after_it_was_settled_nothing_is_due():
    for state in (ReturnState.REQUESTED, ReturnState.AWAITED, ReturnState.CLOSED):
        due = sent(state, ReturnKind.EXCHANGE)
        assert KIND.found(due, facts(stock())) is None
        assert KIND.repairs[0].build(due, facts()) is None
        assert KIND.repairs[1].build(due, facts()) is None
