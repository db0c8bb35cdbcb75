"""A change somebody else was faster with: three sides, one key a choice, done again on the order as it is."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW
from desk_fake import FakeDesk
from page_scene import Scene
from PySide6.QtCore import Qt

from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.let_go import LetGo
from app.commands.open_case import OpenCase
from app.domain.values import Role
from app.ports import Again, SnagRow
from app.presenters.guide import Guide
from app.presenters.inbox import Inbox
from app.text import Text
from widgets import words
from widgets.pages.inbox import InboxPage

CASE = "pc-1/1"
DUTY = ["Later", "To lead"]
"""What one's own refused change can be put off and sent with; nobody claims it from its author."""


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="lin")
    opened = OpenCase(case=CASE, kind="refused_command", subject_id=CASE, text=Text("why"), owner="lin")
    fake.company.must(opened, Role.WORKER)
    fake.cases.append(
        SnagRow(
            id=CASE, subject="command", kind="refused_command", severity="warn", text=Text("Changed"),
            opened_at=NOW, due_at=NOW + timedelta(minutes=28), number="DK-o1",
        )
    )  # fmt: skip
    return fake


@pytest.fixture
def disputed(fake):
    """Place and phone were changed by both, the name only here."""
    before = fake.company.receive("o1")
    change = msgspec.structs.replace
    fake.company.must(
        FixAddress(
            order="o1",
            receiver=change(before.receiver, phone="13700000000", street="解放路1号"),
            region=before.region,
        )
    )
    mine = change(before.receiver, phone="13900000000", street="中山路2号", name="季大雨")
    now = fake.company.order()
    fake.agains[CASE] = Again(
        command=FixAddress(order="o1", receiver=mine, region=before.region),
        order=now,
        before=change(now, receiver=before.receiver),
        mine=change(now, receiver=mine),
        parts=("place", "receiver.phone"),
    )
    return fake


def open_page(qtbot, aio, fake):
    scene = Scene(qtbot, aio, lambda tasks, go: InboxPage(Inbox(fake.desk), tasks, go), "inbox2")
    scene.do(lambda: scene.page.opened({"key": f"{CASE}:refused_command"}))
    return scene


def spoken(scene):
    return list(scene.page.card.sides.part_names())


def labels(scene):
    return [act.label for act in scene.page._state.card.acts]


def test_the_card_shows_before_theirs_and_mine_and_asks_the_first_part(qtbot, aio, disputed):
    scene = open_page(qtbot, aio, disputed)

    place, phone, name = spoken(scene)
    assert place.endswith(", choose")
    assert phone == "phone: before 13800000000, theirs 13700000000, mine 13900000000"
    assert name == "receiver: before 季小雨, theirs 季小雨, mine 季大雨"
    assert labels(scene) == ["Keep mine", "Keep theirs", "Type another", "Let it go", *DUTY]


@pytest.mark.parametrize(
    ("keys", "street", "phone"),
    [
        ((Qt.Key.Key_1, Qt.Key.Key_1), "中山路2号", "13900000000"),
        ((Qt.Key.Key_1, Qt.Key.Key_2), "中山路2号", "13700000000"),
        ((Qt.Key.Key_2, Qt.Key.Key_1), "解放路1号", "13900000000"),
        ((Qt.Key.Key_2, Qt.Key.Key_2), "解放路1号", "13700000000"),
    ],
)
def test_one_key_a_part_and_what_nobody_disputes_comes_along(qtbot, aio, disputed, keys, street, phone):
    scene = open_page(qtbot, aio, disputed)
    scene.press(keys[0])
    assert disputed.given == [], "one part is still open"
    assert spoken(scene)[1].endswith(", choose")
    scene.press(keys[1])

    receiver = disputed.company.order().receiver
    assert (receiver.street, receiver.phone, receiver.name) == (street, phone, "季大雨")
    assert [type(command) for command in disputed.given] == [FixAddress, LetGo]
    assert disputed.company.rows["snag", CASE].is_open is False


def test_typing_another_opens_the_guide_of_that_order(qtbot, aio, disputed):
    scene = open_page(qtbot, aio, disputed)
    scene.press(Qt.Key.Key_Return)

    assert scene.went[-1] == ("guide", {"form": "fix_address", "order": "o1", "case": CASE})


def test_what_was_typed_instead_closes_the_case(aio, fake):
    fake.company.receive("o1")
    guide = Guide(fake.desk)
    aio(guide.open("hold", "o1", {"case": CASE, "reason": "buyer asked"}))
    while not guide.state.is_done:
        at = guide.state.at
        aio(guide.next())
        assert guide.state.is_done or guide.state.at > at, guide.state.fields

    assert [type(command) for command in fake.given] == [Hold, LetGo]
    assert fake.company.rows["snag", CASE].is_open is False


def test_letting_go_changes_nothing_but_the_case(qtbot, aio, disputed):
    scene = open_page(qtbot, aio, disputed)
    scene.press(Qt.Key.Key_3)

    assert [type(command) for command in disputed.given] == [LetGo]
    assert disputed.company.order().receiver.phone == "13700000000"


def test_what_was_refused_is_done_again_or_says_why_not(qtbot, aio, fake):
    order = fake.company.receive("o1")
    fake.agains[CASE] = Again(command=Hold(order="o1", reason="ask"), order=order)
    scene = open_page(qtbot, aio, fake)
    assert labels(scene) == ["Do it again", "Type another", "Let it go", *DUTY]
    scene.press(Qt.Key.Key_1)

    assert fake.company.order().pause.reason == "ask"
    assert fake.company.rows["snag", CASE].is_open is False


def test_what_is_refused_once_more_stays_with_its_reason(qtbot, aio, fake):
    fake.company.receive("o1")
    fake.company.must(Hold(order="o1", reason="lead"), Role.LEAD)
    fake.agains[CASE] = Again(command=Hold(order="o1", reason="ask"), order=None)
    fake.sit("qiao")  # the warehouse may not hold
    scene = open_page(qtbot, aio, fake)
    scene.press(Qt.Key.Key_1)

    assert scene.page.notice.words() == "You are not allowed to do this. Ask your lead."
    assert fake.company.rows["snag", CASE].is_open is True


def test_those_who_read_masks_choose_between_masks(qtbot, aio, disputed):
    disputed.sit("qiao")
    scene = open_page(qtbot, aio, disputed)

    assert "13700000000" not in " ".join(spoken(scene))
    assert "解放路" not in " ".join(spoken(scene))


def test_a_case_of_another_desk_is_let_go_put_off_or_sent_to_the_lead(qtbot, aio, fake):
    scene = open_page(qtbot, aio, fake)

    assert labels(scene) == ["Let it go", *DUTY]
