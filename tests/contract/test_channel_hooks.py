"""Channels send by themselves: proven over their bytes, kept before anybody looks, understood once."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from hub_world import FEED, HubWorld
from polled_world import Polled

from sync import tables
from sync.connection_tables import wanted
from sync.hub.database import writing
from sync.hub.doorway import Doorway
from sync.hub.limits import Limits
from sync.hub.polling.deliveries import Deliveries
from sync.hub.polling.hooks import MOST_BYTES, hook_routes
from sync.hub.polling.wanting import ASKED, want
from sync.simulators import sale, shopify
from sync.simulators.known import PLATFORMS
from sync.simulators.platform import Heard, Pushing


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


class Sent(Polled):
    """A hub that a simulated platform sends to."""

    base = ""

    def send(self, heard: Heard, key: str = "") -> requests.Response:
        """Deliver what the platform said."""
        url = f"{self.base}/hooks/{key or self.hook_key}" + (f"?{heard.query}" if heard.query else "")
        return requests.post(url, heard.body, headers=dict(heard.headers), timeout=10)

    def push(self, no: int, delivery: int) -> Heard:
        assert isinstance(self.platform, Pushing)
        return self.platform.push(self.shop.sale(no), delivery)

    def understand(self) -> None:
        """Look at what came, read what is wanted, and decide all of it."""
        for _ in range(3):
            Deliveries(self.tools).step()
            self.poller.read_wanted(self.one())
            while self.drain.page():
                pass

    def verdicts(self) -> list[tuple[str, str]]:
        return sorted((row.via, row.verdict) for row in self.hub.rows(tables.raw))


@pytest.fixture
def sent(hub: HubWorld) -> Iterator[Callable[..., Sent]]:
    """`sent("shopify")`: a hub with its door open."""
    servers: list[uvicorn.Server] = []

    def stand(code: str, count: int = 20, **more: Any) -> Sent:
        from starlette.applications import Starlette

        world = Sent(hub, code, count, **more)
        door = Doorway(hub.engine, FEED, hub.clock, Limits())
        config = uvicorn.Config(
            Starlette(routes=hook_routes(world.tools, door, lambda: world.wire)),
            port=0,
            log_config=None,
            lifespan="off",
        )
        server = uvicorn.Server(config)
        servers.append(server)
        started = threading.Event()
        startup = server.startup

        async def told(sockets: Any = None) -> None:
            await startup(sockets)
            started.set()

        server.startup = told  # type: ignore[method-assign]
        threading.Thread(target=server.run, daemon=True).start()
        assert started.wait(30)
        world.base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        return world

    yield stand
    for server in servers:
        server.should_exit = True


@pytest.mark.parametrize("code", [code for code, kind in PLATFORMS.items() if issubclass(kind, Pushing)])
def test_what_a_platform_sends_becomes_its_order(sent: Callable[..., Sent], code: str):
    world = sent(code)

    answers = [world.send(world.push(no, no)).status_code for no in range(3)]
    world.understand()

    assert answers == [200, 200, 200]
    assert set(world.orders()) == {world.platform.ext_id(no) for no in range(3)}
    assert world.faults().keys() <= {"missing"}
    assert world.hub.verify().ok


def test_a_delivery_that_comes_again_is_answered_and_changes_nothing(sent: Callable[..., Sent]):
    world = sent("woocommerce")
    heard = world.push(4, 1)

    answers = [world.send(heard).status_code for _ in range(3)]
    world.understand()
    again = world.send(heard).status_code
    world.understand()

    assert (answers, again) == ([200, 200, 200], 200)
    assert len(world.orders()) == 1
    assert world.verdicts() == [("webhook", "duplicate")] * 3 + [("webhook", "new")]


@pytest.mark.parametrize("code", ["ebay", "douyin"])
def test_a_delivery_is_known_again_by_what_its_messages_are_called(sent: Callable[..., Sent], code: str):
    world = sent(code)
    first = world.push(4, 1)
    world.shop.clock.move(60)
    again = world.push(4, 1)

    answers = [world.send(one).status_code for one in (first, again, world.push(4, 2))]

    assert answers == [200, 200, 200]
    names = [row.delivery.partition(":")[0] for row in world.hub.rows(tables.hook_delivery)]
    assert names == ["sim1", "sim2"]
    assert world.verdicts() == [("webhook", "duplicate")]


def test_one_version_by_hook_and_by_list_is_one_order(sent: Callable[..., Sent]):
    world = sent("woocommerce", 5)
    for no in range(5):
        world.send(world.push(no, no))
    world.understand()
    world.settle()

    assert world.faults() == {}
    assert world.verdicts() == [("poll", "duplicate")] * 5 + [("webhook", "new")] * 5


def test_what_the_list_brought_first_is_a_duplicate_by_hook(sent: Callable[..., Sent]):
    world = sent("woocommerce", 3)
    world.settle()
    for no in range(3):
        world.send(world.push(no, no))
    world.understand()

    assert world.faults() == {}
    assert world.verdicts() == [("poll", "new")] * 3 + [("webhook", "duplicate")] * 3


def test_what_changes_without_another_version_is_taken_all_the_same(sent: Callable[..., Sent]):
    world = sent("woocommerce", 5)
    world.send(world.push(1, 1))
    world.understand()
    sale = world.shop.sale(1)
    before, sale.words = sale.modified, "ring twice"
    world.shop.touch(sale)
    sale.modified = before

    world.send(world.push(1, 2))
    world.understand()

    (order,) = world.orders().values()
    assert order.receiver.note == "ring twice"


def test_an_older_version_that_arrives_late_changes_nothing(sent: Callable[..., Sent]):
    world = sent("shopify")
    old = world.push(4, 1)
    sale = world.shop.sale(4)
    sale.words = "changed"
    world.shop.touch(sale)
    world.send(world.push(4, 2))
    world.understand()
    world.send(old)
    world.understand()

    (order,) = world.orders().values()
    assert order.receiver.note == "changed"
    assert world.verdicts() == [("webhook", "new"), ("webhook", "stale")]


def test_what_is_not_proven_is_not_kept(sent: Callable[..., Sent]):
    world = sent("shopify")
    heard = world.push(4, 1)
    changed = Heard("POST", "", "", heard.headers, heard.body + b" ")
    unsigned = Heard("POST", "", "", {"content-type": "application/json"}, heard.body)
    forged = Heard("POST", "", "", {**heard.headers, "x-shopify-hmac-sha256": "x"}, heard.body)

    answers = [world.send(one).status_code for one in (changed, unsigned, forged)]

    assert answers == [401, 401, 401]
    assert world.send(heard, key="nobodys").status_code == 401
    assert world.hub.rows(tables.hook_delivery) == []


def test_too_much_is_turned_away(sent: Callable[..., Sent]):
    world = sent("shopify")
    answer = world.send(Heard("POST", "", "", {}, b" " * (MOST_BYTES + 1)))

    assert answer.status_code == 413


def test_who_sends_too_often_is_told_when_to_come_back(
    sent: Callable[..., Sent], monkeypatch: pytest.MonkeyPatch
):
    from sync.hub import limits

    monkeypatch.setitem(limits.RATES, "hook", limits.Rate(2, 0.01))
    world = sent("shopify")
    answers = [world.send(world.push(no, no)) for no in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_who_makes_addresses_up_is_counted_before_they_are_looked_up(
    sent: Callable[..., Sent], monkeypatch: pytest.MonkeyPatch
):
    from sync.hub import limits

    monkeypatch.setitem(limits.RATES, "stranger", limits.Rate(3, 0.01))
    world = sent("shopify")
    known = world.send(world.push(1, 1)).status_code
    strangers = [world.send(world.push(2, 2), key=f"made-up-{n}").status_code for n in range(4)]

    assert known == 200
    assert strangers == [401, 401, 429, 429]
    assert world.send(world.push(3, 3)).status_code == 200


def test_the_ping_of_woo_is_answered(sent: Callable[..., Sent]):
    world = sent("woocommerce")
    ping = Heard("POST", "", "", {"content-type": "application/x-www-form-urlencoded"}, b"webhook_id=7")

    assert world.send(ping).status_code == 200
    assert world.hub.rows(tables.hook_delivery) == []


def test_a_delivery_that_is_no_json_is_put_before_a_person(sent: Callable[..., Sent]):
    import base64
    import hmac

    world = sent("shopify")
    body = b"{broken"
    signed = base64.b64encode(hmac.new(shopify.SECRET.encode(), body, "sha256").digest()).decode()
    answer = world.send(Heard("POST", "", "", {"x-shopify-hmac-sha256": signed}, body))
    world.understand()

    (row,) = world.hub.rows(tables.hook_delivery)
    assert answer.status_code == 200
    assert (row.state, row.body) == ("done", b"")
    assert [one.kind for one in world.hub.rows(tables.snag)] == ["unreadable_order"]


def test_deliveries_in_any_order_and_number_end_as_the_platform_has_it(sent: Callable[..., Sent]):
    world = sent("shopify", 6)
    deliveries = []
    for round_no in range(3):
        for no in range(6):
            sale = world.shop.sale(no)
            sale.words = f"{round_no}"
            world.shop.clock.move(1)
            world.shop.touch(sale)
            deliveries.append(world.push(no, round_no * 10 + no))
    shuffled = [deliveries[(7 * i) % len(deliveries)] for i in range(len(deliveries))]

    for heard in (*shuffled, *deliveries[::-1]):
        world.send(heard)
    world.understand()

    assert {order.receiver.note for order in world.orders().values()} == {"2"}
    assert len(world.orders()) == 6
    assert world.hub.verify().ok


def test_nobody_reads_a_delivery_where_it_lies(sent: Callable[..., Sent]):
    world = sent("woocommerce")
    heard = world.push(4, 1)
    name = json.loads(heard.body)["billing"]["last_name"]
    world.send(heard)

    (row,) = world.hub.rows(tables.hook_delivery)
    assert name.encode() in heard.body
    assert name.encode() not in row.body


# --- single orders --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(PLATFORMS))
def test_one_order_is_fetched_again(hub: HubWorld, code: str):
    world = Polled(hub, code, 5)
    ident = world.platform.ext_id(3)
    known = f"gid://shopify/Order/{ident}" if code == "shopify" else ident
    with writing(hub.engine) as db:
        want(db, FEED, "TM1", known, ASKED, hub.clock())

    world.poller.open_shop(world.one())
    world.poller.read_wanted(world.one())
    while world.drain.page():
        pass

    assert set(world.orders()) == {ident}
    assert [row.via for row in hub.rows(tables.raw)] == ["manual"]
    assert hub.rows(wanted) == []


def test_an_order_that_cannot_be_fetched_is_tried_later_and_not_for_ever(hub: HubWorld):
    world = Polled(hub, "pdd", 5)
    world.wire.cut_after = 0
    with writing(hub.engine) as db:
        want(db, FEED, "TM1", "nobodys", "said", hub.clock())

    tries = []
    for _ in range(9):
        world.poller.read_wanted(world.one())
        tries += [row.tries for row in hub.rows(wanted)]
        world.shop.clock.move(2000)

    assert tries == [1, 2, 3, 4, 5, 6, 7]


def test_a_channel_that_says_more_of_an_order_is_not_asked_sooner_and_a_person_is(hub: HubWorld):
    world = Polled(hub, "pdd", 5)

    def wants(why: str) -> Any:
        with writing(hub.engine) as db:
            want(db, FEED, "TM1", "nobodys", why, hub.clock())
        return hub.rows(wanted)[0]

    wants("said")
    world.poller.read_wanted(world.one())
    (failed,) = hub.rows(wanted)
    hub.clock.move(seconds=1)
    said, asked = wants("said"), wants(ASKED)

    assert (said.tries, said.not_before) == (1, failed.not_before)
    assert said.asked_at == hub.clock()
    assert (asked.tries, asked.not_before) == (0, hub.clock())


def test_a_refund_an_overlap_brings_again_is_not_written_again(hub: HubWorld):
    world = Polled(hub, "pdd", 6)
    world.settle()
    asks = world.shop.sale(3)
    asks.pieces[0].refund = sale.ASKED
    world.shop.touch(asks)
    world.shop.clock.move(200)
    world.poll(6)

    (heard,) = [row for row in hub.rows(tables.stream) if row.name == "refunds"]
    assert heard.orders > 1
    assert [row.verdict for row in hub.rows(tables.raw)].count("new") == 8
    assert [row.via for row in hub.rows(tables.raw) if row.verdict == "duplicate"] == []


# --- the nights -----------------------------------------------------------------------------------------


def test_what_the_lists_missed_comes_at_night_and_is_told(hub: HubWorld):
    no_overlap = {"streams": {"orders": {"window": {"overlap": "PT0S"}}}}
    world = Polled(hub, "pdd", 10, override=no_overlap, late_every=1)
    world.shop.arrive(3)
    world.poll(24)
    missing = world.faults()["missing"]

    world.shop.clock.move(86_400)
    world.poll(14)

    rows = {row.name: row for row in hub.rows(tables.stream)}
    assert len(missing) == 3
    assert world.faults() == {}
    assert "changes had been missed" in rows["orders again"].trouble
