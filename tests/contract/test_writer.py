"""The batch writer answers each number once and writes what was decided, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, RECEIVER, line, receive
from hub_world import FEED, SEAL, WAIT_S, HubWorld, bought

from app.commands.adjust_stock import AdjustStock
from app.commands.cancel import Cancel
from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.recheck import Recheck
from app.commands.set_rules import SetRules
from app.commands.ship import Ship
from app.domain.order import Status
from app.domain.rules import Rules
from app.domain.values import Receiver, Role
from sync import tables
from sync.hub import writer
from sync.hub.numbering import Fork, Gap, Job
from sync.wire import HistoryEntry


def test_a_good_order_is_released_without_a_person(hub: HubWorld):
    answer = hub.channel.ask(receive(lines=(line(qty=2),)))

    assert (answer.status, answer.seq) == ("applied", hub.head())
    assert (hub.order().status, hub.order().warehouse, hub.order().touched) == (Status.RELEASED, "SZ", False)
    (shelf,) = hub.rows(tables.stock, warehouse="SZ", sku="LN-220")
    assert (shelf.on_hand, shelf.reserved) == (10, 2)
    (held,) = hub.rows(tables.reservation)
    assert (held.owner, held.warehouse, held.sku, held.qty, held.state) == ("o1", "SZ", "LN-220", 2, "open")
    assert hub.verify().findings == ()


def test_a_repeated_number_gets_the_stored_answer(hub: HubWorld):
    wish = hub.channel.wish(receive())
    first = hub.channel.send(wish)
    head = hub.head()

    again = hub.channel.send(wish)
    hub.restart()
    later = hub.channel.send(wish)

    assert first == again == later
    assert hub.head() == head
    assert len(hub.rows(tables.command)) == 1


def test_a_refusal_is_stored_word_for_word(hub: HubWorld):
    wish = hub.channel.wish(receive(lines=(line(qty=-1),)))
    (first,) = hub.channel.send(wish)
    (again,) = hub.channel.send(wish)

    assert (first.status, first.refusal and first.refusal.code) == ("refused", "bad_lines")
    assert again == first
    assert hub.rows(tables.orders) == []
    assert hub.verify().findings == ()


def test_the_same_number_twice_in_one_batch_is_done_once(hub: HubWorld):
    wish = hub.channel.wish(receive())
    hub.writer.stop()
    hub.writer = writer.Writer(hub.engine, FEED, SEAL, hub.clock)
    futures = [hub.writer.submit(Job(hub.channel.info, [wish])) for _ in range(3)]
    hub.writer.start()

    answers = [future.result(WAIT_S) for future in futures]

    assert answers[0] == answers[1] == answers[2]
    assert hub.order().ver == 1


def test_a_missing_number_is_asked_for(hub: HubWorld):
    hub.channel.must(bought("o1"))

    with pytest.raises(Gap) as gap:
        hub.channel.ask(bought("o3"), n=3)

    assert gap.value.expect == 2
    assert len(hub.rows(tables.orders)) == 1


def test_a_number_with_other_content_is_a_fork(hub: HubWorld):
    hub.channel.must(bought("o1"))

    with pytest.raises(Fork):
        hub.channel.ask(bought("o2"), n=1)

    assert len(hub.rows(tables.orders)) == 1


def test_two_copies_of_a_desk_that_ask_for_the_same_are_a_fork_too(hub: HubWorld):
    """Each counted one piece less: taken for a repetition, one of the two counts would be lost."""
    one_less = AdjustStock(warehouse="SZ", sku="LN-220", delta=-1, reason="count")
    lead = hub.desk(Role.LEAD)
    lead.ask(one_less, n=1, id="of-the-one")

    assert lead.ask(one_less, n=1, id="of-the-one").status == "applied"
    with pytest.raises(Fork):
        lead.ask(one_less, n=1, id="of-its-copy")

    assert len([row for row in hub.rows(tables.command) if row.name == "adjust_stock"]) == 1


def test_a_gap_of_one_replica_does_not_hold_up_the_others(hub: HubWorld):
    hub.writer.stop()
    hub.writer = writer.Writer(hub.engine, FEED, SEAL, hub.clock)
    bad = hub.writer.submit(Job(hub.worker.info, [hub.worker.wish(Recheck(order="o1"), n=7)]))
    good = hub.writer.submit(Job(hub.channel.info, [hub.channel.wish(receive())]))
    hub.writer.start()

    assert good.result(WAIT_S)[0].status == "applied"
    with pytest.raises(Gap):
        bad.result(WAIT_S)


def test_a_command_given_again_under_a_new_number_is_done_once(hub: HubWorld):
    hub.channel.must(receive())
    first = hub.desk(name="old-file").ask(Hold(order="o1", reason="ask"), id="same")
    copy = hub.desk(name="new-file")
    again = copy.ask(Hold(order="o1", reason="ask"), id="same")

    assert (first.status, again.status, again.seq) == ("applied", "applied", hub.head())
    assert copy.ask(Hold(order="o1", reason="ask"), id="same", n=1) == again
    assert hub.order().ver == 2
    assert hub.verify().findings == ()


def test_commands_of_one_batch_see_each_other(hub: HubWorld):
    answers = hub.channel.send(
        hub.channel.wish(bought("o1", lines=(line(qty=6),))),
        hub.channel.wish(bought("o2", lines=(line(qty=6),))),
        hub.channel.wish(bought("o3", lines=(line(qty=6),))),
    )

    assert {a.seq for a in answers} == {hub.head()}
    assert [hub.order(order).warehouse for order in ("o1", "o2", "o3")] == ["SZ", "WH", ""]
    assert [snag.kind for snag in hub.order("o3").snags] == ["short_stock"]
    assert hub.verify().findings == ()


def test_a_command_may_follow_its_own_order_in_one_batch(hub: HubWorld):
    later = receive(ext_version="2", lines=(line(ext_sku="A-2", unit_price_minor=19_900),))

    answers = hub.channel.send(hub.channel.wish(receive()), hub.channel.wish(later))

    assert [a.status for a in answers] == ["applied", "applied"]
    assert [ln.sku for ln in hub.order().lines] == ["SF-001"]
    assert hub.order().ver == 2
    assert hub.verify().findings == ()


def test_nothing_personal_is_stored_in_clear(hub: HubWorld):
    hub.channel.must(receive())

    kept = [str(tuple(row)) for table in tables.metadata.sorted_tables for row in hub.rows(table)]

    for secret in (RECEIVER.name, RECEIVER.phone, RECEIVER.street, RECEIVER.phone.encode().hex()):
        assert [row for row in kept if secret in row] == []
    assert hub.order().receiver == RECEIVER


def test_an_unreadable_command_is_answered_and_sealed(hub: HubWorld):
    wish = hub.channel.wish(receive())
    nonsense = msgspec.structs.replace(wish, args=msgspec.Raw(b'{"receiver":{"name":"\xe5\xad\xa3"}}'))

    (answer,) = hub.channel.send(nonsense)

    assert (answer.status, answer.refusal and answer.refusal.code) == ("refused", "unreadable")
    assert hub.rows(tables.command)[0].args.startswith('"sealed:')
    assert hub.verify().findings == ()


def test_an_erased_buyer_stays_erased_when_the_order_goes_on(hub: HubWorld):
    hub.channel.must(receive())
    hub.sql("DELETE FROM subject_key")
    hub.restart()

    hub.desk().must(Hold(order="o1", reason="ask"))

    assert hub.order().receiver == Receiver()
    assert hub.rows(tables.subject_key) == []
    assert hub.verify().findings == ()


def test_an_unchanged_receiver_keeps_its_sealed_text(hub: HubWorld):
    hub.channel.must(receive())
    before = msgspec.json.decode(hub.rows(tables.orders)[0].doc)["receiver"]

    hub.desk().must(Hold(order="o1", reason="ask"))

    assert msgspec.json.decode(hub.rows(tables.orders)[0].doc)["receiver"] == before


def test_a_mapping_wakes_every_order_that_waits_for_it(hub: HubWorld):
    lines = (line(ext_sku="new"),)
    hub.channel.must(bought("o1", lines=lines), bought("o2", lines=lines), bought("o3"))
    assert {row.key for row in hub.rows(tables.wait)} == {"sku_map:TM1/new"}

    hub.desk().must(MatchSku(shop="TM1", ext_sku="new", sku="LN-220", order="o1"))

    causes = {(row.order_id, row.cause) for row in hub.rows(tables.recheck) if row.cause != "time"}
    assert causes == {("o2", "sku_map:TM1/new")}
    hub.worker.must(Recheck(order="o2"))
    assert hub.order("o2").status is Status.RELEASED
    assert [row for row in hub.rows(tables.recheck) if row.cause != "time"] == []
    assert hub.rows(tables.wait) == []
    assert hub.verify().findings == ()


def test_time_that_changes_an_order_is_noted(hub: HubWorld):
    hub.channel.must(receive(paid_minor=0))

    (row,) = hub.rows(tables.recheck)

    assert (row.order_id, row.cause) == ("o1", "time")
    assert row.not_before == NOW + timedelta(minutes=25)  # unpaid after 30, ordered 5 minutes ago


def test_a_parcel_leaves_one_shipment_and_one_effect(hub: HubWorld):
    hub.channel.must(receive())
    floor = hub.desk(Role.WAREHOUSE)

    floor.must(
        Pick(order="o1", line="1", qty=1),
        Pack(order="o1"),
        Ship(order="o1", carrier="SF", tracking_no="SF1"),
    )

    (parcel,) = hub.rows(tables.shipment)
    (effect,) = hub.rows(tables.effect)
    (shelf,) = hub.rows(tables.stock, warehouse="SZ", sku="LN-220")
    assert (parcel.order_id, parcel.tracking_no) == ("o1", "SF1")
    assert (effect.effect_key, effect.state) == ("confirm:o1:1", "todo")
    assert (shelf.on_hand, shelf.reserved) == (9, 0)
    assert hub.verify().findings == ()


def test_stock_that_comes_in_is_counted_apart_from_the_opening(hub: HubWorld):
    hub.desk(Role.WAREHOUSE).must(AdjustStock(warehouse="SZ", sku="LN-220", delta=5, reason="return"))

    (shelf,) = hub.rows(tables.stock, warehouse="SZ", sku="LN-220")
    assert (shelf.opening, shelf.adjusted, shelf.on_hand) == (10, 5, 15)
    assert hub.verify().findings == ()


def test_the_journal_says_who_did_what_and_why(hub: HubWorld):
    hub.channel.must(receive())
    hub.desk().ask(Cancel(order="o1", reason="buyer"), because="the buyer called")

    entries = [msgspec.json.decode(row.body, type=HistoryEntry) for row in hub.rows(tables.event)]

    assert [(e.order, e.by, e.command, e.because) for e in entries] == [
        ("o1", "file:TM1", "receive", ""),
        ("o1", "clerk", "cancel", "the buyer called"),
    ]
    assert hub.verify().findings == ()


def test_hub_time_never_stands_still_or_runs_back(hub: HubWorld):
    hub.channel.must(bought("o1"))
    hub.clock.move(days=-1)
    hub.channel.must(bought("o2"))

    first, second = hub.rows(tables.command)
    assert second.hub_at == first.hub_at + timedelta(microseconds=1)


def test_what_another_hub_wrote_is_seen(hub: HubWorld):
    other = writer.Writer(hub.engine, FEED, SEAL, hub.clock)
    other.start()
    hub.channel.must(bought("o1", lines=(line(qty=6),)))
    wish = hub.worker.wish(Recheck(order="o1"))
    other.submit(Job(hub.worker.info, [wish])).result(WAIT_S)

    hub.desk(Role.WAREHOUSE).must(AdjustStock(warehouse="SZ", sku="LN-220", delta=-4, reason="count"))
    wish = hub.channel.wish(bought("o2", lines=(line(qty=1),)))
    answer = other.submit(Job(hub.channel.info, [wish])).result(WAIT_S)[0]
    other.stop()

    assert answer.status == "applied"
    assert hub.order("o2").warehouse == "WH"  # SZ has 6, all promised
    assert hub.verify().findings == ()


def test_rules_set_in_a_batch_hold_for_the_next_command_in_it(hub: HubWorld):
    lead = hub.desk(Role.LEAD)
    cheap = bought("o1", lines=(line(unit_price_minor=28_800),))  # 90 % of the list price
    jobs = [
        Job(lead.info, [lead.wish(SetRules(rules=Rules(price_floor_pct=95)))]),
        Job(hub.channel.info, [hub.channel.wish(cheap)]),
    ]
    hub.writer.stop()
    hub.writer = writer.Writer(hub.engine, FEED, SEAL, hub.clock)
    futures = [hub.writer.submit(job) for job in jobs]
    hub.writer.start()

    first, second = (future.result(WAIT_S)[0] for future in futures)

    assert (first.status, second.status, first.seq) == ("applied", "applied", second.seq)
    assert [snag.kind for snag in hub.order().snags] == ["price_anomaly"]
    assert hub.rows(tables.command, name="receive")[0].rules_rev == 1
