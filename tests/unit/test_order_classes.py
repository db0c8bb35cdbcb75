"""The class table: an order has exactly one class, the row that decided is said, an edit decides anew."""

from __future__ import annotations

import random

import msgspec
import pytest
from builders import RECEIVER, REGION, Company, actor, line
from settings_world import settled

from app.command import Refusal
from app.commands.amend import Amend
from app.commands.assign import Assign
from app.commands.claim import Claim
from app.commands.recheck import Recheck
from app.commands.set_order_class import SetOrderClass
from app.commands.settle import Settle
from app.domain.company import Shop
from app.domain.events import OrderClassed
from app.domain.order import Status
from app.domain.order_class import INVOICES, QUEUES, OrderClass, class_of
from app.domain.snag_rule import Clause, around
from app.domain.values import Role
from app.engine import inverse_of

GIFT = OrderClass(
    code="GIFT", title="礼品", title_en="Gift", rank=10, queue="lead",
    clauses=(Clause("note", "contains", "礼"),),
)  # fmt: skip
BIG = OrderClass(
    code="BIG", title="大单", title_en="Large", rank=20, clauses=(Clause("payable", "at_least", "500"),),
    queue="trainer", invoice="special",
)  # fmt: skip
REST = OrderClass(code="REST", title="其他", title_en="Usual", rank=900, invoice="none")


def table(*rows: OrderClass) -> Company:
    company = settled()
    for row in rows:
        company.must(SetOrderClass(row=row), Role.LEAD)
    return company


def test_without_a_table_no_order_has_a_class():
    company = settled()
    company.receive()

    assert company.order().classed is None
    assert company.order().snag("unclassified") is None


def test_the_first_row_that_fits_decides_and_says_by_what():
    company = table(REST, BIG, GIFT)
    company.receive("o1")
    company.receive("o2", lines=(line(qty=2),))
    company.receive("o3", lines=(line(qty=2),), receiver=msgspec.structs.replace(RECEIVER, note="送礼用"))

    classes = [company.order(order).classed for order in ("o1", "o2", "o3")]
    assert [one.code for one in classes] == ["REST", "BIG", "GIFT"]
    assert [one.said.params["rank"] for one in classes] == [900, 20, 10]
    assert "640" in str(classes[1].said.params["said"])
    assert "礼" not in str(classes[2].said)  # what is personal is not repeated


def test_an_order_no_row_fits_waits_for_somebody_who_says_so():
    company = table(BIG)
    company.receive()
    assert company.order().snag("unclassified") is not None
    assert company.order().status is not Status.RELEASED

    snag = company.order().snag("unclassified")
    company.must(Settle(order="o1", kind="unclassified", digest=snag.digest))

    assert company.order().snag("unclassified") is None
    assert company.order().status is Status.RELEASED


def test_a_row_that_comes_later_frees_what_waits_for_one():
    company = table(BIG)
    company.receive()
    company.must(SetOrderClass(row=REST), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert (company.order().classed.code, company.order().status) == ("REST", Status.RELEASED)


def test_a_field_that_decides_is_edited_and_what_nobody_claimed_goes_to_the_other_queue_once():
    urgent = OrderClass(
        code="URGENT", title="加急", rank=5, clauses=(Clause("urgent", "is", ""),), queue="lead"
    )
    company = table(urgent, BIG, REST)
    noted = msgspec.structs.replace(RECEIVER, note="慢慢来")
    doubted = msgspec.structs.replace(REGION, verdict="fix")
    company.receive(lines=(line(qty=2),), region=doubted, receiver=noted)
    kinds = {snag.kind: snag.queue for snag in company.order().snags}
    assert kinds == dict.fromkeys(("address_invalid", "note_request", "invoice_missing"), "trainer")
    company.must(Assign(order="o1", kind="address_invalid", to="mei"), Role.WORKER)
    company.must(Claim(order="o1", kind="note_request"))

    events = company.must(Amend(order="o1", priority=10))

    assert sum(isinstance(event, OrderClassed) for event in events) == 1
    now = company.order()
    assert now.classed.code == "URGENT"
    assert {snag.queue for snag in now.snags} == {"lead"}
    assert now.snag("address_invalid").owner == ""  # handed out anew
    assert now.snag("note_request").owner == "clerk"  # somebody is at it
    again = company.do(Recheck(order="o1"), Role.WORKER)
    assert isinstance(again, Refusal) or not any(isinstance(one, OrderClassed) for one in again)


def test_a_class_may_ask_for_an_invoice_or_for_none():
    company = table(BIG, REST)
    company.receive("o1")
    company.receive("o2", lines=(line(qty=2),))

    assert company.order("o1").snag("invoice_missing") is None
    assert company.order("o2").snag("invoice_missing") is not None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (OrderClass(code="X", title=""), "bad_title"),
        (OrderClass(code="a b", title="X"), "bad_code"),
        (OrderClass(code="X", title="X", rank=1_000), "bad_rank"),
        (OrderClass(code="X", title="X", queue="warehouse"), "bad_choice"),
        (OrderClass(code="X", title="X", invoice="paper"), "bad_choice"),
        (OrderClass(code="X", title="X", clauses=(Clause("mood", "is", "x"),)), "bad_clause"),
        (OrderClass(code="X", title="X", clauses=(Clause("payable", "at_least", "1"),) * 5), "bad_clause"),
    ],
)
def test_what_makes_no_sense_is_refused(row: OrderClass, code: str):
    refused = settled().refused(SetOrderClass(row=row), Role.LEAD)
    assert refused == code


def test_only_who_keeps_the_settings_publishes_and_it_can_be_taken_back():
    company = settled()
    assert company.refused(SetOrderClass(row=BIG)) == "not_allowed"
    command = SetOrderClass(row=BIG)
    back = inverse_of(command, company.facts(command, actor(Role.LEAD)))
    company.must(command, Role.LEAD)
    company.must(back, Role.LEAD)
    assert not company.refs.order_classes["BIG"].active


def test_ten_thousand_orders_each_have_one_class_or_none():
    """Any table: what is found is the first of all that fit, whatever order the rows are in."""
    chance = random.Random(76)  # noqa: S311 - the same orders each time
    fields = [
        Clause("payable", "at_least", str(amount)) for amount in (100, 300, 700, 1_500)
    ] + [
        Clause("pieces", "at_most", "2"), Clause("note", "contains", "急"), Clause("shop", "is", "TM1"),
        Clause("province", "is", "浙江省"), Clause("article", "contains", "LN"), Clause("urgent", "is", ""),
    ]  # fmt: skip
    company = settled()
    company.receive()
    known = company.order()
    shops = {"TM1": Shop(code="TM1", title="T", channel="TM")}
    orders = [
        msgspec.structs.replace(
            known,
            payable_minor=chance.randrange(200_000),
            lines=(line(qty=chance.randrange(1, 5)),),
            priority=chance.randrange(2),
            receiver=msgspec.structs.replace(RECEIVER, note=chance.choice(("", "急", "慢慢来"))),
        )
        for _ in range(1_000)
    ]
    seen = 0
    for _ in range(10):
        rows = [
            OrderClass(
                code=f"C{n}", title="C", rank=chance.randrange(5), is_any=chance.random() < 0.5,
                clauses=tuple(chance.sample(fields, chance.randrange(1, 4))), active=chance.random() < 0.9,
                queue=chance.choice(list(QUEUES)), invoice=chance.choice(list(INVOICES)),
            )
            for n in range(12)
        ]  # fmt: skip
        for order in orders:
            about = around(order, shops, {})
            found = class_of(order, rows, about)
            fitting = [one for one in rows if class_of(order, [one], about) is not None]
            first = min(fitting, key=lambda one: (one.rank, one.code), default=None)
            assert (found[0] if found else None) == first
            assert class_of(order, chance.sample(rows, len(rows)), about) == found
            seen += 1
    assert seen == 10_000
