"""What shops are told is true at the number it names, follows a sale at once, and keeps up with the floor.

Source: capabilities 3.7. Time is counted in rounds of the worker and in CPU: a busy machine says the same.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from builders import ARTICLES, NOW, SHOPS, WAREHOUSES, stock
from hub_world import FEED, HubWorld, bought, company
from sqlalchemy import select, update
from test_stock_figures import settle

from app.boot.outgoing import FIGURES_PAUSE_S
from app.commands.adjust_stock import AdjustStock
from app.domain.catalogue import Sku, SkuMap
from app.domain.kit import Part
from app.domain.values import Role
from app.text import Text
from sync import tables
from sync.hub import stock_figures
from sync.hub.database import reading, writing
from sync.hub.provider import Done
from sync.hub.stock_figures import Figures

WITHIN_S = 5.0
KIT = Sku(
    code="KIT-1",
    title="Set",
    list_price_minor=1,
    recipe=1,
    parts=(Part(sku="LN-220", qty=1), Part(sku="CT-180", qty=2)),
)


class Told:
    """A shop's side: (shop, article, number it names, pieces) of every figure."""

    takes_keys, can_look_up, settle_s = True, False, 30.0

    def __init__(self) -> None:
        self.figures: list[tuple[str, str, int, int]] = []

    def send(self, key: str, payload: bytes) -> Done:
        said = msgspec.json.decode(payload, type=dict[str, str])
        self.figures.append((said["shop"], said["sku"], int(key.split(":")[3]), int(said["quantity"])))
        return Done(key, Text("noted"))

    def look_up(self, _key: str) -> Done | None:
        return None


def available(hub: HubWorld) -> dict[tuple[str, str], int]:
    """What each shop could sell of each article at this moment, added up by hand from the shelves."""
    s = tables.stock.c
    with reading(hub.engine) as db:
        rows = db.execute(select(s.warehouse, s.sku, s.on_hand - s.reserved - s.safety - s.held)).all()
    free = {(place, sku): max(0, pieces) for place, sku, pieces in rows}
    found = {}
    for code, shop in SHOPS.items():
        for sku in ARTICLES:
            found[code, sku] = sum(free.get((place, sku), 0) for place in shop.warehouses)
        bundles = [
            min(free.get((place, "LN-220"), 0), free.get((place, "CT-180"), 0) // 2)
            for place in shop.warehouses
        ]
        found[code, "KIT-1"] = sum(bundles)
    return found


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.fixture
def hub(make_hub: Callable[..., HubWorld]) -> HubWorld:
    """The usual company, where TM1 sells a kit of its first and its third article too."""
    known = company()
    sold = SkuMap(shop="TM1", ext_sku="A-9", sku=KIT.code, by="trainer", at=known.sku_maps[0].at)
    return make_hub(skus=(*known.skus, KIT), sku_maps=(*known.sku_maps, sold))


def test_every_figure_is_what_was_available_at_the_number_it_names(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
):
    """Shelves are read one at a time, so that there is always one whose turn has not come."""
    monkeypatch.setattr(stock_figures, "PAGE", 1)
    told, chance = Told(), random.Random(1)  # noqa: S311 - work for a test
    figures = Figures(hub.engine, FEED, lambda _shop, _kind: told, hub.clock)
    known = {hub.head(): available(hub)}
    for at in range(40):
        change(hub, chance, at)
        known[hub.head()] = available(hub)
        hub.clock.move(seconds=1)
        for _ in range(chance.choice([0, 0, 1, 3])):  # it falls behind, and catches up
            figures.step()
    settle(figures)

    wrong = [one for one in told.figures if known[max(at for at in known if at <= one[2])][one[:2]] != one[3]]
    assert wrong == []
    assert {one[1] for one in told.figures} == {*ARTICLES, KIT.code}
    assert {one[:2]: one[3] for one in told.figures} == {
        key: pieces for key, pieces in available(hub).items() if key != ("DY1", KIT.code)
    }


def change(hub: HubWorld, chance: random.Random, at: int) -> None:
    """Sell one, or find some more on a shelf."""
    if chance.random() < 0.4:
        hub.channel.must(bought(f"o{at}"))
        return
    place, sku = chance.choice([*WAREHOUSES]), chance.choice([*ARTICLES])
    found = AdjustStock(warehouse=place, sku=sku, delta=chance.randint(2, 4), reason="counted")
    hub.desk(Role.WAREHOUSE, f"floor{at}").must(found)


def test_a_sale_on_one_shop_reaches_every_other_in_the_next_round(hub: HubWorld):
    told = Told()
    figures = Figures(hub.engine, FEED, lambda _shop, _kind: told, hub.clock)
    settle(figures)
    for order in range(3):
        told.figures.clear()
        hub.channel.must(bought(f"o{order}"))
        hub.clock.move(seconds=1)

        settle(figures)

        lowered = {one[:2]: one[3] for one in told.figures if one[1] == "LN-220"}
        assert lowered == {("TM1", "LN-220"): 19 - order, ("DY1", "LN-220"): 9 - order}
    assert FIGURES_PAUSE_S < WITHIN_S / 2


def test_a_hundred_changes_a_second_are_told_in_less_than_a_second_of_work(make_hub: Callable[..., HubWorld]):
    """Half a minute behind is allowed; a backlog that is worked off faster than it grows never gets there."""
    codes = [f"SKU-{at:03}" for at in range(100)]
    hub = make_hub(
        skus=tuple(Sku(code=code, title=code, list_price_minor=1) for code in codes),
        sku_maps=tuple(
            SkuMap(shop=shop, ext_sku=code, sku=code, by="trainer", at=NOW)
            for shop in SHOPS
            for code in codes
        ),
        opening=tuple(stock("SZ", code) for code in codes),
    )
    told = Told()
    figures = Figures(hub.engine, FEED, lambda _shop, _kind: told, hub.clock)
    settle(figures)
    told.figures.clear()
    took = []
    for second in range(3):
        move_each(hub, codes, hub.head() + 1_000 * (second + 1))
        hub.clock.move(seconds=1)
        began = time.process_time()
        settle(figures)
        took.append(time.process_time() - began)

    assert [pieces for *_, pieces in told.figures] == [11] * 200 + [12] * 200 + [13] * 200
    assert min(took) < 1.0, took


def move_each(hub: HubWorld, codes: list[str], seq: int) -> None:
    """A piece more on every shelf, each under a number of its own."""
    s = tables.stock.c
    with writing(hub.engine) as db:
        for at, code in enumerate(codes):
            db.execute(update(tables.stock).where(s.sku == code).values(on_hand=s.on_hand + 1, seq=seq + at))
