"""Words of a trainer beside a field: published, taken back, back to the built-in ones; never by a clerk."""

from __future__ import annotations

import msgspec
import pytest
from settings_world import revisions, settled, taken_back

from app.commands.set_hint import SetHint
from app.domain.hint import HINT_MOST, HintText, hint_code
from app.domain.values import Role
from app.hint_editor import hint_title

CODE = hint_code("fix_address", "place", "postcode")
HINT = HintText(code=CODE, zh="六位；不知道就留空。", en="Six digits; leave it empty if unknown.")


@pytest.fixture
def company():
    return settled()


@pytest.mark.parametrize("role", [Role.TRAINER, Role.LEAD, Role.ADMIN])
def test_a_trainer_writes_a_hint(company, role):
    company.must(SetHint(hint=HINT), role)

    assert company.refs.hints[CODE] == msgspec.structs.replace(HINT, rev=1)
    assert company.refs.hints[CODE].words() == {"zh_CN": HINT.zh, "en": HINT.en}


@pytest.mark.parametrize("role", [Role.CLERK, Role.WAREHOUSE, Role.REVIEWER])
def test_who_only_works_writes_none(company, role):
    assert company.refused(SetHint(hint=HINT), role) == "not_allowed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "fix_address"}, "no_hint"),
        ({"code": "../x/y"}, "no_hint"),
        ({"zh": "字" * (HINT_MOST + 1)}, "bad_words"),
        ({"en": "two\nlines"}, "bad_words"),
        ({"en": " a space"}, "bad_words"),
        ({"zh": "", "en": ""}, "unchanged"),
        ({"rev": 2}, "stale_content"),
    ],
)
def test_what_nobody_could_read_is_refused(company, changes, code):
    assert company.refused(SetHint(hint=msgspec.structs.replace(HINT, **changes)), Role.TRAINER) == code
    assert revisions(company) == []


def test_no_words_are_the_built_in_ones(company):
    company.must(SetHint(hint=HINT), Role.TRAINER)
    company.must(SetHint(hint=HintText(code=CODE, rev=1)), Role.TRAINER)

    assert company.refs.hints[CODE].words() == {}
    assert [revision.rev for revision in revisions(company)] == [1, 2]


@pytest.mark.parametrize("is_new", [True, False])
def test_what_was_published_is_taken_back(company, is_new):
    if not is_new:
        company.must(SetHint(hint=HINT), Role.TRAINER)
    before = company.refs.hints[CODE].words() if not is_new else {}
    other = HintText(code=CODE, zh="别的", rev=0 if is_new else 1)

    taken_back(company, SetHint(hint=other), "wu")

    assert company.refs.hints[CODE].words() == before


def test_a_hint_is_called_by_its_guide_its_step_and_its_field():
    told = hint_title(CODE)
    of_the_step = hint_title(hint_code("fix_address", "place"))

    assert {name: text.message for name, text in told.params.items()} == {
        "guide": "Fix the address", "step": "Place", "label": "Postcode",
    }  # fmt: skip
    assert of_the_step.params["label"].message == "Why it is asked"
    assert hint_title("gone/step/field").message == "gone/step/field"
