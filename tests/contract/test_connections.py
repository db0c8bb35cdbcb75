"""Keys of shops stay sealed, a shop can be switched off, and the unreadable is put before a person."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from builders import SHOPS
from hub_world import ALL, FEED, SEAL, HubWorld
from polled_world import Polled

from app.boot.connect import main
from app.boot.simulate import keys
from app.domain.channels import LIKELY
from app.domain.scopes import Reach, Sees
from app.presenters.settings_shops import CHANNELS
from app.text import BOTH
from app.trouble import Trouble
from sync import tables
from sync.connection_tables import wanted
from sync.hub.database import writing
from sync.hub.polling.connections import Connected, connect, connected, switch
from sync.hub.polling.health import health
from sync.hub.polling.poller import Poller
from sync.hub.polling.shops_api import again, fetch, go_on, rest, seen
from sync.hub.polling.streams import read_again
from sync.hub.polling.taking import KeptKeys
from sync.manifest.caller import Answer
from sync.manifest.reading import built_in_ids, manifest_of
from sync.simulators.clock import Clock as SimulatedClock
from sync.simulators.known import PLATFORMS
from sync.simulators.shop import Shop as SimulatedShop
from sync.simulators.weather import Weather


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


def test_keys_are_sealed_and_never_logged(hub: HubWorld, caplog: pytest.LogCaptureFixture):
    world = Polled(hub, "pdd", 5, Weather(fail=1))
    world.poll(3)
    (row,) = hub.rows(tables.connection)
    secrets = set(world.platform.settings("").values()) - {""}

    assert not [one for one in secrets if one.encode() in row.settings]
    assert not [one for one in secrets if one in caplog.text]
    assert world.one().settings["client_secret"] == world.platform.settings("")["client_secret"]


def test_a_shop_that_is_switched_off_is_not_asked(hub: HubWorld):
    world = Polled(hub, "pdd", 5)
    with writing(hub.engine) as db:
        switch(db, FEED, "TM1", hub.clock(), is_on=False)
    world.poll()
    assert world.wire.asked == 0

    with writing(hub.engine) as db:
        switch(db, FEED, "TM1", hub.clock(), is_on=True)
    world.settle()
    assert world.faults() == {}


def test_renewed_keys_are_kept_whatever_else_was_changed_while_they_were_asked_for(
    hub: HubWorld, expect_log: Callable[[str], None]
):
    world = Polled(hub, "pdd", 0)
    typed = dict(world.one().settings)
    asks = KeptKeys(world.tools, world.one())
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, "TM1", "pdd", typed | {"stock": "on"}, hub.clock())
        switch(db, FEED, "TM1", hub.clock(), is_on=False)
    rests = KeptKeys(world.tools, connected_off(hub))
    asks.keep({"access_token": "new", "refresh_token": "next"})
    kept = connected_off(hub).settings

    rests.keep({"access_token": "late", "refresh_token": "lost"})

    assert kept == typed | {"stock": "on", "access_token": "new", "refresh_token": "next"}
    assert asks.newer(typed) == kept
    expect_log("were changed while they were renewed")


def connected_off(hub: HubWorld) -> Connected:
    """The shop, though it rests."""
    with writing(hub.engine) as db:
        return connected(db, FEED, SEAL, shop="TM1", are_off=True)[0]


def test_a_shop_whose_manifest_cannot_be_used_is_told_and_holds_up_no_other(
    hub: HubWorld, expect_log: Callable[[str], None]
):
    world = Polled(hub, "pdd", 5)
    keys = {"app_key": "a", "app_secret": "b", "access_token": "c"}
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, "DY1", "douyin", keys, hub.clock())
        row = tables.connection.c.shop == "DY1"
        over = '{"gone_since_the_upgrade": {}}'
        db.execute(tables.connection.update().where(row).values(override=over))

    world.settle()

    told = {shop.shop: shop for shop in health(hub.engine, FEED, SEAL, hub.clock()).shops}
    (wrong,) = told["DY1"].lists
    assert world.faults() == {}
    assert "cannot be used" in wrong.said.message
    assert wrong.said.params["what"].params["block"] == "gone_since_the_upgrade"
    assert told["TM1"].taken == 5
    expect_log("the manifest douyin cannot be used")


@pytest.mark.parametrize(
    ("shop", "settings", "said"),
    [
        ("TM9", {}, "There is no shop {shop}. Set it up first."),
        ("TM1", {"client_id": "x"}, "{channel} needs the setting {name}. Add it."),
        ("TM1", {"klient": "x"}, "{channel} has no setting {name}. Look at its spelling."),
    ],
)
def test_a_connection_that_cannot_work_is_refused_with_a_sentence(
    hub: HubWorld, shop: str, settings: dict[str, str], said: str
):
    with pytest.raises(Trouble) as refused, writing(hub.engine) as db:
        connect(db, FEED, SEAL, shop, "pdd", settings, hub.clock())

    assert refused.value.hint.message == said


def test_what_nobody_can_read_is_kept_once_and_put_before_a_person(hub: HubWorld):
    broken = {"map": {"line": {"qty": {"path": "goods_name"}}}}
    world = Polled(hub, "pdd", 3, override=broken)

    world.settle()
    world.poll(3)

    unreadable = [row for row in hub.rows(tables.raw) if row.verdict == "unreadable" and row.body]
    assert len([row for row in unreadable if row.via == "poll"]) == 3
    assert len(hub.rows(tables.snag)) == 3
    assert world.orders() == {}
    assert hub.verify().ok


def test_the_background_reader_reads_every_shop_and_ends(hub: HubWorld):
    world = Polled(hub, "pdd", 20)
    poller = Poller(world.tools, lambda: world.wire, lambda _seconds: None)

    poller.step()
    for work in poller.under_way:
        work.result(60)
    poller.close()
    while world.drain.page():
        pass

    assert len(world.orders()) > 0


# --- the verb -------------------------------------------------------------------------------------------


@pytest.fixture
def typed(
    hub: HubWorld, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """`typed("TM1", "--off")`: what `run.py connect` answers, and prints."""
    monkeypatch.setenv("DOCKET_HUB_KEY", base64.b64encode(bytes(range(32))).decode())

    def run(*words: str) -> tuple[int, str]:
        code = main([*words, "--database", database_url, "--lang", "en"])
        told = capsys.readouterr()
        return code, (told.out + told.err).strip()

    return run


KEYS = "Stands at http://x\n  client_id = a\n  client_secret = b=c\n  access_token = d\n"


def test_a_shop_is_connected_with_what_a_simulator_prints(
    hub: HubWorld, typed: Callable[..., tuple[int, str]], tmp_path: Path
):
    (tmp_path / "keys").write_text(KEYS)
    asked = ("TM1", "--channel", "pdd", "--settings", str(tmp_path / "keys"), "--since", "2026-06-13")

    code, address = typed(*asked)
    with writing(hub.engine) as db:
        (one,) = connected(db, FEED, SEAL)

    assert (code, address) == (0, f"/hooks/{one.hook_key}")
    assert one.settings == {"client_id": "a", "client_secret": "b=c", "access_token": "d"}
    assert one.since.isoformat() == "2026-06-13T00:00:00+00:00"
    assert typed(*asked) == (0, address)


def test_how_it_goes_is_told_without_any_key(hub: HubWorld, typed: Callable[..., tuple[int, str]]):
    world = Polled(hub, "pdd", 5)
    world.wire.cut_after = 0
    world.poll()

    code, told = typed("--list")

    assert code == 0
    assert "The channel cannot be reached." in told
    assert not [key for key in world.one().settings.values() if key in told]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name a shop, or ask for --list."),
        (("TM1",), "Name the channel and a file with the keys of the shop."),
        (("TM1", "--channel", "pdd", "--settings", "nowhere"), "The file cannot be read."),
        (("TM1", "--channel", "pdd", "--settings", "EMPTY"), "pdd needs the setting client_id. Add it."),
        (("TM1", "--channel", "pdd", "--settings", "EMPTY", "--since", "soon"), "A day is written like"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    typed: Callable[..., tuple[int, str]], tmp_path: Path, words: tuple[str, ...], said: str
):
    (tmp_path / "empty").write_text("{}")

    code, told = typed(*(str(tmp_path / "empty") if word == "EMPTY" else word for word in words))

    assert code == 2
    assert said in told


def test_a_desk_sees_what_is_wrong_in_the_words_of_the_channel_and_no_key(hub: HubWorld):
    world = Polled(hub, "taobao", 5, Weather(), settings={"session_expires_at": "2026-07-01 00:00:00"})
    world.poll()
    bad = b'{"error_response": {"code": 27, "msg": "Invalid session"}}'
    world.restart(lambda: lambda *_args: Answer(200, {}, bad))
    world.poll()

    told = health(hub.engine, FEED, SEAL, hub.clock())
    one = next(shop for shop in told.shops if shop.shop == "TM1")
    (missing,) = [shop for shop in told.shops if shop.shop != "TM1"]

    (trouble,) = [each.said for each in one.lists if each.tries and each.name == "orders"]
    assert BOTH in trouble.params["what"].message
    assert (one.state, one.taken, one.ends_at.day) == ("on", 5, 1)
    assert (missing.state, missing.channel) == ("none", LIKELY[SHOPS[missing.shop].channel])
    assert missing.needs
    keys = world.one().settings.values()
    assert not [key for key in keys if len(key) > 5 and key in msgspec.json.encode(told).decode()]


def test_every_channel_the_hub_calls_has_a_badge_that_leads_to_it():
    """A shop of Vendure was offered the generic one before."""
    called = {one for one in built_in_ids() if manifest_of(one).transport and not one.startswith("generic")}

    assert called == set(LIKELY.values())
    assert LIKELY.keys() < {badge for badge, _ in CHANNELS}


def test_a_shop_is_read_again_when_somebody_asks(hub: HubWorld):
    world = Polled(hub, "pdd", 5)
    world.settle()
    world.shop.clock.move(-20)
    asked = world.wire.asked
    for one in world.poller.shops():
        world.poller.read_shop(one)
    assert world.wire.asked == asked

    with writing(hub.engine) as db:
        read_again(db, FEED, "TM1", ["orders"])
    for one in world.poller.shops():
        world.poller.read_shop(one)

    assert world.wire.asked > asked
    assert world.faults() == {}


def test_one_order_is_fetched_when_a_clerk_asks_and_a_shop_that_rests_says_so(hub: HubWorld):
    world = Polled(hub, "pdd", 5)
    world.settle()
    (order, *_) = hub.rows(tables.orders)
    with writing(hub.engine) as db:
        fetch(db, world.tools, ALL, order.id)
        again(db, world.tools, ALL, "TM1")
    assert [row.ext_id for row in hub.rows(wanted)] == [order.ext_id]
    world.poll()
    assert hub.rows(wanted) == []

    with writing(hub.engine) as db:
        rest(db, world.tools, ALL, "TM1")
        for ask in (lambda: fetch(db, world.tools, ALL, order.id), lambda: rest(db, world.tools, ALL, "DY1")):
            with pytest.raises(Trouble, match="not_connected"):
                ask()


@pytest.mark.parametrize("ask", [rest, go_on, again])
def test_a_shop_is_unknown_to_who_does_not_work_for_it(hub: HubWorld, ask: Callable[..., None]):
    world = Polled(hub, "pdd", 0)
    before = hub.rows(tables.connection), hub.rows(tables.stream)

    with pytest.raises(Trouble, match="not_connected"), writing(hub.engine) as db:
        ask(db, world.tools, Reach(shops=("DY1",)), "TM1")

    assert (hub.rows(tables.connection), hub.rows(tables.stream)) == before
    assert [one.shop for one in seen(world.tools, Reach(shops=("DY1",))).shops] == ["DY1"]


@pytest.mark.parametrize(
    "reach", [Reach(shops=("DY1",)), Reach(sees=Sees.FLOOR, warehouses=("nowhere",)), Reach(sees=Sees.REVIEW)]
)
def test_an_order_outside_is_fetched_for_nobody(hub: HubWorld, reach: Reach):
    world = Polled(hub, "pdd", 5)
    world.settle()
    (order, *_) = hub.rows(tables.orders)

    with pytest.raises(Trouble, match="not_connected"), writing(hub.engine) as db:
        fetch(db, world.tools, reach, order.id)

    assert hub.rows(wanted) == []


def test_every_simulator_prints_what_its_shop_is_connected_with(hub: HubWorld):
    clock = SimulatedClock(0.0)
    with writing(hub.engine) as db:
        for code, kind in PLATFORMS.items():
            shown = keys(kind(SimulatedShop(0, clock), None), "http://127.0.0.1:1")
            assert connect(db, FEED, SEAL, "TM1", code, shown, hub.clock())
