"""Set working hours: days, places and calendars that exist; a new shift is taken back out of use."""

from __future__ import annotations

from datetime import time

import msgspec
import pytest
from settings_world import revisions, same, settled, taken_back

from app.commands.set_shift import SetShift
from app.domain.company import Holidays, Shift
from app.domain.values import Role

NIGHT = Shift(code="night", title="夜班", since=time(22), until=time(6), place="SZ", holidays="CN")


@pytest.fixture
def company():
    company = settled()
    company.rows["holidays", "CN"] = Holidays(code="CN", title="全国")
    return company


def test_a_shift_over_midnight_of_one_warehouse_is_published(company):
    company.must(SetShift(shift=NIGHT), Role.LEAD)

    assert company.refs.shifts["night"] == msgspec.structs.replace(NIGHT, rev=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "夜"}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"zone": "Nowhere"}, "bad_zone"),
        ({"until": time(22)}, "bad_hours"),
        ({"days": ()}, "bad_days"),
        ({"days": (0, 7)}, "bad_days"),
        ({"days": (0, 0)}, "bad_days"),
        ({"holidays": "DE"}, "no_holidays"),
        ({"place": "XX"}, "no_place"),
        ({"rev": 3}, "stale_content"),
    ],
)
def test_what_makes_no_sense_is_refused(company, changes, code):
    shift = msgspec.structs.replace(NIGHT, **changes)

    assert company.refused(SetShift(shift=shift), Role.LEAD) == code
    assert revisions(company) == []


def test_a_new_shift_is_taken_back_out_of_use(company):
    taken_back(company, SetShift(shift=NIGHT), "wu")

    assert not company.rows["shift", "night"].active


def test_a_change_is_taken_back(company):
    company.must(SetShift(shift=NIGHT), Role.LEAD)
    before = company.rows["shift", "night"]

    taken_back(company, SetShift(shift=msgspec.structs.replace(before, until=time(7))), "wu")

    assert same(company.rows["shift", "night"], before)
