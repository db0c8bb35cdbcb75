"""Carriers among the settings, and what an order says of its parcel."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, actor, pick_all, ship_it
from carrier_world import FAR, GIVES, NEAR, XINJIANG, answered
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.commands.pack import Pack
from app.commands.print_paper import PrintPaper
from app.commands.record_scan import RecordScan
from app.commands.set_carrier import SetCarrier
from app.commands.ship import Ship
from app.domain.effect import EffectState
from app.domain.freight import Fare
from app.domain.scan import Scan, ScanKind
from app.domain.values import Receiver, Role
from app.forms.correct_number import FORM as CORRECTING
from app.presenters.order import OrderSheet
from app.presenters.warehouse import Warehouse
from widgets import words
from widgets.pages.order import OrderPage
from widgets.pages.warehouse import WarehousePage

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="wu")
    for carrier in (NEAR, FAR):
        fake.company.must(SetCarrier(carrier=carrier), actor(Role.LEAD, "wu"))
    return fake


def write(scene, name, text):
    control = scene.page.section()._fields[name].control
    scene.do(lambda: control.set_answer(text) or control.answered.emit(text))


def test_fares_are_written_as_rows_and_a_row_that_is_none_is_pointed_out(qtbot, aio, fake):
    scene = settings_scene(qtbot, aio, fake, "settings_carriers")
    section = scene.page.section()
    row = section.model.row(0).cells
    write(scene, "fares", "浙江省 6\n* 9.00 2.50")
    scene.press(Qt.Key.Key_Return, CTRL)
    said = section._fields["fares"].message()
    write(scene, "fares", "浙江省 6 1\n* 9.00 2.50")
    scene.press(Qt.Key.Key_Return, CTRL)

    assert row[:3] == ("SJ", "山脊快运", "CN, areas not served: 2")
    assert said.startswith('"浙江省 6" is no fare.')
    assert fake.company.refs.carriers["SJ"].fares == (
        Fare(province="浙江省", first_minor=600, step_minor=100),
        Fare(first_minor=900, step_minor=250),
    )
    assert unnamed(scene.page) == []


def sheet(qtbot, aio, fake):
    args = {"id": "o1", "among": "o1"}
    return Scene(qtbot, aio, lambda tasks, go: OrderPage(OrderSheet(fake.desk), tasks, go), "order", args)


def test_a_number_another_system_keeps_names_it_and_no_key_changes_it(qtbot, aio, fake):
    keys = []
    for order, role in (("o1", Role.WORKER), ("o2", Role.WAREHOUSE)):
        fake.company.receive(order, receiver=Receiver(name="季", phone=f"1391234567{order[1]}", street=order))
        pick_all(fake.company, order)
        fake.company.must(Pack(order=order), Role.WAREHOUSE)
        ship = Ship(order=order, carrier="SF", tracking_no=f"SF0{order}", told_by="wms")
        fake.company.must(ship, role)
        keys.append(CORRECTING.is_offered(fake.company.order(order), None))
    said = " ".join(sheet(qtbot, aio, fake).page.sheet.facts.part_names())

    assert "Number kept by: wms: correct it there" in said
    assert keys == [False, True]


def test_an_order_says_who_takes_it_and_where_its_parcel_was_seen_last(qtbot, aio, fake):
    fake.company.receive("o1")
    ship_it(fake.company)
    seen = Scan(kind=ScanKind.FAILED, at=NOW + timedelta(hours=20), reason="not_home")
    fake.company.must(RecordScan(order="o1", scan=seen), actor(Role.LEAD, "wu"))
    scene = sheet(qtbot, aio, fake)
    said = " ".join(scene.page.sheet.facts.part_names())

    assert "山脊快运 标准快递, ¥8.00: first of the list" in said
    assert "Not delivered: nobody was there, 14 Jun 16:30" in said


def test_the_packer_finds_carrier_and_number_prints_the_label_and_ships(qtbot, aio, fake):
    fake.company.must(SetCarrier(carrier=msgspec.structs.replace(GIVES, rev=1)), actor(Role.LEAD, "wu"))
    fake.company.receive("o1")
    answered(fake.company, EffectState.DONE, "SJ0001")
    pick_all(fake.company)
    fake.company.must(Pack(order="o1"), actor(Role.LEAD, "wu"))
    floor = Warehouse(fake.desk)
    scene = Scene(qtbot, aio, lambda tasks, go: WarehousePage(floor, tasks, go), "warehouse")
    scene.do(lambda: scene.tasks.spawn(floor.turn("ship")))
    side = scene.page.side
    shown = (side.carrier.text(), side.tracking.text(), side.next_words(floor.state))
    fake.company.must(PrintPaper(order="o1", paper="label"), actor(Role.LEAD, "wu"))
    scene.do(lambda: scene.tasks.spawn(floor.refresh()))

    assert shown == ("山脊快运", "SJ0001", "Print label")
    assert side.next_words(floor.state) == "Ship"


def test_the_dearer_carrier_is_one_key_and_z_takes_it_back(qtbot, aio, fake):
    fake.company.receive("o1", region=XINJIANG)
    scene = sheet(qtbot, aio, fake)
    scene.press(Qt.Key.Key_1)
    chosen = fake.company.order().carriage
    scene.press(Qt.Key.Key_Z)

    assert chosen.carrier == "YX"
    assert fake.company.order().carriage is None
