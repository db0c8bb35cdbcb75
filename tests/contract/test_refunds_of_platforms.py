"""Refunds of every platform become facts of lines: what is paid back stays, what left is asked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import pick_all, ship_it
from hub_world import FEED, SEAL, HubWorld
from polled_world import Polled
from refund_kit import PAYS_BACK, Followed

from app.boot.words import console
from app.commands.pack import Pack
from app.commands.ship import Ship
from app.commands.split import Split
from app.domain.making import Part
from app.domain.values import Role
from sync import tables
from sync.hub.polling.deliveries import Deliveries
from sync.hub.polling.health import health
from sync.hub.polling.hooks import keep
from sync.simulators.known import PLATFORMS
from sync.simulators.weather import Weather

GOLDEN = Path(__file__).with_name("refund_golden.json")
ALL = sorted(PLATFORMS)


def partial(world: Followed) -> None:
    world.pay_back({1: 1})
    world.read()


def whole(world: Followed) -> None:
    world.pay_back({0: 2, 1: 3}, world.sale.postage_minor)
    world.read()


def a_sum(world: Followed) -> None:
    world.pay_back({}, 150)
    world.read()


def cancelled_request(world: Followed) -> None:
    world.ask(0)
    world.read()
    world.withdraw(0)
    world.read()


def asked(world: Followed) -> None:
    world.ask(0)
    world.read()


def asked_after_shipping(world: Followed) -> None:
    world.ship()
    world.ask(0)
    world.read()


def after_shipping(world: Followed) -> None:
    asked_after_shipping(world)
    world.pay_back({0: 2})
    world.read()


def whole_while_under_way(world: Followed) -> None:
    world.ship()
    whole(world)


def withdrawn_after_shipping(world: Followed) -> None:
    asked_after_shipping(world)
    world.withdraw(0)
    world.read()


OF_ORDERS = ("jd", "pdd")
"""Platforms that speak of a refund as one of the order."""

CASES: dict[str, Callable[[Followed], None]] = {
    one.__name__: one
    for one in (
        partial, whole, a_sum, asked, cancelled_request, asked_after_shipping, after_shipping,
        withdrawn_after_shipping, whole_while_under_way,
    )
}  # fmt: skip


def test_what_becomes_of_every_refund_is_what_we_wrote_down() -> None:
    found: dict[str, Any] = {}
    for code in ALL:
        for name, happens in CASES.items():
            if name == "a_sum" and code not in PAYS_BACK:
                continue
            world = Followed(code)
            happens(world)
            found[f"{code} {name}"] = world.outline()
    golden = msgspec.json.decode(GOLDEN.read_bytes())
    assert msgspec.json.decode(msgspec.json.encode(found)) == golden


@pytest.mark.parametrize("code", ALL)
def test_what_is_said_again_changes_nothing(code: str) -> None:
    world = Followed(code)
    partial(world)
    if code in PAYS_BACK:
        a_sum(world)
    before, heard = world.outline(), len(world.made.journal)

    again = [world.hear(said) for said in [*world.said(), *world.said()]]

    assert len(again) >= 2
    assert (world.outline(), len(world.made.journal)) == (before, heard)


@pytest.mark.parametrize("code", ["shopify", "woocommerce"])
def test_a_refund_is_one_fact_whether_the_order_names_it_or_the_list(code: str) -> None:
    listed, pushed = Followed(code), Followed(code)
    for world in (listed, pushed):
        world.pay_back({0: 1, 1: 2}, 150)
        world.pay_back({}, 250)

    listed.read()
    for said in pushed.pushed():
        assert pushed.hear(said)
    (named,) = {case.amount_minor for case in pushed.order.told.cases if case.amount_minor == 250}
    pushed.read()
    was = pushed.outline()
    for said in pushed.pushed():
        pushed.hear(said)

    assert named == 250
    assert (listed.outline(), pushed.outline()) == (was, was)
    assert [case[2:] for case in was["cases"]] == [["all", 0, 250], [0, 1, 19_900], [1, 2, 64_000]]


@pytest.mark.parametrize("code", ALL)
def test_what_is_heard_in_the_wrong_order_ends_the_same(code: str) -> None:
    right, wrong = Followed(code), Followed(code)
    heard: list[list[Any]] = []
    for world in (right, wrong):
        world.ask(0)
        early = list(world.said())
        world.pay_back({0: 2})
        heard.append([*early, *world.said()])
    late = heard[1][len(heard[1]) // 2 :]

    for said in heard[0]:
        right.hear(said)
    for said in [*late, *reversed(heard[1]), *late]:
        wrong.hear(said)

    assert wrong.outline() == right.outline()
    assert right.order.status != "released"


@pytest.mark.parametrize("code", [code for code in ALL if code not in OF_ORDERS])
def test_after_the_first_parcel_a_refund_stops_the_second(code: str) -> None:
    world = Followed(code)
    made, first, second = world.made, *world.order.lines
    parts = (Part("p1", ((first.id, first.qty),)), Part("p2", ((second.id, second.qty),)))
    made.must(Split(order="o1", parts=parts))
    ship_it(made, "p1")
    assert world.shop.ship(world.sale, world.platform.ext_id(world.sale.no), "SF", "SFp1", {0: first.qty})
    pick_all(made, "p2")
    made.must(Pack(order="p2"), Role.WAREHOUSE)

    world.pay_back({1: second.qty})
    world.read()

    assert "refund_requested" in {snag.kind for snag in made.order("p2").snags}
    refused = made.refused(Ship(order="p2", carrier="SF", tracking_no="SFp2"), Role.WAREHOUSE)
    assert refused in ("refund_asked", "called_off")
    assert made.order("p1").status in ("shipped", "completed")
    assert (made.order("p1").returns, made.order("p1").snags) == ((), ())


# --- the hub --------------------------------------------------------------------------------------------


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.mark.parametrize("code", sorted(PAYS_BACK))
def test_what_is_paid_back_while_somebody_pages_is_here_to_the_cent(hub: HubWorld, code: str):
    weather = Weather(change=1, throttle=7, fail=11)
    world = Polled(hub, code, 12, weather)

    world.poll(6)
    weather.change = 0
    world.settle()

    paid_back = [sale for sale in world.shop if sale.refunds]
    orders = world.orders()
    found = {
        sale.no: [
            case.amount_minor
            for case in orders[world.platform.ext_id(sale.no)].told.cases
            if case.state == "refunded" and case.amount_minor
        ]
        for sale in paid_back
    }
    assert len(paid_back) > 1
    assert found == {sale.no: [one.minor for one in sale.refunds] for sale in paid_back}
    assert [row.code for row in hub.rows(tables.stream)] == [""] * len(hub.rows(tables.stream))
    assert hub.verify().ok


def test_a_shop_that_is_too_old_for_its_list_of_refunds_is_read_and_says_what_it_needs(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
):
    world = Polled(hub, "woocommerce", 6)
    world.settle()
    monkeypatch.delitem(world.platform.calls, "GET refunds")
    world.shop.clock.move(86_400)
    sale = next(one for one in world.shop if one.state == "to_ship")
    world.shop.pay_back(sale, {0: 1})
    world.settle()

    (one,) = [shop for shop in health(hub.engine, FEED, SEAL, hub.clock()).shops if shop.state == "on"]
    (case,) = world.orders()[world.platform.ext_id(sale.no)].told.cases
    said = {each.name: console(each.said, "en") for each in one.lists if each.said}

    assert world.faults() == {}
    assert (case.state, case.amount_minor) == ("refunded", sale.refunds[0].minor)
    assert list(said) == ["refunds", "refunds again"]
    assert said["refunds"].startswith("Refunds are not read, orders are.")
    assert said["refunds"].endswith("It needs WooCommerce 9.0 or later. Update the shop.")
    assert [each.is_beside for each in one.lists if each.tries] == [True, True]


def test_a_refund_its_list_showed_too_late_is_heard_at_night(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    world = Polled(hub, "woocommerce", 6)
    world.settle()
    sale = next(one for one in world.shop if one.state == "to_ship")
    world.shop.pay_back(sale, {0: 1})
    with monkeypatch.context() as late:
        late.setattr(world.shop, "paid_back", lambda _start, _end: [])
        world.settle()
        world.settle()
        world.settle()

    def line() -> str:
        (case,) = world.orders()[world.platform.ext_id(sale.no)].told.cases
        return case.line

    world.poll(2)
    before = line()
    world.shop.clock.move(86_400)
    world.poll(4)

    assert (before, bool(line())) == ("", True)


def test_a_refund_that_is_pushed_and_listed_is_heard_as_one(hub: HubWorld):
    world = Polled(hub, "shopify", 6)
    world.settle()
    sale = next(one for one in world.shop if one.state == "to_ship")
    refund = world.shop.pay_back(sale, {0: 1})
    pushed = world.platform.push_refund(sale, refund, 1)
    pushing = Deliveries(world.tools)

    for name in ("a", "a", "b"):
        keep(world.tools, world.one(), name, pushed.headers["x-shopify-topic"], pushed.body)
    pushing.step()
    while world.drain.page():
        pass
    (heard,) = world.orders()[world.platform.ext_id(sale.no)].told.cases
    world.settle()

    assert (heard.state, heard.qty, heard.amount_minor) == ("refunded", 1, refund.minor)
    assert world.orders()[world.platform.ext_id(sale.no)].told.cases == (heard,)
    assert len(world.orders()) == len(world.shop)
    assert {row.verdict for row in hub.rows(tables.raw)} <= {"new", "duplicate"}
