"""A fault of the hub stands before an administrator until somebody says that it is reported."""

from __future__ import annotations

from app.commands.open_case import OpenCase
from app.domain.values import Role
from app.snags.broken_command import KIND
from app.text import Text
from tests.builders import Company

(REPORTED,) = KIND.case_repairs
OPEN = OpenCase(
    case="fault/fang/pc-1/7", kind="broken_command", subject_id="c7", text=Text("why"), owner="fang"
)


def test_it_belongs_to_one_administrator_and_is_opened_once():
    company = Company()

    company.must(OPEN, Role.WORKER)

    case = company.rows["snag", "fault/fang/pc-1/7"]
    assert (case.subject, case.owner, case.is_open, case.snag.kind) == (
        "command", "fang", True, "broken_command",
    )  # fmt: skip
    assert company.refused(OPEN, Role.WORKER) == "unchanged"


def test_one_key_says_that_it_is_reported():
    company = Company()
    company.must(OPEN, Role.WORKER)

    company.must(REPORTED.build("fault/fang/pc-1/7"), Role.ADMIN)

    assert company.rows["snag", "fault/fang/pc-1/7"].is_open is False
