"""Services in the settings: how each system does, its form with sealed keys, and the keys of its bar."""

from __future__ import annotations

import pytest
from builders import NOW
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.domain.connecting import Asked
from app.domain.outbound import AskService, OutService, Sent
from app.presenters.settings_services import read_map
from app.text import both
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier
ASKS = (
    Asked(name="base_url", type="url", label=both("地址", "Address"), start="https://wms.example.com"),
    Asked(name="app_secret", type="secret", label=both("密钥", "Secret"), is_kept=True),
)
WMS = OutService(
    name="wms", state="on", manifest="qimen", title=both("奇门仓储", "Qimen"),
    about=both("需要…", "Needs a key."), does=("deliver", "recall"), asks=ASKS,
    takes=("warehouses", "carriers"), warehouses={"SZ": "WMS-SZ"}, hook="/services/wms", can_try=True,
    sent=(Sent(kind="deliver", waiting=3, troubled=2, failed=1, sent_at=NOW, again_at=NOW),
          Sent(kind="recall")),
)  # fmt: skip
K3 = OutService(
    name="k3", state="file", manifest="kingdee", title="金蝶", about="", does=("voucher",), asks=ASKS[:1],
    takes=("shops",), shops={"TM1": "001"},
)  # fmt: skip
CRM = OutService(
    name="crm", state="none", manifest="crm", title="CRM", about="", does=("customer",), asks=ASKS[:1],
    takes=("shops",),
)  # fmt: skip


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="fang")
    fake.services_at_hub = [WMS, K3, CRM]
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    return settings_scene(qtbot, aio, fake, "settings_services")


def facts(page):
    return {fact.label: fact.value for group in page.health._groups for fact in group.facts}


def test_each_system_says_how_it_does_what_is_its_own_and_what_to_do(scene):
    page = scene.page.section()

    assert [page.model.row(at).cells[3].text for at in range(2)] == ["Needs somebody", "Well"]
    assert "1 were refused" in page.wrong.accessibleName()
    assert "See the inbox" in page.wrong.accessibleName()
    assert facts(page)["It tells us"] == "What left its warehouses, carrier and tracking number"
    assert facts(page)["It sends to"] == "https://YOUR-HUB/services/wms"
    assert page._fields["app_secret"].control.answer() == ""


def test_new_keys_are_kept_and_what_was_not_typed_stays(scene, fake):
    page = scene.page.section()
    control = page._fields["app_secret"].control
    scene.do(control.setFocus)
    scene.type("new-secret")
    scene.press(Qt.Key.Key_Return, CTRL)

    ((name, asked),) = fake.given
    assert (name, asked.deed, asked.settings["app_secret"]) == ("wms", "keep", "new-secret")
    assert asked.warehouses == {"SZ": "WMS-SZ"}
    assert page.notice.words() == "keep done"
    assert page._fields["app_secret"].control.answer() == ""


def test_a_test_call_a_rest_and_an_end_are_one_key_each(scene, fake):
    page = scene.page.section()
    scene.do(page.table.setFocus)
    for key in (Qt.Key.Key_T, Qt.Key.Key_P, Qt.Key.Key_P, Qt.Key.Key_X):
        scene.press(key)

    assert [asked.deed for _, asked in fake.given] == ["try", "rest", "go_on", "end"]
    assert isinstance(fake.given[0][1], AskService)


def test_what_stands_in_the_file_of_the_operator_is_read_only_and_says_so(scene):
    page = scene.page.section()
    scene.do(lambda: page.table.pick("k3"))

    assert "in a file" in page.save.reason()
    assert not page._fields["base_url"].control.isEnabled()


def test_another_one_of_a_kind_begins_without_the_keys_of_the_first(scene, fake):
    page = scene.page.section()
    scene.do(page.table.setFocus)
    scene.press(Qt.Key.Key_N)
    assert page._fields["warehouses"].control.answer() == ""
    scene.do(page._fields["code"].control.setFocus)
    scene.type("wms_east")
    scene.press(Qt.Key.Key_Return, CTRL)

    assert fake.given[0][0] == "wms_east"
    assert fake.given[0][1].manifest == "qimen"


@pytest.mark.parametrize(
    ("typed", "read"), [("SZ = A\n\nWH=B", {"SZ": "A", "WH": "B"}), ("SZ", None), ("", {})]
)
def test_codes_are_read_line_by_line(typed, read):
    assert read_map(typed) == read
