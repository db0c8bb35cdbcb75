"""Files over the wire: a desk hands them in, watches, stops, takes back, and gets the rejected rows."""

from __future__ import annotations

import csv
import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
import uvicorn
from hub_world import entry

from app.boot.opening import FEED_ID, Running, open_hub
from app.domain.company import Company, User, Warehouse
from app.domain.values import Role
from app.imports import ImportRow, Matching, Reading
from app.trouble import Trouble
from sync.hub.access import set_password
from sync.hub.api import application
from sync.hub.company import install_company
from sync.hub.database import writing
from sync.hub.jobs import Every
from sync.hub.verify import verify
from sync.replica.imports import Imports
from sync.transport import Transport

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test
HEAD = ("订单号", "下单时间", "商家编码", "商品名称", "数量", "单价")
GOOD = [(f"N{i}", "2026-06-13 20:30", "A-1", "杯子", 1, "12.50") for i in range(5)]
BAD = ("N9", "2026-06-13 20:30", "A-1", "杯子", -1, "12.50")


class Line:
    """Stands for `sync.replica.link.Link`: one person, signed in."""

    def __init__(self, url: str, user: str) -> None:
        self.url, self.user, self.signed_in = url, user, 0
        self._token = ""
        self.renew("")

    def token(self) -> str:
        return self._token

    def forget(self) -> None:
        self._token = "x" * 43

    def renew(self, _used: str) -> bool:
        line = self.connect()
        asked = entry(self.user, PASSWORD, f"pc-{self.user}", self.user, line.health().hub_time)
        self._token, self.signed_in = line.sign_in(asked).token, self.signed_in + 1
        line.close()
        return True

    def connect(self) -> Transport:
        return Transport(self.url, self.token)


class World:
    """A hub that listens, drains and can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder, f"sqlite:///{folder / 'hub.db'}"
        self.start()

    def start(self) -> None:
        self.running: Running = open_hub(self.database)
        self.running.hub.is_own = True
        config = uvicorn.Config(application(self.running.hub), port=0, log_config=None, lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        pause = threading.Event()
        while not self.server.started:
            pause.wait(0.01)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.drain = Every("drain", 0.05, self.running.drain)
        self.drain.start()

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.drain.stop()
        self.running.close()

    def people(self) -> None:
        users = tuple(
            User(code=r.value, title=r.value, role=r) for r in (Role.CLERK, Role.LEAD, Role.WAREHOUSE)
        )
        house = Warehouse(code="SZ", title="苏州", city="苏州")
        only = Company(title="", shops=(), warehouses=(house,), skus=(), users=users)
        with writing(self.running.hub.engine) as db:
            install_company(db, FEED_ID, only, self.running.hub.clock())
            for user in users:
                set_password(db, FEED_ID, user.code, PASSWORD)

    def desk(self, user: str = "clerk") -> Imports:
        return Imports(Line(self.url, user), lambda: "en")  # type: ignore[arg-type]

    def file(self, *rows: Any, name: str = "orders.csv") -> str:
        path = self.folder / name
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(rows)
        return str(path)

    def left(self) -> list[str]:
        """What lies in the hub's folder for files."""
        return sorted(path.name for path in (self.folder / "imports").glob("*"))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    made = World(tmp_path)
    made.people()
    yield made
    made.close()


def ended(desk: Imports, run: str) -> ImportRow:
    pause = threading.Event()
    while (row := desk.row(run)).is_moving:
        pause.wait(0.02)
    return row


def handed_in(desk: Imports, *paths: str, shop: str = "S1") -> tuple[list[str], Matching]:
    files = [desk.look(path, Reading()).id for path in paths]
    return files, desk.match(shop, files, {})


def test_a_file_goes_from_a_desk_to_the_orders_and_leaves_nothing_behind(world: World):
    desk = world.desk()
    look = desk.look(world.file(("六月",), HEAD, *GOOD, BAD), Reading())
    assert (look.kind, look.reading.encoding, look.reading.header_row, look.rows) == ("csv", "gb18030", 2, 6)
    assert look.columns == HEAD

    matching = desk.match("S1", [look.id], {})
    assert (matching.missing, matching.asks, matching.is_kept) == ((), (), False)
    assert {c.column: (c.field, c.trust) for c in matching.columns}["单价"] == ("price", "sure")

    sample = desk.sample("S1", [look.id], matching)
    assert [cell.text for cell in sample.rows[0].cells] == [
        "N0", "2026-06-13 20:30", "A-1", "杯子", "1", "¥12.50",
    ]  # fmt: skip
    assert sample.rows[-1].problem is not None

    dry = ended(desk, desk.rehearse("S1", [look.id], matching)).account
    assert (dry.read, dry.new, dry.rejected, dry.orders) == (6, 5, 1, 5)

    row = ended(desk, desk.begin("S1", [look.id], matching))
    assert (row.state, row.account.new, row.account.rejected, row.by) == ("done", 5, 1, "clerk")
    assert [one.id for one in desk.past()] == [row.id]
    assert world.left() == []
    assert verify(world.running.hub.engine, FEED_ID).findings == ()


def test_the_rejected_rows_come_back_as_a_file(world: World):
    desk = world.desk()
    files, matching = handed_in(desk, world.file(HEAD, *GOOD, BAD))
    row = ended(desk, desk.begin("S1", files, matching))

    assert desk.save_rejected(row.id, str(world.folder / "back.csv")) == 1

    with (world.folder / "back.csv").open(encoding="utf-8-sig", newline="") as file:
        (back,) = csv.DictReader(file)
    assert (back["订单号"], back["row"]) == ("N9", "7")
    assert back["reason"].startswith("数量 is negative.")
    pause = threading.Event()
    while world.left():  # the hub deletes its copy once it is sent
        pause.wait(0.01)


def test_of_several_files_each_has_its_own_rejected_rows(world: World):
    desk = world.desk()
    orders = world.file(
        ("OrderID", "OrderDate", "Status"), ("1", "never", "paid"), ("2", "2026-01-01", "paid")
    )
    lines = world.file(
        ("OrderID", "ProductID", "Quantity", "UnitPrice"),
        ("1", "p", 1, 1), ("2", "p", 1, 1), ("3", "p", 1, 1),
        name="lines.csv",
    )  # fmt: skip
    files, matching = handed_in(desk, orders, lines)
    (join,) = matching.joins
    assert (join.keys, join.matched, join.left_alone, join.right_alone) == (("OrderID", "OrderID"), 2, 0, 1)
    row = ended(desk, desk.begin("S1", files, matching))
    assert [(f.name, f.new, f.rejected) for f in row.account.files] == [
        ("orders.csv", 1, 1),
        ("lines.csv", 1, 2),
    ]

    desk.save_rejected(row.id, str(world.folder / "back.zip"))

    archive = zipfile.ZipFile(io.BytesIO((world.folder / "back.zip").read_bytes()))
    assert archive.namelist() == ["orders.rejected.csv", "lines.rejected.csv"]
    assert len(archive.read("lines.rejected.csv").splitlines()) == 3


def test_what_a_person_said_of_a_column_is_decided_by_nothing_else(world: World):
    desk = world.desk()
    path = world.file(("订单号", "下单时间", "商家编码", "备注一", "数量", "单价"), *GOOD)
    file = desk.look(path, Reading()).id

    by_hand = desk.match("S1", [file], {"0/备注一": ("title", ""), "0/商家编码": ("", "")})

    fields = {c.column: (c.field, c.trust) for c in by_hand.columns}
    assert fields["备注一"] == ("title", "manual")
    assert fields["商家编码"] == ("", "manual")
    ended(desk, desk.begin("S1", [file], by_hand))
    again = desk.match("S1", [desk.look(path, Reading()).id], {})
    assert again.is_kept
    assert {c.column: c.field for c in again.columns}["备注一"] == "title"


def test_a_renamed_column_turns_a_kept_mapping_red_before_anything_goes_in(world: World):
    desk = world.desk()
    odd = ("Ref", "When", "Ware", "杯子", "Stück", "Preis")
    said = {
        "0/Ref": ("number", ""), "0/When": ("ordered_at", "ymd"), "0/Ware": ("sku", ""),
        "0/Stück": ("qty", ""), "0/Preis": ("price", "dot"),
    }  # fmt: skip
    file = desk.look(world.file(odd, *GOOD, name="odd.csv"), Reading()).id
    ended(desk, desk.begin("S1", [file], desk.match("S1", [file], said)))

    renamed = ("Ref", "Moment", "Ware", "杯子", "Stück", "Preis")
    file = desk.look(world.file(renamed, *GOOD, name="renamed.csv"), Reading()).id
    matching = desk.match("S1", [file], {})

    assert [(c.column, c.field) for c in matching.columns if c.is_lost] == [("When", "ordered_at")]
    assert matching.missing == ("Ordered at",)
    with pytest.raises(Trouble) as caught:
        desk.begin("S1", [file], matching)
    assert caught.value.code == "mapping"


def test_dates_that_read_both_ways_are_asked_and_answered(world: World):
    desk = world.desk()
    file = desk.look(world.file(HEAD, ("A", "03/04/2026", "A-1", "杯子", 1, 1)), Reading()).id
    asked = desk.match("S1", [file], {})
    assert [text.params for text in asked.asks] == [{"column": "下单时间"}]

    said = desk.match("S1", [file], {"0/下单时间": ("ordered_at", "dmy")})

    assert said.asks == ()
    assert desk.sample("S1", [file], said).rows[0].cells[1].text == "2026-04-03 00:00"


def test_taking_a_file_back_is_planned_and_done(world: World):
    desk = world.desk("lead")
    files, matching = handed_in(desk, world.file(HEAD, *GOOD))
    row = ended(desk, desk.begin("S1", files, matching))

    plan = desk.undo_plan(row.id)
    assert (plan.cancels, plan.stays) == (5, 0)
    desk.undo(row.id)

    undone = ended(desk, row.id)
    assert undone.state == "undone"
    assert undone.note is not None
    assert undone.note.params == {"count": 5, "stays": 0}
    with pytest.raises(Trouble) as caught:
        desk.undo(row.id)
    assert caught.value.code == "not_now"


def test_an_import_that_was_stopped_keeps_what_is_in_and_says_so(world: World):
    desk = world.desk()
    many = [(f"M{i}", "2026-06-13 20:30", "A-1", "杯子", 1, "12.50") for i in range(6_000)]
    files, matching = handed_in(desk, world.file(HEAD, *many))
    run = desk.begin("S1", files, matching)
    pause = threading.Event()
    while not desk.row(run).account.new:
        pause.wait(0.01)

    desk.stop(run)

    row = ended(desk, run)
    assert row.state == "stopped"
    assert 0 < row.account.new < len(many)
    assert row.note is not None
    assert row.note.message.startswith("Stopped by hand.")
    files, matching = handed_in(desk, world.file(HEAD, *many))
    rest = ended(desk, desk.rehearse("S1", files, matching)).account
    assert rest.unchanged >= row.account.new
    assert rest.new + rest.unchanged == len(many)


def test_a_hub_that_was_stopped_in_the_middle_goes_on_by_itself(world: World):
    desk = world.desk()
    many = [(f"M{i}", "2026-06-13 20:30", "A-1", "杯子", 1, "12.50") for i in range(3_000)]
    files, matching = handed_in(desk, world.file(HEAD, *many))
    run = desk.begin("S1", files, matching)
    pause = threading.Event()
    while not desk.row(run).account.new:
        pause.wait(0.01)
    world.close()

    world.start()
    assert world.running.hub.counter is not None
    world.running.hub.counter.resume()

    row = ended(world.desk(), run)
    assert (row.state, row.note) == ("done", None)
    assert (row.account.read, row.account.new, row.account.rejected) == (3_000, 3_000, 0)
    assert world.left() == []
    assert verify(world.running.hub.engine, FEED_ID).findings == ()


def test_who_may_not_import_is_told_at_every_door(world: World):
    floor = Line(world.url, "warehouse")
    http = requests.Session()
    http.headers["authorization"] = f"Bearer {floor.token()}"
    asked = [
        ("POST", "/v1/files", b'{"name":"a","size":1}'), ("PUT", "/v1/files/x/0", b"1"),
        ("POST", "/v1/files/x/look", b"{}"), ("POST", "/v1/imports/match", b'{"shop":"S","files":["x"]}'),
        ("POST", "/v1/imports/sample", b'{"shop":"S","files":["x"],"plan":""}'),
        ("POST", "/v1/imports/rehearse", b'{"shop":"S","files":["x"],"plan":""}'),
        ("POST", "/v1/imports", b'{"shop":"S","files":["x"],"plan":""}'), ("GET", "/v1/imports", b""),
        ("GET", "/v1/imports/x", b""), ("POST", "/v1/imports/x/stop", b""),
        ("GET", "/v1/imports/x/undo", b""),
        ("POST", "/v1/imports/x/undo", b""), ("GET", "/v1/imports/x/rejected", b""),
    ]  # fmt: skip

    answers = [http.request(method, world.url + path, data=body, timeout=10) for method, path, body in asked]
    http.headers["authorization"] = ""
    strangers = [
        http.request(method, world.url + path, data=body, timeout=10) for method, path, body in asked
    ]

    assert {(a.status_code, a.json()["code"]) for a in answers} == {(403, "not_allowed")}
    assert {(a.status_code, a.json()["code"]) for a in strangers} == {(401, "sign_in")}


def test_a_file_belongs_to_who_handed_it_in(world: World):
    file = world.desk("clerk").look(world.file(HEAD, *GOOD), Reading()).id

    with pytest.raises(Trouble) as caught:
        world.desk("lead").match("S1", [file], {})

    assert caught.value.code == "no_file"


@pytest.mark.parametrize(
    ("at", "part", "code"),
    [(0, b"123456", "bad_part"), (9, b"1", "bad_part"), (0, b"x" * 1_100_000, "too_large")],
    ids=["more than announced", "a gap", "too large a part"],
)
def test_parts_that_do_not_fit_are_refused(world: World, at: int, part: bytes, code: str):
    line = Line(world.url, "clerk")
    transport = line.connect()
    file = transport.ask("POST", "/v1/files", str, b'{"name":"a.csv","size":4}')
    http = requests.Session()
    http.headers["authorization"] = f"Bearer {line.token()}"

    answer = http.put(f"{world.url}/v1/files/{file}/{at}", data=part, timeout=10)

    assert answer.json()["code"] == code
    assert http.put(f"{world.url}/v1/files/{file}/0", data=b"12", timeout=10).json() == 2
    assert http.put(f"{world.url}/v1/files/{file}/0", data=b"12", timeout=10).json() == 2
    assert http.put(f"{world.url}/v1/files/{file}/2", data=b"34", timeout=10).json() == 4
    transport.close()


@pytest.mark.parametrize(
    "plan", ["", "{}", '{"bindings":[{"field":"x","column":"y"}]}', "[" * 5_000, '{"main":11}']
)
def test_a_plan_nobody_made_is_refused(world: World, plan: str):
    desk = world.desk()
    files, matching = handed_in(desk, world.file(HEAD, *GOOD))

    with pytest.raises(Trouble) as caught:
        desk.begin("S1", files, msgspec.structs.replace(matching, plan=plan))

    assert caught.value.code in {"bad_request", "mapping", "headers"}
    assert desk.past() == []


def test_a_token_that_ran_out_is_renewed_on_the_way(world: World):
    line = Line(world.url, "clerk")
    desk = Imports(line)  # type: ignore[arg-type]
    line.forget()

    assert desk.look(world.file(HEAD, *GOOD), Reading()).rows == 5
    assert line.signed_in == 2
