"""return_due: a case waits for a word, for its goods, or for its money."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from app import engine
from app.commands.accept_return import AcceptReturn
from app.commands.recheck import Recheck
from app.commands.refund_return import RefundReturn
from app.domain.aftersale import Asked, Refunded, ReturnCase, ReturnKind, ReturnState
from app.domain.order import Status
from app.domain.values import Role
from app.snags.return_due import KIND
from tests.builders import NOW, Company, actor, facts, order

ASKED = ReturnCase(
    id="c1",
    kind=ReturnKind.RETURN,
    lines=(Asked("1", 1),),
    reason="damaged",
    opened_by="ann",
    opened_at=NOW,
    since=NOW,
)


def at_state(state: ReturnState, kind: ReturnKind = ReturnKind.RETURN) -> ReturnCase:
    return ReturnCase(
        id="c1",
        kind=kind,
        state=state,
        lines=(Asked("1", 1),),
        reason="damaged",
        opened_by="ann",
        accepted_by="ben",
        opened_at=NOW,
        since=NOW,
    )


def sent(*cases: ReturnCase):
    return order(status=Status.SHIPPED, returns=cases)


def test_an_order_without_cases_has_none():
    assert KIND.found(sent(), facts()) is None


def test_a_request_waits_for_a_word():
    found = KIND.found(sent(ASKED), facts())

    assert found.text.params["pieces"] == 1
    assert KIND.repairs[0].build(sent(ASKED), facts()) == AcceptReturn(order="o1", case="c1")
    assert KIND.repairs[1].build(sent(ASKED), facts()) is None


def test_who_opened_a_case_is_not_offered_to_accept_it():
    by = actor(user="ann")
    assert KIND.repairs[0].build(sent(ASKED), facts(by=by)) is None


def test_goods_on_their_way_are_asked_after_when_they_stay_away():
    waiting = sent(at_state(ReturnState.AWAITED))
    late = NOW + timedelta(days=14)

    assert KIND.found(waiting, facts()) is None
    assert KIND.wake_at(waiting, facts()) == late
    assert KIND.found(waiting, facts(now=late)).text.params["days"] == 14
    assert KIND.wake_at(waiting, facts(now=late)) is None


def test_a_late_return_wakes_the_order_by_itself():
    company = Company()
    company.rows["order", "o1"] = sent(at_state(ReturnState.AWAITED))
    recheck = Recheck(order="o1")
    seen = company.facts(recheck, facts().by)

    assert engine.wake_at(company.order(), seen) == NOW + timedelta(days=14)
    company.now = NOW + timedelta(days=14)
    company.must(recheck, Role.WORKER)

    assert [snag.kind for snag in company.order().snags] == ["return_due"]


def test_graded_goods_wait_for_their_money():
    graded = sent(at_state(ReturnState.GRADED))

    assert KIND.found(graded, facts()).text.params["amount"] == "¥320.00"
    assert KIND.repairs[0].build(graded, facts()) is None
    assert KIND.repairs[1].build(graded, facts()) == RefundReturn(
        order="o1", case="c1", refunds=(Refunded("1", 32_000),)
    )


def test_an_exchange_is_another_types():
    assert KIND.found(sent(at_state(ReturnState.GRADED, ReturnKind.EXCHANGE)), facts()) is None


def test_what_has_ended_is_quiet():
    for state in (ReturnState.CLOSED, ReturnState.REJECTED, ReturnState.WITHDRAWN):
        assert KIND.found(sent(at_state(state)), facts()) is None


def test_a_question_comes_before_a_payment():
    other = msgspec.structs.replace(ASKED, id="c2")

    assert KIND.repairs[0].build(sent(at_state(ReturnState.GRADED), other), facts()) == AcceptReturn(
        order="o1", case="c2"
    )
