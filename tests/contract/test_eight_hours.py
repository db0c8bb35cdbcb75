"""Eight hours without the network, 500 orders on two desks, then the line is back.

Source: capabilities 14.2; 14.6 for the desk whose clock is a day wrong.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from builders import NOW
from desk_world import World, contents, login
from fake_hub import FakeHub
from hub_world import bought

from app.command import Command
from app.commands.amend import Amend
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.domain.order import Order
from app.domain.values import Role
from app.ports import Submitted
from sync.replica import clock as clock_module
from sync.wire import SCHEMA, Push

ORDERS, SHARED = 500, 20
HALF = ORDERS // 2
CUT = timedelta(hours=8)


@pytest.fixture
def hub() -> FakeHub:
    made = FakeHub()
    made.company.set_stock(10 * ORDERS)
    for n in range(ORDERS):
        known = msgspec.structs.asdict(bought(f"o{n:03}"))
        made.receive(known.pop("order"), **known)
    return made


@pytest.fixture
def desks(tmp_path: Path, hub: FakeHub):
    made = [World(tmp_path / name, hub) for name in ("one", "two")]
    for each in made:
        each.pull_all()
    yield made
    for each in made:
        each.close()


def work(desk: World, n: int, phone: str, day: int) -> Command:
    """What a clerk does with order `n`: two thirds are repaired, the rest are stopped or hurried."""
    order: Order = desk.order(f"o{n:03}")
    if n % 6 == 4:
        return Hold(order=order.id, reason="buyer asked")
    if n % 6 == 5:
        return Amend(order=order.id, priority=day)
    return FixAddress(
        order=order.id,
        receiver=msgspec.structs.replace(order.receiver, phone=phone),
        region=msgspec.structs.replace(order.region, verdict="accept"),
    )


def carry(desk: World) -> None:
    """Push everything through a line that loses every second reply, as often as it takes."""
    while wishes := desk.store.outbox.unsent():
        push = Push(replica=desk.replica, epoch=desk.hub.epoch, schema=SCHEMA, commands=wishes)
        desk.hub.push(push, desk.hub.people["lead"])  # the reply is lost
        reply = desk.hub.push(push, desk.hub.people["lead"])
        desk.store.answered(reply.results)
    desk.pull_all()


def day_of(desk: World, numbers: range, phone: str, priority: int) -> list[Submitted]:
    """Work through these orders over eight hours; nobody answers."""
    done = []
    for place, n in enumerate(numbers):
        desk.store.clock.hear(NOW + CUT * place / len(numbers))
        done.append(desk.must(work(desk, n, phone, priority)))
    return done


def test_after_eight_hours_nothing_is_lost_nothing_is_doubled_and_what_changed_is_said(
    desks: list[World], hub: FakeHub
) -> None:
    one, two = desks
    first = day_of(one, range(HALF), "13900000001", 10)
    second = day_of(two, range(HALF - SHARED, ORDERS), "13900000002", 7)
    assert (one.store.waiting.count, two.store.waiting.count) == (HALF, HALF + SHARED)
    assert two.store.waiting.oldest_at <= NOW + timedelta(seconds=1)
    hub.now += CUT

    for desk in desks:
        desk.restart()  # the PCs were shut down before the line came back
        carry(desk)
    one.pull_all()

    # nothing lost, nothing doubled
    for desk, done in zip(desks, (first, second), strict=True):
        assert set(hub.answers[desk.replica]) == {each.n for each in done}
    applied = Counter(answer.status for known in hub.answers.values() for _, answer in known.values())
    assert applied == {"applied": ORDERS, "conflict": SHARED}
    written = Counter((row.pk.split(":")[0], row.seq) for row in hub.history)
    assert max(written.values()) == 1
    # the outboxes are empty and both desks show what the hub has
    rows = {key: row.doc for key, row in hub.rows.items()}
    for desk in desks:
        assert desk.store.waiting.count == 0
        assert contents(desk.store)["before"] == []
        here = desk.store._db.execute("SELECT tbl, pk, doc FROM row").fetchall()
        assert {(tbl, pk): doc for tbl, pk, doc in here} == rows
    # and the slower desk can read what the hub changed
    report = [row for row in two.views.outbox() if row.state != "accepted"]
    assert {row.subject for row in report} == {f"DK-o{n:03}" for n in range(HALF - SHARED, HALF)}
    assert all(row.error is not None and row.case for row in report)
    assert [row for row in one.views.outbox() if row.state != "accepted"] == []
    assert len(two.views.snags(kind="refused_command")) == SHARED


@pytest.mark.parametrize("wrong", [timedelta(days=1), timedelta(days=-1)], ids=["ahead", "behind"])
def test_a_clock_that_is_a_day_wrong_reorders_nothing(
    desks: list[World], hub: FakeHub, wrong: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record stands in the order in which the hub took things, under the hub's time."""
    one, two = desks

    class Wrong(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + wrong

    order = one.order("o000")
    monkeypatch.setattr(clock_module, "datetime", Wrong)
    one.must(Hold(order="o000", reason="first"))
    monkeypatch.undo()
    one.push()
    two.must(Amend(order="o000", priority=order.priority + 3), login(Role.LEAD))
    two.push()
    for desk in desks:
        desk.pull_all()
        told = [row.text.message for row in desk.views.history("o000")]
        first, second = "Held until somebody resumes it: {reason}", "Changed: {fields}"
        assert [text for text in told if text in (first, second)] == [second, first]
        times = [row.at for row in desk.views.history("o000")]
        assert times == sorted(times, reverse=True)
        assert max(times) == hub.now
