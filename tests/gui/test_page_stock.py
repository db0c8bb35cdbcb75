"""The stock page: find a row, see the sum, correct it, take it back."""

from __future__ import annotations

from datetime import date

import pytest
from builders import line
from desk_fake import FakeDesk
from page_scene import Scene
from PySide6.QtCore import Qt

from app.commands.announce_stock import AnnounceStock
from app.domain.values import Role
from app.presenters.stock import Stock
from widgets import words
from widgets.cells import words_of
from widgets.pages.stock import StockPage


@pytest.fixture
def fake():
    fake = FakeDesk(user="qiao")
    fake.company.set_stock(20, "LN-220", ["SZ"])
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    return Scene(qtbot, aio, lambda tasks, go: StockPage(Stock(fake.desk), tasks, go), "stock")


def keys_of(scene):
    model = scene.page.model
    return [model.row(at).key for at in range(model.rowCount())]


def rows_of(table):
    model = table.model_in_use()
    return [tuple(map(words_of, model.row(at).cells)) for at in range(model.rowCount())]


def test_every_article_stands_once_per_warehouse(scene):
    assert keys_of(scene) == ["SZ/CT-180", "WH/CT-180", "SZ/LN-220", "WH/LN-220", "SZ/SF-001", "WH/SF-001"]
    assert scene.page.table.hasFocus()


def test_slash_filters_as_one_types_and_esc_clears(scene):
    scene.press(Qt.Key.Key_Slash)
    scene.type("LN-2")
    found = keys_of(scene)
    scene.press(Qt.Key.Key_Escape)
    scene.press(Qt.Key.Key_Escape)

    assert found == ["SZ/LN-220", "WH/LN-220"]
    assert len(keys_of(scene)) == 6


def test_a_filter_without_hits_says_how_to_go_on(scene):
    scene.press(Qt.Key.Key_Slash)
    scene.type("ZZZ")

    assert scene.page.empty.isVisible()
    assert scene.page.empty.accessibleName() == "No stock for ZZZ, Esc clears it."


def test_the_sum_of_a_row_is_written_out(scene):
    scene.press(Qt.Key.Key_J, times=2)

    said = scene.page.side._sum.accessibleName()
    assert said == "20 on hand − 0 promised − 0 held by desks − 0 safety = 20 free"


def test_w_says_why_and_enter_opens_the_order_behind_a_line(scene, fake):
    fake.company.receive("o1", lines=(line(qty=2),))
    scene.press(Qt.Key.Key_J, times=2)
    scene.press(Qt.Key.Key_W)
    claims = scene.page.side.claims
    (held,) = rows_of(claims.table)
    offers = rows_of(claims.offers)
    scene.press(Qt.Key.Key_Return)

    assert held == ("DK-o1", "− 2")
    assert offers == [("青禾旗舰店", "28"), ("青禾生活", "18")]
    assert scene.went == [("order", {"id": "o1"})]


def test_esc_leads_back_from_the_answer_to_the_list(scene):
    scene.press(Qt.Key.Key_W)
    scene.press(Qt.Key.Key_Escape)

    assert scene.page.table.hasFocus()


def test_whoever_comes_from_an_order_stands_before_the_answer(qtbot, aio, fake):
    words.set_language("en")
    args = {"warehouse": "SZ", "sku": "LN-220"}
    scene = Scene(qtbot, aio, lambda tasks, go: StockPage(Stock(fake.desk), tasks, go), "stock", args)

    assert scene.page.filter.text() == "LN-220"
    assert scene.page.table.current_key() == "SZ/LN-220"
    assert scene.page.side.claims.isVisible()


def test_a_count_is_corrected_with_its_reason_and_taken_back(scene, fake):
    scene.press(Qt.Key.Key_J, times=2)
    scene.press(Qt.Key.Key_A)
    scene.type("-3")
    scene.press(Qt.Key.Key_Tab)
    scene.type("broken")
    scene.press(Qt.Key.Key_Return)
    corrected = fake.company.stock().on_hand
    scene.press(Qt.Key.Key_Z)

    assert corrected == 17
    assert fake.company.stock().on_hand == 20


def test_without_a_reason_nothing_is_given(scene, fake):
    scene.press(Qt.Key.Key_A)
    scene.type("4")
    scene.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert fake.given == []
    assert scene.page.notice.words() == "Say how many pieces more or less, and why."


def test_who_may_not_count_only_looks(qtbot, aio):
    words.set_language("en")
    fake = FakeDesk(user="lin")
    scene = Scene(qtbot, aio, lambda tasks, go: StockPage(Stock(fake.desk), tasks, go), "stock")

    assert not scene.page.side.asked.isVisible()
    assert scene.page.side.only_look.isVisible()


def test_a_change_of_language_names_the_columns_anew(scene, monkeypatch):
    monkeypatch.setattr(words.notifier(), "catalogue", Chinese())
    scene.do(words.notifier().changed.emit)

    assert [column.title for column in scene.page.model.columns][3] == "商品"
    assert scene.page.side.delta.accessibleName() == "多几件或少几件"


class Chinese:
    """A catalogue of two words."""

    def gettext(self, message):
        return {"Article": "商品", "Pieces more or fewer": "多几件或少几件"}.get(message, message)


def test_what_is_announced_stands_in_the_answer_and_enter_leads_to_its_change(scene, fake):
    comes = AnnounceStock(
        doc="po1", warehouse="SZ", sku="LN-220", qty=9, due_on=date(2026, 6, 20), reference="PO-7"
    )
    fake.company.must(comes, Role.LEAD)
    scene.press(Qt.Key.Key_J, times=2)
    scene.press(Qt.Key.Key_E)
    scene.press(Qt.Key.Key_W)
    claims = scene.page.side.claims
    (coming,) = rows_of(claims.table)
    scene.press(Qt.Key.Key_Return)

    assert coming == ("9 expected on 2026-06-20, PO-7", "0")
    assert scene.went == [
        ("guide", {"form": form, "stock": "SZ/LN-220"}) for form in ("announce_stock", "move_arrival")
    ]
