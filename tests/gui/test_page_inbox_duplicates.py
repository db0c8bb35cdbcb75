"""A suspected duplicate by keys: both orders side by side, kept, cancelled or merged, and taken back."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, RECEIVER
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.domain.order import Status
from app.presenters.inbox import Inbox
from widgets import words
from widgets.pages.inbox import InboxPage

Key = Qt.Key
HIDDEN = msgspec.structs.replace(RECEIVER, phone=RECEIVER.phone[:3] + "****" + RECEIVER.phone[-4:])


def scene_of(qtbot, aio, **second):
    words.set_language("en")
    fake = FakeDesk()
    fake.company.receive("o1", ordered_at=NOW - timedelta(minutes=8))
    fake.company.receive("o2", **({"ordered_at": NOW - timedelta(minutes=5)} | second))
    scene = Scene(qtbot, aio, lambda tasks, go: InboxPage(Inbox(fake.desk), tasks, go), "inbox")
    return scene, fake


def rows(scene):
    return {row.field: (row.before, row.after, row.verdict, row.verdict_mark) for row in table(scene)}


def table(scene):
    return scene.page.card.beside._rows


def test_the_card_says_field_by_field_why(qtbot, aio):
    scene, _ = scene_of(qtbot, aio, shop="DY1", receiver=HIDDEN)

    shown = rows(scene)
    assert scene.page.card.beside.isVisible()
    assert list(shown) == ["Phone", "Address", "Name", "Articles", "Amount", "Shop", "Ordered"]
    assert shown["Phone"][2:] == ("The same as far as one sees", "met")
    assert shown["Address"][2:] == ("The same", "met")
    assert shown["Shop"][2:] == ("Another one", "")
    assert shown["Ordered"][2:] == ("3 min apart", "met")
    assert shown["Articles"][0] == shown["Articles"][1] != ""
    titles = scene.page.card.beside._titles
    assert (titles.before, titles.after) == ("This order", "DK-o1")
    assert titles.verdict.endswith("% alike")
    assert unnamed(scene.page) == []


def test_a_phone_and_a_name_that_are_the_same_are_not_read_in_full_and_others_are(qtbot, aio):
    scene, _ = scene_of(qtbot, aio)
    assert rows(scene)["Phone"][:2] == (HIDDEN.phone, HIDDEN.phone)
    assert rows(scene)["Name"][0] == rows(scene)["Name"][1] != RECEIVER.name

    other = msgspec.structs.replace(RECEIVER, phone="13900000001")
    scene, _ = scene_of(qtbot, aio, receiver=other)
    assert rows(scene)["Phone"][:2] == (other.phone, RECEIVER.phone)


@pytest.mark.parametrize(
    ("key", "state"),
    [(Key.Key_2, Status.RELEASED), (Key.Key_3, Status.CANCELLED), (Key.Key_1, Status.REPLACED)],
    ids=["keep both", "cancel the newer one", "merge both"],
)
def test_each_repair_is_one_key_and_z_brings_everything_back(qtbot, aio, key, state):
    scene, fake = scene_of(qtbot, aio)
    before = {one: fake.company.order(one) for one in ("o1", "o2")}

    scene.press(key)
    after = fake.company.order("o2").status
    scene.press(Key.Key_Z)

    assert after is state
    for one, order in before.items():
        back = fake.company.order(one)
        assert (back.status, back.lines, back.reserved) == (order.status, order.lines, order.reserved)
        assert (back.payable_minor, back.paid_minor) == (order.payable_minor, order.paid_minor)
        assert back.receiver == order.receiver
    assert scene.page.rows.current_key() == "o2:duplicate_suspect"


def test_the_guide_lets_the_clerk_choose_which_one_goes(qtbot, aio):
    scene, _ = scene_of(qtbot, aio)

    acts = {act.key: act for act in scene.page.presenter.state.card.acts}

    assert (acts["Enter"].label, acts["Enter"].form) == ("Choose which", "cancel_one")


def test_a_kept_pair_stays_away_when_a_new_version_comes_in(qtbot, aio):
    scene, fake = scene_of(qtbot, aio)

    scene.press(Key.Key_2)
    for one in ("o1", "o2"):
        fake.company.receive(
            one, ext_version="2", total_minor=1, ordered_at=fake.company.order(one).ordered_at
        )
    scene.do(lambda: scene.page.latest("look", scene.page.presenter.refresh))

    assert not scene.page.rows.rows.entries()
    assert fake.company.order("o2").snag("duplicate_suspect") is None
