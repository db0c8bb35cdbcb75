"""A case that is about no order of ours: opened once, closed by a person."""

from __future__ import annotations

from datetime import timedelta

from app.commands.open_case import OpenCase
from app.domain.values import Role
from app.snags.refused_command import KIND
from app.text import Text
from tests.builders import Company

(CLOSE,) = KIND.case_repairs
OPEN = OpenCase(case="c1", kind="refused_command", subject_id="s1", text=Text("why"), owner="lin")


def test_a_case_is_opened_once():
    company = Company()

    company.must(OPEN, Role.WORKER)

    case = company.rows["snag", "c1"]
    assert (case.subject, case.subject_id, case.owner, case.is_open) == ("command", "s1", "lin", True)
    assert case.snag.kind == "refused_command"
    assert case.snag.due_at - case.snag.opened_at == timedelta(minutes=28)
    assert company.refused(OPEN, Role.WORKER) == "unchanged"


def test_one_key_closes_it():
    company = Company()
    company.must(OPEN, Role.WORKER)

    company.must(CLOSE.build("c1"))

    assert company.rows["snag", "c1"].is_open is False
    assert company.refused(CLOSE.build("c1")) == "no_case"
