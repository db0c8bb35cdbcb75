"""What the world outside must be told happens once, whatever it answers; or a person is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from builders import NOW
from carrier import FAULTS, Carrier, HttpProvider
from hub_world import FEED, HubWorld, bought
from lease_world import sale
from sqlalchemy import insert

from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.redo_effect import RedoEffect
from app.commands.settle_effect import SettleEffect
from app.commands.ship import Ship
from app.commands.withdraw_effect import WithdrawEffect
from app.domain.effect import HOLD, EffectState
from app.domain.order import Order
from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.database import writing
from sync.hub.effect_rows import LEASE, doubt_older, lease, put_back
from sync.hub.effects import LOOKS_MOST, WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.keeping.restore import begin_life
from sync.hub.provider import Provider

KEY = "confirm:o1:1"


class Outside:
    """A hub with shipped orders, and the worker that tells a provider of them."""

    def __init__(self, hub: HubWorld, provider: Provider | None) -> None:
        self.hub, self.provider = hub, provider
        self.floor = hub.desk(Role.WAREHOUSE, "floor")
        self.lead = hub.desk(Role.LEAD, "lead")
        info = open_worker(hub.engine, FEED, WORKER, hub.clock())
        self.worker = Worker(hub.engine, FEED, hub.writer, info)

    def effects(self) -> Effects:
        return Effects(self.worker, lambda _shop, _kind: self.provider, self.hub.clock)

    def ship(self, *orders: str) -> None:
        for order in orders:
            self.hub.channel.must(bought(order))
            self.floor.must(Pick(order=order, line="1", qty=1), Pack(order=order))
            self.floor.must(Ship(order=order, carrier="SF", tracking_no=f"SF-{order}"))
        self.hub.clock.move(seconds=1)

    def round(self) -> bool:
        return self.effects().carry_out()

    def until_quiet(self, hours: float = 0) -> None:
        """Let the worker go on, and time with it, until nothing is left to do."""
        for _ in range(80):
            while self.round():
                pass
            if all(row.state in {"done", "rejected"} for row in self.rows()):
                return
            self.hub.clock.move(seconds=60, hours=hours)
        pytest.fail(f"never ended: {[(row.effect_key, row.state, row.tries) for row in self.rows()]}")

    def rows(self):
        return self.hub.rows(tables.effect)

    def state(self) -> str:
        (row,) = self.rows()
        return row.state

    def order(self) -> Order:
        return self.hub.order("o1")

    def snags(self) -> list[str]:
        return [snag.kind for snag in self.order().snags]


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def url(carrier: Carrier) -> Iterator[str]:
    with carrier.open() as address:
        yield address


@pytest.fixture
def outside(hub: HubWorld, url: str) -> Outside:
    return Outside(hub, HttpProvider(url))


def test_a_shipped_order_is_confirmed_once_and_says_so(outside: Outside, carrier: Carrier):
    outside.ship("o1", "o2")

    assert [outside.round(), outside.round(), outside.round()] == [True, True, False]

    assert sorted(carrier.books) == ["confirm:o1:1", "confirm:o2:1"]
    assert carrier.payloads[0] == {
        "kind": "confirm", "shop": "TM1", "number": "DK-o1", "ext_id": "ext-o1", "carrier": "SF",
        "tracking_no": "SF-o1",
    }  # fmt: skip
    assert {(row.state, row.provider_ref) for row in outside.rows()} == {
        ("done", "T-confirm:o1:1"),
        ("done", "T-confirm:o2:1"),
    }
    assert outside.order().effects[0].ref == "T-confirm:o1:1"
    assert outside.snags() == []
    assert outside.hub.verify().ok


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("again", ["", *FAULTS])
def test_no_fault_loses_or_doubles_it(outside: Outside, carrier: Carrier, fault: str, again: str):
    outside.ship("o1")
    carrier.faults.extend(filter(None, (fault, again)))

    outside.until_quiet()

    assert (carrier.books, outside.state(), outside.snags()) == ([KEY], "done", [])


@pytest.mark.parametrize("fault", FAULTS)
def test_without_keys_it_is_looked_up_before_it_is_sent_again(hub: HubWorld, fault: str):
    carrier = Carrier(takes_keys=False)
    with carrier.open() as url:
        outside = Outside(hub, HttpProvider(url, takes_keys=False))
        outside.ship("o1")
        carrier.faults.append(fault)

        outside.until_quiet()

        assert carrier.books == [KEY]


@pytest.mark.parametrize("fault", ["hangs_before", "hangs_after", "fails_before", "fails_after"])
def test_without_keys_and_look_up_a_person_is_asked_and_it_is_never_sent_by_itself(hub: HubWorld, fault: str):
    carrier = Carrier(takes_keys=False)
    with carrier.open() as url:
        outside = Outside(hub, HttpProvider(url, takes_keys=False, can_look_up=False))
        outside.ship("o1")
        carrier.faults.append(fault)

        for _ in range(20):
            outside.round()
            hub.clock.move(hours=1)

        assert len([one for one in carrier.asked if one.startswith("send")]) == 1
        assert (outside.state(), outside.snags()) == ("unknown", ["effect_unknown"])
        if fault.endswith("after"):
            outside.lead.must(SettleEffect(order="o1", key=KEY))
        else:
            outside.lead.must(RedoEffect(order="o1", key=KEY))
            hub.clock.move(seconds=HOLD.total_seconds() + 1)
            outside.round()

        assert (carrier.books, outside.state(), outside.snags()) == ([KEY], "done", [])
        assert hub.verify().ok


def test_busy_is_waited_for_as_long_as_they_ask(outside: Outside, carrier: Carrier):
    outside.ship("o1")
    carrier.faults.append("busy")
    outside.round()
    before = outside.hub.clock()

    (row,) = outside.rows()
    assert (row.state, row.tries) == ("todo", 1)
    assert row.not_before - before == timedelta(seconds=7)
    outside.hub.clock.move(seconds=6)
    assert outside.round() is False
    outside.hub.clock.move(seconds=2)
    assert outside.round() is True
    assert carrier.books == [KEY]


def test_each_failure_waits_longer(hub: HubWorld):
    outside = Outside(hub, HttpProvider("http://127.0.0.1:9"))
    outside.ship("o1")
    waits = []
    for _ in range(12):
        assert outside.round() is True
        (row,) = outside.rows()
        waits.append((row.not_before - hub.clock()).total_seconds())
        hub.clock.move(seconds=waits[-1] + 1)

    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == 900
    assert outside.snags() == []


def test_a_rejection_is_told_and_sent_again_by_a_person_only(outside: Outside, carrier: Carrier):
    carrier.rejects.add(KEY)
    outside.ship("o1")
    outside.round()
    outside.hub.clock.move(hours=10)
    assert outside.round() is False
    assert (outside.state(), outside.snags()) == ("rejected", ["writeback_failed"])
    assert outside.order().effects[0].text.message == "They do not know this parcel"

    carrier.rejects.clear()
    outside.lead.must(RedoEffect(order="o1", key=KEY))
    assert outside.snags() == []
    outside.hub.clock.move(seconds=30)
    assert outside.round() is False, "it can still be taken back"
    outside.hub.clock.move(seconds=HOLD.total_seconds() - 29)
    outside.round()

    assert (carrier.books, outside.state()) == ([KEY], "done")
    assert outside.order().held == ()
    assert outside.lead.ask(RedoEffect(order="o1", key=KEY)).refusal.code == "done"
    assert outside.lead.ask(SettleEffect(order="o1", key=KEY)).refusal.code == "done"


def test_who_looked_before_a_colleague_sent_it_again_does_not_send_it_twice(hub: HubWorld):
    carrier = Carrier(takes_keys=False)
    with carrier.open() as url:
        outside = Outside(hub, HttpProvider(url, takes_keys=False, can_look_up=False))
        carrier.faults.extend(["fails_before", "fails_after"])
        outside.ship("o1")
        told(outside)
        looked = outside.order()
        again = RedoEffect(order="o1", key=KEY, known_at=looked.effects[0].at)
        outside.lead.must(again)
        told(outside)
        assert (carrier.books, outside.snags()) == ([KEY], ["effect_unknown"])

        assert outside.lead.ask(again).refusal.code == "overtaken"

        told(outside)
        assert carrier.books == [KEY]


def told(outside: Outside) -> None:
    """Let the worker do all it would in some hours."""
    for _ in range(4):
        outside.hub.clock.move(hours=1)
        while outside.round():
            pass


def test_what_was_taken_back_never_leaves(outside: Outside, carrier: Carrier):
    """Source: capabilities 5.3."""
    carrier.rejects.add(KEY)
    outside.ship("o1")
    outside.round()
    carrier.rejects.clear()
    carrier.asked.clear()
    outside.lead.must(RedoEffect(order="o1", key=KEY))
    outside.hub.clock.move(seconds=30)

    outside.lead.must(WithdrawEffect(order="o1", key=KEY))
    outside.hub.clock.move(hours=10)

    assert outside.round() is False
    assert (carrier.asked, outside.state(), outside.snags()) == ([], "rejected", ["writeback_failed"])
    assert outside.hub.verify().ok


def test_what_has_left_is_not_taken_back(outside: Outside, carrier: Carrier):
    carrier.rejects.add(KEY)
    outside.ship("o1")
    outside.round()
    carrier.rejects.clear()
    outside.lead.must(RedoEffect(order="o1", key=KEY))
    outside.hub.clock.move(seconds=HOLD.total_seconds() + 1)
    assert lease(outside.hub.engine, FEED, ["confirm"], outside.hub.clock()) is not None

    assert outside.lead.ask(WithdrawEffect(order="o1", key=KEY)).refusal.code == "too_late"


def test_look_ups_that_never_answer_end_with_a_person(outside: Outside, carrier: Carrier):
    outside.ship("o1")
    carrier.faults.append("hangs_after")
    carrier.looks_fail = LOOKS_MOST
    for _ in range(LOOKS_MOST + 1):
        outside.round()
        outside.hub.clock.move(hours=1)

    assert (outside.state(), outside.snags()) == ("unknown", ["effect_unknown"])
    assert carrier.books == [KEY]


def test_two_workers_never_have_the_same_in_hand(outside: Outside):
    outside.ship("o1")
    now = outside.hub.clock()

    first = lease(outside.hub.engine, FEED, ["confirm"], now)
    second = lease(outside.hub.engine, FEED, ["confirm"], now)

    assert first is not None
    assert second is None


def test_a_worker_that_lost_its_lease_changes_nothing(outside: Outside, carrier: Carrier):
    outside.ship("o1")
    slow = lease(outside.hub.engine, FEED, ["confirm"], outside.hub.clock())
    outside.hub.clock.move(seconds=LEASE.total_seconds() + 1)
    outside.round()
    assert (carrier.asked, outside.state()) == ([f"look {KEY}", f"send {KEY}"], "done")

    assert put_back(outside.hub.engine, FEED, slow, EffectState.TODO, outside.hub.clock()) is False
    effects = outside.effects()
    effects._tell(slow, EffectState.REJECTED, outside.order().effects[0].text)

    assert (outside.state(), outside.order().effects[0].state) == ("done", "done")


def test_after_a_restore_everything_is_looked_up_before_it_is_sent(outside: Outside, carrier: Carrier):
    outside.ship("o1", "o2")
    carrier.books.append("confirm:o2:1")
    with writing(outside.hub.engine) as db:
        begin_life(db, FEED, outside.hub.clock(), is_protected=True)

    outside.until_quiet()

    assert sorted(carrier.books) == ["confirm:o1:1", "confirm:o2:1"]
    assert sorted(carrier.asked) == ["look confirm:o1:1", "look confirm:o2:1", "send confirm:o1:1"]


def restored(outside: Outside, **before: float) -> None:
    """Let the hub begin a new life, so long before what desks send it now was done."""
    with writing(outside.hub.engine) as db:
        begin_life(db, FEED, NOW - timedelta(**before), is_protected=True)


def test_what_a_desk_sends_again_to_a_restored_hub_is_looked_up_before_it_is_told(hub: HubWorld):
    carrier = Carrier(takes_keys=False)
    with carrier.open() as url:
        outside = Outside(hub, HttpProvider(url, takes_keys=False))
        restored(outside, hours=-1)
        carrier.books.append(KEY)  # by the hub that was lost
        outside.ship("o1", "o2")

        outside.until_quiet()

    assert sorted(carrier.books) == [KEY, "confirm:o2:1"]
    assert carrier.asked[0] == f"look {KEY}"


def test_what_can_still_be_taken_back_stays_in_the_house_when_it_is_doubted(outside: Outside):
    restored(outside, hours=1)
    row = {"effect_key": "label:o1:1", "kind": "label", "order_id": "o1", "payload": "{}", "seq": 5}
    with writing(outside.hub.engine) as db:
        db.execute(insert(tables.effect).values(feed_id=FEED, state="todo", not_before=NOW + HOLD, **row))
        doubt_older(db, FEED, 5, NOW)

    (held,) = outside.rows()
    assert (held.state, held.not_before) == ("unknown", NOW + HOLD)


def test_what_is_done_long_after_a_restore_is_told_at_once(outside: Outside, carrier: Carrier):
    restored(outside, days=2)
    outside.ship("o1")

    outside.until_quiet()

    assert carrier.asked == [f"send {KEY}"]


def test_an_order_typed_here_came_from_no_channel_and_tells_none(outside: Outside):
    outside.lead.must(sale("s1", 1))
    outside.floor.must(Pick(order="s1", line="1", qty=1), Pack(order="s1"))
    outside.floor.must(Ship(order="s1", carrier="SF", tracking_no="SF-s1"))

    assert outside.rows() == []
    assert outside.hub.verify().ok


def test_what_nobody_serves_waits(hub: HubWorld):
    outside = Outside(hub, None)
    outside.ship("o1")

    assert outside.round() is True
    assert outside.round() is False
    assert (outside.state(), outside.snags()) == ("todo", [])


def test_a_provider_with_a_mistake_is_doubted_not_repeated(hub: HubWorld, url: str, carrier, expect_log):
    class Broken(HttpProvider):
        def send(self, key: str, payload: bytes):
            super().send(key, payload)
            raise KeyError("ours")

    outside = Outside(hub, Broken(url))
    outside.ship("o1")
    outside.round()
    expect_log(f"the provider of {KEY} failed")
    assert outside.state() == "unknown"

    outside.until_quiet()

    assert (carrier.books, outside.state()) == ([KEY], "done")
