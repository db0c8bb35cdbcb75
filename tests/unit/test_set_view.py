"""Share a view of the orders: for everybody, under one name, without words that may be somebody's name."""

from __future__ import annotations

import msgspec
import pytest
from settings_world import revisions, settled, taken_back

from app.commands.set_view import SetView
from app.domain.order_view import VIEWS_MAX, OrderView, Question, SharedView, Shown
from app.domain.values import Role

VIEW = SharedView(code="v1", title="今天晚的", view=OrderView(question=Question(kind="ship_overdue")))


@pytest.fixture
def company():
    return settled()


def test_a_view_is_shared(company):
    company.must(SetView(view=VIEW), Role.LEAD)

    assert company.refs.views["v1"] == msgspec.structs.replace(VIEW, rev=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "bad_title"),
        ({"title": "x" * 41}, "bad_title"),
        ({"title": "a\tb"}, "bad_title"),
        ({"code": ""}, "bad_title"),
        ({"view": OrderView(question=Question(text="季小雨"))}, "has_words"),
        ({"view": OrderView(columns=())}, "bad_view"),
        ({"view": OrderView(columns=(Shown("nothing"),))}, "bad_view"),
        ({"view": OrderView(sort="buyer")}, "bad_view"),
        ({"rev": 2}, "stale_content"),
    ],
)
def test_what_nobody_could_use_is_refused(company, changes, code):
    assert company.refused(SetView(view=msgspec.structs.replace(VIEW, **changes)), Role.LEAD) == code
    assert revisions(company) == []


def test_a_clerk_shares_nothing(company):
    assert company.refused(SetView(view=VIEW), Role.CLERK) == "not_allowed"


def test_a_name_is_given_once_and_free_again_when_its_view_is_taken_away(company):
    company.must(SetView(view=VIEW), Role.LEAD)
    second = msgspec.structs.replace(VIEW, code="v2")
    refused = company.refused(SetView(view=second), Role.LEAD)
    company.must(SetView(view=msgspec.structs.replace(company.refs.views["v1"], active=False)), Role.LEAD)
    company.must(SetView(view=second), Role.LEAD)

    assert refused == "name_taken"


def test_there_is_an_end_to_how_many(company):
    for n in range(VIEWS_MAX):
        company.must(SetView(view=msgspec.structs.replace(VIEW, code=f"v{n}", title=f"t{n}")), Role.LEAD)

    assert company.refused(SetView(view=msgspec.structs.replace(VIEW, code="x")), Role.LEAD) == "too_many"


def test_a_new_view_is_taken_away_again_and_a_change_taken_back(company):
    taken_back(company, SetView(view=VIEW), "wu")
    gone = company.refs.views["v1"]
    back = msgspec.structs.replace(gone, active=True)
    taken_back(company, SetView(view=back), "wu")

    assert not gone.active
    assert not company.refs.views["v1"].active
