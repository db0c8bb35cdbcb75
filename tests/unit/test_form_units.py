"""What is typed as a number is said in its own unit where a guide looks back."""

from __future__ import annotations

import pytest

from app.form import said
from app.guides import FORMS
from tests.builders import Company, facts


@pytest.mark.parametrize(
    ("form", "field", "told"),
    [("keep_lots", "warn_days", "{count} days"), ("complete_article", "weight", "{count} g"),
     ("new_article", "weight", "{count} g"), ("quarantine", "qty", "{count} pieces")],
)  # fmt: skip
def test_a_number_is_said_in_its_unit(form: str, field: str, told: str):
    company = Company()
    company.receive("o1")
    asked = next(one for step in FORMS[form].steps for one in step.fields if one.name == field)
    answer = said(asked, "14", {}, company.order(), facts())
    assert (answer.message, answer.params) == (told, {"count": 14})
