"""A hub came back from a backup: a desk sends again what that backup cannot hold, under the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from fake_hub import FakeHub
from line_world import Desk

from app.domain.company import User
from app.ports import OrderQuery
from sync.wire import Push, PushReply, Stop


@pytest.fixture
def hub() -> FakeHub:
    made = FakeHub()
    made.receive("o1")
    made.receive("o2")
    return made


@pytest.fixture
def desk(tmp_path: Path, hub: FakeHub) -> Iterator[Desk]:
    with hub.serve() as url:
        made = Desk(tmp_path / "desk", url)
        made.sign_in()
        made.level()
        yield made
        made.close()


def take_away_hold(hub: FakeHub, order: str) -> None:
    """Let the order be what it was in the backup."""
    hub.company.rows["order", order] = msgspec.structs.replace(hub.company.order(order), pause=None)
    hub.publish({("order", order): hub.company.rows["order", order]})


def test_a_restored_hub_gets_back_what_it_lost_under_the_same_numbers(desk: Desk, hub: FakeHub) -> None:
    replica = desk.store.outbox.meta("replica")
    desk.hold("o1")
    desk.push()
    desk.hold("o2")
    desk.push()
    hub.restore("E2", replica, 1)
    take_away_hold(hub, "o2")

    desk.pull()  # learns of the new epoch
    assert desk.push() == 1.0
    desk.level()
    desk.push()
    desk.level()

    assert desk.store.mark.epoch == "E2"
    assert hub.pushes[-1] == [2]  # the backup held the first
    assert hub.company.order("o2").pause.reason == "buyer asked"
    assert desk.store.outbox.meta("replica") == replica
    assert desk.views.count_orders(OrderQuery()) == 2


def test_what_the_new_life_has_protected_by_now_says_nothing_about_the_old_one(
    desk: Desk, hub: FakeHub
) -> None:
    desk.hold("o1")
    desk.push()
    lost = hub.head
    hub.restore("E2", desk.store.outbox.meta("replica"), 0)
    take_away_hold(hub, "o1")
    hub.protected = hub.head  # backed up again before this desk came by
    assert hub.protected >= lost

    desk.pull()
    desk.level()
    desk.push()

    assert hub.company.order("o1").pause.reason == "buyer asked"


def test_an_answer_of_a_life_that_has_ended_meanwhile_does_not_count(desk: Desk, hub: FakeHub) -> None:
    desk.hold("o1")
    store, push_at_hub = desk.store, hub.push

    def late(push: Push, user: User) -> PushReply | Stop:
        told = push_at_hub(push, user)
        hub.push = push_at_hub
        hub.restore("E2", push.replica, 0)
        take_away_hold(hub, "o1")
        desk.pull()  # the other lane learns of it while the answer is on its way
        desk.level()
        return told

    hub.push = late
    desk.push()
    assert store.waiting.count == 1

    desk.push()
    assert store.waiting.count == 0
    assert hub.company.order("o1").pause.reason == "buyer asked"


def test_a_desk_that_dies_while_it_starts_over_still_sends_again(desk: Desk, hub: FakeHub, tmp_path) -> None:
    desk.hold("o1")
    desk.push()
    replica = desk.store.outbox.meta("replica")
    hub.restore("E2", replica, 0)
    take_away_hold(hub, "o1")
    desk.pull()  # learns of the new epoch
    desk.store.adopt(None, "E2")  # and dies before it could look at its own work

    again = Desk(desk.folder, desk.url)
    again.sign_in()
    again.level()
    again.push()
    again.close()

    assert hub.company.order("o1").pause.reason == "buyer asked"
