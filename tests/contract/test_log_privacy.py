"""A day of the demo company, with everything logged and much going wrong: nobody's name is in the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import ahocorasick
import msgspec
import pytest
from sqlalchemy import Connection

from app.boot.demo import Shops, open_demo
from app.boot.demo_company import company
from app.boot.demo_orders import orders
from app.boot.hub import jobs
from app.boot.log import AsJson
from app.boot.metrics import figures
from app.boot.opening import FEED_ID, Running
from app.commands.recheck import Recheck
from app.domain.order import Order
from sync import tables
from sync.hub.database import open_database, reading, writing
from sync.hub.jobs import ask_as_worker
from sync.hub.keeping.backup import back_up
from sync.hub.seal import open_document
from sync.hub.writer import Job, ReplicaInfo, Writer
from sync.wire import Wish

SOUND, BENT = '"currency":"CNY"', '"currency":7'


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Everything any part of the program says, from DEBUG on, as the hub writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(AsJson())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(before)
    root.removeHandler(handler)


def personal(running: Running) -> set[str]:
    """Names, phones, streets and notes of everybody who ordered, as the hub can open them."""
    found: set[str] = set()
    with reading(running.hub.engine) as db:
        keys = {row.subject_id: row.wrapped for row in db.execute(tables.subject_key.select())}
        rows = db.execute(tables.orders.select()).all()
    for row in rows:
        key = running.hub.seal.unwrap(row.id, bytes(keys[row.id]))
        receiver = msgspec.json.decode(open_document(row.doc.encode(), key), type=Order).receiver
        found |= {receiver.name, receiver.phone, receiver.street, receiver.note}
    return {one for one in found if len(one) > 1}


def named(buyers: set[str], log: str) -> list[str]:
    """Whoever is named in the log, read once for all of them."""
    looked_for = ahocorasick.Automaton()
    for one in buyers:
        looked_for.add_word(one, one)
    looked_for.make_automaton()
    return sorted({one for _, one in looked_for.iter(log)})


def bend(db: Connection, sound: str, bent: str, where: str) -> None:
    """Make documents of orders unreadable, or readable again."""
    db.exec_driver_sql(f"UPDATE orders SET doc = replace(doc, '{sound}', '{bent}') WHERE {where}")


def broken(running: Running, n: int) -> list[Wish]:
    """Commands with somebody's data that cannot be decoded, decided, or written."""
    receive = next(iter(orders(company())))
    args = msgspec.json.encode(msgspec.structs.replace(receive, order="log-1", number="n" * 10))
    at = running.hub.clock()
    cut, strange = args[: len(args) // 2], args.replace(b'"qty":1', b'"qty":"one"')
    poison = args.replace(b'"order":"log-1"', b'"order":"log\\u0000-1"')
    return [
        Wish(n=n + i, id=f"log-{i}", name="receive", rev=1, args=msgspec.Raw(one), login="", at=at)
        for i, one in enumerate((b'"' + cut.replace(b'"', b"") + b'"', strange, poison))
    ]


def test_a_day_in_the_log_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: io.StringIO, incidents
):
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    running = open_demo(f"sqlite:///{tmp_path / 'hub.db'}")
    try:
        shops = Shops(running)
        for _ in range(10):
            shops.sell()
        for job in jobs(running):
            job._work()
        account = ReplicaInfo("file:log", "channel", "file:log")
        running.hub.writer.submit(Job(account, broken(running, 1))).result(60)
        with writing(running.hub.engine) as db:  # a row nobody can read, met by a drain and a verify
            first = "id = (SELECT min(id) FROM orders)"
            bend(db, SOUND, BENT, first)
            bad = db.exec_driver_sql("SELECT min(id) FROM orders").scalar_one()
        running.hub.writer.stop()
        fresh = Writer(running.hub.engine, FEED_ID, running.hub.seal, running.hub.clock)
        fresh.start()
        looking = Recheck(order=bad)
        worker = ReplicaInfo("worker:log", "worker", "worker:log")
        answers = ask_as_worker(running.hub.engine, FEED_ID, fresh, worker, [looking], running.hub.clock())
        assert [one.status for one in answers] == ["refused"]
        fresh.stop()
        made = back_up(running.hub.engine, tmp_path / "b", running.hub.clock() + timedelta(hours=1))
        figures(running)
        buyers = personal_of_sound(running)
    finally:
        running.close()

    log = said.getvalue() + repr(made)
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert any(line["level"] in ("warning", "error") for line in lines), "something went wrong on purpose"
    assert len(buyers) > 1_000
    assert named(buyers, log) == []
    incidents.records.clear()


def personal_of_sound(running: Running) -> set[str]:
    with writing(running.hub.engine) as db:
        bend(db, BENT, SOUND, "id <> ''")
    return personal(running)


def test_a_name_in_the_log_is_seen():
    assert named({"季小雨", "13800000000", "文晖路"}, '{"event": "季小雨 lives at 文晖路"}') == [
        "季小雨",
        "文晖路",
    ]


def test_a_fault_of_the_database_hides_what_it_met(tmp_path: Path):
    engine = open_database(f"sqlite:///{tmp_path / 'hub.db'}")
    with pytest.raises(Exception, match="parameters hidden") as fault, writing(engine) as db:
        db.execute(tables.ref.insert().values(feed_id=FEED_ID, tbl="x", pk=None, doc="季小雨", seq=1))
    assert "季小雨" not in str(fault.value)
    engine.dispose()
