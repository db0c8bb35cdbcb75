"""Search finds what a clerk types: a name, two characters, a tail of digits; never what is not there."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import msgspec
import pytest
from builders import NOW, line, order

from app.command import Refs
from app.domain.rules import Rules
from app.domain.values import Receiver, Region
from app.ports import OrderQuery
from sync.grams import grams, match, plain, terms
from sync.projection import Row, create, put
from sync.replica import lists

REFS = Refs({}, {}, Rules())


def db_of(*orders: object) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    create(db)
    put(db, [Row("order", o.id, 1, msgspec.json.encode(o)) for o in orders])
    return db


def receiver(name: str, phone: str = "13800000000", street: str = "文晖路88号") -> Receiver:
    return Receiver(name=name, phone=phone, street=street)


@pytest.fixture
def db():
    made = db_of(
        order("o1", number="DK-118204", receiver=receiver("张伟", "13912345678"), received_at=NOW),
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
    rowids = lists.hits(db, OrderQuery(text=text, **filters))
    return [row.id for row in lists.hit_page(db, lists.Frame(REFS), rowids, None, 100)]


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
        ("…", []),
        ('"', []),
        ('x" OR "1', []),
        ("张伟*", []),
    ],
)
def test_what_is_typed_finds_exactly_what_holds_it_newest_first(db, text: str, ids: list[str]) -> None:
    assert found(db, text) == ids


def test_filters_narrow_a_search(db) -> None:
    put(db, [Row("order", "o5", 2, msgspec.json.encode(order("o5", shop="DY1", receiver=receiver("张伟"))))])
    assert found(db, "张伟", shop="DY1") == ["o5"]
    assert found(db, "张伟", status="shipped") == []


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
    rowids = lists.hits(db, OrderQuery(text="张伟"))
    anchors = lists.hit_anchors(rowids, 10)
    pages = [lists.hit_page(db, lists.Frame(REFS), rowids, anchor, 10) for anchor in anchors]
    assert [[row.id for row in page] for page in pages] == [
        [f"o{n:03d}" for n in range(24, 14, -1)], [f"o{n:03d}" for n in range(14, 4, -1)],
        [f"o{n:03d}" for n in range(4, -1, -1)]
    ]  # fmt: skip
    assert lists.hits(db, OrderQuery(text="张伟"), 7) == rowids[:7]
    db.close()


def test_words_become_pairs_and_numbers_are_found_from_both_ends() -> None:
    assert grams(plain("张伟 SF123")).split() == ["张伟", "伟", "sf123", "\u02b3321fs"]
    assert match("张伟") == '"张伟"'
    assert match("张伟明") == '"张伟" AND "伟明"'
    assert terms("  张伟  DK-1 ") == ("张伟", "dk-1")
