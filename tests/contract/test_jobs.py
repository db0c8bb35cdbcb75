"""What the hub does by itself: orders whose cause or time has come are looked at again."""

from __future__ import annotations

import threading
from datetime import timedelta

import msgspec
from builders import NOW, line
from hub_world import FEED, SEAL, HubWorld, bought

from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.commands.set_snag_rule import SetSnagRule
from app.domain.order import Status
from app.domain.snag_rule import Clause, SnagRule
from app.domain.values import Role
from sync import tables
from sync.hub.jobs import WORKER, Every, open_worker, recheck_page
from sync.hub.writer import Writer


def look_again(hub: HubWorld) -> int:
    hub.clock.move(seconds=1)  # a wake counts from its batch on
    worker = open_worker(hub.engine, FEED, WORKER, hub.clock())
    return len(recheck_page(hub.engine, FEED, hub.writer, worker, hub.clock()))


def test_a_saved_mapping_frees_every_order_that_waited_for_it(hub: HubWorld):
    for order in ("o1", "o2", "o3"):
        hub.channel.must(bought(order, lines=(line(ext_sku="A-9", sku=""),)))
    assert {hub.order(o).status for o in ("o1", "o2", "o3")} == {Status.TO_CHECK}
    assert look_again(hub) == 0

    hub.desk().must(MatchSku(shop="TM1", ext_sku="A-9", sku="LN-220", order="o1"))
    assert look_again(hub) == 2

    assert [hub.order(o).lines[0].sku for o in ("o1", "o2", "o3")] == ["LN-220"] * 3
    assert [s.kind for o in ("o2", "o3") for s in hub.order(o).snags] == []
    assert {row.cause for row in hub.rows(tables.recheck)} == {"time"}
    assert look_again(hub) == 0
    assert hub.verify().ok


def test_a_type_of_the_companys_own_is_raised_and_closed_in_every_order_that_may_change(hub: HubWorld):
    hub.channel.must(bought("o1", lines=(line(qty=2),)), bought("o2"))
    lead = hub.desk(Role.LEAD)
    large = SnagRule(code="BIG", title="Large", clauses=(Clause("pieces", "at_least", "2"),))

    lead.must(SetSnagRule(rule=large))
    assert look_again(hub) == 2
    assert [snag.kind for snag in hub.order("o1").snags] == ["rule-BIG"]
    assert (hub.order("o1").status, hub.order("o2").snags) == (Status.GATED, ())
    assert [row.kind for row in hub.rows(tables.snag, state="open")] == ["rule-BIG"]

    lead.must(SetSnagRule(rule=msgspec.structs.replace(large, rev=1, active=False)))
    assert look_again(hub) == 2
    assert (hub.order("o1").status, hub.order("o1").snags) == (Status.RELEASED, ())
    assert hub.verify().ok


def test_an_order_on_hold_comes_back_when_its_time_has_come(hub: HubWorld):
    hub.channel.must(bought("o1"))
    until = hub.clock() + timedelta(minutes=30)
    hub.desk().must(Hold(order="o1", reason="ask", until=until))
    hub.clock.move(minutes=29)
    assert look_again(hub) == 0

    hub.clock.move(minutes=2)
    assert look_again(hub) == 1

    assert hub.order("o1").pause is None
    assert hub.order("o1").status is Status.RELEASED


def test_two_hubs_on_one_database_look_once(hub: HubWorld):
    for order in ("o1", "o2"):
        hub.channel.must(bought(order, lines=(line(ext_sku="A-9", sku=""),)))
    hub.desk(Role.TRAINER).must(MatchSku(shop="TM1", ext_sku="A-9", sku="LN-220", order=""))
    worker = open_worker(hub.engine, FEED, WORKER, NOW)
    hub.clock.move(seconds=1)
    second = Writer(hub.engine, FEED, SEAL, hub.clock)
    second.start()
    threads = [
        threading.Thread(target=recheck_page, args=(hub.engine, FEED, writer, worker, hub.clock()))
        for writer in (hub.writer, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    second.stop()

    look_again(hub)
    assert [hub.order(o).lines[0].sku for o in ("o1", "o2")] == ["LN-220"] * 2
    assert hub.verify().ok


def test_a_failing_round_is_logged_and_does_not_end_the_job(expect_log):
    rounds, done = [], threading.Event()

    def work() -> bool:
        rounds.append(1)
        if len(rounds) == 1:
            raise ValueError("the first round fails")
        done.set()
        return False

    job = Every("test", 0.001, work)
    job.start()
    assert done.wait(10)
    job.stop()

    expect_log("job test failed")
