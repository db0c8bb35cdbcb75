"""Shops are told how much they may sell: absolute, the latest wins, one at a time per article."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import msgspec
import pytest
from builders import SHOPS
from hub_world import FEED, HubWorld, bought
from sqlalchemy import select

from app.commands.adjust_stock import AdjustStock
from app.commands.announce_stock import AnnounceStock
from app.commands.lease_stock import LeaseStock
from app.commands.match_sku import MatchSku
from app.commands.set_kit import SetKit
from app.commands.set_shop import SetShop
from app.commands.set_stock_policy import SetStockPolicy
from app.domain.kit import Part
from app.domain.leasing import Ask
from app.domain.offering import Mode, StockPolicy, in_force, offered
from app.domain.values import Role
from app.text import Text
from sync import tables
from sync.hub import outgoing, stock_figures
from sync.hub.database import reading, writing
from sync.hub.effect_rows import wish_latest
from sync.hub.outgoing import StockSheet
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.hub.stock_figures import HOW_FAR, Figures, note_changes


class Shelf:
    """A shop's side: what it was told, in order, and what it answers next."""

    takes_keys, can_look_up, settle_s = True, False, 30.0

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.faults: list[Exception | Rejected] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        fields = msgspec.json.decode(payload, type=dict[str, str])
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Rejected):
                return fault
            raise fault
        self.told.append((f"{fields['shop']}/{fields['ext_sku']}", int(fields["quantity"])))
        self.meanwhile()
        return Done(key, Text("noted"))

    def look_up(self, _key: str) -> Done | Rejected | None:
        return None


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def figures(hub: HubWorld, shelf: Shelf) -> Figures:
    """Everybody knows the opening; what comes now is news."""
    made = Figures(hub.engine, FEED, lambda _shop, _kind: shelf, hub.clock)
    settle(made)
    return made


def settle(figures: Figures) -> None:
    while figures.step():
        pass


def correct(hub: HubWorld, delta: int, sku: str = "LN-220", name: str = "floor") -> None:
    floor = hub.desk(Role.WAREHOUSE, f"{name}{hub.head()}")
    floor.must(AdjustStock(warehouse="SZ", sku=sku, delta=delta, reason="counted"))
    hub.clock.move(seconds=1)


def test_the_opening_is_told_to_every_shop_for_all_its_buildings(figures: Figures, shelf: Shelf):
    assert sorted(shelf.told) == [
        *((f"DY1/A-{n}", 10) for n in (1, 2, 3)),
        *((f"TM1/A-{n}", 20) for n in (1, 2, 3)),
    ]
    assert figures.step() is False


def test_a_sale_on_one_shop_is_told_to_all(hub: HubWorld, figures: Figures, shelf: Shelf):
    shelf.told.clear()
    hub.channel.must(bought("o1"))
    hub.clock.move(seconds=1)

    settle(figures)

    assert sorted(shelf.told) == [("DY1/A-1", 9), ("TM1/A-1", 19)]


def test_what_desks_hold_is_not_offered(hub: HubWorld, figures: Figures, shelf: Shelf):
    shelf.told.clear()
    hub.desk().must(LeaseStock(items=(Ask("SZ", "LN-220", 2),)))
    hub.clock.move(seconds=1)

    settle(figures)

    assert sorted(shelf.told) == [("DY1/A-1", 8), ("TM1/A-1", 18)]


def test_many_changes_are_one_figure_and_none_is_told_twice(hub: HubWorld, figures: Figures, shelf: Shelf):
    shelf.told.clear()
    for delta in (5, 1, -3):
        correct(hub, delta)
        note_changes(hub.engine, FEED, hub.clock())

    settle(figures)
    correct(hub, 1)
    correct(hub, -1)
    settle(figures)

    assert sorted(shelf.told) == [("DY1/A-1", 13), ("TM1/A-1", 23)]


def test_what_changes_while_a_figure_is_on_its_way_follows_it(hub: HubWorld, figures: Figures, shelf: Shelf):
    shelf.told.clear()

    def meanwhile() -> None:
        shelf.meanwhile = lambda: None
        correct(hub, 7)
        note_changes(hub.engine, FEED, hub.clock())

    shelf.meanwhile = meanwhile
    correct(hub, 1)
    settle(figures)
    hub.clock.move(seconds=1)
    settle(figures)

    last = dict(shelf.told)
    assert last == {"DY1/A-1": 18, "TM1/A-1": 28}
    assert {row.state for row in hub.rows(tables.effect) if row.effect_key != HOW_FAR} == {"done"}


@pytest.mark.parametrize("fault", [Unsent("busy", 9.0), Unclear("no answer"), Rejected(Text("no"))])
def test_a_figure_that_did_not_arrive_is_told_later_as_it_is_then(
    hub: HubWorld, figures: Figures, shelf: Shelf, fault, request
):
    if isinstance(fault, Rejected):
        request.getfixturevalue("expect_log")
    shelf.told.clear()
    shelf.faults = [fault, fault]
    correct(hub, 1)
    settle(figures)
    assert shelf.told == []
    correct(hub, 4)

    hub.clock.move(minutes=20)
    settle(figures)

    assert sorted(shelf.told) == [("DY1/A-1", 15), ("TM1/A-1", 25)]
    if isinstance(fault, Rejected):
        request.getfixturevalue("expect_log")("was not taken: no")


def test_a_worker_that_died_leaves_a_figure_that_is_told_again(hub: HubWorld, figures: Figures, shelf: Shelf):
    shelf.told.clear()
    correct(hub, 1)
    note_changes(hub.engine, FEED, hub.clock())
    stock_figures.lease(hub.engine, FEED, ["stock"], hub.clock())
    hub.clock.move(minutes=5)

    settle(figures)

    assert sorted(shelf.told) == [("DY1/A-1", 11), ("TM1/A-1", 21)]


def test_shelves_are_read_page_by_page(hub: HubWorld, shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stock_figures, "PAGE", 1)
    figures = Figures(hub.engine, FEED, lambda _shop, _kind: shelf, hub.clock)

    settle(figures)
    correct(hub, 2, "CT-180")
    settle(figures)

    assert dict(shelf.told) == {
        "DY1/A-1": 10, "DY1/A-2": 10, "DY1/A-3": 12, "TM1/A-1": 20, "TM1/A-2": 20, "TM1/A-3": 22,
    }  # fmt: skip


def test_a_shop_nobody_serves_waits(hub: HubWorld):
    figures = Figures(hub.engine, FEED, lambda _shop, _kind: None, hub.clock)

    settle(figures)

    states = {row.state for row in hub.rows(tables.effect) if row.effect_key != HOW_FAR}
    assert states == {"todo"}


def test_a_sheet_holds_the_newest_figure_of_every_article(tmp_path: Path):
    sheet = StockSheet(tmp_path)
    for ext_sku, quantity in (("A-1", "5"), ("=A", "1"), ("A-1", "3")):
        fields = {"shop": "TM/1", "ext_sku": ext_sku, "sku": "LN-220", "quantity": quantity}
        assert isinstance(sheet.send(f"stock:{ext_sku}", msgspec.json.encode(fields)), Done)

    with (tmp_path / "stock-TM_1.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["ext_sku", "sku", "quantity"], ["'=A", "LN-220", "1"], ["A-1", "LN-220", "3"]]
    assert sheet.look_up("stock:A-1") is None


def test_a_sheet_on_a_full_disk_says_that_nothing_arrived(tmp_path: Path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    fields = {"shop": "TM1", "ext_sku": "A-1", "sku": "LN-220", "quantity": "5"}

    with pytest.raises(Unsent):
        StockSheet(tmp_path / "file").send("k", msgspec.json.encode(fields))


def test_two_hubs_that_write_one_sheet_lose_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def figure(ext_sku: str) -> bytes:
        return msgspec.json.encode({"shop": "TM1", "ext_sku": ext_sku, "sku": "LN-220", "quantity": "5"})

    other = Thread(target=lambda: StockSheet(tmp_path).send("b", figure("B-1")))
    write = outgoing.write_sheet

    def slow(path: Path, rows: Iterable[Sequence[str]]) -> None:
        if other.ident is None:
            other.start()
            other.join(0.2)  # it has read the sheet by now, unless it waits for its turn
        write(path, rows)

    monkeypatch.setattr(outgoing, "write_sheet", slow)
    StockSheet(tmp_path).send("a", figure("A-1"))
    other.join()

    with (tmp_path / "stock-TM1.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["ext_sku", "A-1", "B-1"]


def test_two_hubs_that_note_the_first_figure_at_once_keep_the_newer_one(hub: HubWorld):
    def note(quantity: str, seq: int) -> None:
        with writing(hub.engine) as db:
            wish_latest(db, FEED, "stock:TM1:A-9", "stock", quantity, seq, hub.clock())
            if not other.is_alive():
                other.start()
                other.join(0.3)  # it waits for us, or found nothing either

    faults: list[Exception] = []

    def late() -> None:
        try:
            note("7", 6)
        except Exception as fault:  # noqa: BLE001 - told at the end
            faults.append(fault)

    other = Thread(target=late)
    note("5", 5)
    other.join()

    assert faults == []
    (row,) = [row for row in hub.rows(tables.effect) if row.effect_key == "stock:TM1:A-9"]
    assert (row.payload, row.seq, row.state) == ("7", 6, "todo")


# --- policies -------------------------------------------------------------------------------------------


def keep_back(hub: HubWorld, **changes) -> None:
    policy = StockPolicy(code="K", title="Keeps some", mode=Mode.BUFFER, amount=4, shops=("TM1",))
    hub.desk(Role.LEAD, f"lead{hub.head()}").must(
        SetStockPolicy(policy=msgspec.structs.replace(policy, **changes))
    )
    hub.clock.move(seconds=1)


def test_a_policy_changes_the_figures_of_its_shop_alone(hub: HubWorld, figures: Figures, shelf: Shelf):
    shelf.told.clear()
    keep_back(hub, articles=("LN-220",))

    settle(figures)

    assert shelf.told == [("TM1/A-1", 16)]


def test_what_is_announced_is_offered_where_a_policy_says_so_and_until_it_is_overdue(
    hub: HubWorld, figures: Figures, shelf: Shelf
):
    shelf.told.clear()
    due_on = hub.clock().date() + timedelta(days=2)
    comes = AnnounceStock(doc="po1", warehouse="SZ", sku="LN-220", qty=9, due_on=due_on, reference="PO-7")
    hub.desk(Role.WAREHOUSE).must(comes)
    hub.clock.move(seconds=1)
    settle(figures)
    assert shelf.told == []

    keep_back(hub, mode=Mode.AHEAD, amount=6, articles=("LN-220",))
    settle(figures)
    assert shelf.told == [("TM1/A-1", 26)]
    shelf.told.clear()

    hub.clock.move(days=3)
    settle(figures)
    assert ("TM1/A-1", 20) in shelf.told


def test_a_buffer_above_what_is_there_publishes_nothing_to_sell_and_nothing_below(
    hub: HubWorld, figures: Figures, shelf: Shelf
):
    shelf.told.clear()
    keep_back(hub, amount=500, articles=("LN-220",))

    settle(figures)

    assert shelf.told == [("TM1/A-1", 0)]


def test_a_sale_under_a_policy_is_told_with_what_it_leaves(hub: HubWorld, figures: Figures, shelf: Shelf):
    keep_back(hub, articles=("LN-220",))
    settle(figures)
    shelf.told.clear()
    hub.channel.must(bought("o1"))
    hub.clock.move(seconds=1)

    settle(figures)

    assert sorted(shelf.told) == [("DY1/A-1", 9), ("TM1/A-1", 15)]


def test_a_policy_begins_and_ends_by_the_calendar_of_the_shop(hub: HubWorld, figures: Figures, shelf: Shelf):
    today = hub.clock().astimezone(ZoneInfo("Asia/Shanghai")).date()
    tomorrow = today + timedelta(days=1)
    keep_back(hub, since_on=tomorrow, until_on=tomorrow, articles=("LN-220",))
    settle(figures)
    shelf.told.clear()

    for _ in range(2):
        hub.clock.move(seconds=86_400)
        settle(figures)

    assert shelf.told == [("TM1/A-1", 16), ("TM1/A-1", 20)]


def test_a_shop_that_loses_a_warehouse_is_offered_less(hub: HubWorld, figures: Figures, shelf: Shelf):
    shelf.told.clear()
    shop = msgspec.structs.replace(SHOPS["TM1"], warehouses=("SZ",))
    hub.desk(Role.LEAD).must(SetShop(shop=shop))
    hub.clock.move(seconds=1)

    settle(figures)

    assert sorted(shelf.told) == [(f"TM1/A-{n}", 10) for n in (1, 2, 3)]


def test_whatever_happens_each_shop_knows_what_its_warehouses_and_policies_leave(
    hub: HubWorld, figures: Figures, shelf: Shelf
):
    keep_back(hub, mode=Mode.PERCENT, amount=30)
    for n in range(1, 9):
        hub.channel.must(bought(f"o{n}"))
        correct(hub, -1 if n % 3 else 4)
        if n % 2:
            keep_back(hub, mode=Mode.CAP, amount=2 * n, code=f"C{n}", shops=("DY1",))
        settle(figures)

        told = dict(shelf.told)
        with reading(hub.engine) as db:
            rows = db.execute(select(tables.stock).where(tables.stock.c.sku == "LN-220")).all()
            docs = db.execute(select(tables.ref.c.doc).where(tables.ref.c.tbl == "stock_policy")).scalars()
            policies = [msgspec.json.decode(doc, type=StockPolicy) for doc in docs]
        free = {row.warehouse: row.on_hand - row.reserved - row.safety for row in rows}
        for shop in SHOPS.values():
            mine = in_force(policies, shop, hub.clock().date())
            here = offered(sum(free[place] for place in shop.warehouses), "LN-220", mine)
            assert told[f"{shop.code}/A-1"] == here.pieces


def test_a_shop_is_offered_as_many_kits_as_the_scarcest_part_allows(
    hub: HubWorld, figures: Figures, shelf: Shelf
):
    lead = hub.desk(Role.LEAD)
    lead.must(MatchSku(shop="DY1", ext_sku="K-1", sku="CT-180"))
    lead.must(SetKit(sku="CT-180", parts=(Part(sku="LN-220", qty=2), Part(sku="SF-001", qty=1))))
    settle(figures)
    before = dict(shelf.told)["DY1/K-1"]

    correct(hub, -4)
    settle(figures)

    assert (before, dict(shelf.told)["DY1/K-1"]) == (5, 3)
    assert hub.verify().ok
