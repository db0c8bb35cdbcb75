"""A case that is about no order of ours: opened once, closed by a person."""

from __future__ import annotations

from datetime import timedelta

from app.commands.open_case import OpenCase
from app.domain.values import Role
from app.snags.unreadable_order import KIND
from app.text import Text
from tests.builders import Company

(CLOSE,) = KIND.case_repairs
OPEN = OpenCase(case="c1", kind="unreadable_order", subject_id="s1", text=Text("why"), owner="lin")


def test_a_case_is_opened_once():
    company = Company()

    company.must(OPEN, Role.WORKER)

    case = company.rows["snag", "c1"]
    assert (case.subject, case.subject_id, case.owner, case.is_open) == ("raw", "s1", "lin", True)
    assert case.snag.kind == "unreadable_order"
    assert case.snag.due_at - case.snag.opened_at == timedelta(minutes=28)
    assert company.refused(OPEN, Role.WORKER) == "unchanged"


def test_one_key_closes_it():
    company = Company()
    company.must(OPEN, Role.CHANNEL)

    company.must(CLOSE.build("c1"))

    assert company.rows["snag", "c1"].is_open is False
    assert company.refused(CLOSE.build("c1")) == "no_case"
