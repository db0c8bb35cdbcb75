"""The hub over real HTTP: what a desk may ask, and what it is told when it asks wrongly."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
import uvicorn
import zstandard
from builders import NOW
from hub_world import FEED, SEAL, HubWorld, bought, entry, signer

from app.command import Command
from app.commands.cancel import Cancel
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.domain.order import Order
from app.domain.values import Receiver, Role
from app.engine import spec_of
from sync.hub.access import set_password
from sync.hub.api import Hub, application
from sync.hub.database import connect_database, writing
from sync.hub.limits import Impatient
from sync.hub.snapshot import Snapshots
from sync.hub.writer import Writer
from sync.replica.renewal import digest
from sync.tables import feed, reveal
from sync.wire import SCHEMA, Wish

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test
DOOR = "secret-door"


class Desk:
    """A desk that speaks HTTP by hand."""

    def __init__(self, url: str, user: str) -> None:
        self.url, self.user, self.replica, self.pc = url, user, f"replica-{user}", f"pc-{user}"
        self.refresh = f"the refresh token of {user}"
        self.http = requests.Session()
        self.http.trust_env = False
        self.n = 0

    def sign_in(self, password: str = PASSWORD, new_password: str = "") -> requests.Response:
        told_at = datetime.fromisoformat(self.http.get(f"{self.url}/v1/health").json()["hub_time"])
        more = {"next": digest(self.refresh), "new_password": new_password}
        asked = entry(self.user, password, self.pc, self.replica, told_at, **more)
        answer = self.http.post(f"{self.url}/v1/sign_in", data=msgspec.json.encode(asked))
        if answer.ok:
            self.login = answer.json()
            self.http.headers["authorization"] = f"Bearer {self.login['token']}"
        return answer

    def wish(self, command: Command, n: int, **changes: Any) -> Wish:
        """A command as this desk signs it."""
        spec = spec_of(command)
        made = Wish(
            n=n,
            id=f"{self.replica}-{n}",
            name=spec.code,
            rev=spec.rev,
            args=msgspec.Raw(msgspec.json.encode(command)),
            login=self.login["login"],
            at=NOW,
        )
        (signed,) = signer(self.pc).signed(self.replica, [msgspec.structs.replace(made, **changes)])
        return signed

    def push(self, *wishes: Wish, **changes: Any) -> requests.Response:
        body = {
            "replica": self.replica,
            "epoch": self.login["epoch"],
            "schema": SCHEMA,
            "commands": list(wishes),
        } | changes
        return self.http.post(f"{self.url}/v1/push", data=msgspec.json.encode(body))

    def pull(self, **params: Any) -> requests.Response:
        return self.http.get(f"{self.url}/v1/pull", params=params)

    def receiver(self, order: str) -> requests.Response:
        return self.http.post(f"{self.url}/v1/receiver", json={"order": order})

    def orders(self) -> dict[str, Order]:
        changes = self.pull(cursor=0).json()["changes"]
        return {c[4]: msgspec.convert(c[5], Order) for c in changes if c[2] == "order"}


@pytest.fixture
def served(hub: HubWorld, tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """`served("clerk")`: a desk at a hub that listens, with that person signed in."""
    with writing(hub.engine) as db:
        for user in ("clerk", "warehouse", "lead", "admin"):
            set_password(db, FEED, user, PASSWORD)
        epoch = db.execute(feed.select()).one().epoch
    snapshots = Snapshots(hub.engine, FEED, SEAL, tmp_path / "snapshots")
    running = Hub(hub.engine, FEED, epoch, SEAL, hub.writer, snapshots, hub.clock, DOOR, is_own=True)
    config = uvicorn.Config(application(running), port=0, log_config=None, lifespan="off", http=Impatient)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    pause = threading.Event()
    while not server.started:
        pause.wait(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/{DOOR}"

    def desk(user: str) -> Desk:
        made = Desk(url, user)
        made.sign_in().raise_for_status()
        return made

    yield desk
    server.should_exit = True
    thread.join(10)


Served = Callable[[str], Desk]


def test_only_who_knows_the_door_finds_the_hub(served: Served):
    desk = served("clerk")
    root = desk.url.removesuffix(f"/{DOOR}")

    assert desk.http.get(f"{desk.url}/v1/health").json().keys() == {"schema", "hub_time"}
    assert desk.http.get(f"{root}/v1/health").status_code == 404


def test_a_wrong_password_is_told_and_the_sixth_try_is_locked(served: Served):
    desk = served("clerk")
    for _ in range(5):
        answer = desk.sign_in("wrong")
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")

    locked = desk.sign_in()

    assert (locked.status_code, locked.json()["code"]) == (429, "locked")
    assert int(locked.headers["retry-after"]) > 0


@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer " + "x" * 43, "Basic abc", "Bearer " + "x" * 300])
def test_without_a_token_nothing_is_told(served: Served, token: str):
    desk = served("clerk")
    desk.http.headers["authorization"] = token

    answers = [desk.push(), desk.pull(cursor=0), desk.http.get(f"{desk.url}/v1/snapshot")]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(401, "sign_in")] * 3


def test_a_push_is_answered_and_repeating_it_gives_the_same_answer(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1"))
    desk = served("clerk")
    wish = desk.wish(Cancel(order="o1", reason="asked"), 1)

    first, again = desk.push(wish).json(), desk.push(wish).json()

    assert first["results"][0]["status"] == "applied"
    assert first["next_n"] == 2
    assert again["results"] == first["results"]
    assert len(hub.rows(feed)) == 1


def test_a_missing_number_and_a_second_content_stop_a_push(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1"))
    desk = served("clerk")
    desk.push(desk.wish(Cancel(order="o1", reason="asked"), 1))

    gap = desk.push(desk.wish(Cancel(order="o1", reason="asked"), 3))
    fork = desk.push(desk.wish(Cancel(order="o1", reason="other"), 1))

    assert (gap.status_code, gap.json()["code"], gap.json()["expect"]) == (409, "gap", 2)
    assert (fork.status_code, fork.json()["code"]) == (409, "fork")


def test_another_epoch_a_newer_schema_and_a_strange_replica_stop_a_push(served: Served):
    desk = served("clerk")

    epoch = desk.push(epoch="of-another-life")
    newer = desk.push(schema=SCHEMA + 1)
    strange = desk.push(replica="replica-lead")

    assert (epoch.status_code, epoch.json()["epoch"]) == (409, desk.login["epoch"])
    assert newer.status_code == desk.pull(cursor=0, schema=SCHEMA + 1).status_code == 426
    assert strange.status_code == 403
    assert desk.pull(cursor=0, epoch="of-another-life").status_code == 409


def test_too_much_at_once_is_refused_packed_or_not(served: Served):
    desk = served("clerk")
    wish = desk.wish(Cancel(order="o1", reason="x"), 1)

    many = desk.push(*[wish] * 101)
    large = desk.push(desk.wish(Cancel(order="o1", reason="x" * 1_200_000), 1))
    bomb = desk.http.post(
        f"{desk.url}/v1/push", data=gzip.compress(b" " * 50_000_000), headers={"content-encoding": "gzip"}
    )

    assert [many.status_code, large.status_code, bomb.status_code] == [413, 413, 413]


@pytest.mark.parametrize("change", [{"n": -1}, {"n": 10**30}, {"rev": 10**12}, {"at": "2026-06-13T12:30:00"}])
def test_a_command_no_table_can_hold_is_not_understood(served: Served, change: dict[str, Any]):
    desk = served("clerk")

    wish = desk.wish(Cancel(order="o1", reason="x"), 1)
    answer = desk.push(commands=[msgspec.json.decode(msgspec.json.encode(wish)) | change])

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 60_000, b"\xff", b'{"replica": 7}'])
def test_what_is_no_message_is_not_understood(served: Served, body: bytes):
    desk = served("clerk")

    assert desk.http.post(f"{desk.url}/v1/push", data=body).status_code == 400
    assert desk.http.post(f"{desk.url}/v1/sign_in", data=body).status_code == 400


@pytest.mark.parametrize("params", [{"cursor": "-1"}, {"cursor": "9" * 30}, {"limit": "x"}, {"wait": "²"}])
def test_numbers_in_the_address_are_checked(served: Served, params: dict[str, str]):
    assert served("clerk").pull(**params).status_code == 400


def test_a_header_without_end_is_never_taken(served: Served, expect_log: Callable[[str], None]):
    desk = served("clerk")
    taken = 0

    with suppress(requests.ConnectionError):  # the hub hangs up while the header still comes
        taken = desk.http.get(f"{desk.url}/v1/health", headers={"x": "y" * 8_000_000}).status_code

    assert taken in (0, 400)
    expect_log("Invalid HTTP request")


def test_a_cursor_from_a_lost_future_loads_everything_again(hub: HubWorld, served: Served):
    answer = served("clerk").pull(cursor=hub.head() + 7, wait=20)

    assert (answer.status_code, answer.json()["code"]) == (410, "floor")


def test_a_waiting_pull_wakes_with_the_commit(hub: HubWorld, served: Served):
    desk, cursor = served("clerk"), hub.head()
    got: list[dict[str, Any]] = []
    waiting = threading.Thread(target=lambda: got.append(desk.pull(cursor=cursor, wait=20).json()))
    begun_s = time.monotonic()
    waiting.start()

    hub.channel.must(bought("o1"))
    waiting.join(15)

    assert [c[4] for c in got[0]["changes"] if c[2] == "order"] == ["o1"]
    assert time.monotonic() - begun_s < 5


def test_a_waiting_pull_sees_the_commit_of_another_hub(hub: HubWorld, served: Served):
    desk, cursor = served("clerk"), hub.head()
    got: list[dict[str, Any]] = []
    waiting = threading.Thread(target=lambda: got.append(desk.pull(cursor=cursor, wait=20).json()))
    engine = connect_database(hub.engine.url.render_as_string(hide_password=False))
    other = Writer(engine, FEED, SEAL, hub.clock)
    other.start()
    waiting.start()
    hub.writer, mine = other, hub.writer

    hub.channel.must(bought("o1"))
    committed_s = time.monotonic()
    waiting.join(15)
    took_s = time.monotonic() - committed_s

    hub.writer = mine
    other.stop()
    engine.dispose()
    assert got[0]["head"] == cursor + 1
    assert took_s < 1


def test_the_floor_reads_a_mask_where_a_clerk_reads_the_buyer(hub: HubWorld, served: Served):
    receiver = Receiver(
        name="季小雨", phone="13812345678", street="文晖路 7 号", note="轻放", raw="文晖路 7 号"
    )
    hub.channel.must(bought("o1", receiver=receiver))

    clerk, floor = served("clerk"), served("warehouse")

    assert clerk.orders()["o1"].receiver == receiver
    masked = floor.orders()["o1"].receiver
    assert masked.name == "季**"
    assert masked.phone == "138****5678"
    assert (masked.street, masked.note, masked.raw) == ("", "", "")
    assert "文晖路" not in floor.pull(cursor=0).text


def test_a_snapshot_comes_whole_or_in_parts(hub: HubWorld, served: Served, tmp_path: Path):
    hub.channel.must(bought("o1"))
    desk = served("clerk")
    url = f"{desk.url}/v1/snapshot"

    whole = desk.http.get(url)
    start = desk.http.get(url, headers={"range": "bytes=0-99"})
    rest = desk.http.get(url, headers={"range": "bytes=100-"})

    assert (start.status_code, rest.status_code) == (206, 206)
    assert start.content + rest.content == whole.content
    assert hashlib.sha256(whole.content).hexdigest() == whole.headers["docket-sha256"]
    plain = gzip.decompress(whole.content)
    assert len(plain) == int(whole.headers["docket-size"]) > len(whole.content)
    assert desk.http.head(url).headers["content-length"] == str(len(whole.content))
    file = tmp_path / "got.db"
    file.write_bytes(plain)
    with sqlite3.connect(file) as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_a_snapshot_is_packed_as_its_desk_can_unpack_it(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1"))
    desk = served("clerk")
    url = f"{desk.url}/v1/snapshot"

    old, new, strange = (desk.http.get(f"{url}{asked}") for asked in ("", "?packing=zstd", "?packing=br"))

    assert strange.content == old.content
    unpacked = zstandard.ZstdDecompressor().decompress(new.content, max_output_size=10**8)
    assert len(unpacked) == int(new.headers["docket-size"])
    assert len(new.content) < len(old.content)
    assert hashlib.sha256(new.content).hexdigest() == new.headers["docket-sha256"]


def test_the_floors_snapshot_holds_no_street(hub: HubWorld, served: Served):
    hub.channel.must(
        bought("o1", receiver=Receiver(name="季小雨", phone="13812345678", street="文晖路 7 号"))
    )

    clerk, floor = served("clerk"), served("warehouse")

    whole = [gzip.decompress(desk.http.get(f"{desk.url}/v1/snapshot").content) for desk in (clerk, floor)]
    assert ["文晖路".encode() in file for file in whole] == [True, False]
    assert [b"DK-o1" in file for file in whole] == [True, True]


BUYER = Receiver(name="季小雨", phone="13812345678", street="文晖路 7 号")


def test_for_a_label_the_floor_reads_one_receiver_and_the_hub_writes_it_down(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1", receiver=BUYER.with_memo("always complains")))
    hub.desk(Role.WAREHOUSE).must(Pick(order="o1", line="1", qty=1), Pack(order="o1"))
    floor = served("warehouse")

    answer = floor.receiver("o1")

    assert msgspec.convert(answer.json(), Receiver) == BUYER
    assert [(row.order_id, row.user_code, row.at) for row in hub.rows(reveal)] == [
        ("o1", "warehouse", hub.clock())
    ]


def test_before_the_parcel_is_closed_the_floor_reads_nobody(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1", receiver=BUYER))

    answer = served("warehouse").receiver("o1")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_packed")
    assert "文晖路" not in answer.text
    assert hub.rows(reveal) == []


def test_who_may_not_print_reads_nobody(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1", receiver=BUYER))
    hub.sql(
        "INSERT INTO user_grant (feed_id, user_code, code, allowed) VALUES (1, 'clerk', 'print_paper', false)"
    )

    answers = [served("clerk").receiver("o1"), served("lead").receiver("o9")]

    assert [answer.json()["code"] for answer in answers] == ["not_granted", "no_order"]
    assert hub.rows(reveal) == []


def test_a_delivery_is_asked_for_by_its_case_and_one_nobody_knows_is_said_so(hub: HubWorld, served: Served):
    clerk = served("clerk")

    answer = clerk.http.post(f"{clerk.url}/v1/raw", json={"case": "shop:TM1:none"})

    assert (answer.status_code, answer.json()["code"]) == (403, "no_case")
