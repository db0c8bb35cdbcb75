"""Take people in and close accounts: never oneself, never more than one holds, never the last who could."""

from __future__ import annotations

import msgspec
import pytest
from settings_world import acting, revisions, same, settled, taken_back

from app.commands.set_grants import SetGrants
from app.commands.set_user import SetUser
from app.domain.company import Grants, User, grants_of
from app.domain.values import Actor, Role

NEW = User(code="mei", title="Mei", role=Role.REVIEWER)


@pytest.fixture
def company():
    return settled()


def asked(company, code, **changes):
    return SetUser(user=msgspec.structs.replace(company.rows["user", code], **changes))


def test_an_administrator_takes_somebody_in(company):
    company.must(SetUser(user=NEW), acting(company, "fang"))

    assert company.refs.users["mei"] == msgspec.structs.replace(NEW, rev=1)


def test_a_closed_account_may_do_nothing(company):
    company.must(asked(company, "lin", active=False), acting(company, "fang"))

    assert grants_of(company.rows["user", "lin"]) == frozenset()
    assert company.refused(SetUser(user=NEW), acting(company, "lin")) == "not_allowed"


def test_a_lead_takes_nobody_in(company):
    assert company.refused(SetUser(user=NEW), acting(company, "wu")) == "not_allowed"


@pytest.mark.parametrize("changes", [{"active": False}, {"role": Role.CLERK}])
def test_nobody_closes_or_demotes_themselves(company, changes):
    assert company.refused(asked(company, "fang", **changes), acting(company, "fang")) == "not_yourself"


def test_one_may_correct_ones_own_name(company):
    company.must(asked(company, "fang", title="Fang Qiran"), acting(company, "fang"))

    assert company.rows["user", "fang"].title == "Fang Qiran"


def test_of_two_administrators_who_close_each_other_at_once_one_stays(company):
    """Both were administrators when the batch began: the second is decided on what the first left."""
    fang, he = acting(company, "fang"), acting(company, "he")

    company.must(asked(company, "he", active=False), fang)

    assert company.refused(asked(company, "fang", active=False), he) == "last_admin"
    assert company.rows["user", "fang"].active


def test_nobody_hands_out_a_role_with_more_than_they_hold(company):
    few = Actor("fang", Role.ADMIN, grants_of(company.rows["user", "fang"]) - {"ship"})

    assert company.refused(SetUser(user=msgspec.structs.replace(NEW, role=Role.WAREHOUSE)), few) == "not_held"
    company.must(SetUser(user=NEW), few)


def test_an_account_opened_again_counts_as_handing_out_its_rights(company):
    company.must(SetGrants(grants=Grants(user="lin", more=("ship",))), acting(company, "fang"))
    company.must(asked(company, "lin", active=False), acting(company, "fang"))
    few = Actor("fang", Role.ADMIN, grants_of(company.rows["user", "fang"]) - {"ship"})

    assert company.refused(asked(company, "lin", active=True), few) == "not_held"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "小梅"}, "bad_code"),
        ({"role": Role.WORKER}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"warehouse": "XX"}, "no_warehouse"),
        ({"warehouses": ("SZ", "XX")}, "no_warehouse"),
        ({"shops": ("XX",)}, "no_shop"),
        ({"warehouse": "SZ", "warehouses": ("WH",)}, "home_elsewhere"),
        ({"rev": 2}, "stale_content"),
    ],
)
def test_what_makes_no_sense_is_refused(company, changes, code):
    command = SetUser(user=msgspec.structs.replace(NEW, **changes))

    assert company.refused(command, acting(company, "fang")) == code
    assert revisions(company) == []


def test_the_places_a_person_works_for_are_set_and_taken_back(company):
    before = company.rows["user", "lin"]

    taken_back(company, asked(company, "lin", shops=("TM1",), warehouses=("SZ",)), "fang")

    assert same(company.rows["user", "lin"], before)


def test_nobody_opens_places_for_themselves(company):
    command = asked(company, "fang", shops=("TM1",))

    assert company.refused(command, acting(company, "fang")) == "not_yourself"


def test_nobody_gives_places_they_do_not_work_for(company):
    company.must(asked(company, "he", shops=("TM1",)), acting(company, "fang"))
    he = acting(company, "he")

    assert company.refused(SetUser(user=NEW), he) == "not_held"
    assert company.refused(SetUser(user=msgspec.structs.replace(NEW, shops=("DY1",))), he) == "not_held"
    company.must(SetUser(user=msgspec.structs.replace(NEW, shops=("TM1",))), he)
    assert company.refused(asked(company, "mei", shops=()), he) == "not_held"
    company.must(asked(company, "lin", title="Lin Xia"), he)


def test_a_change_is_taken_back(company):
    before = company.rows["user", "lin"]

    taken_back(company, asked(company, "lin", role=Role.TRAINER), "fang")

    assert same(company.rows["user", "lin"], before)


def test_somebody_new_is_taken_back_to_a_closed_account(company):
    taken_back(company, SetUser(user=NEW), "fang")

    assert not company.rows["user", "mei"].active


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shifts": ("nights",)}, "no_shift"),
        ({"skills": ("buyer note",)}, "bad_skills"),
        ({"skills": tuple(f"kind_{n}" for n in range(201))}, "bad_skills"),
    ],
)
def test_skills_and_shifts_are_those_of_the_list(company, changes, code):
    assert company.refused(asked(company, "lin", **changes), acting(company, "fang")) == code


def test_skills_are_published_and_taken_back(company):
    command = asked(company, "lin", skills=("note_request", "short_stock"))

    company.must(command, acting(company, "fang"))

    assert company.refs.users["lin"].skills == ("note_request", "short_stock")
