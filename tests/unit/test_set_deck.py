"""A lesson of the company's own: published with places only, changed on what was seen, withdrawn."""

from __future__ import annotations

import msgspec
import pytest

from app.boot.divisions import load_gazetteer
from app.commands.set_deck import SetDeck
from app.domain.deck import OwnDeck, Place, Shape
from app.domain.values import Role
from app.engine import inverse_of
from tests.builders import Company, actor

SHAPE = Shape(kind="address_invalid", wrong=Place("江苏省", "杭州市"), right=Place("浙江省", "杭州市"))
DECK = OwnDeck(code="2026_06", shapes=(SHAPE,))
KEY = ("deck", "2026_06")


@pytest.fixture
def company() -> Company:
    return Company(gazetteer=load_gazetteer())


def test_a_trainer_publishes_it_and_takes_it_back(company):
    undo = inverse_of(SetDeck(deck=DECK), company.facts(SetDeck(deck=DECK), actor(Role.TRAINER)))
    company.must(SetDeck(deck=DECK), Role.TRAINER)
    assert company.rows[KEY] == msgspec.structs.replace(DECK, rev=1)

    company.must(undo, Role.TRAINER)
    assert company.rows[KEY].shapes == ()


def test_a_later_one_of_the_month_takes_its_place_and_the_first_comes_back(company):
    company.must(SetDeck(deck=DECK), Role.TRAINER)
    later = OwnDeck(code="2026_06", shapes=(SHAPE, Shape(kind="note_request")), rev=1)
    undo = inverse_of(SetDeck(deck=later), company.facts(SetDeck(deck=later), actor(Role.TRAINER)))
    company.must(SetDeck(deck=later), Role.TRAINER)

    company.must(undo, Role.TRAINER)
    assert (company.rows[KEY].shapes, company.rows[KEY].rev) == ((SHAPE,), 3)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": ""}, "no_deck"),
        ({"shapes": (Shape(kind="payment_failed"),)}, "no_deck"),
        ({"shapes": (Shape(kind="note_request", pieces=()),)}, "no_deck"),
        ({"shapes": (Shape(kind="note_request"),) * 13}, "no_deck"),
        ({"shapes": (Shape(kind="address_invalid", wrong=Place("张三家")),)}, "somebody"),
        ({"shapes": (Shape(kind="address_invalid", right=Place("浙江省", "13800000000")),)}, "somebody"),
        ({"rev": 4}, "stale_content"),
        ({"shapes": ()}, "unchanged"),
    ],
)
def test_what_cannot_be_laid_out_or_names_somebody_is_refused(company, changes, code):
    assert company.refused(SetDeck(deck=msgspec.structs.replace(DECK, **changes)), Role.TRAINER) == code


def test_a_clerk_may_not(company):
    assert company.refused(SetDeck(deck=DECK)) == "not_allowed"
