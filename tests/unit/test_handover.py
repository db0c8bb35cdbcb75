"""A page between two shifts: two names under one digest, never the same; claims pass; what changed since."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.claim import Claim
from app.commands.hold import Hold
from app.commands.leave_shift import LeaveShift
from app.commands.set_licence import SetLicence
from app.commands.take_shift import TakeShift, claimed_of
from app.domain.handover import LINES_MOST, Open, What, handover_key, seal_of
from app.domain.skill import Licence, Proof
from app.domain.values import Role
from app.handing import Since, in_turn, open_of, since
from app.preview import preview
from app.text import Text
from tests.builders import NOW, Company, actor, line

ANN, BEN = actor(Role.CLERK, "ann"), actor(Role.CLERK, "ben")
QIAO = actor(Role.WAREHOUSE, "qiao")
QUIET = Open(what=What.PARCEL, id="o9", why=Text("Packed; the carrier has not taken it"), number="DK-9")


@pytest.fixture
def company():
    """Ann has claimed the exception of one order and holds another."""
    made = Company()
    made.receive("o1", lines=(line("1", "X-77"),))
    made.receive("o2", number="DK-2")
    made.must(Claim(order="o1", kind="sku_unmapped"), ANN)
    made.must(Hold(order="o2", reason="the buyer calls back", until=NOW + timedelta(hours=9)), ANN)
    return made


def open_now(company):
    orders = [row for (table, _), row in company.rows.items() if table == "order"]
    return in_turn([one for order in orders for one in open_of(order, is_reviewed=False)])


def left(company, by=ANN, **changes):
    """Sign a page of what is open; return its row."""
    asked = LeaveShift(id="h1", lines=open_now(company), passes=True, **changes)
    company.must(asked, by)
    return page(company)


def page(company, warehouse=""):
    return company.rows[handover_key(warehouse, "h1")]


def take(signed, **changes):
    asked = TakeShift(
        id=signed.id,
        warehouse=signed.warehouse,
        seal=signed.seal,
        claims=tuple(claimed_of(line) for line in signed.claims),
    )
    return msgspec.structs.replace(asked, **changes)


def test_the_page_names_what_is_open_why_whose_it_is_and_until_when(company):
    lines = open_now(company)

    assert [(one.what, one.id, one.owner, one.is_claimed) for one in lines] == [
        (What.SNAG, "o1", "ann", True), (What.HOLD, "o2", "ann", False),
    ]  # fmt: skip
    assert lines[0].until == company.order("o1").snags[0].due_at
    assert (lines[1].why.message, lines[1].until) == ("the buyer calls back", NOW + timedelta(hours=9))


def test_two_people_sign_one_digest_and_the_claims_go_along(company):
    signed = left(company, remark="A quiet night.")
    assert signed.seal == seal_of("", open_now(company), "A quiet night.", passes=True)

    company.must(take(signed), BEN)

    assert (page(company).left_by, page(company).taken_by) == ("ann", "ben")
    assert page(company).seal == signed.seal
    assert company.order("o1").snags[0].owner == "ben"


def test_what_ended_or_went_elsewhere_meanwhile_is_left_alone(company):
    signed = left(company)
    company.now += timedelta(hours=12)
    company.must(Claim(order="o1", kind="sku_unmapped"), actor(Role.CLERK, "cay"))

    company.must(take(signed), BEN)

    assert page(company).taken_by == "ben"
    assert company.order("o1").snags[0].owner == "cay"


@pytest.mark.parametrize(
    ("by", "changes", "code"),
    [
        (ANN, {}, "same_person"),
        (BEN, {"seal": "0" * 16}, "other_page"),
        (BEN, {"id": "h2"}, "no_page"),
        (QIAO, {}, "not_allowed"),
    ],
)
def test_nobody_signs_for_two_nor_another_page(company, by, changes, code):
    assert company.refused(take(left(company), **changes), by) == code
    assert page(company).taken_by == ""


def test_what_is_passed_on_waits_for_the_pass_a_claim_waits_for(company):
    signed = left(company)
    proof = Proof(code="claim_it", title="Claim it")
    company.must(SetLicence(licence=Licence(code="claim", lessons=(proof,), is_on=True)), Role.LEAD)

    assert company.refused(take(signed), BEN) == "not_proved"
    company.must(take(signed, claims=()), BEN)


def test_a_page_is_taken_over_once(company):
    signed = left(company)
    company.must(take(signed), BEN)

    assert company.refused(take(signed), BEN) == "unchanged"
    assert company.refused(take(signed), actor(Role.LEAD, "wu")) == "taken"


def test_what_the_page_does_not_pass_on_cannot_be_taken(company):
    company.must(LeaveShift(id="h1", lines=open_now(company)), ANN)
    claims = tuple(claimed_of(one) for one in open_now(company)[:1])

    assert company.refused(take(page(company), claims=claims), BEN) == "not_passed"


@pytest.mark.parametrize(
    ("changes", "by", "code"),
    [
        ({"lines": (QUIET,) * (LINES_MOST + 1)}, ANN, "too_many"),
        ({"remark": "x" * 201}, ANN, "bad_words"),
        ({"lines": (msgspec.structs.replace(QUIET, remark="two\nlines"),)}, ANN, "bad_words"),
        (
            {"lines": (msgspec.structs.replace(QUIET, why=Text("{who.__class__}", {"who": "ann"})),)},
            ANN,
            "bad_words",
        ),
        (
            {"lines": (msgspec.structs.replace(QUIET, why=Text("{n:>9} {m}", {"n": 1, "m": 2})),)},
            ANN,
            "bad_words",
        ),
        ({"warehouse": "NOWHERE"}, ANN, "no_place"),
        ({}, QIAO, "no_place"),
    ],
)
def test_what_nobody_could_read_is_not_signed(company, changes, by, code):
    asked = msgspec.structs.replace(LeaveShift(id="h1", lines=(QUIET,)), **changes)

    assert company.refused(asked, by) == code


def test_a_page_is_not_signed_twice_and_the_floor_signs_its_own(company):
    company.must(LeaveShift(id="h1", warehouse="SZ", lines=(QUIET,)), QIAO)

    assert company.refused(LeaveShift(id="h1", warehouse="SZ"), QIAO) == "unchanged"


def test_what_became_of_the_lines_since_is_said(company):
    signed = left(company)
    moved = [
        msgspec.structs.replace(one, owner="ben") if one.id == "o1" else one for one in open_now(company)
    ]
    later = msgspec.structs.replace(moved[1], until=NOW + timedelta(days=2))

    assert set(since(signed, open_now(company)).values()) == {Since.SAME}
    assert since(signed, [moved[0], later, QUIET]) == {
        moved[0].key: Since.OWNER, later.key: Since.MOVED, QUIET.key: Since.NEW,
    }  # fmt: skip
    assert since(signed, moved[:1])[later.key] is Since.DONE


def test_taking_over_is_previewed_and_keeps_nothing(company):
    signed = left(company)
    facts = company.facts(take(signed), BEN)

    assert preview(take(signed), None, facts).refusal is None
    assert preview(take(signed), None, company.facts(take(signed), ANN)).refusal.code == "same_person"
    assert page(company).taken_by == ""
