"""Deliveries become orders exactly once, whoever brings them, in whatever order, whoever dies on the way."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from builders import NOW, SHOPS, line
from hub_world import FEED, SEAL, HubWorld, bought
from sqlalchemy import delete, update

from app.commands.receive import Receive
from app.text import Text
from sync import tables
from sync.channel import Draft
from sync.hub import prepare
from sync.hub.database import writing
from sync.hub.drain import Drain
from sync.hub.intake import PageResult, ask_case, open_account, take_in
from sync.hub.prepare import Preparer

SHOP = SHOPS["TM1"]


class Intake:
    """A hub with the three ways an order comes in, and one process that drains them."""

    def __init__(self, hub: HubWorld) -> None:
        self.hub = hub
        self.drain = self.process()
        with writing(hub.engine) as db:
            for via in ("webhook", "poll", "file"):
                open_account(db, FEED, f"{via}:TM1", NOW)

    def process(self) -> Drain:
        hub = self.hub
        return Drain(hub.engine, FEED, SEAL, hub.writer, {}, Preparer(None), hub.clock)

    def deliver(self, *orders: Receive, via: str = "file") -> PageResult:
        drafts = [Draft(receive=msgspec.structs.replace(one, order=""), rows=()) for one in orders]
        hub = self.hub
        return take_in(hub.engine, FEED, SEAL, f"{via}:TM1", SHOP, "", "test", drafts, hub.clock(), via=via)

    def verdicts(self) -> list[str]:
        return sorted(row.verdict for row in self.hub.rows(tables.raw))

    def orders(self) -> list[str]:
        return [row.ext_id for row in self.hub.rows(tables.orders)]


@pytest.fixture
def intake(hub: HubWorld) -> Intake:
    return Intake(hub)


def version(at: str, qty: int = 1) -> Receive:
    return bought("x", ext_id="7001", ext_version=at, lines=(line(qty=qty),))


def test_three_deliveries_of_one_version_are_one_order(intake: Intake):
    threads = [
        threading.Thread(target=intake.deliver, args=(version("2026-06-13"),), kwargs={"via": via})
        for via in ("webhook", "poll", "file")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert intake.drain.page() == 1

    assert intake.orders() == ["7001"]
    assert intake.verdicts() == ["duplicate", "duplicate", "new"]
    assert sorted(row.via for row in intake.hub.rows(tables.raw)) == ["file", "poll", "webhook"]
    assert intake.hub.verify().ok


def test_an_older_version_changes_nothing_and_is_logged_stale(intake: Intake):
    intake.deliver(version("2026-06-13T10:00", qty=2), via="webhook")
    intake.drain.page()

    intake.deliver(version("2026-06-13T09:00", qty=5), via="poll")
    assert intake.drain.page() == 1

    (order,) = intake.hub.rows(tables.orders)
    assert intake.hub.order(order.id).lines[0].qty == 2
    assert order.ver == 1
    assert intake.verdicts() == ["new", "stale"]


def test_a_newer_version_changes_the_order_it_belongs_to(intake: Intake):
    intake.deliver(version("2026-06-13T09:00", qty=1))
    intake.drain.page()
    intake.deliver(version("2026-06-13T10:00", qty=3))
    intake.drain.page()

    (order,) = intake.hub.rows(tables.orders)
    assert intake.hub.order(order.id).lines[0].qty == 3


def test_the_same_content_under_a_new_version_is_a_duplicate_once_the_hub_said_so(intake: Intake):
    intake.deliver(version("2026-06-13T09:00"))
    intake.drain.page()
    later = intake.deliver(version("2026-06-13T09:00"))

    assert later.taken == {}
    assert later.unchanged == 1
    assert intake.verdicts() == ["duplicate", "new"]


def test_receipts_of_a_process_that_died_are_decided_by_the_next(intake: Intake):
    intake.deliver(*[bought(f"o{i}", ext_id=f"{i}") for i in range(250)])

    restarted = intake.process()
    while restarted.page():
        pass

    assert len(intake.orders()) == 250
    assert [row.n for row in intake.hub.rows(tables.command, replica_id="file:TM1")] == list(range(1, 251))
    assert intake.hub.verify().ok


def test_what_a_dead_process_did_not_note_is_noted_by_the_next(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
):
    intake.deliver(version("2026-06-13T10:00"))
    intake.drain.page()
    intake.deliver(version("2026-06-13T09:00"))
    with monkeypatch.context() as dying:
        dying.setattr(Drain, "_note_verdicts", lambda *_: None)
        intake.drain.page()
    intake.drain.close()
    assert intake.verdicts() == ["new", "new"]

    intake.deliver(version("2026-06-13T11:00"))
    intake.process().page()

    assert intake.verdicts() == ["new", "new", "stale"]


def test_an_account_without_refusals_is_looked_through_once(intake: Intake, monkeypatch: pytest.MonkeyPatch):
    looked = []
    note = Drain._note_verdicts
    monkeypatch.setattr(
        Drain, "_note_verdicts", lambda drain, job: looked.append(job.commands[0].n) or note(drain, job)
    )
    for hour in (10, 11, 9, 12, 13):
        intake.deliver(version(f"2026-06-13T{hour:02}:00"))
        intake.drain.page()

    assert looked == [1, 3]
    assert intake.verdicts() == ["new", "new", "new", "new", "stale"]


def test_an_account_another_process_works_on_is_left_alone_until_its_lease_ends(intake: Intake):
    intake.deliver(version("2026-06-13"))
    assert intake.drain.page() == 1
    intake.deliver(version("2026-06-14", qty=2))
    second = intake.process()

    assert second.page() == 0
    with writing(intake.hub.engine) as db:
        db.execute(update(tables.account).values(lease_until=NOW - timedelta(days=3650)))
    assert second.page() == 1


def test_a_lease_from_before_the_clock_was_set_back_holds_nobody_up(intake: Intake):
    intake.deliver(version("2026-06-13"))
    assert intake.drain.page() == 1
    intake.deliver(version("2026-06-14", qty=2))
    with writing(intake.hub.engine) as db:
        db.execute(update(tables.account).values(lease_until=datetime.now(UTC) + timedelta(minutes=30)))

    assert intake.process().page() == 1


def test_an_account_given_back_is_free_at_once(intake: Intake):
    intake.deliver(version("2026-06-13"))
    assert intake.drain.page() == 1
    intake.drain.close()
    intake.deliver(version("2026-06-14", qty=2))

    assert intake.process().page() == 1


def test_erasing_the_buyer_erases_what_was_delivered(intake: Intake):
    intake.deliver(version("2026-06-13"))
    intake.drain.page()

    (order,) = intake.hub.rows(tables.orders)
    (raw,) = intake.hub.rows(tables.raw)
    assert raw.subject_id == order.id
    assert "季小雨".encode() not in raw.body


def test_a_receipt_nobody_can_read_any_more_becomes_a_case_and_holds_nothing_up(intake: Intake):
    intake.deliver(bought("o1", ext_id="1"), bought("o2", ext_id="2"))
    first = min(intake.hub.rows(tables.receipt), key=lambda row: row.n)
    with writing(intake.hub.engine) as db:
        db.execute(delete(tables.subject_key).where(tables.subject_key.c.subject_id == first.order_id))

    assert intake.drain.page() == 2

    assert intake.orders() == ["2"]
    (case,) = [row for row in intake.hub.rows(tables.snag) if row.subject == "raw"]
    assert (case.kind, case.subject_id) == ("unreadable_order", first.raw_id)


def test_a_damaged_receipt_becomes_a_case_and_holds_no_shop_up(intake: Intake, expect_log):
    intake.deliver(bought("o1", ext_id="1"), via="file")
    intake.deliver(bought("o2", ext_id="2"), via="poll")
    damaged = min(intake.hub.rows(tables.raw), key=lambda row: row.raw_id)
    body = damaged.body[:-1] + bytes([damaged.body[-1] ^ 1])
    with writing(intake.hub.engine) as db:
        db.execute(update(tables.raw).where(tables.raw.c.raw_id == damaged.raw_id).values(body=body))

    while intake.drain.page():
        pass

    expect_log("cannot be read")
    assert len(intake.orders()) == 1
    (case,) = [row for row in intake.hub.rows(tables.snag) if row.subject == "raw"]
    assert (case.kind, case.subject_id) == ("unreadable_order", damaged.raw_id)


def test_an_order_that_cannot_be_prepared_becomes_a_case_and_holds_nothing_up(
    intake: Intake, monkeypatch, expect_log
):
    def judged(receive: Receive, _gazetteer: object) -> Receive:
        if receive.ext_id == "1":
            raise LookupError("no such town")
        return receive

    monkeypatch.setattr(prepare, "judged", judged)
    intake.deliver(bought("o1", ext_id="1"), bought("o2", ext_id="2"))

    assert intake.drain.page() == 2

    expect_log("cannot be prepared")
    assert intake.orders() == ["2"]
    assert [row.kind for row in intake.hub.rows(tables.snag) if row.subject == "raw"] == ["unreadable_order"]


def test_a_case_is_asked_once(intake: Intake):
    hub = intake.hub

    def ask() -> bool:
        text = Text("2 rows")
        return ask_case(hub.engine, FEED, SEAL, "file:TM1", SHOP, "a.csv", "case-1", text, hub.clock())

    assert ask() is True
    intake.drain.page()
    assert ask() is False
    assert intake.drain.page() == 0
    assert [row.id for row in hub.rows(tables.snag)] == ["case-1"]
