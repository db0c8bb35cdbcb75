"""What a clerk does to an order by hand: amend, hold, cancel, answer; and what is refused."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.recheck import Recheck
from app.commands.reopen import Reopen
from app.commands.restore import Restore
from app.commands.resume import Resume
from app.commands.settle import Settle
from app.domain.events import Amendment, Event, OrderAmended, StatusChanged
from app.domain.money import shown
from app.domain.order import Status
from app.domain.values import Region, Role
from app.engine import inverse_of, wake_at
from app.repairs import called_off
from app.text import Text
from tests.builders import NOW, RECEIVER, REGION, Company, actor, facts, line, pick_all, ship_it


@pytest.fixture
def company() -> Company:
    company = Company()
    company.receive(lines=(line(qty=2),))
    return company


def test_another_quantity_reserves_anew(company):
    company.must(Amend(order="o1", lines=(line(qty=3),)))

    order = company.order()
    assert (order.lines[0].qty, order.lines[0].sku, order.maker, order.touched) == (
        3,
        "LN-220",
        "clerk",
        False,
    )
    assert (company.stock().reserved, order.status) == (3, Status.RELEASED)


def test_work_before_release_makes_an_order_touched():
    company = Company()
    company.receive(lines=(line(ext_sku="?"),))

    company.must(Amend(order="o1", priority=10))

    assert company.order().touched is True


def test_looking_again_without_effect_does_not_touch_an_order():
    company = Company()
    before = company.receive(lines=(line(ext_sku="?"),))

    assert company.must(Recheck(order="o1")) == []
    assert company.order() == before


def test_a_new_line_names_its_article(company):
    new = line("2", "", sku="SF-001", title="雾蓝沙发套", unit_price_minor=19_900)

    company.must(Amend(order="o1", lines=(line(qty=2), new)))

    assert [ln.sku for ln in company.order().lines] == ["LN-220", "SF-001"]
    assert company.stock("SZ", "SF-001").reserved == 1


@pytest.mark.parametrize(
    ("amend", "code"),
    [
        (Amend(order="o9", priority=1), "no_order"),
        (Amend(order="o1"), "unchanged"),
        (Amend(order="o1", lines=(line(qty=2),)), "unchanged"),
        (Amend(order="o1", lines=()), "no_lines"),
        (Amend(order="o1", lines=(line(), line())), "bad_line"),
        (Amend(order="o1", lines=(line(qty=0),)), "bad_line"),
        (Amend(order="o1", lines=(line(unit_price_minor=-1),)), "bad_line"),
        (Amend(order="o1", lines=(line("2", "", sku=""),)), "bad_line"),
        (Amend(order="o1", lines=(line("2", "", sku="XX"),)), "unknown_sku"),
    ],
)
def test_an_amendment_has_to_make_sense(company, amend, code):
    assert company.refused(amend) == code


def test_lines_are_fixed_while_picking_but_the_priority_is_not(company):
    pick_all(company)

    assert company.refused(Amend(order="o1", lines=(line(qty=1),))) == "picked"
    company.must(Amend(order="o1", priority=10))

    assert company.order().priority == 10


def test_an_amendment_says_what_changed():
    said = OrderAmended(order="o1", amendment=Amendment(lines=(), paid_minor=1), by="clerk").says()

    assert said.params["fields"].params["first"].message == "articles"
    assert said.params["fields"].params["rest"].message == "money"


def test_a_held_order_leaves_the_queue_and_comes_back(company):
    company.must(Hold(order="o1", reason="buyer calls back"))
    held = company.order()
    company.must(Resume(order="o1"))

    assert (held.status, held.pause.reason, company.stock().reserved) == (Status.GATED, "buyer calls back", 2)
    assert (company.order().status, company.order().pause) == (Status.RELEASED, None)


def test_a_hold_with_an_end_ends_by_itself(company):
    until = NOW + timedelta(hours=2)
    company.must(Hold(order="o1", reason="later", until=until))
    assert wake_at(company.order(), company.facts(Recheck(order="o1"), actor())) == until

    company.now = until
    company.must(Recheck(order="o1"), Role.WORKER)

    assert (company.order().pause, company.order().status) == (None, Status.RELEASED)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Hold(order="o1", reason=" "), "no_reason"),
        (Hold(order="o1", reason="x", until=NOW), "past"),
        (Resume(order="o1"), "not_held"),
        (Cancel(order="o1", reason=""), "no_reason"),
        (Restore(order="o1"), "not_cancelled"),
        (Settle(order="o1", kind="note_request", digest="d"), "nothing_asked"),
        (Reopen(order="o1", kind="note_request", digest="d"), "not_settled"),
        (FixAddress(order="o1", receiver=RECEIVER, region=REGION), "unchanged"),
        (FixAddress(order="o1", receiver=RECEIVER, region=Region(verdict="accept")), "incomplete_address"),
    ],
)
def test_what_does_not_fit_is_refused_and_says_why(company, command, code):
    assert company.refused(command) == code


def test_an_order_is_held_once(company):
    company.must(Hold(order="o1", reason="a"))

    assert company.refused(Hold(order="o1", reason="b")) == "already_held"


def test_a_finished_order_is_left_alone(company):
    ship_it(company)

    for command in (
        Hold(order="o1", reason="x"),
        Cancel(order="o1", reason="x"),
        Amend(order="o1", priority=1),
    ):
        assert company.refused(command) == "too_late"


def test_an_answer_to_other_content_is_refused():
    company = Company()
    company.receive(receiver=msgspec.structs.replace(RECEIVER, note="快点"))

    assert company.refused(Settle(order="o1", kind="note_request", digest="other")) == "stale_content"


def test_a_question_that_needs_a_repair_takes_no_answer():
    company = Company()
    company.receive(lines=(line(ext_sku="?"),))

    assert company.refused(Settle(order="o1", kind="sku_unmapped", digest="")) == "needs_repair"


def test_cancelling_gives_the_stock_back_and_restoring_takes_it_again(company):
    cancel = Cancel(order="o1", reason="buyer asked")
    undo = inverse_of(cancel, company.facts(cancel, actor()))

    company.must(cancel)
    cancelled = (company.order().status, company.stock().reserved)
    company.must(undo)

    assert cancelled == (Status.CANCELLED, 0)
    assert (company.order().status, company.stock().reserved) == (Status.RELEASED, 2)


def test_the_history_says_why_an_order_was_cancelled(company):
    typed = said_of(company.must(Cancel(order="o1", reason=" buyer asked ")))
    company.must(Restore(order="o1"))
    repair = called_off("Refund requested")(company.order(), facts(company.order()))
    by_key = said_of(company.must(repair))

    assert (typed.message, typed.params["reason"]) == ("{before} → {after}: {reason}", Text("buyer asked"))
    assert by_key.params["reason"] == Text("Refund requested"), "a message of ours reads in both languages"


def said_of(events: list[Event]) -> Text:
    return next(event.says() for event in events if isinstance(event, StatusChanged))


def test_an_order_that_came_without_lines_cannot_be_emptied_again():
    company = Company()
    company.receive(lines=(), payable_minor=0, paid_minor=0)
    amend = Amend(order="o1", lines=(line("1", "", sku="LN-220"),))

    assert inverse_of(amend, company.facts(amend, actor())) is None
    company.must(amend)

    assert company.order().status is Status.RELEASED


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (129_800, "CNY", "¥1,298.00"),
        (5, "CNY", "¥0.05"),
        (-100, "CNY", "-¥1.00"),
        (1_500, "JPY", "JP¥1,500"),
        (1_234, "KWD", "KWD 1.234"),
        (64_762, "INR", "₹647.62"),
    ],
)
def test_money_has_its_sign_and_all_its_places(minor, currency, text):
    assert shown(minor, currency) == text
