"""Seeded mistakes: kept when review was right, nobody's order, told at once."""

from __future__ import annotations

import msgspec
import pytest

from app import engine
from app.commands.amend import Amend
from app.commands.answer_drill import AnswerDrill
from app.commands.pick import Pick
from app.commands.plant_drill import PlantDrill
from app.commands.reject_review import RejectReview
from app.commands.sign_off import SignOff
from app.domain.company import User
from app.domain.drill import Mistake, drill_key, mistake_of
from app.domain.events import MistakeKept
from app.domain.values import Role
from tests.builders import NIGHT, RECEIVER, Company, actor, line

GU = actor(Role.REVIEWER, "gu")
PERSONAL = (RECEIVER.name, RECEIVER.phone, RECEIVER.street)


def mended(**changes) -> tuple[Company, list[Mistake]]:
    """An order that two people sent back, and what was changed in it then."""
    company = Company(now=NIGHT)
    company.rows["user", "gu"] = User(code="gu", title="gu", role=Role.REVIEWER)
    order = company.receive(lines=(line(qty=4),), number="DK-20260613-000123")
    no = RejectReview(order="o1", content_hash=order.content_hash, reason="five for one bed?")
    for name in ("an", "bo"):
        company.must(no, actor(Role.REVIEWER, name))
    events = company.must(Amend(order="o1", **changes))
    return company, [event.mistake for event in events if isinstance(event, MistakeKept)]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"qty": 1}, "pieces"),
        ({"unit_price_minor": 30_000}, "price"),
    ],
)
def test_what_was_mended_after_review_is_kept_as_it_was_and_as_it_should_be(changed, fault):
    right = msgspec.structs.replace(line(qty=4, sku="LN-220"), **changed)

    _, (mistake,) = mended(lines=(right,))

    name = next(iter(changed))
    assert mistake.fault == fault
    assert getattr(mistake.asked.lines[0], name) == changed[name]
    assert getattr(mistake.shown.lines[0], name) != changed[name]


def test_another_article_is_a_mistake_too():
    company, _ = mended(lines=(line(qty=1),))
    wrong = company.order()
    right = msgspec.structs.replace(wrong, lines=(line(sku="SF-001"),))

    assert mistake_of(wrong, right, ()).fault == "article"


def test_nothing_of_the_buyer_is_left_in_it():
    company, (mistake,) = mended(lines=(line(qty=1),))

    said = msgspec.json.encode(mistake).decode()
    assert [word for word in (*PERSONAL, company.order().number, "ext-o1") if word in said] == []
    assert mistake.shown.content_hash != company.order().content_hash


def test_what_nobody_sent_back_is_no_mistake():
    company = Company(now=NIGHT)
    company.receive(lines=(line(qty=4),))

    assert not [e for e in company.must(Amend(order="o1", lines=(line(),))) if isinstance(e, MistakeKept)]


def planted() -> tuple[Company, str]:
    company, (mistake,) = mended(lines=(line(qty=1),))
    company.must(PlantDrill(person="gu", drill="d1", mistake=mistake.id), Role.WORKER)
    return company, mistake.id


@pytest.mark.parametrize("is_pass", [True, False])
def test_right_after_the_decision_one_hears_what_it_was(is_pass):
    company, mistake = planted()
    answer = AnswerDrill(person="gu", drill="d1", mistake=mistake, is_pass=is_pass, read_ms=9_000)
    before = msgspec.json.encode(company.rows[drill_key("gu", "d1")]).decode()

    company.must(answer, GU)

    told = company.rows[drill_key("gu", "d1")].told
    assert "pieces" not in before
    assert (told.fault, told.is_found, told.read_ms) == ("pieces", not is_pass, 9_000)
    assert company.refused(answer, GU) == "signed_already"


def test_only_whom_it_was_put_before_answers_it():
    company, mistake = planted()
    answer = AnswerDrill(person="gu", drill="d1", mistake=mistake, is_pass=False)

    assert company.refused(answer, actor(Role.LEAD, "zhou")) == "no_drill"


def test_no_command_about_an_order_finds_it():
    company, mistake = planted()

    for name in ("d1", "gu/d1", mistake):
        assert company.refused(Pick(order=name, line="1"), Role.WAREHOUSE) == "no_order"
        assert company.refused(SignOff(order=name, content_hash="x"), GU) == "no_order"
    assert {key[0] for key in company.rows if "d1" in key[1]} == {"drill"}


def test_a_desk_hides_it_and_says_nothing_of_what_it_was():
    company, mistake = planted()
    desk = company.twin()
    desk.at_hub = False

    desk.must(AnswerDrill(person="gu", drill="d1", mistake=mistake, is_pass=False), GU)

    drill = desk.rows[drill_key("gu", "d1")]
    assert (drill.answered_at, drill.told) == (NIGHT, None)
    assert engine.SPECS["answer_drill"].works_offline
