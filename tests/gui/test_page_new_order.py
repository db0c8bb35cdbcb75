"""An order typed in by keys: goods found while typing, a tax number corrected, a draft that survives."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import ALT, CTRL, Scene
from PySide6.QtCore import Qt

import resources
from app.commands.new_order import NewOrder
from app.domain.company import Customer
from app.domain.gazetteer import Gazetteer
from app.presenters.guide import Guide
from widgets import words
from widgets.pages.guide import GuidePage
from widgets.prose import plain

Key = Qt.Key


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))


@pytest.fixture
def fake(gazetteer):
    fake = FakeDesk(user="lin")
    fake.company.gazetteer = gazetteer
    fake.company.rows["customer", "LH"] = Customer(
        code="LH",
        title="临湖酒店用品",
        credit_minor=10_000_000,
        terms_days=30,
        invoice_title="临湖酒店用品有限公司",
        tax_no="91350100M000100Y43",
    )
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    args = {"form": "new_order"}
    return Scene(qtbot, aio, lambda tasks, go: GuidePage(Guide(fake.desk), tasks, go), "guide", args)


def field(scene, name):
    return scene.page._fields[name]


def add(scene, code):
    scene.do(field(scene, "lines").control.seek.setFocus)
    scene.type(code)
    scene.press(Key.Key_Return)


def on(scene):
    scene.press(Key.Key_Return, CTRL)


def fill(scene, name, text):
    control = field(scene, name).control
    scene.do(control.setFocus)
    scene.do(lambda: control.set_answer(text) or control.answered.emit(text))


def to_the_goods(scene):
    on(scene)
    add(scene, "LN-220")


def to_the_invoice(scene):
    to_the_goods(scene)
    on(scene)
    fill(scene, "name", "季小雨")
    fill(scene, "phone", "13800000000")
    fill(scene, "address", "浙江省杭州市拱墅区文晖路88号水岸嘉园3幢1单元502")
    on(scene)
    on(scene)


def test_goods_are_found_while_one_types_and_priced_by_the_list(scene):
    to_the_goods(scene)

    basket = field(scene, "lines").control
    assert list(basket._parts) == ["LN-220"]
    assert basket._parts["LN-220"].price.placeholderText() == "320.00"
    assert field(scene, "lines").message() == "1 piece, ¥320.00"
    assert unnamed(scene.page) == []


def test_how_many_is_typed_straight_after_the_article(scene):
    to_the_goods(scene)
    scene.press(Key.Key_A, CTRL)
    scene.type("24")

    assert field(scene, "lines").message() == "24 pieces, ¥7,680.00"


def test_without_goods_there_is_no_way_on(scene):
    on(scene)
    on(scene)

    assert scene.page._state.at == 1
    assert scene.page.frame._next.reason() == "Fix 1 place to go on"


def test_the_address_is_read_as_it_is_typed(scene):
    to_the_goods(scene)
    on(scene)
    fill(scene, "address", "浙江省杭州市拱墅区文晖路88号水岸嘉园3幢1单元502")

    assert field(scene, "address").message() == "Understood: 浙江省 杭州市 拱墅区"


def test_a_wrong_tax_number_shows_the_right_symbol_and_alt_2_takes_it(scene):
    to_the_invoice(scene)
    assert "tax_no" not in scene.page._fields
    scene.do(lambda: field(scene, "invoice").control.answered.emit("ordinary"))
    fill(scene, "tax_no", "91350100M000100Y44")

    assert field(scene, "tax_no").message().startswith("The last symbol is 4, 3 would fit.")
    scene.press(Key.Key_2, ALT)
    assert field(scene, "tax_no").control.answer() == "91350100M000100Y43"


def test_the_guide_ends_in_an_order_and_goes_back(scene, fake):
    to_the_invoice(scene)
    on(scene)

    *held, command = fake.given
    assert isinstance(command, NewOrder)
    assert {(one.cart, one.lines[0].sku) for one in held} == {(command.order, command.lines[0].sku)}
    order = fake.company.order(command.order)
    assert (order.status, order.payable_minor, order.receiver.street) == (
        "released", 32_000, "文晖路88号水岸嘉园3幢1单元502",
    )  # fmt: skip
    assert scene.page.code == "inbox"
    scene.press(Key.Key_Z)
    assert fake.company.order(command.order).status == "cancelled"
    assert fake.drafts == {}


@pytest.mark.parametrize("way", ["Esc", "rail"])
def test_goods_held_for_an_order_one_leaves_are_given_back_at_once_and_held_again_with_its_draft(
    scene, fake, way
):
    to_the_goods(scene)
    on(scene)
    held = fake.given[-1]
    assert [(one.sku, one.qty) for one in held.lines] == [("LN-220", 1)]

    if way == "Esc":
        scene.press(Key.Key_Escape)
    else:
        scene.do(lambda: scene.shell.go("inbox"))

    assert scene.page.code == "inbox"
    given = fake.given[-1]
    assert (given.cart, [(one.sku, one.qty) for one in given.lines]) == (held.cart, [("LN-220", 0)])
    assert len(fake.given) == 2

    scene.do(lambda: scene.shell.go("guide", {"form": "new_order"}))
    assert fake.given[2:] == [held]


def test_a_draft_survives_and_keeps_its_id(scene, fake):
    to_the_goods(scene)
    kept = dict(fake.drafts["new_order/"])
    scene.press(Key.Key_Escape, times=2)
    assert scene.page.code == "inbox"

    scene.do(lambda: scene.shell.go("guide", {"form": "new_order"}))
    assert scene.page.notice.words() == "Your draft is back. Alt+0 begins anew."
    on(scene)
    assert list(field(scene, "lines").control._parts) == ["LN-220"]
    assert scene.page.presenter._answers["order"] == kept["order"]


def test_a_customer_on_terms_fills_its_own_invoice(scene, fake):
    scene.do(lambda: field(scene, "customer").control.answered.emit("LH"))
    to_the_invoice(scene)
    scene.press(Key.Key_1, ALT)

    answers = scene.page.presenter._answers
    assert (answers["invoice"], answers["tax_no"]) == ("special", "91350100M000100Y43")


def rail(scene):
    return [step.chosen for step in scene.page.frame.rail.steps()]


def test_the_rail_tells_names_pieces_and_ways_where_answers_are_codes(scene):
    fill(scene, "customer", "LH")
    to_the_invoice(scene)

    assert rail(scene)[:4] == ["青禾生活 临湖酒店用品", "1 piece", "季**", "Paid already"]


def test_the_way_back_names_the_order_by_the_number_it_got(scene, fake):
    to_the_invoice(scene)
    on(scene)

    *_, command = fake.given
    number = fake.company.order(command.order).number
    assert plain(scene.shell.undo_bar._sentence.words()) == f"{number} New order"


def test_a_special_invoice_makes_its_fields_necessary(scene):
    to_the_invoice(scene)
    scene.do(lambda: field(scene, "invoice").control.answered.emit("ordinary"))
    ordinary = [field(scene, name)._optional.isVisible() for name in ("tax_no", "title")]
    scene.do(lambda: field(scene, "invoice").control.answered.emit("special"))
    special = [field(scene, name)._optional.isVisible() for name in ("tax_no", "title")]

    assert (ordinary, special) == ([True, True], [False, False])
    assert scene.page.frame._next.reason() == "Fix 2 places to go on"
