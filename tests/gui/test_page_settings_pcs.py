"""PCs in the settings: who waits stands first with its code, one key lets in, another puts out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.ports import Pc
from app.text import Text
from app.trouble import Trouble
from widgets import words

WAITS = Pc(id="pc-2", title="仓库二号", code="K7Q2-M4TX", state="waits", asked_by="qiao", asked_at=NOW)
WORKS = Pc(
    id="pc-1", title="前台", code="ABCD-EFGH", state="approved", asked_by="fang", asked_at=NOW,
    approved_by="fang", last_at=NOW - timedelta(hours=2),
)  # fmt: skip


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="fang")
    fake.pcs_at_hub = [WAITS, WORKS]
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    return settings_scene(qtbot, aio, fake, "settings_pcs")


def rows(scene):
    model = scene.page.section().model
    return [model.row(at).cells for at in range(model.rowCount())]


def test_who_waits_stands_first_with_the_code_to_compare_and_the_name_of_who_asked(scene):
    assert rows(scene) == [
        ("K7Q2-M4TX", "仓库二号", "Waits", "乔木生", ""),
        ("ABCD-EFGH", "前台", "Allowed", "方其然", "18:30"),
    ]


def test_one_key_lets_in_and_says_so(scene, fake):
    scene.press(Qt.Key.Key_A)

    assert fake.given == [("approved", "pc-2")]
    assert rows(scene)[0][2] == "Allowed"
    assert scene.page.section().notice.words() == "仓库二号 may work with the hub now."
    assert scene.page.section().let_in.reason() == "It is let in already."


def test_another_key_puts_out(scene, fake):
    scene.press(Qt.Key.Key_J)
    scene.press(Qt.Key.Key_X)

    assert fake.given == [("revoked", "pc-1")]
    assert rows(scene)[1][2] == "Not allowed"
    assert scene.page.section().put_out.reason() == "It is out already."


def test_a_pc_whose_sign_in_was_used_elsewhere_is_named_and_may_be_let_in_again(qtbot, aio, fake):
    import msgspec

    fake.pcs_at_hub = [msgspec.structs.replace(WORKS, alarm_at=NOW)]

    scene = settings_scene(qtbot, aio, fake, "settings_pcs")

    assert rows(scene)[0][2] == "Used elsewhere"
    assert scene.page.section().why.words().startswith("Somebody else came with a sign-in of this PC.")
    assert scene.page.section().let_in.reason() == ""


def test_what_the_hub_refuses_is_said_and_nothing_changes(scene, fake, monkeypatch):
    def refuse(_id):
        raise Trouble("this_pc", Text("You sit at this PC. Revoke it from another one."))

    monkeypatch.setattr(fake, "revoke_pc", refuse)
    scene.press(Qt.Key.Key_J)
    scene.press(Qt.Key.Key_X)

    assert scene.page.section().notice.words() == "You sit at this PC. Revoke it from another one."
    assert rows(scene)[1][2] == "Allowed"


def test_without_a_pc_it_says_what_comes_here(qtbot, aio, fake):
    fake.pcs_at_hub = []

    scene = settings_scene(qtbot, aio, fake, "settings_pcs")

    assert scene.page.section().empty.accessibleName() == (
        "No PC has asked yet, Whoever signs in at one is listed here."
    )
