"""What breaks a batch harms one command, or nothing."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

import msgspec
import psycopg
import pytest
from builders import receive
from hub_world import FEED, SEAL, WAIT_S, HubWorld, bought
from sqlalchemy.exc import OperationalError

from app import engine, upcast
from app.command import Seen
from app.commands.adjust_stock import AdjustStock
from app.commands.hold import Hold
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.recheck import Recheck
from app.commands.ship import Ship
from app.domain.order import Status
from app.domain.values import Role
from sync import tables
from sync.hub import batch, feed, writer
from sync.hub.database import writing
from sync.hub.keeping.restore import begin_life
from sync.hub.numbering import Gap, Job


def test_a_command_that_cannot_be_decided_harms_nobody_else(hub: HubWorld, monkeypatch, expect_log):
    real = batch.apply

    def apply(command, facts):
        if getattr(command, "order", "") == "o2":
            raise RuntimeError("boom")
        return real(command, facts)

    monkeypatch.setattr(batch, "apply", apply)
    answers = hub.channel.send(*(hub.channel.wish(bought(f"o{i}")) for i in (1, 2, 3)))

    assert [a.status for a in answers] == ["applied", "refused", "applied"]
    assert answers[1].refusal is not None
    assert answers[1].refusal.code == "internal_invariant"
    assert {row.id for row in hub.rows(tables.orders)} == {"o1", "o3"}
    assert hub.verify().findings == ()
    expect_log("could not be decided")


def test_a_database_that_fails_while_a_command_is_decided_refuses_nothing(hub: HubWorld, monkeypatch):
    real, calls = batch.apply, []

    class Lost(Exception):
        sqlstate = "57P01"

    def apply(command, facts):
        calls.append(command)
        if len(calls) == 1:
            raise OperationalError("SELECT", None, Lost())
        return real(command, facts)

    monkeypatch.setattr(batch, "apply", apply)
    monkeypatch.setattr(writer, "RETRY_PAUSES_S", (0.0,))

    assert hub.channel.ask(bought("o1")).status == "applied"
    assert hub.verify().findings == ()


def test_a_command_that_breaks_the_tables_is_found_and_refused_alone(hub: HubWorld, expect_log):
    floor = hub.desk(Role.WAREHOUSE)
    hub.channel.must(bought("o1"), bought("o2"))
    floor.must(Pick(order="o1", line="1"), Pick(order="o2", line="1"))
    floor.must(Pack(order="o1"), Pack(order="o2"))

    answers = floor.send(
        floor.wish(Ship(order="o1", carrier="SF", tracking_no="SF1")),
        floor.wish(Ship(order="o2", carrier="SF", tracking_no="SF1")),
        floor.wish(AdjustStock(warehouse="SZ", sku="CT-180", delta=1, reason="count")),
    )

    assert [a.refusal.code if a.refusal else a.status for a in answers] == [
        "applied",
        "tracking_taken",
        "applied",
    ]
    assert hub.order("o2").status is Status.PACKED
    assert hub.verify().findings == ()
    expect_log("runs alone")
    expect_log("does not fit the tables")


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_lost_commit_is_run_again_and_done_once(hub: HubWorld, monkeypatch, where):
    real, calls = writer.writing, []

    class Lost(Exception):
        sqlstate = "40001"

    @contextlib.contextmanager
    def writing(engine, within_s):
        calls.append(1)
        with real(engine, within_s) as db:
            yield db
            if len(calls) == 1 and where == "before":
                raise OperationalError("COMMIT", None, Lost())
        if len(calls) == 1:
            raise OperationalError("COMMIT", None, Lost())

    monkeypatch.setattr(writer, "writing", writing)
    monkeypatch.setattr(writer, "RETRY_PAUSES_S", (0.0,))

    answer = hub.channel.ask(receive())

    assert len(calls) == 2
    assert answer.status == "applied"
    assert len(hub.rows(tables.command)) == 1
    assert hub.verify().findings == ()


def test_what_cannot_be_committed_is_an_unknown_outcome_and_may_be_sent_again(
    hub: HubWorld, monkeypatch, expect_log
):
    class Lost(Exception):
        sqlstate = "57P01"

    def writing(_engine, _within_s):
        raise OperationalError("BEGIN", None, Lost())

    wish = hub.channel.wish(receive())
    with monkeypatch.context() as patch:
        patch.setattr(writer, "writing", writing)
        patch.setattr(writer, "RETRY_PAUSES_S", (0.0, 0.0))
        with pytest.raises(OperationalError):
            hub.channel.send(wish)
    expect_log("goes back to those who asked")

    assert hub.channel.send(wish)[0].status == "applied"


def test_after_each_commit_the_new_head_is_told(hub: HubWorld):
    heads: list[int] = []
    hub.writer.tell.append(heads.append)
    seq = hub.channel.must(bought("o1"))
    wish = hub.channel.wish(bought("o2"))
    hub.channel.send(wish)
    hub.channel.send(wish)

    assert heads == [seq, seq + 1]


def test_nothing_of_the_life_before_is_written_into_a_restored_database(hub: HubWorld, expect_log):
    """A hub that ran on while another process brought a backup back."""
    old = writer.Writer(hub.engine, FEED, SEAL, hub.clock, epoch=feed.epoch(hub.engine, FEED))
    old.start()
    with writing(hub.engine) as db:
        begin_life(db, FEED, hub.clock(), is_protected=False)

    asked = old.submit(Job(hub.channel.info, [hub.channel.wish(bought("o1"))]))

    with pytest.raises(writer.Closed):
        asked.result(WAIT_S)
    old.stop()
    expect_log("restored meanwhile")
    assert hub.rows(tables.command) == []


def test_a_closed_writer_says_so(hub: HubWorld):
    hub.writer.stop()

    with pytest.raises(writer.Closed):
        hub.channel.ask(receive())


STRANGE = {
    "order": {"args": msgspec.Raw(b'{"order":"o\\u0000"}')},
    "half a letter": {"args": msgspec.Raw(b'{"order":"\\ud800"}')},
    "reason": {"because": "no\0thing"},
    "login": {"login": "no\0body"},
    "name": {"name": "re\0check"},
    "id": {"id": "re\0peat"},
    "revision": {"rev": 10**12},
    "seen": {"seen": Seen(order="o1", ver=10**12)},
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_what_no_table_can_hold_is_answered_all_the_same(hub: HubWorld, strange, incidents):
    wish = msgspec.structs.replace(hub.worker.wish(Recheck(order="o1")), **strange)
    hub.writer.stop()
    hub.writer = writer.Writer(hub.engine, FEED, SEAL, hub.clock)
    odd = hub.writer.submit(Job(hub.worker.info, [wish]))
    good = hub.writer.submit(Job(hub.channel.info, [hub.channel.wish(bought("o1"))]))
    hub.writer.start()

    assert odd.result(WAIT_S)[0].status == "refused"
    assert good.result(WAIT_S)[0].status == "applied"
    assert hub.worker.send(wish) == odd.result()
    assert hub.verify().findings == ()
    incidents.records.clear()


@pytest.mark.parametrize("n", [0, -1, -(10**30), 10**30])
def test_a_number_that_is_none_is_a_gap(hub: HubWorld, n: int):
    with pytest.raises(Gap) as gap:
        hub.channel.ask(bought("o1"), n=n)

    assert gap.value.expect == 1
    assert hub.channel.must(bought("o1")) == hub.head()


@pytest.fixture
def server(database_url: str) -> Iterator[psycopg.Connection]:
    """A line of the administrator's to the server of this test."""
    if database_url.startswith("sqlite"):
        pytest.skip("a SQLite file has no standby")
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as db:
        yield db


def test_a_standby_is_not_written_to_and_refuses_nobody(hub: HubWorld, server, monkeypatch, expect_log):
    """A primary that came back as a standby takes connections before anybody stops them."""
    monkeypatch.setattr(writer, "RETRY_PAUSES_S", (0.0,))
    wish = hub.channel.wish(bought("o1"))
    name = server.execute("SELECT current_database()").fetchone()[0]
    server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    hub.engine.dispose()
    with pytest.raises(OperationalError):
        hub.channel.send(wish)
    server.execute("SET default_transaction_read_only = off")
    server.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")

    [answer] = hub.channel.send(wish)

    assert answer.status == "applied"
    expect_log("goes back to those who asked")


def test_a_connection_that_turned_read_only_is_left_for_another(hub: HubWorld, server, monkeypatch):
    hub.engine.dispose()
    with hub.engine.connect() as db:
        db.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        db.commit()

    assert hub.channel.ask(bought("o1")).status == "applied"


def test_a_fault_of_the_hub_stands_before_every_administrator_and_blocks_nobody(
    hub: HubWorld, monkeypatch, expect_log
):
    real = batch.apply

    def apply(command, facts):
        if getattr(command, "order", "") == "o2":
            raise RuntimeError("boom")
        return real(command, facts)

    monkeypatch.setattr(batch, "apply", apply)
    hub.channel.send(*(hub.channel.wish(bought(f"o{i}")) for i in (1, 2, 3)))

    (case,) = hub.rows(tables.snag, kind="broken_command")
    assert (case.id, case.owner, case.severity, case.state) == (
        "fault/admin/file:TM1/2", "admin", "bad", "open",
    )  # fmt: skip
    assert b"boom" not in case.doc.encode()
    assert hub.verify().findings == ()
    expect_log("could not be decided")


def test_a_command_that_breaks_the_tables_is_told_to_the_administrator_too(
    hub: HubWorld, monkeypatch, expect_log
):
    desk = hub.desk()
    real = batch.Batch._journal

    def journal(self, wish, command, by, events, i):
        real(self, wish, command, by, events, i)
        if isinstance(command, Hold):
            self._ledger.rows["event"].append(("o1", None, None, "hold", "", None, None))

    hub.channel.must(bought("o1"))
    monkeypatch.setattr(batch.Batch, "_journal", journal)
    answers = desk.send(
        desk.wish(Hold(order="o1", reason="ask")),
        desk.wish(AdjustStock(warehouse="SZ", sku="CT-180", delta=1, reason="count")),
    )

    assert [a.refusal.code for a in answers] == ["internal_invariant", "not_allowed"]
    assert {row.kind for row in hub.rows(tables.snag, owner="admin")} == {"broken_command"}
    expect_log("runs alone")
    expect_log("does not fit the tables")


@pytest.mark.parametrize(("rev", "code"), [(2, "too_new"), (0, "too_old")])
def test_a_revision_nobody_reads_is_refused_for_ever_and_blocks_nobody(hub: HubWorld, rev, code):
    hub.channel.must(bought("o1"))
    desk = hub.desk()
    strange = msgspec.structs.replace(desk.wish(Hold(order="o1", reason="ask")), rev=rev)
    answers = desk.send(strange, desk.wish(Hold(order="o1", reason="ask")))

    assert [a.refusal.code if a.refusal else a.status for a in answers] == [code, "applied"]
    assert desk.send(strange)[0] == answers[0]
    assert hub.rows(tables.command, cmd_id=strange.id)[0].rev == rev


def test_an_old_desks_command_is_decided_as_the_new_one_and_answered_the_same_twice(
    hub: HubWorld, monkeypatch
):
    hub.channel.must(bought("o1"))
    spec = dataclasses.replace(
        engine.SPECS["hold"], rev=2, upcasts={1: lambda args: {"order": args["order"], "reason": args["why"]}}
    )
    monkeypatch.setattr(upcast, "SPECS", {**engine.SPECS, "hold": spec})
    desk = hub.desk()
    old = msgspec.structs.replace(
        desk.wish(Hold(order="o1", reason="")), args=msgspec.Raw(b'{"order":"o1","why":"buyer asked"}')
    )
    answer = desk.send(old)[0]

    assert answer.status == "applied"
    assert hub.order().pause.reason == "buyer asked"
    assert desk.send(old)[0] == answer
