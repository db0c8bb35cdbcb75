"""A history that a desk saw otherwise is put before a person, once."""

from __future__ import annotations

from app.commands.open_case import OpenCase
from app.domain.values import Role
from app.snags.history_broken import KIND
from app.text import Text
from tests.builders import Company

(CLOSE,) = KIND.case_repairs
OPEN = OpenCase(case="history:1", kind="history_broken", subject_id="pc-1", text=Text("why"))


def test_it_is_opened_once_and_belongs_to_nobody_yet():
    company = Company()

    company.must(OPEN, Role.WORKER)

    case = company.rows["snag", "history:1"]
    assert (case.subject, case.subject_id, case.owner, case.is_open) == ("command", "pc-1", "", True)
    assert company.refused(OPEN, Role.WORKER) == "unchanged"


def test_one_key_closes_it_and_leaves_the_evidence():
    company = Company()
    company.must(OPEN, Role.WORKER)

    company.must(CLOSE.build("history:1"))

    assert company.rows["snag", "history:1"].is_open is False
    assert company.refused(CLOSE.build("history:1")) == "no_case"
