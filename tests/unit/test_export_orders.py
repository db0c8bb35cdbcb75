"""Orders in full leave only with a grant, and what is written down about it names nobody."""

from __future__ import annotations

import pytest

from app import engine
from app.commands.export_orders import ExportOrders
from app.domain.values import Role
from tests.builders import Company, actor


def export(**changes: object) -> ExportOrders:
    known: dict[str, object] = {"count": 3, "format": "xlsx", "columns": ("number", "buyer")}
    return ExportOrders(**(known | changes))


def test_a_lead_may_export_and_nothing_changes():
    company = Company()
    before = dict(company.rows)

    assert company.must(export(), Role.LEAD) == []

    assert company.rows == before
    assert engine.inverse_of(export(), company.facts(export(), actor(Role.LEAD))) is None


@pytest.mark.parametrize("role", [Role.CLERK, Role.WAREHOUSE, Role.REVIEWER, Role.TRAINER])
def test_nobody_else_may(role: Role):
    assert Company().refused(export(), role) == "not_allowed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"count": 0}, "nothing_to_export"),
        ({"columns": ()}, "nothing_to_export"),
        ({"format": "pdf"}, "bad_format"),
    ],
)
def test_what_makes_no_file_is_refused(changes: dict[str, object], code: str):
    assert Company().refused(export(**changes), Role.LEAD) == code


def test_the_words_of_a_search_are_no_part_of_it():
    assert {"text", "words"} & set(ExportOrders.__struct_fields__) == set()
