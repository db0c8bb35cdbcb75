"""Every exception type by its code, older codes too, and which of them names an order."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.reopen import Reopen
from app.commands.settle import Settle
from app.domain.company import User
from app.domain.kind_names import called_now
from app.domain.order import Order, Settled, Snag
from app.domain.order_view import Question
from app.domain.values import Role
from app.kinds import KINDS, kind_of, worst
from app.text import Text
from tests.builders import NOW, RECEIVER, Company, order

OLD = ("address_unparsed", "buyer_note", "late_order", "payment_problem", "price_mismatch", "sku_unknown")


def snag(kind: str, severity: str = "warn") -> Snag:
    return Snag(
        kind=kind, severity=severity, text=Text("x"), opened_at=NOW, due_at=NOW + timedelta(minutes=28)
    )


@pytest.mark.parametrize("was", OLD)
def test_rows_written_under_an_older_name_are_read_under_the_present_one(was):
    written = msgspec.json.encode(order(snags=(snag("x"),), settled=())).replace(
        b'"x"', f'"{was}"'.encode(), 1
    )

    (read,) = msgspec.json.decode(written, type=Order).snags

    assert read.kind == called_now(was) in KINDS
    assert kind_of(was) is KINDS[read.kind]


def test_answers_skills_and_views_of_then_still_count():
    answer = Settled(kind="buyer_note", digest="d", by="clerk", at=NOW)

    assert order(settled=(answer,)).is_settled("note_request", "d")
    assert User(code="lin", title="林", role=Role.CLERK, skills=("late_order",)).skills == ("ship_overdue",)
    assert Question(kind="sku_unknown").kind == "sku_unmapped"


def test_a_desk_that_answers_under_an_older_name_is_understood():
    company = Company()
    asked = company.receive(receiver=msgspec.structs.replace(RECEIVER, note="东门")).snag("note_request")
    answer = Settle(order="o1", kind="buyer_note", digest=asked.digest)

    company.must(answer)
    assert company.order().snag("note_request") is None
    company.must(Reopen(order="o1", kind="buyer_note", digest=asked.digest))

    assert company.order().snag("note_request") is not None


def test_the_gravest_type_names_the_order_whichever_is_due_first():
    late, changed = snag("ship_overdue"), snag("source_changed", "bad")

    assert worst((late, changed, snag("note_request"))) == "source_changed"
    assert worst((snag("note_request"), late)) == "ship_overdue"
    assert worst(()) == ""


def test_what_nobody_knows_any_more_has_a_name_and_names_no_order_before_what_is_known():
    assert kind_of("long_gone").title == "long_gone"
    assert worst((snag("long_gone"), snag("ship_overdue"))) == "ship_overdue"


def test_every_type_of_an_order_has_its_place_among_all():
    ranks = [kind.rank for kind in KINDS.values() if kind.repairs]

    assert all(1 <= rank <= 33 for rank in ranks)
