"""Orders: search as you type, filters, two pages of rows, and the way to the sheet."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk, Here
from many_orders import many_orders
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.domain.order_view import Question
from app.presenters.orders import Orders
from widgets import words
from widgets.pages.orders import OrdersPage
from widgets.prose import plain

Key = Qt.Key
MANY = 230


@pytest.fixture(scope="module")
def busy():
    return many_orders(MANY, short_every=10)


@pytest.fixture
def fake(busy):
    return FakeDesk(busy.twin())


def shown(qtbot, aio, fake):
    words.set_language("en")
    orders = Orders(fake.desk, fake.files, Here())
    return Scene(qtbot, aio, lambda tasks, go: OrdersPage(orders, tasks, go), "orders")


@pytest.fixture
def scene(qtbot, aio, fake):
    return shown(qtbot, aio, fake)


def fact(scene):
    return plain(scene.page.fact.words())


def numbers(scene):
    model = scene.page.model
    return [model.row(at).cells[0] for at in range(min(model.rowCount(), 200))]


def test_a_question_asked_while_the_page_reads_itself_again_stays_asked(scene, fake):
    orders, keep = scene.page.presenter, fake.desk.keep

    async def slowly(*asked):
        answer = await keep(*asked)
        orders.ask(Question(text="o17"))  # typed just then
        return answer

    fake.desk.keep = slowly
    scene.do(lambda: scene.page.opened(None))

    assert scene.page.search.text() == "o17"
    assert orders.state.query.text == "o17"


def test_every_order_is_counted_and_the_second_page_comes_when_it_is_seen(scene):
    assert fact(scene) == "230 orders"
    assert scene.page.model.rowCount() == MANY
    assert scene.page.model.row(0).cells[0] == "DK-o000"

    scene.do(scene.page.table.scrollToBottom)
    scene.until(lambda: scene.page.model.row(MANY - 1) is not None)
    assert scene.page.model.row(MANY - 1).cells[0] == "DK-o229"


def test_typing_searches_and_esc_brings_all_back(scene):
    scene.press(Key.Key_Slash)
    scene.type("o22")
    assert fact(scene) == "10 hits"
    assert numbers(scene) == [f"DK-o22{n}" for n in range(10)]

    scene.press(Key.Key_Escape, times=2)
    assert fact(scene) == "230 orders"
    assert scene.page.search.text() == ""


def test_an_answer_to_an_older_question_is_thrown_away(scene):
    def hurry():
        scene.page.search.setText("o22")
        scene.page.search.setText("o221")

    scene.do(hurry)

    assert numbers(scene) == ["DK-o221"]
    assert fact(scene) == "1 hit"


def test_filters_narrow_by_exception_and_shop(scene):
    scene.do(lambda: scene.page.kind.answered.emit("short_stock"))
    assert fact(scene) == "23 hits"

    scene.do(lambda: scene.page.shop.answered.emit("DY1"))
    assert scene.page.empty.accessibleName() == "No order like that, Esc clears search and filters."
    assert scene.page.shop.answer() == "DY1"

    scene.press(Key.Key_Escape)
    assert fact(scene) == "230 orders"
    assert scene.page.shop.answer() == ""


def test_enter_opens_the_order_under_the_keys_and_knows_its_neighbours(scene):
    scene.press(Key.Key_J, times=2)

    scene.press(Key.Key_Return)

    place, args = scene.went[0]
    assert (place, args["id"]) == ("order", "o002")
    assert args["among"].split("\n") == [f"o{n:03}" for n in range(200)]


def test_enter_in_the_search_goes_on_in_the_table(scene):
    scene.press(Key.Key_Slash)
    scene.type("o05")
    scene.press(Key.Key_Return)
    assert scene.page.table.hasFocus()
    assert scene.went == []

    scene.press(Key.Key_Return)
    assert scene.went[0][1]["id"] == "o050"


def test_ten_thousand_hits_and_more_ask_to_refine(scene, fake, monkeypatch):
    monkeypatch.setattr(fake, "count_orders", lambda _query: 10_000)
    monkeypatch.setattr("widgets.pages.orders.REST_MS", 1)

    scene.do(lambda: scene.page.presenter.ask(Question(text="o")))

    scene.until(lambda: fact(scene) == "First 10,000 hits, type more to refine")
    scene.do(lambda: scene.page.opened(None))
    assert fact(scene) == "First 10,000 hits, type more to refine"


def test_while_somebody_types_nothing_is_counted(scene, fake, monkeypatch):
    counted = []
    count = fake.count_orders
    monkeypatch.setattr(fake, "count_orders", lambda query: counted.append(query.text) or count(query))
    monkeypatch.setattr("widgets.pages.orders.REST_MS", 60_000)

    scene.press(Key.Key_Slash)
    for key in "DK-":
        scene.type(key)
    assert (counted, fact(scene)) == ([], "At least 200 hits")

    monkeypatch.setattr("widgets.pages.orders.REST_MS", 1)
    scene.type("o")
    scene.until(lambda: fact(scene) == "230 hits")
    assert counted == ["DK-o"]


def test_hits_come_in_one_picture_with_the_column_that_says_where(scene, monkeypatch):
    monkeypatch.setattr("widgets.pages.orders.REST_MS", 60_000)
    model, moved = scene.page.model, []
    for name in ("modelReset", "columnsInserted", "rowsInserted", "rowsRemoved", "dataChanged"):
        getattr(model, name).connect(lambda *_, name=name: moved.append(name))

    scene.press(Key.Key_Slash)
    for key in "o22":
        scene.type(key)

    assert "found" in [column.code for column in model.columns]
    assert moved == ["modelReset"] * 3


def test_news_reload_what_is_on_screen_and_keep_the_row_under_the_keys(scene, fake):
    scene.press(Key.Key_J, times=3)
    fake.company.receive("o500")

    scene.do(lambda: scene.page.opened(None))

    assert fact(scene) == "231 orders"
    assert scene.page.table.current_key() == "o003"


def test_a_desk_without_orders_says_how_they_come(qtbot, aio):
    scene = shown(qtbot, aio, FakeDesk())

    assert scene.page.empty.accessibleName() == "No orders yet, They come in by themselves, or by import."
    assert not scene.page.table.isVisible()


def test_in_a_narrow_window_the_badge_stands_for_the_shop(scene):
    scene.do(lambda: scene.shell.resize(1024, 700))

    titles = [column.code for column in scene.page.model.columns]
    assert "shop" not in titles
    assert len(scene.page.model.row(0).cells) == len(titles)
    assert (
        sum(scene.page.table.columnWidth(n) for n in range(len(titles)))
        <= scene.page.table.viewport().width()
    )


def test_another_language_is_on_screen_at_once(scene):
    scene.do(lambda: words.set_language("zh_CN"))

    released = words.tr("Released")
    assert released != "Released"
    assert scene.page.model.columns[0].title == words.tr("Order")
    scene.until(lambda: scene.page.model.row(1).cells[1] == released)


def test_everything_that_takes_keys_has_names(scene):
    assert unnamed(scene.page) == []


def test_where_there_are_no_rows_the_keys_are_the_pages(scene):
    scene.press(Key.Key_Slash)
    scene.type("ZZZ")
    scene.do(scene.page.focus_first)
    scene.press(Key.Key_I)

    assert scene.page.search.text() == "ZZZ"
    assert scene.went[-1] == ("import_file", {})
