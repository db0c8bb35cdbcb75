"""Edits that do not overlap merge by themselves; those that do are for a person, part by part."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands.amend import Amend
from app.commands.correct_price import CorrectPrice
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.commands.recheck import Recheck
from app.conflict import conflicts, keeping, merged, seen
from app.domain.order import Order
from app.domain.values import Receiver, digest
from tests.builders import Company, line, order

PLACED = order(lines=(line(sku="LN-220"), line("2", "A-2", sku="SF-001", qty=3)))


def fix(order_: Order, region: dict[str, str] | None = None, **changes: str) -> FixAddress:
    """An address command as the guide builds it: all values, only some of them changed."""
    return FixAddress(
        order=order_.id,
        receiver=msgspec.structs.replace(order_.receiver, **changes),
        region=msgspec.structs.replace(order_.region, **(region or {})),
    )


def after(order_: Order, **changes: object) -> Order:
    """The order as somebody else has left it."""
    return msgspec.structs.replace(order_, ver=order_.ver + 1, **changes)


def with_receiver(order_: Order, **changes: str) -> Order:
    return after(order_, receiver=msgspec.structs.replace(order_.receiver, **changes))


def test_nothing_changed_is_no_conflict():
    command = fix(PLACED, phone="13900000000")
    saw = seen(command, PLACED)
    assert conflicts(saw, PLACED, command) == ()
    assert merged(command, saw, PLACED) is command
    assert conflicts(None, PLACED, command) == ()
    assert seen(Recheck(order="o1"), PLACED) is None


def test_a_phone_and_a_street_changed_at_once_both_survive():
    command = fix(PLACED, phone="13900000000")
    saw = seen(command, PLACED)
    now = with_receiver(PLACED, street="解放路1号")

    assert conflicts(saw, now, command) == ()
    both = merged(command, saw, now)
    assert (both.receiver.phone, both.receiver.street) == ("13900000000", "解放路1号")


def test_the_same_phone_changed_twice_is_a_conflict_of_the_phone_alone():
    command = fix(PLACED, phone="13900000000", name="季大雨")
    saw = seen(command, PLACED)
    now = with_receiver(PLACED, phone="13700000000")

    assert conflicts(saw, now, command) == ("receiver.phone",)
    assert keeping(command, ("receiver.phone",), now).receiver == Receiver(
        name="季大雨", phone="13700000000", street=PLACED.receiver.street
    )


def test_two_people_who_write_the_same_agree():
    command = fix(PLACED, phone="13900000000")
    now = with_receiver(PLACED, phone="13900000000")
    assert conflicts(seen(command, PLACED), now, command) == ()


def test_a_street_never_lands_in_somebody_elses_city():
    command = fix(PLACED, street="解放路1号")
    now = after(PLACED, region=msgspec.structs.replace(PLACED.region, city="宁波市", district="海曙区"))
    assert conflicts(seen(command, PLACED), now, command) == ("place",)


def test_what_a_command_leaves_unset_is_none_of_its_parts():
    command = Amend(order="o1", priority=10)
    saw = seen(command, PLACED)
    now = after(PLACED, lines=PLACED.lines[:1], ship_by_at=None)
    assert saw.fields.keys() == {"priority"}
    assert conflicts(saw, now, command) == ()


def test_two_lines_of_one_order_are_two_parts():
    one = msgspec.structs.replace(PLACED.lines[0], qty=5)
    command = Amend(order="o1", lines=(one, PLACED.lines[1]))
    saw = seen(command, PLACED)
    theirs = msgspec.structs.replace(PLACED.lines[1], qty=1)
    now = after(PLACED, lines=(PLACED.lines[0], theirs))

    assert conflicts(saw, now, command) == ()
    assert [ln.qty for ln in merged(command, saw, now).lines] == [5, 1]
    first = msgspec.structs.replace(PLACED.lines[0], qty=9)
    assert conflicts(saw, after(PLACED, lines=(first, PLACED.lines[1])), command) == ("lines.1",)


def test_a_line_somebody_added_stays_when_another_is_changed():
    one = msgspec.structs.replace(PLACED.lines[0], qty=5)
    command = Amend(order="o1", lines=(one, PLACED.lines[1]))
    saw = seen(command, PLACED)
    now = after(PLACED, lines=(*PLACED.lines, line("3", "A-3", sku="CT-180")))

    assert conflicts(saw, now, command) == ()
    assert [(ln.id, ln.qty) for ln in merged(command, saw, now).lines] == [("1", 5), ("2", 3), ("3", 1)]


@pytest.mark.parametrize(
    ("command", "parts"),
    [
        (CorrectPrice(order="o1", line="2", unit_price_minor=1, reason="r"), {"lines.2", "payable_minor"}),
        (MatchSku(shop="TM1", ext_sku="A-1", sku="LN-220", order="o1"), {"lines.1"}),
        (Hold(order="o1", reason="ask"), {"pause"}),
    ],
)
def test_a_command_on_one_line_is_about_that_line(command, parts):
    assert seen(command, PLACED).fields.keys() == parts


def test_a_command_that_says_no_value_conflicts_when_its_part_changed():
    command = MatchSku(shop="TM1", ext_sku="A-1", sku="LN-220", order="o1")
    now = after(PLACED, lines=(msgspec.structs.replace(PLACED.lines[0], sku="SF-001"), PLACED.lines[1]))
    assert conflicts(seen(command, PLACED), now, command) == ("lines.1",)


def test_what_an_older_desk_saw_is_still_compared():
    command = fix(PLACED, phone="13900000000")
    fields = {"receiver": digest(PLACED.receiver), "region": digest(PLACED.region)}
    saw = msgspec.structs.replace(seen(command, PLACED), fields=fields)

    assert conflicts(saw, after(PLACED, priority=10), command) == ()
    assert conflicts(saw, with_receiver(PLACED, street="解放路1号"), command) == ("receiver",)


# --- whatever two people do ---------------------------------------------------------------------------

names = st.sampled_from(["季小雨", "季大雨", "林小满"])
phones = st.sampled_from(["13800000000", "13900000000", "13700000000"])
streets = st.sampled_from(["文晖路88号水岸嘉园3幢1单元502", "解放路1号", "中山路2号"])
people = st.fixed_dictionaries({}, optional={"name": names, "phone": phones, "street": streets})


@settings(max_examples=200, deadline=None)
@given(one=people, two=people)
def test_whatever_two_people_change_nothing_is_lost_in_silence(one: dict[str, str], two: dict[str, str]):
    """What only one of them changed holds at the end; what both changed differently is said, not merged."""
    company = Company()
    base = company.receive()
    first, second = fix(base, **one), fix(base, **two)
    saw = seen(second, base)
    company.do(first)
    now = company.order()

    disputed = conflicts(saw, now, second)
    really = {f for f in ("name", "phone", "street")
              if getattr(first.receiver, f) != getattr(base.receiver, f)
              and getattr(second.receiver, f) != getattr(base.receiver, f)
              and getattr(first.receiver, f) != getattr(second.receiver, f)}  # fmt: skip
    called = {"name": "receiver.name", "phone": "receiver.phone", "street": "place"}
    assert set(disputed) == {called[f] for f in really}
    if disputed:
        return
    company.do(merged(second, saw, now))
    end = company.order().receiver
    for field in ("name", "phone", "street"):
        was = getattr(base.receiver, field)
        asked = {getattr(c.receiver, field) for c in (first, second)} - {was}
        assert getattr(end, field) == (asked.pop() if asked else was)
