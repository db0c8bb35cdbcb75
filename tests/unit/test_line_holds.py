"""A single line may be kept back: the order waits and says why, the rest may go on as one of its own."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.amend import Amend
from app.commands.hold import Hold
from app.commands.put_back import PutBack
from app.commands.recheck import Recheck
from app.commands.resume import Resume
from app.commands.split import Split
from app.domain.making import held_apart, why_not_merge
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of, measures
from app.forms.hold_line import FORM as HOLD_LINE
from app.forms.resume_line import FORM as RESUME_LINE
from app.gate import State
from tests.builders import Company, actor, line, receive, ship_it

HOLD = Hold(order="o1", line="2", reason="colour in doubt")


@pytest.fixture
def company() -> Company:
    made = Company()
    made.receive(lines=(line(), line("2", "A-3", unit_price_minor=12_900)))
    return made


def test_the_order_waits_at_a_gate_that_names_article_and_reason_and_keeps_its_stock(company):
    company.must(HOLD)

    order = company.order()
    (hold,) = order.holds
    assert (order.status, hold.gate, hold.state) == (Status.GATED, "line", "stops")
    assert hold.text.params["article"] == "CT-180"
    assert hold.text.params["reason"] == "colour in doubt"
    assert len(order.reserved) == 2


def test_a_second_line_may_be_held_while_one_is_and_the_last_that_goes_on_may_not(company):
    company.receive("o2", lines=(line(), line("2", "A-3"), line("3", "A-2")))
    known = company.facts(Recheck(order="o2"), actor())
    company.must(Hold(order="o2", line="2", reason="colour in doubt"))
    order = company.order("o2")
    assert (HOLD_LINE.is_offered(order, known), RESUME_LINE.is_offered(order, known)) == (True, True)
    assert HOLD_LINE.key != RESUME_LINE.key
    assert HOLD_LINE.start(order, known)["line"] == "1"

    company.must(Hold(order="o2", line="1", reason="size in doubt"))
    assert not HOLD_LINE.is_offered(company.order("o2"), known)


def test_resumed_it_goes_on_by_itself_and_both_ways_are_undone_by_one_key(company):
    undo = inverse_of(HOLD, company.facts(HOLD, actor()))
    company.must(HOLD)
    resume = Resume(order="o1", line="2", reason="it is grey")
    again = inverse_of(resume, company.facts(resume, actor()))
    company.must(resume)

    assert (company.order().status, company.order().holds) == (Status.RELEASED, ())
    assert undo == Resume(order="o1", line="2")
    assert again == HOLD


def test_the_rest_goes_on_alone_and_the_line_waits_in_an_order_of_its_own(company):
    company.must(HOLD)
    company.must(Split(order="o1", parts=held_apart(company.order())))

    rest, kept = (company.order(one) for one in company.order().replaced_by)
    assert (rest.status, [one.id for one in rest.lines]) == (Status.RELEASED, ["1"])
    assert (kept.status, [hold.gate for hold in kept.holds]) == (Status.GATED, ["line"])
    assert rest.payable_minor + kept.payable_minor == company.order().payable_minor

    company.must(PutBack(order=kept.id))
    assert company.order().status is Status.GATED
    assert [one.held for one in company.order().lines] == ["", "colour in doubt"]


def test_neither_a_person_who_amends_nor_the_channel_lets_a_line_go_by_saying_it_anew(company):
    company.must(HOLD)
    lines = tuple(msgspec.structs.replace(one, held="", qty=one.qty + 1) for one in company.order().lines)
    company.must(Amend(order="o1", lines=lines))
    assert company.order().lines[1].held == "colour in doubt"

    said = receive(ext_version="2", lines=(line(qty=4), line("2", "A-3", unit_price_minor=12_900, held="x")))
    company.must(said, Role.CHANNEL)
    assert [one.held for one in company.order().lines] == ["", "colour in doubt"]
    assert company.order().status is Status.GATED


def test_a_line_that_is_called_off_keeps_nothing_back(company):
    company.must(HOLD)
    company.must(Amend(order="o1", lines=company.order().lines[:1]))
    company.must(Recheck(order="o1"), Role.WORKER)

    found = measures(company.order(), company.facts(Recheck(order="o1"), actor()))
    assert "line" not in found
    assert State.STOPS not in {measure.state for measure in found.values()}


def test_what_waits_for_a_line_is_not_merged(company):
    company.must(HOLD)
    company.receive("o2", ext_id="e2")

    assert why_not_merge((company.order("o2"), company.order())).code == "on_hold"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Hold(order="o1", line="9", reason="x"), "no_line"),
        (Hold(order="o1", line="1", reason=" "), "no_reason"),
        (Hold(order="o1", line="2", reason="again"), "already_held"),
        (Resume(order="o1", line="1"), "not_held"),
        (Resume(order="o9", line="1"), "no_order"),
    ],
)
def test_what_cannot_be_held_or_resumed_says_so(company, command, code):
    company.must(HOLD)

    assert company.refused(command) == code


def test_once_the_warehouse_has_begun_no_line_is_held(company):
    ship_it(company)

    assert company.refused(HOLD) == "too_late"
