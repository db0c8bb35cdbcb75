"""Orders sent by the exact minimum on a real hub: parcels, reservations, and the way back."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, SHOPS, line, receive
from hub_world import FEED, HubWorld

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.put_back import PutBack
from app.domain.catalogue import Sku, SkuMap
from app.domain.company import Warehouse
from app.domain.order import Status
from app.domain.source_policy import Policy
from app.domain.stock import Stock
from sync import tables
from sync.hub.replans import replans_of

SHELVES = {"A": "123", "B": "456", "C": "1245"}
LINES = tuple(line(n, ext_sku=f"X-{n}", unit_price_minor=1_000) for n in "123456")


@pytest.fixture
def hub(make_hub) -> HubWorld:
    """Three warehouses of which none has all six articles, and only two together have them once each."""
    return make_hub(
        shops=(msgspec.structs.replace(SHOPS["TM1"], warehouses=("C", "A", "B")),),
        warehouses=tuple(Warehouse(code=code, title=code, city="苏州市") for code in SHELVES),
        skus=tuple(Sku(code=f"S{n}", title=f"S{n}", list_price_minor=1_000) for n in "123456"),
        sku_maps=tuple(SkuMap(shop="TM1", ext_sku=f"X-{n}", sku=f"S{n}", by="t", at=NOW) for n in "123456"),
        source_policies=(Policy(code="ALL", title="All", rev=1),),
        opening=tuple(
            Stock(warehouse=code, sku=f"S{n}", on_hand=4) for code, skus in SHELVES.items() for n in skus
        ),
    )


def held(hub: HubWorld) -> dict[str, set[tuple[str, str]]]:
    """Say who holds what where."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in hub.rows(tables.reservation, state="open"):
        found.setdefault(row.owner, set()).add((row.warehouse, row.sku))
    return found


def test_six_articles_go_in_two_parcels_and_not_in_the_greedy_three(hub: HubWorld):
    hub.channel.must(receive("o1", lines=LINES))

    order = hub.order("o1")
    parts = [hub.order(one) for one in order.replaced_by]
    assert (order.status, [one.status for one in parts]) == (Status.REPLACED, [Status.RELEASED] * 2)
    assert list(held(hub).values()) == [{(code, f"S{n}") for n in SHELVES[code]} for code in "AB"]
    assert hub.verify().findings == ()


def test_taken_back_it_waits_whole_and_holds_nothing(hub: HubWorld):
    hub.channel.must(receive("o1", lines=LINES))

    hub.desk().must(PutBack(order="o1"))

    order = hub.order("o1")
    assert (order.status, order.stays_whole, held(hub)) == (Status.GATED, True, {})
    assert [snag.kind for snag in order.snags] == ["short_stock"]
    assert hub.verify().findings == ()


@pytest.mark.parametrize(("wanted", "parcels"), [(4, 1), (5, 2), (8, 2), (9, 0)])
def test_exactly_what_is_wanted_is_reserved_or_nothing(hub: HubWorld, wanted: int, parcels: int):
    hub.channel.must(receive("o1", lines=(msgspec.structs.replace(LINES[0], qty=wanted),)))

    rows = hub.rows(tables.reservation, state="open")
    assert (sum(row.qty for row in rows), len(rows)) == (wanted if parcels else 0, parcels)
    assert hub.verify().findings == ()


def test_what_was_planned_anew_is_read_off_the_journal_by_shop_and_day(hub: HubWorld):
    hub.channel.must(*(receive(f"o{n}", ext_id=f"E{n}", lines=LINES[:1]) for n in range(2)))
    (left,) = {"A", "C"} - {hub.order("o1").warehouse}
    hub.desk().must(ChangeWarehouse(order="o1", warehouse=left, reason="asked"))
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=1)

    (one,), more = replans_of(hub.engine, FEED, since, until, ())

    assert (one.order, one.what, one.after.params["warehouse"], more) == ("o1", "place", left, False)
    assert one.why.params["reason"] == "asked"
    assert replans_of(hub.engine, FEED, since, until, ("TM9",)) == ((), False)
    assert replans_of(hub.engine, FEED, since - timedelta(days=9), since, ()) == ((), False)
