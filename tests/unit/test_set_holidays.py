"""Set holidays: days in order, each once, closed or worked."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from settings_world import revisions, same, settled, taken_back

from app.commands.set_holidays import SetHolidays
from app.domain.company import Holidays
from app.domain.values import Role

FIRST = date(2026, 10, 1)
GOLDEN = Holidays(
    code="CN", title="全国", closed=(FIRST + timedelta(days=1), FIRST, FIRST), worked=(date(2026, 9, 27),)
)


@pytest.fixture
def company():
    return settled()


def test_days_are_published_in_order_and_once(company):
    company.must(SetHolidays(holidays=GOLDEN), Role.LEAD)

    assert company.refs.holidays["CN"].closed == (FIRST, FIRST + timedelta(days=1))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "全国"}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"worked": (FIRST,)}, "bad_days"),
        ({"closed": tuple(FIRST + timedelta(days=n) for n in range(401))}, "bad_days"),
        ({"rev": 1}, "stale_content"),
    ],
)
def test_what_makes_no_sense_is_refused(company, changes, code):
    holidays = msgspec.structs.replace(GOLDEN, **changes)

    assert company.refused(SetHolidays(holidays=holidays), Role.LEAD) == code
    assert revisions(company) == []


def test_a_new_calendar_is_taken_back_to_no_days(company):
    taken_back(company, SetHolidays(holidays=GOLDEN), "wu")

    assert company.rows["holidays", "CN"].closed == ()


def test_a_change_is_taken_back(company):
    company.must(SetHolidays(holidays=GOLDEN), Role.LEAD)
    before = company.rows["holidays", "CN"]

    taken_back(company, SetHolidays(holidays=msgspec.structs.replace(before, closed=())), "wu")

    assert same(company.rows["holidays", "CN"], before)
