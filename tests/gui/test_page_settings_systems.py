"""Other systems in the settings: keys and secrets are told once, what did not arrive is sent again."""

from __future__ import annotations

import pytest
from builders import NOW
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.domain.systems import Delivery, Hook, NewHook, NewKey, SystemKey
from app.text import Text
from app.trouble import Trouble
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier
ERP = SystemKey(
    code="erp", title="金蝶", scopes=("orders:read", "stock:read"), made_by="fang", made_at=NOW, used_at=NOW
)
WMS = Hook(
    code="wms", url="https://wms.example.com/in", kinds=(), made_by="fang", made_at=NOW, waiting=3, tries=2,
    again_at=NOW, said="HTTP 503",
)  # fmt: skip
SENT = Delivery(
    hook="wms", id="8.0", kind="order.received", subject="o1", state="sent", tries=1, status=200, at=NOW
)
REFUSED = Delivery(
    hook="wms", id="9.0", kind="order.shipped", subject="o2", state="rejected", tries=1, status=422, at=NOW,
    said="HTTP 422",
)  # fmt: skip


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="fang")
    fake.keys_at_hub, fake.hooks_at_hub, fake.deliveries_at_hub = [ERP], [WMS], [REFUSED, SENT]
    return fake


@pytest.fixture
def opened(qtbot, aio, fake):
    return lambda code: settings_scene(qtbot, aio, fake, code)


def rows(table_model):
    return [table_model.row(at).cells for at in range(table_model.rowCount())]


def fill(scene, name, text):
    control = scene.page.section()._fields[name].control
    scene.do(control.setFocus)
    scene.type(text)


def test_a_key_says_what_its_system_may_do_and_is_taken_back_with_one_key(opened, fake):
    scene = opened("settings_keys")
    page = scene.page.section()

    assert rows(page.model)[0][:3] == ("erp", "金蝶", "Read orders, Read stock")
    scene.press(Qt.Key.Key_X)

    assert fake.given == [("revoke", "erp")]
    assert page.notice.words() == "erp opens nothing any more."
    assert page.end.reason() == "It is over already."


def test_a_new_key_is_told_once_and_gone_when_one_looks_elsewhere(opened, fake):
    scene = opened("settings_keys")
    page = scene.page.section()
    scene.press(Qt.Key.Key_N)
    fill(scene, "code", "shop")
    fill(scene, "title", "Mini shop")
    scene.press(Qt.Key.Key_Return, CTRL)
    assert page._fields["scopes"].state() == "error"
    scene.do(lambda: page._fields["scopes"].control.answered.emit("orders:write"))
    scene.press(Qt.Key.Key_Return, CTRL)

    assert fake.given == [NewKey(code="shop", title="Mini shop", scopes=("orders:write",), days=365)]
    assert "told-once" in str(page.secret.words())
    scene.do(page.table.setFocus)
    scene.press(Qt.Key.Key_K)
    assert page.secret.words() == ""


def test_an_address_shows_what_waits_and_what_was_not_taken_goes_again(opened, fake):
    scene = opened("settings_hooks")
    page = scene.page.section()

    assert rows(page.model)[0][:3] == ("wms", "https://wms.example.com/in", "3 wait")
    assert [row[2] for row in rows(page.sent_model)] == ["Not taken", "Taken"]
    scene.do(lambda: page.sent.pick("9.0"))
    scene.press(Qt.Key.Key_A)

    assert fake.given == [("again", "wms", "9.0")]
    assert [row[2] for row in rows(page.sent_model)] == ["Sent again soon", "Taken"]
    scene.press(Qt.Key.Key_X)
    assert fake.given[-1] == ("end", "wms")


def test_a_new_address_is_asked_of_the_hub_and_its_secret_told_once(opened, fake):
    scene = opened("settings_hooks")
    page = scene.page.section()
    scene.press(Qt.Key.Key_N)
    fill(scene, "code", "crm")
    fill(scene, "url", "https://crm.example.com/")
    scene.press(Qt.Key.Key_Return, CTRL)

    assert fake.given == [NewHook(code="crm", url="https://crm.example.com/", kinds=())]
    assert "c0ffee" in str(page.secret.words())


@pytest.mark.parametrize("section", ["settings_keys", "settings_hooks"])
def test_without_a_line_a_sentence_says_so(opened, fake, monkeypatch, section):
    def down():
        raise Trouble("offline", Text("The hub cannot be reached."))

    monkeypatch.setattr(fake, "keys", down)
    monkeypatch.setattr(fake, "hooks", down)

    assert opened(section).page.section().notice.words() == "The hub cannot be reached."


@pytest.mark.parametrize("section", ["settings_keys", "settings_hooks"])
def test_where_there_is_nothing_it_says_how_to_begin(opened, fake, section):
    fake.keys_at_hub, fake.hooks_at_hub, fake.deliveries_at_hub = [], [], []
    page = opened(section).page.section()

    assert "N makes the first one" in page.empty.accessibleName()
    (new,) = page.keys()
    assert new.key == "N"
