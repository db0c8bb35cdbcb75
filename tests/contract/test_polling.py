"""Shops are polled: nothing is lost, doubled or read past, whatever the platform does meanwhile."""

from __future__ import annotations

from typing import Any

from hub_world import FEED, HubWorld
from polled_world import Polled

from sync import tables
from sync.hub.database import writing
from sync.hub.polling.streams import hold

# --- the cursor -----------------------------------------------------------------------------------------


def test_the_cursor_never_moves_past_a_page_that_failed(hub: HubWorld):
    world = Polled(hub, "pdd", 95, override={"streams": {"orders": {"pages": {"size": 20}}}})
    world.wire.cut_after = 3

    world.poll()

    stream = world.stream()
    assert stream.read_to is None
    assert (stream.code, stream.tries) == ("channel_unreachable", 1)
    assert 0 < len(world.orders()) < 95

    world.wire.cut_after = None
    world.settle()

    assert world.faults() == {}
    assert (world.stream().code, world.stream().trouble, world.stream().tries) == ("", "", 0)


def test_a_process_that_dies_between_two_pages_loses_and_doubles_nothing(hub: HubWorld):
    world = Polled(hub, "pdd", 95, override={"streams": {"orders": {"pages": {"size": 20}}}})
    for cut in (2, 3, 4, 5, 6):
        world.wire.asked, world.wire.cut_after = 0, cut
        world.poll()
        world.shop.clock.move(1000)
        world.restart()
    world.wire.cut_after = None
    world.shop.clock.move(1000)
    world.settle()

    assert world.faults() == {}


def test_a_list_is_left_alone_longer_each_time_it_fails(hub: HubWorld):
    world = Polled(hub, "pdd", 5)
    world.wire.cut_after = 0
    begun = hub.clock()
    waits = []
    for _ in range(5):
        world.poll()
        stream = world.stream()
        waits.append(round((stream.not_before - hub.clock()).total_seconds() + 31))
        hub.clock.now = stream.not_before

    assert waits == [10, 60, 300, 900, 900]
    assert world.wire.asked >= 5
    assert hub.clock() > begun


# --- several hubs ---------------------------------------------------------------------------------------


def test_two_hubs_never_read_one_list_at_once(hub: HubWorld):
    world = Polled(hub, "pdd", 20)
    world.poll()
    asked = world.wire.asked
    with writing(hub.engine) as db:
        held = [hold(db, FEED, "TM1", name, hub.clock()) for name in ("orders", "refunds")]

    world.poll()

    assert None not in held
    assert world.wire.asked == asked


def test_a_hub_that_was_held_up_longer_than_its_lease_writes_nothing(hub: HubWorld):
    world = Polled(hub, "pdd", 20)

    class Slow:
        """Another hub takes the list while this one waits for its answer."""

        def __call__(self, *asked: Any) -> Any:
            answer = world.wire(*asked)
            with writing(hub.engine) as db:
                db.execute(tables.stream.update().values(lease_until=None))
                hold(db, FEED, "TM1", "orders", hub.clock())
            return answer

    world.restart(Slow)
    world.poll()

    assert world.orders() == {}
    assert world.stream().read_to is None
