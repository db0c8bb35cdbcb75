"""A deck of the company's own exceptions: nobody is in it, it is laid out anew, played and scored."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lesson_ways import MOVES
from lesson_world import Ground

from app.boot.divisions import load_gazetteer
from app.boot.words import console
from app.commands.cancel import Cancel
from app.commands.escalate import Escalate
from app.commands.fix_address import FixAddress
from app.commands.match_sku import MatchSku
from app.domain.deck import (
    ADDRESS,
    KINDS,
    NOTE,
    PRICE,
    SHAPES_MOST,
    OwnDeck,
    Place,
    Shape,
    made,
    picked,
    shape_of,
)
from app.domain.order import Order
from app.domain.values import Region
from app.training.course import LESSONS
from app.training.lesson import next_hint
from app.training.own_lesson import GOODS, own_lesson
from tests.builders import line, order

GAZETTEER = load_gazetteer()
PLAYED = ("repair_address", "match_sku", "correct_price", "snooze_stock", "settle_duplicate", "read_note")
"""Lessons whose exceptions stand for a month of work."""


def month() -> list[tuple[str, Order, int]]:
    """Exceptions people have dealt with: the type, the order as it is afterwards, the list price."""
    found = []
    for code in PLAYED:
        ground = Ground(LESSONS[code])
        had = {key: row.snags for key, row in ground.rows.items() if isinstance(row, Order)}
        for move in MOVES[code].values():
            move(ground)
        for key, snags in had.items():
            row = ground.rows[key]
            sku = ground.refs.articles.get(row.lines[0].sku)
            found += [(snag.kind, row, sku.list_price_minor if sku else 0) for snag in snags]
    return found


@pytest.fixture(scope="module")
def deck() -> OwnDeck:
    shapes = [shape_of(kind, row, GAZETTEER, lambda _sku, p=price: p) for kind, row, price in month()]
    return made("2026_06", [shape for shape in shapes if shape is not None], GAZETTEER)


def test_a_month_of_exceptions_becomes_a_deck_of_every_type(deck: OwnDeck):
    assert {shape.kind for shape in deck.shapes} == set(KINDS)
    assert len(deck.shapes) <= SHAPES_MOST
    assert msgspec.json.decode(msgspec.json.encode(deck), type=OwnDeck) == deck


def test_nobody_is_in_it(deck: OwnDeck):
    text = msgspec.json.encode(deck).decode()
    for _kind, row, _price in month():
        receiver = row.receiver
        for word in (receiver.name, receiver.phone, receiver.phone[-4:], receiver.street, row.number, row.id):
            assert word not in text
        assert not receiver.note or receiver.note not in text


words = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(("江苏省", "南京市", "张三的家"))


@given(words, words, words, words, st.integers(-5, 10**6))
def test_whatever_stands_in_an_address_only_names_of_places_come_along(province, city, district, code, qty):
    wrong = Region(province=province, city=city, district=district, postcode=code)
    right = Region(province="江苏省", city="南京市", district="鼓楼区", verdict="accept")
    row = order(original=wrong, region=right, lines=(line(sku="LN-220", qty=abs(qty) + 1),))

    shape = shape_of(ADDRESS, row, GAZETTEER, lambda _sku: 0)

    assert shape is not None
    assert shape.right == Place("江苏省", "南京市", "鼓楼区", "")
    for kept, was in zip(msgspec.structs.astuple(shape.wrong)[:3], (province, city, district), strict=True):
        assert kept == "" or (kept == was and GAZETTEER.meaning(kept))
    assert shape.wrong.postcode in ("", code)
    assert shape.wrong.postcode.isdecimal() or not shape.wrong.postcode
    msgspec.json.decode(msgspec.json.encode(shape), type=Shape)


def test_what_was_not_mended_or_cannot_be_laid_again_makes_no_shape():
    assert shape_of("payment_failed", order(), GAZETTEER, lambda _sku: 0) is None
    assert shape_of(ADDRESS, order(), GAZETTEER, lambda _sku: 0) is None
    assert shape_of(PRICE, order(), GAZETTEER, lambda _sku: 32_000) is None
    assert shape_of(PRICE, order(), GAZETTEER, lambda _sku: 64_000) == Shape(kind=PRICE, price_pct=50)
    clear = Shape(kind=ADDRESS, wrong=Place("浙江省", "杭州市", "西湖区"), right=Place("浙江省", "杭州市"))
    usual = Shape(kind=PRICE, price_pct=90)
    assert made("2026_06", [clear, usual], GAZETTEER).shapes == ()


def test_no_two_are_alike_and_no_type_crowds_the_others_out():
    notes = [Shape(kind=NOTE, pieces=(n,)) for n in (1, 2, 3, 4, 5)]
    found = picked([*notes, *notes, *(Shape(kind=kind) for kind in KINDS)])

    assert len(found) == len(set(found)) == 3 + len(KINDS) - 1
    assert found[0].kind == NOTE


def test_it_is_said_in_both_languages(deck: OwnDeck):
    lesson = own_lesson(deck)
    for text in (lesson.title, lesson.brief, *(goal.says for goal in lesson.goals)):
        assert console(text, "en") != console(text, "zh_CN")
    assert console(lesson.title, "en").endswith("2026-06")


def test_it_is_laid_out_unsolved_and_played_to_its_end(deck: OwnDeck):
    lesson = own_lesson(deck)
    ground = Ground(lesson)
    open_goals = {goal.code for goal in lesson.goals if not goal.keeps}
    assert ground.missed() == open_goals
    for at, shape in enumerate(deck.shapes):
        hint = next_hint(lesson, ground.floor)
        assert hint is not None
        assert hint.goal == f"case_{at + 1}"
        play(ground, f"c{at}", shape, at)
        assert f"case_{at + 1}" not in ground.missed()

    assert ground.score().passed


def play(ground: Ground, name: str, shape: Shape, at: int) -> None:
    """Do what a clerk does about a type."""
    row = ground.order(name)
    right = {"province": shape.right.province, "city": shape.right.city, "district": shape.right.district}
    commands = {
        ADDRESS: FixAddress(order=row.id, receiver=row.receiver, region=Region(**right, verdict="accept")),
        "sku_unmapped": MatchSku(shop=row.shop, ext_sku=row.lines[0].ext_sku, sku=GOODS[at], order=row.id),
        "short_stock": Escalate(order=row.id, kind="short_stock", reason="补货没有消息"),
    }
    if shape.kind in commands:
        ground.must(commands[shape.kind])
    elif shape.kind == "duplicate_suspect":
        ground.repair(f"{name}b", shape.kind, "cancel_newer")
    else:
        ground.repair(name, shape.kind, {PRICE: "accept_price", NOTE: "mark_read"}[shape.kind])


def test_calling_everything_off_solves_nothing(deck: OwnDeck):
    ground = Ground(own_lesson(deck))
    for at in range(len(deck.shapes)):
        ground.must(Cancel(order=ground.deck.id(f"c{at}"), reason="不做了"))

    assert "kept" in ground.missed()
