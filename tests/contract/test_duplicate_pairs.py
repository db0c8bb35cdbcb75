"""Suspected duplicates on a real hub: an answer outlives all but other goods, a merge is undone exactly."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from builders import NOW, RECEIVER, REGION, line, receive
from hub_world import HubWorld

from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.merge import Merge
from app.commands.put_back import PutBack
from app.commands.recheck import Recheck
from app.commands.restore import Restore
from app.commands.settle import Settle
from app.domain.order import Order, Status
from app.domain.values import Role
from sync import tables

KIND = "duplicate_suspect"
FIRST, SECOND = "z1", "a2"
"""The one that came in first has the later id: nothing may hang on ids."""


def twice(hub: HubWorld, **second: object) -> None:
    hub.channel.must(receive(FIRST, receiver=msgspec.structs.replace(RECEIVER, note="请放门卫")))
    hub.clock.move(minutes=2)
    hub.channel.must(receive(SECOND, **({"ordered_at": NOW - timedelta(minutes=1)} | second)))


def suspected(hub: HubWorld) -> dict[str, str]:
    """The pairs asked about: who carries the card, and what an answer would be bound to."""
    pairs = {one: hub.order(one).snag(KIND) for one in (FIRST, SECOND)}
    return {one: snag.digest for one, snag in pairs.items() if snag is not None}


def keep_both(hub: HubWorld) -> None:
    ((order, digest),) = suspected(hub).items()
    hub.desk(name="keeps").must(Settle(order=order, kind=KIND, digest=digest))


def test_an_answered_pair_never_comes_back_until_other_goods_are_ordered(hub: HubWorld):
    twice(hub)
    assert list(suspected(hub)) == [SECOND]
    keep_both(hub)
    clerk = hub.desk()
    moved = msgspec.structs.replace(RECEIVER, street="文晖路88号3幢503")

    hub.restart()
    hub.channel.must(receive(FIRST, ext_version="2", ship_by_at=NOW + timedelta(hours=9)))
    hub.channel.must(receive(SECOND, ext_version="2", ship_by_at=NOW + timedelta(hours=9)))
    assert suspected(hub) == {}
    clerk.must(FixAddress(order=SECOND, receiver=moved, region=REGION))
    clerk.must(FixAddress(order=FIRST, receiver=moved, region=REGION))
    assert suspected(hub) == {}
    hub.restart()
    clerk.must(Cancel(order=FIRST, reason="twice"), Restore(order=FIRST))
    hub.worker.must(Recheck(order=SECOND))
    assert suspected(hub) == {}

    for one in (SECOND, FIRST):  # it is the first one now that came in later
        hub.channel.must(receive(one, ext_version="3", lines=(line(qty=3),)))
    assert len(suspected(hub)) == 1
    assert hub.verify().findings == ()


def test_a_pair_that_was_kept_stays_kept_when_a_merge_with_it_is_taken_back(hub: HubWorld):
    twice(hub)
    keep_both(hub)
    clerk = hub.desk()

    clerk.must(Merge(orders=(FIRST, SECOND), into="m"), PutBack(order="m"))
    hub.restart()
    hub.channel.must(receive(FIRST, ext_version="2", ship_by_at=NOW + timedelta(hours=9)))

    assert suspected(hub) == {}


def bare(order: Order) -> Order:
    """An order without what only tells when something was seen, and by whom."""
    return msgspec.structs.replace(order, ver=0, released_at=None, touched=False, snags=(), holds=())


def asked(order: Order) -> list[tuple[object, ...]]:
    return [(snag.kind, snag.text, snag.digest, snag.waits_for) for snag in order.snags]


def held(hub: HubWorld) -> dict[tuple[str, str], tuple[str, int]]:
    """Pieces promised, by order and line."""
    rows = hub.rows(tables.reservation, state="open")
    return {(row.owner, row.line): (row.warehouse, row.qty) for row in rows}


def test_a_merge_of_suspects_is_taken_back_to_the_last_detail(hub: HubWorld):
    twice(hub, receiver=msgspec.structs.replace(RECEIVER, note="两套都要"))
    clerk = hub.desk()
    before, goods = {o: hub.order(o) for o in (FIRST, SECOND)}, held(hub)

    hub.clock.move(minutes=10)
    clerk.must(Merge(orders=(FIRST, SECOND), into="m"))
    hub.restart()
    hub.clock.move(minutes=10)
    hub.desk(Role.LEAD, name="second").must(PutBack(order="m"))

    for one, was in before.items():
        now = hub.order(one)
        assert bare(now) == bare(was)
        assert asked(now) == asked(was)
        assert [hold.gate for hold in now.holds] == [hold.gate for hold in was.holds]
    assert list(suspected(hub)) == [SECOND]
    assert held(hub) == goods
    assert hub.order("m").status is Status.DISSOLVED
    assert hub.verify().findings == ()
