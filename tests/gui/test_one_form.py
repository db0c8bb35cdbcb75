"""One form for all: the same order through two channels has the same fields, their order and their keys.

What only one channel says stands in one block, closed until it is asked for, and stays as it was left.
"""

from __future__ import annotations

import shutil

import msgspec
import pytest
from builders import Company
from desk_fake import FakeDesk
from hub_world import HubWorld
from page_audit import unnamed
from page_scene import Scene
from polled_world import Polled
from PySide6.QtCore import Qt

from app.domain.beside import Beside, Extra, beside_of
from app.domain.values import order_key
from app.presenters.order import OrderSheet
from sync.hub.database import open_database
from sync.simulators.sale import PAID
from widgets import words
from widgets.pages.order import OrderPage
from widgets.prose import plain

Key = Qt.Key
TWO = ("taobao", "shopify")
SAID = (
    Extra(name="flag", label="旗帜\u2063Flag", kind="word", value="红旗\u2063Red flag"),
    Extra(name="discount", label="优惠\u2063Discount", kind="money", value="1250"),
    Extra(name="latest", label="最晚送达\u2063Deliver by", kind="time", value="2026-06-20T04:00:00+00:00"),
    Extra(name="gift", label="礼物单\u2063Gift", kind="yes", value="yes"),
    Extra(name="buyer", label="买家\u2063Buyer", kind="person", value="季小雨", is_personal=True),
)


def through(code, folder, laid_out):
    """Have a hub read one paid order of the made-up shop from this platform, and return the order."""
    shutil.copy(laid_out, folder / f"{code}.db")
    hub = HubWorld(f"sqlite:///{folder / code}.db")
    try:
        world = Polled(hub, code, 12)
        world.poll(2)
        sale = next(one for one in world.shop if one.state == PAID and not one.asked)
        return same_door(world.orders()[world.platform.ext_id(sale.no)])
    finally:
        hub.close()


def same_door(read):
    """Take in what the channel said as it was read, to one address: one shows stars, one names the street."""
    fields = {
        name: getattr(read, name)
        for name in (
            "number", "ext_id", "ext_version", "channel_state", "currency", "total_minor", "payable_minor",
            "paid_minor", "lines", "ordered_at", "ship_by_at",
        )
    }  # fmt: skip
    return Company().receive(read.id, **fields, beside=read.told.beside)


@pytest.fixture(scope="module")
def orders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("channels")
    laid_out_file = folder / "laid-out.db"
    open_database(f"sqlite:///{laid_out_file}").dispose()
    return {code: through(code, folder, laid_out_file) for code in TWO}


def shown(qtbot, aio, order, language="en"):
    words.set_language(language)
    company = Company()
    company.rows[order_key(order.id)] = order
    fake = FakeDesk(company, user="wu")
    asked = {"id": order.id, "among": order.id}
    make = lambda tasks, go: OrderPage(OrderSheet(fake.desk), tasks, go)  # noqa: E731
    return Scene(qtbot, aio, make, "order", asked)


def key_names(scene):
    keys = scene.page.keys()
    return [(key.key, key.label) for key in keys]


def form_of(scene):
    """Everything that is the form and not the order: fields in their order, columns, gates, keys."""
    sheet, state = scene.page.sheet, scene.page._state
    return {
        "facts": [(group.heading, [fact.label for fact in group.facts]) for group in sheet.facts._groups],
        "columns": [column.title for column in sheet.model.columns],
        "gates": [gate.code for gate in state.gates],
        "life": [status for status, _ in state.life],
        "acts": [(act.code, act.label, act.key) for act in state.acts],
        "keys": key_names(scene),
    }


def test_the_same_order_through_two_channels_has_the_same_fields_and_keys(qtbot, aio, orders):
    taobao, shopify = (shown(qtbot, aio, orders[code]) for code in TWO)

    assert {extra.name for extra in orders["taobao"].told.beside.extras} != {
        extra.name for extra in orders["shopify"].told.beside.extras
    }
    assert form_of(taobao) == form_of(shopify)
    for scene, code in ((taobao, "taobao"), (shopify, "shopify")):
        assert plain(scene.page.sheet.beside.note.words()) == str(len(orders[code].told.beside.extras))


def beside(orders, said=SAID):
    told = msgspec.structs.replace(orders["taobao"].told, beside=beside_of(said) if said else Beside())
    return msgspec.structs.replace(orders["taobao"], told=told)


def facts(scene):
    return [
        (fact.label, plain(fact.value))
        for group in scene.page.sheet.beside.facts._groups
        for fact in group.facts
    ]


def test_the_block_is_closed_until_one_key_opens_it_and_stays_as_it_was_left(qtbot, aio, orders):
    scene = shown(qtbot, aio, beside(orders))
    block = scene.page.sheet.beside
    assert (block.isVisible(), block.facts.isVisible(), plain(block.note.words())) == (True, False, "5")

    scene.press(Key.Key_F7)

    assert block.facts.isVisible()
    assert facts(scene)[:2] == [("Flag", "Red flag"), ("Discount", "¥12.50")]
    assert facts(scene)[3:] == [("Gift", "Yes"), ("Buyer", "季**")]
    assert unnamed(scene.page) == []
    scene.do(lambda: scene.page._show("elsewhere"))
    scene.do(lambda: scene.page._show(orders["taobao"].id))
    assert block.facts.isVisible()
    scene.press(Key.Key_F7)
    assert not block.facts.isVisible()


def test_it_speaks_chinese_and_shows_nothing_where_there_is_nothing(qtbot, aio, orders):
    scene = shown(qtbot, aio, beside(orders), "zh_CN")
    assert [label for label, _ in facts(scene)] == ["旗帜", "优惠", "最晚送达", "礼物单", "买家"]
    assert facts(scene)[0][1] == "红旗"

    scene = shown(qtbot, aio, beside(orders, ()))

    assert not scene.page.sheet.beside.isVisible()
    assert "F7" not in [name for name, _ in key_names(scene)]
