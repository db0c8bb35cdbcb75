"""A file taken back, and the same file again."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from shop_files import FEED, ShopFiles
from sqlalchemy import insert

from app.boot.importing import BY
from app.boot.opening import open_hub, tools_of
from app.commands.hold import Hold
from app.domain.company import Company, User
from app.domain.values import Role
from app.imports import UndoPlan
from app.trouble import Trouble
from sync import tables
from sync.hub.company import install_company
from sync.hub.database import writing
from sync.hub.imports.importing import Importing
from sync.hub.imports.records import Record
from sync.hub.imports.withdrawing import plan_undo
from sync.hub.verify import verify
from sync.hub.writer import Job, ReplicaInfo
from sync.wire import Wish

HEAD = ("订单号", "下单时间", "商家编码", "商品名称", "数量", "单价")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShopFiles:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    monkeypatch.setattr("app.boot.importing.PATIENCE_S", 0.0)
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")
    return ShopFiles(tmp_path)


def line(number: str, qty: int = 1) -> tuple[object, ...]:
    return (number, "2026-06-13 20:30:00", "A-1", "杯子", qty, "12.50")


def undo(files: ShopFiles, import_id: str) -> tuple[UndoPlan, Record]:
    """Plan an undo, do it, and hold the database to its promises."""
    running = open_hub(files.database)
    try:
        tools = tools_of(running)
        importing = Importing(tools)
        plan = plan_undo(tools, importing.find(import_id))
        record = importing.undo(import_id, BY, patience_s=0.0)
        report = verify(running.hub.engine, FEED)
    finally:
        running.close()
    assert report.findings == ()
    return plan, record


def touch(files: ShopFiles, number: str) -> None:
    """Let a person hold an order, as a desk would ask for it."""
    order, running = files.orders()[number], open_hub(files.database)
    hub, now = running.hub, running.hub.clock()
    lead = User(code="lead", title="lead", role=Role.LEAD)
    at = {"feed_id": FEED, "device_id": "pc"}
    with writing(hub.engine) as db:
        install_company(db, FEED, Company(title="", shops=(), warehouses=(), skus=(), users=(lead,)), now)
        db.execute(insert(tables.device).values(**at, enrolled_at=now))
        db.execute(
            insert(tables.replica).values(
                feed_id=FEED, replica_id="desk", kind="desk", owner="pc", made_at=now
            )
        )
        db.execute(
            insert(tables.login).values(
                **at, login_id="l", token_sha256=b"x", user_code="lead", replica_id="desk", made_at=now,
                expires_at=now,
            )
        )  # fmt: skip
    args = msgspec.Raw(msgspec.json.encode(Hold(order=order.id, reason="ask")))
    wish = Wish(n=1, id="desk#1", name="hold", rev=1, args=args, login="l", at=now)
    (answer,) = hub.writer.submit(Job(ReplicaInfo("desk", "desk"), [wish])).result(10)
    running.close()
    assert answer.status == "applied"


def status(files: ShopFiles) -> dict[str, str]:
    return {number: str(order.status) for number, order in files.orders().items()}


def test_untouched_orders_go_and_touched_ones_are_listed(files: ShopFiles):
    done = files.take(files.csv(HEAD, line("A"), line("B"), line("C")))
    touch(files, "B")

    plan, record = undo(files, done.import_id)

    assert (plan.cancels, plan.stays) == (2, 1)
    assert (record.state, record.cancelled, record.stays_count) == ("undone", 2, 1)
    assert [(one.number, one.why.message) for one in record.stays] == [("S1-00002", "Somebody worked on it.")]
    assert {n: s for n, s in status(files).items() if n != "B"} == {"A": "cancelled", "C": "cancelled"}
    assert status(files)["B"] != "cancelled"
    assert files.count("select count(*) from receipt where withdrawn_at is not null") == 3


def test_the_same_file_comes_again_as_if_it_had_never_been_here(files: ShopFiles):
    path = files.csv(HEAD, line("A"), line("B", qty=2))
    undo(files, files.take(path).import_id)

    again = files.take(path)

    assert (again.accepted, again.unchanged) == (2, 0)
    assert set(status(files).values()) == {"to_check"}
    assert files.count("select count(*) from orders") == 2
    assert files.take(path).unchanged == 2
    _, record = undo(files, again.import_id)
    assert record.cancelled == 2


def test_a_corrected_file_may_follow(files: ShopFiles):
    undo(files, files.take(files.csv(HEAD, line("A", qty=10))).import_id)

    files.take(files.csv(HEAD, line("A", qty=1)))

    assert files.orders()["A"].total_minor == 1250
    assert files.orders()["A"].lines[0].qty == 1


def test_an_order_another_file_speaks_of_stays(files: ShopFiles):
    files.take(files.csv(HEAD, line("A")))
    second = files.take(files.csv(HEAD, line("A", qty=3), line("B")))
    assert (second.new, second.changed) == (1, 1)

    _, record = undo(files, second.import_id)

    assert (record.cancelled, record.stays_count) == (1, 1)
    assert record.stays[0].why.message == "Another delivery speaks of it too."
    assert status(files) == {"A": "to_check", "B": "cancelled"}


def test_an_import_is_undone_once(files: ShopFiles):
    done = files.take(files.csv(HEAD, line("A")))
    undo(files, done.import_id)

    for import_id, code in ((done.import_id, "not_now"), ("nothing", "no_import")):
        with pytest.raises(Trouble) as caught:
            undo(files, import_id)
        assert caught.value.code == code


def test_rejected_rows_make_no_difference(files: ShopFiles):
    done = files.take(files.csv(HEAD, line("A"), line("B", qty=-1)))
    assert (done.accepted, done.rejected) == (1, 1)

    plan, record = undo(files, done.import_id)

    assert (plan.cancels, plan.stays, record.cancelled, record.stays_count) == (1, 0, 1, 0)
