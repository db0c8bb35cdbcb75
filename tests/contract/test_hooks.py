"""News on their way to other systems: signed, once, in order, whoever is down, and never into the house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hub_world import FEED, HubWorld, bought
from sqlalchemy import select, update
from system_that_listens import System

from app.commands.set_stock import SetStock
from app.domain.systems import NewHook
from app.domain.values import Role
from app.trouble import Trouble
from sync.hub.database import reading, writing
from sync.hub.outward import addresses
from sync.hub.outward.addresses import is_public, target_of
from sync.hub.outward.hooks import deliveries, end_hook, hooks, make_hook, send_again
from sync.hub.outward.posting import GIVES_UP, KEPT, Posting
from sync.hub.provider import Unsent
from sync.tables import hook, news

HOUSE = frozenset({"127.0.0.1"})


@pytest.fixture
def world(tmp_path) -> Iterator[HubWorld]:
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    yield hub
    hub.close()


@pytest.fixture
def system() -> Iterator[System]:
    made = System()
    yield made
    made.stop()


def hooked(world: HubWorld, system: System, code: str = "erp", kinds: tuple[str, ...] = ()) -> None:
    asked = NewHook(code=code, url=system.url, kinds=kinds)
    system.secret = make_hook(world.engine, FEED, "admin", asked, world.clock(), HOUSE).secret


def run(world: HubWorld, post: Posting, **later: float) -> None:
    world.clock.move(**(later or {"seconds": 1}))
    post.step()
    post.rest()


def posting(world: HubWorld) -> Posting:
    return Posting(world.engine, FEED, world.clock, HOUSE)


def kinds_of(system: System) -> list[str]:
    return [one["kind"] for one in system.got]


def test_what_happens_is_told_signed_in_order_and_once(world: HubWorld, system: System):
    world.channel.must(bought("o0"))
    hooked(world, system)
    world.channel.must(bought("o1"))
    post = posting(world)

    run(world, post)
    run(world, post)

    assert kinds_of(system)[0] == "order.received"
    assert {one["subject"] for one in system.got if one["kind"].startswith("order")} == {"o1"}
    assert system.false == 0
    assert len(system.ids) == len(set(system.ids)) == len(system.got)
    (told,) = hooks(world.engine, FEED)
    assert (told.waiting, told.tries, told.said) == (0, 0, "")
    assert {one.state for one in deliveries(world.engine, FEED, "erp")} == {"sent"}


def test_a_host_of_the_house_is_asked_for_by_its_name(
    world: HubWorld, system: System, monkeypatch: pytest.MonkeyPatch
):
    port = system.server.server_address[1]
    here = [(2, 1, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_args, **_more: here)

    status = addresses.post(target_of(f"http://erp:{port}/", {"erp"}), b"{}", {}, {"erp"})

    assert (status, system.hosts) == (200, {f"erp:{port}"})


def test_who_listens_for_some_kinds_hears_no_others(world: HubWorld, system: System):
    hooked(world, system, kinds=("stock.changed",))
    world.channel.must(bought("o1"))
    world.desk(Role.LEAD).must(SetStock(warehouse="SZ", sku="CT-180", on_hand=3, reason="count"))

    run(world, posting(world))

    assert set(kinds_of(system)) == {"stock.changed"}
    assert system.got[-1]["about"] == {
        "warehouse": "SZ", "sku": "CT-180", "on_hand": 3, "reserved": 0, "available": 3
    }  # fmt: skip


def test_news_a_hook_does_not_listen_for_are_looked_through_once(world: HubWorld, system: System):
    hooked(world, system, kinds=("stock.changed",))
    world.channel.must(bought("o1", paid_minor=0))
    post = posting(world)

    run(world, post)

    (row,), last = world.rows(hook), world.rows(news)[-1]
    assert ((row.seq, row.i), system.got) == ((last.seq, last.i), [])


def test_nothing_is_written_down_while_nobody_listens(world: HubWorld):
    world.channel.must(bought("o1"))

    assert world.rows(news) == []


def test_a_system_that_was_down_gets_all_once_in_order_and_holds_nobody_up(world: HubWorld, system: System):
    other = System()
    hooked(world, system, "erp")
    hooked(world, other, "wms")
    system.answers = [503] * 6
    post = posting(world)
    for i in range(6):
        world.channel.must(bought(f"o{i}"))
        run(world, post)

    got_meanwhile = {one["subject"] for one in other.got if one["kind"] == "order.received"}
    (down, _) = hooks(world.engine, FEED)
    assert (down.code, down.said, down.tries > 0, down.waiting > 0) == ("erp", "HTTP 503", True, True)
    assert got_meanwhile == {f"o{i}" for i in range(6)}
    for _ in range(6):
        run(world, post, minutes=2)
    other.stop()

    assert [one["id"] for one in system.got] == [one["id"] for one in other.got]
    assert len(system.ids) == len(set(system.ids))


def test_who_dies_after_sending_sends_the_same_again_under_the_same_id(world: HubWorld, system: System):
    hooked(world, system)
    world.channel.must(bought("o1"))
    run(world, posting(world))
    with writing(world.engine) as db:  # as if it had been killed before it wrote down how far it came
        db.execute(update(hook).values(seq=0, i=0, lease_until=None))
    told = list(system.ids)

    run(world, posting(world))

    assert system.ids == told


def test_what_is_refused_is_put_aside_and_sent_again_when_somebody_says_so(world: HubWorld, system: System):
    hooked(world, system, kinds=("order.received",))
    world.channel.must(bought("o1"), bought("o2"))
    system.answers = [422]
    post = posting(world)
    run(world, post)

    aside = deliveries(world.engine, FEED, "erp")
    assert [(one.state, one.status, one.subject) for one in aside] == [
        ("rejected", 422, "o1"),
        ("sent", 200, "o2"),
    ]
    send_again(world.engine, FEED, "erp", aside[0].id, world.clock())
    run(world, post)

    assert [one["subject"] for one in system.got] == ["o2", "o1"]
    assert {one.state for one in deliveries(world.engine, FEED, "erp")} == {"sent"}
    with pytest.raises(Trouble):
        send_again(world.engine, FEED, "erp", "999.0", world.clock())


def test_what_nobody_takes_for_days_does_not_hold_the_rest_up_for_ever(world: HubWorld, system: System):
    hooked(world, system, kinds=("order.received",))
    world.channel.must(bought("o1"), bought("o2"))
    system.answers = [500, 500]
    post = posting(world)
    run(world, post)
    run(world, post, seconds=GIVES_UP.total_seconds() + 1)

    states = {one.subject: one.state for one in deliveries(world.engine, FEED, "erp")}
    assert states == {"o1": "rejected", "o2": "sent"}


def test_a_hook_that_ended_gets_nothing_and_old_news_are_let_go(world: HubWorld, system: System):
    hooked(world, system)
    end_hook(world.engine, FEED, "admin", "erp", world.clock())
    world.channel.must(bought("o1"))
    post = posting(world)
    run(world, post)

    assert system.got == []
    assert world.rows(news) != []
    world.clock.move(seconds=KEPT.total_seconds() + 1)
    assert post.forget() is False
    assert world.rows(news) == []
    assert world.verify().findings == ()


def test_two_hubs_never_have_one_hook_in_hand(world: HubWorld, system: System):
    hooked(world, system)
    world.channel.must(*(bought(f"o{i}") for i in range(20)))
    first, second = posting(world), posting(world)
    world.clock.move(seconds=1)

    for post in (first, second):
        post.step()
    for post in (first, second):
        post.rest()
    run(world, first)

    with reading(world.engine) as db:
        told = [f"erp:{row.seq}.{row.i}" for row in db.execute(select(news).order_by(news.c.seq, news.c.i))]
    assert system.ids == told


# --- where to -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "100.64.0.1",  # noqa: S104
        "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "::",
    ],
)  # fmt: skip
def test_no_address_inside_is_public(address: str):
    assert not is_public(address)


def test_public_addresses_are():
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


@pytest.mark.parametrize(
    "url",
    [
        "", "erp.example.com", "ftp://erp.example.com/", "http://erp.example.com/", "https://a b/",
        "https://user:pw@erp.example.com/", "https://erp.example.com:99999/", "https://erp.example.com/#x",
        "https://[::1", f"https://erp.example.com/{'x' * 600}", "https://erp.example.com/\r\nX: y", "http://127.0.0.1/",
    ],
)  # fmt: skip
def test_what_is_no_address_to_send_to_is_refused_with_a_sentence(world: HubWorld, url: str):
    with pytest.raises(Trouble) as caught:
        make_hook(world.engine, FEED, "admin", NewHook(code="x", url=url), world.clock())

    assert caught.value.code == "bad_hook"


def test_a_name_that_leads_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_args, **_more: found)

    with pytest.raises(Unsent, match="private"):
        addresses.address_of(target_of("https://erp.example.com/"))
    assert addresses.address_of(target_of("https://erp.example.com/"), {"erp.example.com"}) == "93.184.216.34"


@pytest.mark.parametrize("wrong", [{"code": "a b"}, {"kinds": ("gossip",)}, {"code": "erp"}])
def test_a_hook_that_makes_no_sense_is_not_made(world: HubWorld, system: System, wrong: dict[str, Any]):
    hooked(world, system)
    asked = {"code": "wms", "url": "https://erp.example.com/"} | wrong

    with pytest.raises(Trouble) as caught:
        make_hook(world.engine, FEED, "admin", NewHook(**asked), world.clock(), HOUSE)

    assert caught.value.code == "bad_hook"
