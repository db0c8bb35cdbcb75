"""Split, merge, hold and waive by keys, through the guides, and back with Z."""

from __future__ import annotations

from datetime import timedelta

from builders import NOW, line
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import ALT, CTRL, Scene
from PySide6.QtCore import Qt

from app.domain.order import Status
from app.presenters.guide import Guide
from widgets import words
from widgets.pages.guide import GuidePage

Key = Qt.Key
OTHER = (line(ext_sku="A-2", unit_price_minor=19_900),)


def shown(qtbot, aio, fake, form, order="o1"):
    words.set_language("en")
    args = {"form": form, "order": order}
    return Scene(qtbot, aio, lambda tasks, go: GuidePage(Guide(fake.desk), tasks, go), "guide", args)


def desk(**changes):
    fake = FakeDesk(user="wu")
    fake.company.receive("o1", **({"lines": (line(qty=3),)} | changes))
    fake.company.receive("o2", lines=OTHER)
    return fake


def on(scene):
    scene.press(Key.Key_Return, CTRL)


def control(scene, name):
    return scene.page._fields[name].control


def test_the_other_order_is_offered_before_one_types(qtbot, aio):
    fake = desk()
    scene = shown(qtbot, aio, fake, "merge")
    scene.do(control(scene, "other").setFocus)
    scene.press(Key.Key_Down)
    assert control(scene, "other").is_open
    scene.press(Key.Key_Return)

    assert control(scene, "other").text() == "DK-o2"
    assert scene.page._fields["other"].message() == "Same buyer, 1 piece, ¥199.00"
    assert unnamed(scene.page) == []


def test_two_orders_are_merged_and_z_brings_them_back(qtbot, aio):
    fake = desk()
    scene = shown(qtbot, aio, fake, "merge")
    scene.do(lambda: control(scene, "other").answered.emit("o2"))
    on(scene)
    made = scene.page._state.preview.effects
    on(scene)

    (command,) = fake.given
    assert fake.company.order(command.into).status is Status.RELEASED
    assert made
    scene.press(Key.Key_Z)
    assert [fake.company.order(one).status for one in ("o1", "o2")] == ["released", "released"]


def test_an_order_of_somebody_else_keeps_one_on_the_step(qtbot, aio):
    fake = desk()
    fake.company.receive("o3", shop="DY1")
    scene = shown(qtbot, aio, fake, "merge")
    scene.do(lambda: control(scene, "other").answered.emit("o3"))
    on(scene)

    assert scene.page._state.at == 0
    assert "another shop" in scene.page._fields["other"].message()


def test_pieces_are_split_off_by_number(qtbot, aio):
    fake = desk()
    scene = shown(qtbot, aio, fake, "split")
    scene.do(lambda: control(scene, "pieces")._parts["1"].qty.setValue(1))
    assert [note.text.params["pieces"] for note in scene.page._state.notes] == [2, 1]
    on(scene)
    on(scene)

    (command,) = fake.given
    assert [fake.company.order(part.id).lines[0].qty for part in command.parts] == [2, 1]
    assert fake.company.order("o1").status is Status.REPLACED


def test_what_is_short_is_suggested_to_wait_alone(qtbot, aio):
    fake = FakeDesk(user="lin")
    fake.company.set_stock(2)
    fake.company.receive("o1", lines=(line(qty=3),))
    scene = shown(qtbot, aio, fake, "split")
    scene.press(Key.Key_1, ALT)

    assert control(scene, "pieces").answer() == "1\t1"


def test_a_hold_takes_a_day_as_people_say_it(qtbot, aio):
    fake = desk()
    scene = shown(qtbot, aio, fake, "hold")
    scene.type("waits for the colour")
    on(scene)
    scene.type("tomorrow")
    on(scene)

    pause = fake.company.order("o1").pause
    assert pause.reason == "waits for the colour"
    assert NOW < pause.until < NOW + timedelta(days=1)


def test_a_lead_waives_a_price_and_the_gate_says_so(qtbot, aio):
    fake = desk(lines=(line(unit_price_minor=9_000),))
    scene = shown(qtbot, aio, fake, "waive")
    on(scene)
    scene.type("promotion")
    on(scene)

    order = fake.company.order("o1")
    assert (order.status, order.waivers[0].reason) == (Status.RELEASED, "promotion")
    scene.press(Key.Key_Z)
    assert fake.company.order("o1").status is Status.GATED


def test_another_article_is_found_and_sent(qtbot, aio):
    fake = desk()
    scene = shown(qtbot, aio, fake, "swap_item")
    on(scene)
    scene.do(control(scene, "sku").setFocus)
    scene.type("CT-180")
    scene.press(Key.Key_Return)
    scene.do(control(scene, "reason").setFocus)
    scene.type("agreed by phone")
    on(scene)

    assert fake.company.order("o1").lines[0].sku == "CT-180"


def test_look_twice_wears_no_tick(qtbot, aio):
    scene = shown(qtbot, aio, desk(), "swap_item")
    on(scene)
    scene.do(control(scene, "sku").setFocus)
    scene.type("CT-180")
    scene.press(Key.Key_Return)
    field = scene.page._fields["sku"]

    assert field.message().endswith("look twice")
    assert field._state == "waits"


def test_a_price_is_typed_as_money(qtbot, aio):
    fake = desk()
    scene = shown(qtbot, aio, fake, "correct_price")
    on(scene)
    scene.do(control(scene, "price").setFocus)
    scene.type("300.5")
    scene.do(control(scene, "reason").setFocus)
    scene.type("typed wrong")
    on(scene)
    on(scene)

    assert fake.company.order("o1").lines[0].unit_price_minor == 30_050
