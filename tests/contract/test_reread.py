"""What nobody could read is read again when somebody asks: fresh from the channel, or as it was kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hub_world import HubWorld
from polled_world import Polled

from app.commands.read_again import ReadAgain
from app.domain.company import User
from app.domain.values import Role
from app.trouble import Trouble
from sync import tables
from sync.hub.masking import masked
from sync.hub.polling.taking import take_records
from sync.hub.raw_text import raw_text
from sync.hub.tokens import Session
from sync.manifest.caller import Answer
from sync.manifest.mapping import orders_in
from sync.manifest.plugin import Plugin

BROKEN = {"line_items": [{"id": 1, "quantity": "many", "name": "x", "price": "1.00"}]}


def broken(world: Polled, no: int = 3) -> Any:
    """Deliver an order whose lines nobody can read; return its case."""
    one = world.one()
    world.poller.open_shop(one)
    (record,) = orders_in(one.manifest, world.poller.caller(one).one("orders", world.platform.ext_id(no)))
    take_records(world.tools, one, [{**record, **BROKEN}], "webhook")
    decide(world)
    return the_case(world)


def the_case(world: Polled) -> Any:
    (case,) = world.hub.rows(tables.snag, subject="raw")
    return case


def decide(world: Polled) -> None:
    while world.drain.page():
        pass


def ask(world: Polled, case: Any) -> None:
    world.hub.desk(Role.CLERK).must(ReadAgain(case=case.id))
    world.poller.read_cases(world.one())
    decide(world)


def test_it_is_read_from_the_channel_as_it_is_now_and_its_case_closes(hub: HubWorld):
    world = Polled(hub, "woocommerce", 5)
    case = broken(world)

    world.poller.read_cases(world.one())
    untouched = world.orders()
    ask(world, case)

    after = the_case(world)
    assert (case.kind, case.state, untouched) == ("unreadable_order", "open", {})
    assert set(world.orders()) == {world.platform.ext_id(3)}
    assert (after.id, after.state) == (case.id, "closed")
    assert hub.verify().ok


def test_a_channel_that_is_silent_is_asked_once_more(hub: HubWorld):
    world = Polled(hub, "woocommerce", 5)
    case = broken(world)
    world.wire.cut_after = world.wire.asked

    ask(world, case)
    silent = the_case(world)
    world.wire.cut_after = None
    world.poller.read_cases(world.one())
    decide(world)

    assert (silent.state, silent.asleep) == ("open", True)
    assert the_case(world).state == "closed"


def test_what_is_still_broken_stays_with_people_and_is_asked_for_once(hub: HubWorld):
    world = Polled(hub, "woocommerce", 5)
    case = broken(world)
    world.restart(lambda: partial(garbled, world))

    ask(world, case)
    asked = world.wire.asked
    world.poller.read_cases(world.one())

    assert the_case(world).state == "open"
    assert (world.orders(), world.wire.asked) == ({}, asked)


def test_what_the_code_of_its_channel_refuses_stays_with_people(hub: HubWorld):
    world = Polled(hub, "woocommerce", 5)
    case = broken(world)
    world.tools.plugins = {"woocommerce": Plugin(map_order=lambda _record, _mapped: None)}

    ask(world, case)

    assert the_case(world).state == "open"
    assert world.orders() == {}


def garbled(world: Polled, *asked: Any) -> Answer:
    """Answer with lines nobody can read."""
    answer = world.wire(*asked)
    body = json.dumps(json.loads(answer.body) | BROKEN).encode()
    return Answer(answer.status, answer.headers, body)


def test_its_text_is_kept_sealed(hub: HubWorld):
    world = Polled(hub, "woocommerce", 5)
    broken(world)

    (raw,) = [row for row in hub.rows(tables.raw) if row.verdict == "unreadable"]

    assert raw.via == "webhook"
    assert b"many" not in raw.body


def session(role: Role, grants: frozenset[str] = frozenset({"let_go", "receive"})) -> Session:
    user = User(code="lin", title="Lin", role=role)
    return Session("login", user, "pc", "pc/lin", grants, datetime(2100, 1, 1, tzinfo=UTC))


def test_who_reads_people_sees_what_came_and_each_look_is_written_down(hub: HubWorld):
    world = Polled(hub, "woocommerce", 5)
    case = broken(world)

    text = raw_text(world.tools, session(Role.CLERK), case.id)

    assert '"quantity": "many"' in text
    assert [(row.order_id, row.user_code) for row in hub.rows(tables.reveal)] == [(case.subject_id, "lin")]


def test_others_see_its_fields_and_nobodys_name(hub: HubWorld):
    world = Polled(hub, "woocommerce", 5)
    case = broken(world)
    whole = json.loads(raw_text(world.tools, session(Role.CLERK), case.id))

    text = raw_text(world.tools, session(Role.WAREHOUSE), case.id)

    assert json.loads(text).keys() == whole.keys()
    assert whole["billing"]["last_name"]
    assert whole["billing"]["last_name"] not in text
    assert len(hub.rows(tables.reveal)) == 1


def test_without_the_right_and_without_its_text_nothing_is_shown(hub: HubWorld):
    world = Polled(hub, "woocommerce", 5)
    case = broken(world)

    with pytest.raises(Trouble, match="not_granted"):
        raw_text(world.tools, session(Role.CLERK, frozenset()), case.id)
    with pytest.raises(Trouble, match="no_case"):
        raw_text(world.tools, session(Role.CLERK), "shop:TM1:none")
    hub.sql(f"DELETE FROM subject_key WHERE subject_id = '{case.subject_id}'")
    with pytest.raises(Trouble, match="no_text"):
        raw_text(world.tools, session(Role.CLERK), case.id)


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("季小雨", "•••"),
        (13812345678, "••••••••"),
        ([12.5, 3, None, True], [12.5, 3, None, True]),
        ({"to": {"name": "x" * 30}}, {"to": {"name": "••••••••"}}),
    ],
)
def test_a_mask_leaves_shapes_and_small_figures(content: Any, shown: Any):
    assert masked(content) == shown
