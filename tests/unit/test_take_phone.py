"""The phone of a delivered order of the same buyer replaces one that cannot be called."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.take_phone import TakePhone
from app.domain.mask import mask_phone
from app.domain.order import Order, Status
from app.domain.same_buyer import is_same_buyer
from app.domain.scan import Scan, ScanKind
from app.domain.values import order_key
from app.engine import inverse_of
from app.preview import preview
from app.snags.receiver_invalid import KIND
from tests.builders import NOW, RECEIVER, Company, actor, order

TAKE = TakePhone(order="o1", phone_of="p1")
BAD, GOOD = "1391111222", "13911112222"


def before(**changes: object) -> Company:
    """An order with a number that is too short, and one of the same buyer that arrived."""
    company = Company()
    company.receive(receiver=msgspec.structs.replace(RECEIVER, phone=BAD))
    past: dict[str, object] = {"status": Status.COMPLETED}
    past["receiver"] = msgspec.structs.replace(RECEIVER, phone=GOOD)
    past |= changes
    company.rows[order_key("p1")] = order("p1", **past)
    return company


def test_only_the_phone_changes_and_undo_brings_all_of_it_back():
    company = before()
    was = company.order()
    undo = inverse_of(TAKE, company.facts(TAKE, actor()))

    company.must(TAKE)
    then = company.order()
    company.must(undo)

    assert then.receiver == msgspec.structs.replace(was.receiver, phone=GOOD)
    assert (then.region, then.snag("receiver_invalid")) == (was.region, None)
    assert company.order().receiver == was.receiver
    assert company.order().snag("receiver_invalid") is not None


def test_the_number_is_in_no_argument_and_in_no_sentence():
    company = before()

    events = company.must(TAKE)

    said = [str(text) for event in events if (text := event.says()) is not None]
    assert GOOD not in msgspec.json.encode(TAKE).decode()
    assert not any(GOOD in text or BAD in text for text in said)


def test_the_preview_shows_the_phone_in_its_field():
    company = before()

    seen = preview(TAKE, company.order(), company.facts(TAKE, actor()))

    assert [(row.before, row.after) for row in seen.rows if row.state != "kept"] == [
        (mask_phone(BAD), mask_phone(GOOD))
    ]
    assert seen.cures == ("receiver_invalid",)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": Status.SHIPPED}, "other_buyer"),
        ({"receiver": msgspec.structs.replace(RECEIVER, name="白露", phone=GOOD)}, "other_buyer"),
        ({"receiver": msgspec.structs.replace(RECEIVER, street="解放路1号", phone=GOOD)}, "other_buyer"),
        ({"receiver": msgspec.structs.replace(RECEIVER, phone="139****2222")}, "no_phone"),
        ({"receiver": msgspec.structs.replace(RECEIVER, phone="12345")}, "no_phone"),
        ({"receiver": msgspec.structs.replace(RECEIVER, phone=BAD)}, "no_phone"),
    ],
    ids=["on its way", "another name", "another door", "hidden", "no number", "the same"],
)
def test_a_phone_that_is_not_surely_theirs_or_no_use_is_not_taken(changes, code):
    assert before(**changes).refused(TAKE) == code


def test_it_is_too_late_once_the_warehouse_has_begun_and_an_order_must_be_there():
    company = before()
    company.rows[order_key("o1")] = msgspec.structs.replace(company.order(), status=Status.PICKING)

    assert company.refused(TAKE) == "too_late"
    assert company.refused(TakePhone(order="o1", phone_of="p9")) == "no_order"


def buyer(**receiver: str) -> Order:
    return order(receiver=msgspec.structs.replace(RECEIVER, **receiver))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ({}, {"street": "文晖路８８号"}, True),
        ({"name": "季**"}, {"name": "季**"}, False),
        ({"name": "季**", "account": "ji_xiaoyu"}, {"name": "季小雨", "account": "ji_xiaoyu"}, True),
        ({"name": "季**", "account": "ji"}, {"name": "季小雨", "account": "ji"}, False),
    ],
    ids=["spelt otherwise", "hidden", "one account", "a short account"],
)
def test_one_name_at_one_door_or_one_account_is_one_buyer(one, other, is_same):
    street = {"street": "文晖路88号"}

    assert is_same_buyer(buyer(**{**street, **one}), buyer(**{**street, **other})) is is_same


def test_an_account_of_another_shop_tells_nothing():
    one = buyer(name="季**", account="ji_xiaoyu")

    assert not is_same_buyer(one, msgspec.structs.replace(one, shop="DY1"))


def test_what_a_carrier_delivered_counts_before_the_channel_has_said_so():
    arrived = (Scan(kind=ScanKind.DELIVERED, at=NOW),)

    before(status=Status.SHIPPED, scans=arrived).must(TAKE)


def test_the_first_key_takes_it_where_the_desk_knows_such_an_order():
    company = before()
    take = KIND.repairs[0]
    facts = company.facts(TAKE, actor())

    assert take.build(company.order(), facts) is None
    facts.former = "p1"
    assert take.build(company.order(), facts) == TAKE
