"""Single rights: given and taken beside a role, never of oneself, never more than one holds."""

from __future__ import annotations

import pytest
from settings_world import acting, earlier, revisions, settled, taken_back

from app.commands.cancel import Cancel
from app.commands.set_grants import SetGrants
from app.domain.company import Grants, grants_of
from app.domain.values import Actor, Role


@pytest.fixture
def company():
    return settled()


def give(**known):
    return SetGrants(grants=Grants(**known))


def test_one_right_more_and_one_fewer(company):
    company.receive()

    company.must(give(user="lin", more=("sign_off",), fewer=("cancel",)), acting(company, "fang"))

    lin = acting(company, "lin")
    assert "sign_off" in lin.grants
    assert company.refused(Cancel(order="o1", reason="asked"), lin) == "not_allowed"


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"user": "nobody", "more": ("ship",)}, "no_person"),
        ({"user": "lin", "more": ("fly",)}, "no_right"),
        ({"user": "lin", "more": ("receive",)}, "no_right"),
        ({"user": "lin", "more": ("ship",), "fewer": ("ship",)}, "no_right"),
        ({"user": "fang", "fewer": ("ship",)}, "not_yourself"),
        ({"user": "lin", "more": ("ship",), "rev": 4}, "stale_content"),
    ],
)
def test_what_makes_no_sense_is_refused(company, known, code):
    assert company.refused(give(**known), acting(company, "fang")) == code
    assert revisions(company) == []


def test_nobody_gives_what_they_do_not_hold(company):
    few = Actor("fang", Role.ADMIN, grants_of(company.rows["user", "fang"]) - {"ship"})

    assert company.refused(give(user="lin", more=("ship",)), few) == "not_held"
    company.must(give(user="lin", more=("sign_off",)), few)


def test_the_last_who_manages_people_keeps_it(company):
    company.must(give(user="he", fewer=("set_grants",)), acting(company, "fang"))
    he_before = Actor("he", Role.ADMIN, grants_of(company.rows["user", "he"]))

    assert company.refused(give(user="fang", fewer=("set_user",)), he_before) == "last_admin"


def test_rights_are_taken_back_even_the_first_ones(company):
    taken_back(company, give(user="lin", more=("sign_off",)), "fang")

    assert company.rows["grants", "lin"] == Grants(user="lin", rev=2)
    first = revisions(company)[0]
    assert earlier(first) == Grants(user="lin", rev=1)
