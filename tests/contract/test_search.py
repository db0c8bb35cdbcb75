"""Search finds what a clerk types: a name, two characters, a tail of digits; never what is not there."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import msgspec
import pytest
from builders import NOW, line, order

from app.command import Refs
from app.domain.order import Snag, Status
from app.domain.rules import Rules
from app.domain.values import Receiver, Region
from app.ports import OrderQuery, OrderRow
from app.text import Text
from sync.grams import grams, is_exact, match, plain, terms
from sync.projection import Row, create, put
from sync.replica import lists

REFS = Refs({}, {}, Rules())


def db_of(*orders: object) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    create(db)
    put(db, [Row("order", o.id, 1, msgspec.json.encode(o)) for o in orders])
    return db


def receiver(name: str, phone: str = "13800000000", street: str = "文晖路88号", note: str = "") -> Receiver:
    return Receiver(name=name, phone=phone, street=street, note=note)


@pytest.fixture
def db():
    made = db_of(
        order("o1", number="DK-118204", received_at=NOW,
              receiver=receiver("张伟", "13912345678", note="请放门口")),
        order("o2", number="DK-118205", receiver=receiver("张伟明", "13700001234"),
              received_at=NOW + timedelta(hours=1)),
        order("o3", number="DK-118206", receiver=receiver("季小雨"), tracking_no="SF1234567890123",
              region=Region(province="江苏省", city="南京市", district="玄武区"),
              lines=(line(title="窗帘 遮光 180"),),
              received_at=NOW + timedelta(hours=2)),
        order("o4", number="DK-118207", receiver=receiver("伟张"), received_at=NOW + timedelta(hours=3)),
    )  # fmt: skip
    yield made
    made.close()


def found(db: sqlite3.Connection, text: str, **filters: str) -> list[str]:
    return [row.id for row in rows(db, OrderQuery(text=text, **filters))]


def rows(db: sqlite3.Connection, query: OrderQuery) -> list[OrderRow]:
    return lists.lines(db, lists.Frame(REFS), query, lists.hits(db, query))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("张伟", ["o2", "o1"]),
        ("张", ["o4", "o2", "o1"]),
        ("伟明", ["o2"]),
        ("明", ["o2"]),
        ("文晖路", ["o4", "o3", "o2", "o1"]),
        ("南京", ["o3"]),
        ("窗帘 南京", ["o3"]),
        ("张伟 南京", []),
        ("DK-118204", ["o1"]),
        ("dk-118204", ["o1"]),
        ("118204", ["o1"]),
        ("1182", ["o4", "o3", "o2", "o1"]),
        ("8205", ["o2"]),
        ("5678", ["o1"]),
        ("1234", ["o2"]),
        ("139", ["o1"]),
        ("SF12", ["o3"]),
        ("0123", ["o3"]),
        ("ＤＫ－118204", ["o1"]),
        ("180", ["o3"]),
        ("DK-1182", ["o4", "o3", "o2", "o1"]),
        ("K-118205", ["o2"]),
        ("南京市玄武区文晖路", ["o3"]),
        ("a-1", ["o4", "o3", "o2", "o1"]),
        ("放门口", ["o1"]),
        ("…", []),
        ('"', []),
        ('x" OR "1', []),
        ("张伟*", []),
    ],
)
def test_what_is_typed_finds_exactly_what_holds_it_newest_first(db, text: str, ids: list[str]) -> None:
    assert found(db, text) == ids


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("张伟", True), ("张", True), ("张伟 南京", True), ("张伟明", False), ("1182", False),
        ("dk-1", False), ("张1", False), ("张·", False), ("…", False), ("", False),
    ],
)  # fmt: skip
def test_pairs_of_characters_need_no_second_look(text: str, is_so: bool) -> None:
    assert is_exact(text) is is_so


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("118204", ("number",)), ("5678", ("phone",)), ("张伟", ("buyer",)), ("门口", ("note",)),
        ("文晖路", ("street",)), ("拱墅区", ("place",)), ("四件套", ("article",)),
        ("张伟 拱墅区", ("buyer", "place")), ("ext-o1", ("ext_id",)),
    ],
)  # fmt: skip
def test_a_hit_says_where_its_words_stand(db, text: str, places: tuple[str, ...]) -> None:
    assert rows(db, OrderQuery(text=text))[-1].found == places


def test_the_order_that_is_called_so_stands_on_top(db) -> None:
    older = order("o0", number="DK-1182", received_at=NOW - timedelta(days=9), tracking_no="YT118204")
    put(db, [Row("order", "o0", 2, msgspec.json.encode(older))])
    put(db, [Row("order", "o9", 2, msgspec.json.encode(order("o9", number="DK-11820", received_at=NOW)))])

    assert found(db, "dk-1182") == ["o0", "o9", "o4", "o3", "o2", "o1"]
    assert found(db, "yt118204") == ["o0"]
    assert found(db, "ext-o3") == ["o3"]
    assert found(db, "DK-1182", status="shipped") == []


def test_who_reads_masks_finds_by_masks_and_by_nothing_that_is_hidden(db) -> None:
    def floor(text: str) -> list[str]:
        return [row.id for row in rows(db, OrderQuery(text=text, is_masked=True))]

    assert floor("DK-118204") == ["o1"]
    assert floor("5678") == ["o1"]
    assert floor("拱墅区") == ["o4", "o2", "o1"]
    assert [floor(text) for text in ("张伟", "13912345678", "345678", "文晖路", "门口")] == [[]] * 5
    assert [row.found for row in rows(db, OrderQuery(text="5678", is_masked=True))] == [()]


def test_hits_stand_by_another_column_when_asked(db) -> None:
    big = order("o6", receiver=receiver("张伟"), payable_minor=99_900, received_at=NOW - timedelta(days=1))
    put(db, [Row("order", "o6", 2, msgspec.json.encode(big))])

    assert found(db, "张伟", sort="amount")[0] == "o6"
    assert found(db, "张伟", sort="amount", is_rising=True)[-1] == "o6"


def test_filters_narrow_a_search(db) -> None:
    put(db, [Row("order", "o5", 2, msgspec.json.encode(order("o5", shop="DY1", receiver=receiver("张伟"))))])
    assert found(db, "张伟", shop="DY1") == ["o5"]
    assert found(db, "张伟", status="shipped") == []


@pytest.mark.parametrize("few", [0, 2, 100])
def test_few_that_pass_a_filter_are_found_wherever_they_stand(
    db, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    snag = Snag(kind="short_stock", severity="warn", text=Text("x"), opened_at=NOW, due_at=NOW)
    for n, more in enumerate(
        ({"status": Status.PICKING}, {"snags": (snag,)}, {}, {"status": Status.PICKING})
    ):
        new = order(f"n{n}", receiver=receiver("张伟"), received_at=NOW + timedelta(hours=9 + n), **more)
        put(db, [Row("order", new.id, 2, msgspec.json.encode(new))])

    assert found(db, "张伟", status="picking") == ["n3", "n0"]
    assert found(db, "张伟", kind="short_stock") == ["n1"]
    assert found(db, "张伟", held="yes") == []
    assert found(db, "张伟", status="packed") == []


def test_an_order_is_found_by_its_new_words_and_no_longer_by_the_old(db) -> None:
    put(db, [Row("order", "o1", 2, msgspec.json.encode(order("o1", receiver=receiver("王芳"))))])
    assert found(db, "王芳") == ["o1"]
    assert found(db, "张伟") == ["o2"]


def test_a_deleted_order_is_not_found(db) -> None:
    put(db, [Row("order", "o2", 2, None)])
    assert found(db, "张伟") == ["o1"]


def test_pages_of_hits_follow_each_other_without_gap_or_repeat() -> None:
    db = db_of(
        *(
            order(f"o{n:03d}", receiver=receiver("张伟"), received_at=NOW + timedelta(minutes=n))
            for n in range(25)
        )
    )
    query = OrderQuery(text="张伟")
    rowids = lists.hits(db, query)
    parts = [rowids[start : start + 10] for start in (0, 10, 20)]
    pages = [lists.lines(db, lists.Frame(REFS), query, part) for part in parts]
    assert [[row.id for row in page] for page in pages] == [
        [f"o{n:03d}" for n in range(24, 14, -1)], [f"o{n:03d}" for n in range(14, 4, -1)],
        [f"o{n:03d}" for n in range(4, -1, -1)]
    ]  # fmt: skip
    assert lists.hits(db, query, 7) == rowids[:7]
    db.close()


def test_words_become_pairs_and_numbers_are_found_from_both_ends() -> None:
    assert grams(plain("张伟 SF123")).split() == ["张伟", "伟", "sf123", "\u02b3321fs"]
    assert grams("dk-118204").split() == ["dk", "118204", "\u02b3402811", "dk118204", "\u02b3402811kd"]
    assert match("DK-118") == '("dk118"* OR "\u02b3811kd"*)'
    assert match("张伟") == '"张伟"'
    assert match("张伟明") == '"张伟" AND "伟明"'
    assert terms("  张伟  DK-1 ") == ("张伟", "dk-1")
