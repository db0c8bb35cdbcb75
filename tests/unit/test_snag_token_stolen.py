"""A sign-in used from elsewhere is put before a person, once."""

from __future__ import annotations

from app.commands.open_case import OpenCase
from app.domain.values import Role
from app.snags.token_stolen import KIND
from app.text import Text
from tests.builders import Company

(CLOSE,) = KIND.case_repairs
OPEN = OpenCase(case="token:1", kind="token_stolen", subject_id="pc-1", text=Text("why"))


def test_it_is_opened_once_and_belongs_to_nobody_yet():
    company = Company()

    company.must(OPEN, Role.WORKER)

    case = company.rows["snag", "token:1"]
    assert (case.subject, case.subject_id, case.owner, case.is_open) == ("command", "pc-1", "", True)
    assert company.refused(OPEN, Role.WORKER) == "unchanged"


def test_one_key_closes_it_and_leaves_the_pc_as_it_is():
    company = Company()
    company.must(OPEN, Role.WORKER)

    company.must(CLOSE.build("token:1"))

    assert company.rows["snag", "token:1"].is_open is False
    assert company.refused(CLOSE.build("token:1")) == "no_case"
