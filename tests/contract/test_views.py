"""Views answer from columns what screens ask: exact rows, exact order, masked people."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import msgspec
import pytest
from builders import NOW, line, order, stock
from desk_world import World, login

from app.commands.hold import Hold as HoldOrder
from app.commands.recheck import Recheck
from app.domain.company import Holidays, Shift
from app.domain.evolve import Case
from app.domain.order import Hold, Snag, Status
from app.domain.review import content_hash
from app.domain.values import Role
from app.domain.vouching import Signature
from app.ports import HistoryRow, Link, OrderQuery, Person, Replica, StockRow, Views
from app.text import Text
from app.trouble import Trouble
from sync.replica import batches
from sync.replica.views import Views as DeskViews
from sync.wire import HistoryEntry


def snag(
    kind: str, due_min: int, severity: str = "warn", opened_min: int = -10, waits_for: tuple[str, ...] = ()
) -> Snag:
    return Snag(
        kind=kind, severity=severity, text=Text(kind), opened_at=NOW + timedelta(minutes=opened_min),
        due_at=NOW + timedelta(minutes=due_min), waits_for=waits_for,
    )  # fmt: skip


def review_hold() -> Hold:
    return Hold(gate="review", state="waits", text=Text("0 of 2"), opened_at=NOW)


ORDERS = (
    order("o1", received_at=NOW - timedelta(hours=1), status=Status.TO_CHECK, snags=(
        snag("sku_unmapped", 20, waits_for=("sku_map:TM1/A-9",)), snag("address_invalid", 3, "bad"))),
    order("o2", received_at=NOW - timedelta(minutes=30), shop="DY1", status=Status.GATED, maker="clerk",
          holds=(review_hold(),), signatures_needed=2),
    order("o3", received_at=NOW - timedelta(days=2), status=Status.RELEASED, warehouse="SZ",
          released_at=NOW - timedelta(hours=3), tracking_no="SF900"),
    order("o4", received_at=NOW - timedelta(hours=2), status=Status.RELEASED, warehouse="WH", priority=5,
          released_at=NOW - timedelta(hours=1), touched=True),
    order("o5", received_at=NOW - timedelta(hours=3), status=Status.PICKING, warehouse="SZ", ship_by_at=None),
    order("o6", received_at=NOW - timedelta(hours=4), status=Status.RELEASED, warehouse="SZ", ship_by_at=NOW,
          released_at=NOW - timedelta(hours=2)),
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    made.hub.company.rows |= {("order", o.id): o for o in ORDERS}
    rows = {("order", o.id): o for o in ORDERS} | {
        ("stock", "SZ/LN-220"): stock(on_hand=10, reserved=3, safety=2, bin="A-01")
    }
    case = Case(id="case-1", subject="raw", subject_id="raw-7", snag=snag("unreadable_order", 8))
    shut = Case(
        id="case-2", subject="raw", subject_id="raw-8", snag=snag("unreadable_order", 1), is_open=False
    )
    rows |= {("snag", "case-1"): case, ("snag", "case-2"): shut}
    entries = (
        HistoryEntry(order="o3", seq=2, at=NOW - timedelta(hours=4), by="channel", command="receive",
                     texts=(Text("a"), Text("b"))),
        HistoryEntry(order="o3", seq=2, at=NOW - timedelta(hours=2), by="clerk", command="fix_address",
                     because="address_invalid", texts=(Text("c"),)),
        HistoryEntry(order="o9", seq=2, at=NOW - timedelta(hours=1), by="clerk", command="ship",
                     texts=(Text("d"),)),
    )  # fmt: skip
    made.hub.publish(rows, entries)
    made.pull_all()
    yield made
    made.close()


def ids(rows: object) -> list[str]:
    return [row.id for row in rows]


def test_views_store_and_link_fit_the_ports(world: World) -> None:
    views: Views = world.views
    replica: Replica = world.store
    assert views.now() >= NOW
    assert replica.setting("x", "y") == "y"
    assert {name for name in vars(Views) if not name.startswith("_")} <= set(dir(DeskViews))
    assert Link.__struct_fields__[0] == "state"


def test_exceptions_stand_by_what_is_due_first(world: World) -> None:
    rows = world.views.snags()
    assert [(row.id, row.kind, row.subject) for row in rows] == [
        ("o1", "address_invalid", "order"), ("case-1", "unreadable_order", "raw"),
        ("o1", "sku_unmapped", "order"),
    ]  # fmt: skip
    top = rows[0]
    assert (top.number, top.channel, top.shop_title, top.buyer, top.payable_minor, top.severity) == (
        "DK-o1", "TM", "青禾旗舰店", "季**", 32_000, "bad",
    )  # fmt: skip


def test_exceptions_are_narrowed_by_kind_buyer_tail_and_shop(world: World) -> None:
    assert [row.kind for row in world.views.snags(kind="sku_unmapped")] == ["sku_unmapped"]
    assert len(world.views.snags(text="季小雨")) == 2
    assert len(world.views.snags(text="旗舰店")) == 2
    assert len(world.views.snags(text="dk-o1")) == 2
    assert world.views.snags(text="nobody") == []
    assert world.views.snags(text="季小雨", is_masked=True) == []
    assert len(world.views.snags(text="杭州", is_masked=True)) == 2
    assert len(world.views.snags(limit=1)) == 1


def test_a_case_is_shown_while_it_is_open(world: World) -> None:
    found = world.views.case("case-1")
    assert found is not None
    assert (found[0].id, found[0].kind, found[1]) == ("case-1", "unreadable_order", None)
    assert world.views.case("case-2") is None


def test_a_shelf_that_drifted_is_called_by_article_and_warehouse(world: World) -> None:
    drift = "drift/SZ/LN-220/1"
    said = Text("{sku} in {warehouse}", {"sku": "LN-220", "warehouse": "SZ"})
    found = msgspec.structs.replace(snag("stock_drift", 8), text=said)
    case = Case(id=drift, subject="raw", subject_id="SZ/LN-220", snag=found)
    world.hub.publish({("snag", drift): case})
    world.pull_all()

    (row,) = world.views.snags(kind="stock_drift")
    assert (row.number, row.shop_title, row.buyer) == ("LN-220", "苏州仓", "四件套 酒店款 白 220")
    assert row.text.params["warehouse"] == "苏州仓"


def test_how_many_orders_one_mapping_would_free(world: World) -> None:
    assert world.views.snagged_by("sku_map:TM1/A-9") == 1
    assert world.views.snagged_by("sku_map:TM1/A-") == 0


def test_orders_stand_newest_first_and_people_are_masked(world: World) -> None:
    rows = world.views.order_page(OrderQuery(), 0, 10)
    assert ids(rows) == ["o2", "o1", "o4", "o5", "o6", "o3"]
    row = rows[1]
    shown = (row.buyer, row.phone, row.place, row.snag, row.pieces)
    assert shown == ("季**", "138****0000", "浙江省 杭州市", "address_invalid", 1)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (OrderQuery(), ["o2", "o1", "o4", "o5", "o6", "o3"]),
        (OrderQuery(status="released"), ["o4", "o6", "o3"]),
        (OrderQuery(shop="DY1"), ["o2"]),
        (OrderQuery(kind="sku_unmapped"), ["o1"]),
        (OrderQuery(status="released", kind="sku_unmapped"), []),
        (OrderQuery(text="季小雨", status="released"), ["o6", "o4", "o3"]),
        (OrderQuery(text="DK-o1", kind="sku_unmapped"), ["o1"]),
        (OrderQuery(warehouse="SZ", status="released"), ["o6", "o3"]),
        (OrderQuery(touched="yes"), ["o4"]),
        (OrderQuery(touched="no", status="released"), ["o6", "o3"]),
        (OrderQuery(held="yes"), []),
        (OrderQuery(held="no", shop="DY1"), ["o2"]),
        (OrderQuery(since=NOW - timedelta(hours=2)), ["o2", "o1", "o4"]),
        (OrderQuery(until=NOW - timedelta(hours=2)), ["o5", "o6", "o3"]),
        (OrderQuery(least_minor=32_001), []),
        (OrderQuery(most_minor=32_000, status="picking"), ["o5"]),
        (OrderQuery(is_rising=True), ["o3", "o6", "o5", "o4", "o1", "o2"]),
        (OrderQuery(sort="ship_by", is_rising=True, warehouse="SZ"), ["o6", "o3", "o5"]),
        (OrderQuery(sort="amount", status="released"), ["o4", "o6", "o3"]),
        (OrderQuery(text="季小雨", sort="received", is_rising=True, status="released"), ["o3", "o6", "o4"]),
    ],
)
def test_pages_and_counts_agree(world: World, query: OrderQuery, expected: list[str]) -> None:
    views = world.views
    pages = [ids(views.order_page(query, start, 2)) for start in range(0, len(expected) + 2, 2)]
    shown = [id_ for page in pages for id_ in page]
    assert sorted(shown) == sorted(expected)
    assert views.count_orders(query) == len(expected)
    assert pages[-1] == []
    assert ids(views.order_page(query, 0, 2)) == shown[:2]
    if not query.text:
        assert shown == expected


def test_a_newer_question_breaks_off_the_list_and_nothing_else(world: World) -> None:
    world.views.interrupt()
    assert len(world.views.snags()) == 3

    def hurry() -> int:
        world.views.interrupt()
        return 0

    world.views.count_orders(OrderQuery())
    world.views._replica.set_progress_handler(hurry, 1)
    with pytest.raises(Trouble) as raised:
        world.views.order_page(OrderQuery(), 0, 10)
    assert raised.value.code == "superseded"

    assert len(world.views.snags()) == 3


@pytest.mark.parametrize(
    "query", [OrderQuery(), OrderQuery(status="released", is_rising=True), OrderQuery(text="季小雨")]
)
def test_a_file_gets_every_order_of_the_question_in_its_order(world: World, query: OrderQuery) -> None:
    pairs = [pair for batch in world.views.order_batches(query, with_people=False) for pair in batch]
    assert [row.id for row, _ in pairs] == ids(world.views.order_page(query, 0, 10))
    assert {person for _, person in pairs} == {None}


def test_a_file_shows_one_moment_whatever_comes_in_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ROWS", 2)
    reading = world.views.order_batches(OrderQuery(), with_people=False)
    first = next(reading)
    world.hub.publish({("order", "o9"): order("o9", received_at=NOW), ("order", "o3"): None})
    world.pull_all()

    rest = [row.id for batch in reading for row, _ in batch]

    assert [row.id for row, _ in first] + rest == ["o2", "o1", "o4", "o5", "o6", "o3"]
    assert "o9" in ids(world.views.order_page(OrderQuery(), 0, 10))


def test_a_file_may_name_people_in_full(world: World) -> None:
    ((_, person),) = next(world.views.order_batches(OrderQuery(text="DK-o1"), with_people=True))
    assert person == Person(name="季小雨", phone="13800000000", street="文晖路88号水岸嘉园3幢1单元502")


def test_the_palette_finds_orders(world: World) -> None:
    assert ids(world.views.find("DK-o4")) == ["o4"]
    assert world.views.find("季小雨", is_masked=True) == []
    assert world.views.find("  ") == []


def test_reviews_are_those_this_person_may_sign(world: World) -> None:
    assert ids(world.views.reviews(login(Role.LEAD))) == ["o2"]
    assert world.views.reviews(login(Role.CLERK)) == []  # the maker

    two = ORDERS[1]
    signature = Signature(user="lead", content_hash=content_hash(two), maker=two.maker, at=NOW)
    signed = msgspec.structs.replace(two, signatures=(signature,))
    world.hub.publish({("order", "o2"): signed})
    world.pull_all()

    assert world.views.reviews(login(Role.LEAD)) == []
    (row,) = world.views.reviews(login(Role.REVIEWER))
    assert (row.signed, row.signatures_needed) == (1, 2)


def test_the_floor_takes_what_must_leave_first(world: World) -> None:
    assert ids(world.views.floor("SZ", "released")) == ["o6", "o3"]
    assert ids(world.views.floor("", "released")) == ["o4", "o6", "o3"]
    assert ids(world.views.floor("SZ", "picking")) == ["o5"]


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("DK-o3", ("order", "o3")), ("dk-o3", ("order", "o3")), ("ext-o4", ("order", "o4")),
        ("SF900", ("order", "o3")),
        ("LN-220", ("sku", "LN-220")), (" 6900000000220 ", ("sku", "LN-220")), ("DK-o", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_a_scan_means_one_thing(world: World, code: str, meaning: tuple[str, str]) -> None:
    assert world.views.by_scan(code, "SZ") == meaning


def test_history_shows_the_newest_first_and_how_safe_it_is(world: World) -> None:
    rows = world.views.history("o3")
    assert [(row.text.message, row.who, row.delivery) for row in rows] == [
        ("c", "clerk", "accepted"), ("b", "channel", "accepted"), ("a", "channel", "accepted"),
    ]  # fmt: skip

    world.hub.protected = world.hub.head
    world.must(HoldOrder(order="o3", reason="buyer asked"))
    world.must(Recheck(order="o3"))
    world.pull()

    rows = world.views.history("o3")
    assert [row.delivery for row in rows][-3:] == ["protected"] * 3
    assert rows[0].text == Text("Asked: look at it again")
    assert all(row.delivery == "saved" for row in rows[:-3])
    assert HistoryRow in {type(row) for row in rows}


def test_stock_says_what_may_be_promised(world: World) -> None:
    (row,) = [r for r in world.views.stock(warehouse="SZ") if r.sku == "LN-220"]
    assert row == StockRow(
        warehouse="SZ", warehouse_title="苏州仓", sku="LN-220", title="四件套 酒店款 白 220", bin="A-01",
        on_hand=10, reserved=3, safety=2, available=5,
    )  # fmt: skip
    assert {r.sku for r in world.views.stock(text="窗帘")} == {"CT-180"}


def test_articles_are_found_with_what_is_available_everywhere(world: World) -> None:
    assert list(world.views.skus("四件套")) == [("LN-220", "四件套 酒店款 白 220", 15)]
    assert [code for code, _, _ in world.views.skus("")] == ["CT-180", "LN-220", "SF-001"]


def test_the_figures_of_the_day(world: World) -> None:
    counts = world.views.counts(login(Role.LEAD))
    assert (counts.snags, counts.urgent, counts.reviews, counts.to_pick) == (3, 1, 1, 4)
    assert (counts.received, counts.touchless, counts.released) == (5, 1, 3)
    assert (counts.fixed_of_day, counts.open_of_day) == (1, 1)
    assert (counts.repaired, counts.shipped, world.views.repaired()) == (1, 1, 1)
    assert world.views.waiting(login(Role.WAREHOUSE, warehouse="SZ")).to_pick == 3


def test_pace_pulses_and_cut_offs(world: World) -> None:
    assert list(world.views.repaired_per_hour("clerk")) == [(18, 1), (19, 0), (20, 0)]
    assert list(world.views.repaired_per_hour("nobody")) == []
    pulses = {pulse.code: pulse for pulse in world.views.pulses()}
    assert (pulses["TM1"].orders, pulses["TM1"].last_at) == (4, NOW - timedelta(hours=1))
    first = world.views.cut_offs()[0]
    assert (first.warehouse, first.waiting, first.at.hour) == ("SZ", 3, 17)
    assert -12_700 < first.left_s <= -12_600


def test_the_van_of_a_holiday_leaves_on_the_next_working_day(world: World) -> None:
    today_on = world.views.cut_offs()[0].at.date()
    closed = Holidays(code="CN", title="CN", closed=(today_on, today_on + timedelta(days=1)))
    shift = Shift(code="day", title="Day", since=time(8), until=time(18), holidays="CN")

    world.hub.publish({("holidays", "CN"): closed, ("shift", "day"): shift})
    world.pull()

    first = world.views.cut_offs()[0]
    assert first.at.date() == today_on + timedelta(days=2)
    assert first.left_s > 0


def test_the_outbox_shows_what_is_not_protected(world: World) -> None:
    world.must(HoldOrder(order="o3", reason="buyer asked"))
    (row,) = world.views.outbox()
    shown = (row.n, row.name, row.subject, row.who, row.state, row.error)
    assert shown == (1, "hold", "DK-o3", "lead", "saved", None)


def test_an_order_comes_with_all_its_facts(world: World) -> None:
    found = world.views.order("o3", login())
    assert found is not None
    assert found[0].number == "DK-o3"
    assert found[1].stock("SZ", "LN-220").available == 5
    assert world.views.order("nowhere", login()) is None


def test_people_are_the_active_ones(world: World) -> None:
    gone = msgspec.structs.replace(world.hub.people["clerk"], active=False)
    world.hub.publish({("user", "clerk"): gone})
    world.pull_all()
    assert "clerk" not in {user.code for user in world.views.people()}
    assert "lead" in {user.code for user in world.views.people()}


def test_views_follow_a_replica_that_was_built_anew(world: World) -> None:
    assert world.views.count_orders(OrderQuery()) == 6
    world.store.adopt(None, "E1")
    assert world.views.count_orders(OrderQuery()) == 0
    world.pull_all()
    assert world.views.count_orders(OrderQuery()) == 6


def test_a_replica_built_anew_in_the_middle_of_a_question_breaks_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refs_of_the_next() -> object:
        monkeypatch.undo()
        world.store.adopt(None, "E1")
        return world.views.refs()

    monkeypatch.setattr(world.views, "refs", refs_of_the_next)

    assert world.views.snag_counts(login())["group"] == 3
    assert world.views.snag_counts(login())["group"] == 0


def test_small_tables_are_read_again_when_they_change(world: World) -> None:
    assert world.views.refs().rules.snag_goal_min == 28
    world.hub.publish(
        {("rules", "current"): msgspec.structs.replace(world.views.refs().rules, snag_goal_min=40)}
    )
    world.pull_all()
    assert world.views.refs().rules.snag_goal_min == 40
    assert world.store._refs.get(world.store._db).rules.snag_goal_min == 40


def test_lines_count_pieces(world: World) -> None:
    world.hub.publish({("order", "o7"): order("o7", lines=(line(qty=2), line("2", "A-2", qty=3)))})
    world.pull_all()
    assert world.views.find("DK-o7")[0].pieces == 5
