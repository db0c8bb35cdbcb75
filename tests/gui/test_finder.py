"""Ctrl+K: Chinese, its initials and English find verbs, places and orders."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk, receive
from page_scene import Scene

from app.presenters.palette import Palette
from app.presenters.stock import Stock
from widgets import words
from widgets.finder import ELSEWHERE, Finder, fits, initials
from widgets.pages.stock import StockPage
from widgets.rail import PLACES


@pytest.mark.parametrize(
    ("said", "short"), [("采用建议地址", "cyjydz"), ("打开 DK-1", "dk dk-1"), ("發貨", "發貨"), ("", "")]
)
def test_initials_are_those_one_would_type(said, short):
    assert initials(said) == short


def test_words_match_in_any_order():
    assert fits("dz cy", "采用建议地址")
    assert fits("address use", "Use suggested address")
    assert not fits("zz", "采用建议地址")


@pytest.fixture
def finder(qtbot, aio):
    words.set_language("en")
    fake = FakeDesk(user="qiao")
    receive(fake, "o1")
    scene = Scene(qtbot, aio, lambda tasks, go: StockPage(Stock(fake.desk), tasks, go), "stock")
    found = Finder(Palette(fake.desk))
    found.shell = scene.shell
    return found


def rows(aio, finder, text):
    return [(row.verb, row.key) for row in aio(finder.search(text))]


def test_a_verb_of_the_page_is_found_with_its_key(aio, finder):
    assert rows(aio, finder, "correct") == [("Correct the count", "A")]


def test_a_place_is_found_with_its_key(aio, finder):
    assert ("Inbox", "Ctrl+2") in rows(aio, finder, "inb")


def test_no_place_is_told_twice():
    codes = [place.code for place in (*PLACES, *ELSEWHERE)]

    assert len(codes) == len(set(codes))


def test_an_order_is_found_and_says_what_it_is(aio, finder):
    (row,) = aio(finder.search("DK-o1"))

    assert (row.verb, row.rest, row.fact) == ("Open DK-o1", "青禾旗舰店 · 季**", "¥320.00")


def test_no_more_than_ten_rows(aio, finder):
    assert len(aio(finder.search(""))) <= 10
