"""Why this warehouse: a row for every place, the chosen one first, before and after it is promised."""

from __future__ import annotations

import msgspec

from app.commands.recheck import Recheck
from app.why_there import why_there
from tests.builders import Company, actor, stock
from tests.unit.test_choosing import SUZHOU, WUHAN, company


def why(known: Company):
    return why_there(known.order(), known.facts(Recheck(order="o1"), actor()))


def test_the_chosen_one_comes_first_and_the_other_costs_more():
    known = company(SUZHOU, WUHAN)
    known.receive()

    first, second = why(known).places
    assert (first.title, first.is_chosen, first.freight_minor) == ("武汉仓", True, 500)
    assert (second.title, second.is_chosen, second.verdict.params) == ("苏州仓", False, {"money": "¥3.00"})


def test_what_is_not_promised_yet_is_told_as_it_would_be_now():
    known = company(SUZHOU, WUHAN)
    known.receive(paid_minor=0)

    said = why(known)
    assert (said.is_decided, said.places[0].title) == (False, "武汉仓")


def test_a_place_with_too_little_says_how_little():
    known = company(SUZHOU, WUHAN)
    known.rows["stock", "WH/LN-220"] = stock("WH", on_hand=0)
    known.receive()

    last = why(known).places[-1]
    assert (last.title, last.score, last.verdict.params) == ("武汉仓", None, {"has": 0, "wants": 1})


def test_an_order_promised_before_reasons_were_kept_has_none():
    known = company()
    known.receive()
    known.rows["order", "o1"] = msgspec.structs.replace(known.order(), sourced=None)

    assert why(known).places == ()
