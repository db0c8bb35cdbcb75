"""A lead shares a view of the orders; everybody takes it up; one's own views stay one's own."""

from __future__ import annotations

import pytest
from builders import actor
from desk_fake import FakeDesk, Here
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.commands.set_view import SetView
from app.domain.order_view import OrderView, Question, SharedView
from app.domain.values import Role
from app.ports import Changes
from app.presenters.orders import Orders
from widgets import words
from widgets.pages.orders import OrdersPage
from widgets.prose import plain

Key = Qt.Key


@pytest.fixture
def fake():
    if words.language() != "en":
        words.set_language("en")
    fake = FakeDesk(user="wu")
    fake.company.set_stock(1_000_000)
    for n in range(6):
        fake.company.receive(f"o{n}", shop="DY1" if n % 2 else "TM1")
    return fake


@pytest.fixture
def opened(qtbot, aio, fake):
    orders = Orders(fake.desk, fake.files, Here())
    return lambda: Scene(qtbot, aio, lambda tasks, go: OrdersPage(orders, tasks, go), "orders")


def press(scene, name):
    (button,) = [
        each
        for each in scene.page.side.views.findChildren(type(scene.page.side.views.save))
        if each.objectName() == name
    ]
    scene.do(button.click)


def titles(scene):
    return [view.text() for view in scene.page.side.views.views]


@pytest.fixture
def shared(opened):
    """A lead saved a view and shared it."""
    scene = opened()
    scene.do(lambda: scene.page.presenter.ask(Question(shop="DY1")))
    scene.press(Key.Key_V)
    scene.type("DY today")
    scene.press(Key.Key_Return)
    press(scene, "orders/view/0/share")
    scene.do(lambda: scene.page.changed(Changes(frozenset({("view", "x")}))))
    return scene


def test_a_view_is_shared_with_everybody_and_the_way_back_is_offered(shared, fake):
    (view,) = fake.company.refs.views.values()

    assert (view.title, view.view.question) == ("DY today", Question(shop="DY1"))
    assert titles(shared) == ["DY today", "DY today"]
    assert plain(shared.shell.undo_bar._sentence.words()) == "DY today View shared"
    assert unnamed(shared.page) == []

    shared.do(shared.page.focus_first)
    shared.press(Key.Key_Z)
    assert [one.active for one in fake.company.refs.views.values()] == [False]


def test_everybody_takes_a_shared_view_up_and_only_who_may_takes_it_away(fake, opened):
    view = SharedView(code="v1", title="DY today", view=OrderView(question=Question(shop="DY1")))
    fake.company.must(SetView(view=view), actor(Role.LEAD, "wu"))
    fake.sit("lin")
    scene = opened()
    scene.press(Key.Key_V)
    views = scene.page.side.views
    assert titles(scene) == ["DY today"]

    scene.do(views.views[0].setFocus)
    scene.press(Key.Key_Return)
    assert scene.page.presenter.state.view.question == Question(shop="DY1")
    scene.do(views.views[0].setFocus)
    scene.press(Key.Key_Delete)
    assert [one.active for one in fake.company.refs.views.values()] == [True]
    assert fake.kept.get("orders.views/lin") is None


def test_a_lead_takes_a_shared_view_away_and_keeps_their_own(shared, fake):
    press(shared, "orders/shared/0/withdraw")
    shared.do(lambda: shared.page.changed(Changes(frozenset({("view", "x")}))))

    assert [one.active for one in fake.company.refs.views.values()] == [False]
    assert titles(shared) == ["DY today"]


def test_sharing_again_gives_the_name_its_new_meaning(shared, fake):
    shared.do(lambda: shared.page.presenter.ask(Question(shop="TM1")))
    shared.do(shared.page.side.views.name.setFocus)
    shared.type("DY today")
    shared.press(Key.Key_Return)
    press(shared, "orders/view/0/share")

    (view,) = fake.company.refs.views.values()
    assert (view.rev, view.view.question) == (2, Question(shop="TM1"))


def test_words_of_a_search_are_never_shared(opened, fake):
    scene = opened()
    scene.do(lambda: scene.page.presenter.ask(Question(text="季小雨")))
    scene.press(Key.Key_V)
    scene.type("Her orders")
    scene.press(Key.Key_Return)
    press(scene, "orders/view/0/share")

    assert fake.company.refs.views == {}
    assert scene.page.notice.words() == (
        "Words of a search may be somebody's name. Clear the search, then share the view."
    )
