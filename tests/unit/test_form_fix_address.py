"""The address guide: what it says beside each field."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from app.commands.recheck import Recheck
from app.domain.gazetteer import Gazetteer
from app.domain.order import Status
from app.domain.values import Region
from app.forms.fix_address import FORM
from app.preview import preview
from app.snags.address_invalid import take_suggestion
from tests.builders import RECEIVER, REGION, Company, actor

PLACE, STREET, PEOPLE, CHECK = FORM.steps
FIELDS = {field.name: field for step in FORM.steps for field in step.fields}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_bytes(Path("resources/geo/regions.json.gz").read_bytes())


@pytest.fixture
def company(gazetteer) -> Company:
    company = Company(gazetteer=gazetteer)
    old = msgspec.structs.replace(REGION, district="下城区", postcode="210000", verdict="fix")
    company.receive(region=old)
    return company


def check(company: Company, name: str, value: str, **others: str):
    order, facts = company.order(), company.facts(Recheck(order="o1"), actor())
    answers = FORM.start(order, facts) | others
    return FIELDS[name].check(value, answers, order, facts)


def choices(company: Company, name: str, **answers: str) -> list[str]:
    order, facts = company.order(), company.facts(Recheck(order="o1"), actor())
    return [choice.value for choice in FIELDS[name].choices(answers, order, facts)]


def test_only_places_of_the_place_above_are_offered(company):
    assert "浙江省" in choices(company, "province")
    assert "杭州市" in choices(company, "city", province="浙江省")
    assert "拱墅区" in choices(company, "district", province="浙江省", city="杭州市")
    assert "下城区" not in choices(company, "district", province="浙江省", city="杭州市")
    assert choices(company, "city", province="") == []


def test_a_merged_district_is_corrected(company):
    verdict = check(company, "district", "下城区")

    assert (verdict.is_error, verdict.correction) == (True, "拱墅区")


def test_a_postcode_of_another_province_is_corrected(company):
    verdict = check(company, "postcode", "210000", district="拱墅区")

    assert (verdict.is_error, verdict.correction) == (True, "310000")


def test_a_postcode_that_is_not_whole_is_counted_and_the_usual_one_offered(company):
    short, letters = (check(company, "postcode", typed, district="拱墅区") for typed in ("31000", "31000O"))

    assert (short.is_error, short.text.params, short.correction) == (True, {"count": 5}, "310000")
    assert (letters.is_error, letters.text.params, letters.correction) == (True, {}, "310000")


def test_a_postcode_that_is_not_whole_is_never_suggested(gazetteer):
    company = Company(gazetteer=gazetteer)
    company.receive(region=msgspec.structs.replace(REGION, postcode="31000", verdict="fix"))
    order, facts = company.order(), company.facts(Recheck(order="o1"), actor())

    for typed in ("31000", "3100"):
        advice = PLACE.advice(FORM.start(order, facts) | {"postcode": typed}, order, facts)
        assert (advice.answers["postcode"], advice.text.params["postcode"]) == ("310000", "310000")
    by_key = take_suggestion(order, facts)
    assert by_key.region.postcode == "310000"


def test_what_is_needed_may_not_be_empty(company):
    assert [check(company, name, " ").is_error for name in ("province", "city", "street", "name")] == [
        True
    ] * 4


def test_a_short_phone_is_counted_and_the_first_one_offered(company):
    verdict = check(company, "phone", "1380000000")

    assert (verdict.is_error, verdict.text.params, verdict.correction) == (
        True,
        {"count": 10, "missing": 1},
        "13800000000",
    )


def test_a_masked_phone_is_left_alone(company):
    assert check(company, "phone", "138****0000") is None


def test_the_advice_fills_the_whole_step(company):
    order, facts = company.order(), company.facts(Recheck(order="o1"), actor())

    advice = PLACE.advice(FORM.start(order, facts), order, facts)

    assert advice.answers == {
        "province": "浙江省",
        "city": "杭州市",
        "district": "拱墅区",
        "postcode": "310000",
    }
    assert PLACE.advice(advice.answers, order, facts) is None


def test_the_town_has_a_line_of_its_own_before_the_street(company):
    order, facts = company.order(), company.facts(Recheck(order="o1"), actor())
    answers = FORM.start(order, facts) | {"district": "西湖区", "street": "古荡街道文三路90号"}

    rows = preview(FORM.build(order, answers, facts), order, facts).rows
    without = preview(FORM.build(order, answers | {"street": "文三路90号"}, facts), order, facts).rows

    assert [row.label for row in rows][:5] == ["Province", "City", "District", "Town", "Street"]
    assert (rows[3].before, rows[3].after, rows[3].state) == ("", "古荡街道", "added")
    assert "Town" not in [row.label for row in without], "a street without a town has no empty line"


def test_what_the_buyer_wrote_is_read_for_the_street(gazetteer):
    company = Company(gazetteer=gazetteer)
    wrote = msgspec.structs.replace(RECEIVER, street="", raw="浙江杭州拱墅区文晖路88号水岸嘉园3幢1单元502")
    company.receive(receiver=wrote, region=Region(verdict="fix"))
    order, facts = company.order(), company.facts(Recheck(order="o1"), actor())

    advice = STREET.advice(FORM.start(order, facts), order, facts)

    assert advice.answers == {"street": "文晖路88号水岸嘉园3幢1单元502"}


def test_not_being_sure_keeps_the_changes_and_the_exception(company):
    order, facts = company.order(), company.facts(Recheck(order="o1"), actor())
    answers = FORM.start(order, facts) | {"district": "拱墅区", "postcode": "310014", "verdict": "confirm"}

    company.must(FORM.build(order, answers, facts))

    assert (company.order().region.district, company.order().status) == ("拱墅区", Status.TO_CHECK)
    assert company.order().snag("address_invalid") is not None


def test_personal_fields_are_marked():
    assert {field.name for field in FIELDS.values() if field.is_personal} == {"street", "name", "phone"}
