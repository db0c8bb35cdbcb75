"""The outbox: what waits, how safe each thing is, what became of it, and what to do where it failed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from desk_fake import FakeDesk, receive
from page_scene import Scene
from PySide6.QtCore import Qt

from app.ports import Changes, OutboxRow
from app.presenters.outbox import Outbox
from app.text import Text
from widgets import words
from widgets.pages.outbox import OutboxPage

STATES = ("saved", "doubtful", "accepted", "protected", "refused", "conflict", "closed")


def row(n: int, state: str, **more) -> OutboxRow:
    known = {
        "name": "hold", "subject": f"DK-{n}", "who": "lin", "saved_at": NOW - timedelta(minutes=n),
        "said": Text("Stopped: {reason}", {"reason": "buyer asked"}), "order": f"o{n}",
    }  # fmt: skip
    if state in ("refused", "conflict"):
        known |= {"case": f"pc-1/{n}", "error": Text("This order is finished. It cannot be changed.")}
    if state == "doubtful":
        known |= {"error": Text("This order is finished. It cannot be changed.")}
    return OutboxRow(n=n, state=state, **(known | more))


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="lin")
    fake.waiting = [row(n, state) for n, state in enumerate(STATES, 1)]
    fake.waiting[2] = row(3, "accepted", changed=(Text("Stock promised"),))
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    return Scene(qtbot, aio, lambda tasks, go: OutboxPage(Outbox(fake.desk), tasks, go), "outbox")


def shown(scene) -> list[str]:
    model = scene.page.model
    return [model.row(at).cells[0].text for at in range(model.rowCount())]


def test_every_command_has_its_sentence_its_state_and_its_age(scene):
    cells = [getattr(cell, "text", cell) for cell in scene.page.model.row(0).cells]

    assert cells == ["Saved here", "Stopped: buyer asked", "DK-1", "林小满", "1 min"]
    assert shown(scene) == [
        "Saved here", "Doubtful", "Accepted", "Protected", "Refused", "Conflict", "Settled",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("split", "left"),
    [
        ("waiting", ["Saved here", "Doubtful"]),
        ("asks", ["Doubtful", "Refused", "Conflict"]),
        ("changed", ["Accepted", "Refused", "Conflict", "Settled"]),
    ],
)
def test_the_splits_say_what_waits_what_asks_and_what_the_hub_changed(scene, split, left):
    scene.do(lambda: scene.page.splits.chosen.emit(split))

    assert shown(scene) == left


def test_the_road_of_a_command_is_three_words(scene):
    said = {}
    for _ in STATES:
        state = scene.page._state.row.state
        said[state] = [step._style.bold for step in scene.page.side.steps if step.isVisible()]
        scene.press(Qt.Key.Key_J)

    assert [step.accessibleName() for step in scene.page.side.steps] == [
        "Saved here",
        "Accepted",
        "Protected",
    ]
    assert said["saved"] == [True, False, False]
    assert said["accepted"] == [False, True, False]
    assert said["protected"] == [False, False, True]
    assert said["refused"] == []


def test_what_failed_says_why_and_what_to_do_and_one_key_leads_there(scene):
    scene.press(Qt.Key.Key_J, times=4)

    assert scene.page.side.verdict.accessibleName() == "This order is finished. It cannot be changed."
    assert "Decide in the inbox" in scene.page.side.advice.words()
    scene.press(Qt.Key.Key_Return)
    assert scene.went == [("inbox", {"key": "pc-1/5:refused_command"})]


def test_what_the_hub_made_of_it_is_listed(scene):
    scene.press(Qt.Key.Key_J, times=2)

    assert scene.page.side.made.words() == "Stock promised"


def test_the_order_is_one_key_away(scene):
    scene.press(Qt.Key.Key_Return)
    scene.press(Qt.Key.Key_J, times=5)
    scene.press(Qt.Key.Key_O)

    assert scene.went == [("order", {"id": "o1"}), ("order", {"id": "o6"})]


def test_one_key_asks_the_hub_now(scene, fake):
    scene.press(Qt.Key.Key_T)

    assert fake.asked == ["now"]


def test_unsent_work_is_written_to_a_file_for_the_worst_case(scene, fake, tmp_path: Path):
    fake.kept["folder/exports"] = str(tmp_path)
    scene.do(lambda: scene.page.changed(Changes(sync=True)))
    scene.press(Qt.Key.Key_E)

    assert fake.unsent_in == str(tmp_path / "docket-unsent-20260613-2030.json")
    assert scene.page.notice.words() == f"7 written to {fake.unsent_in}"


def test_where_no_file_can_be_written_it_says_so(scene, fake, tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    fake.kept["folder/exports"] = str(blocked)
    scene.do(lambda: scene.page.changed(Changes(sync=True)))
    scene.press(Qt.Key.Key_E)

    assert fake.unsent_in == ""
    assert "This is a file. Choose a folder." in scene.page.notice.words()


def test_with_nothing_to_send_nothing_is_offered_and_it_says_so(qtbot, aio):
    words.set_language("en")
    fake = FakeDesk(user="lin")
    receive(fake)
    scene = Scene(qtbot, aio, lambda tasks, go: OutboxPage(Outbox(fake.desk), tasks, go), "outbox")

    assert scene.page.empty.accessibleName() == (
        "Nothing done here lately, Whatever you do is listed here, with how safe it is."
    )
    assert not scene.page.bar.isVisible()
    scene.do(lambda: scene.page.splits.chosen.emit("waiting"))
    assert scene.page.empty.accessibleName() == "Nothing waits here, Everything you did has reached the hub."


def test_what_waits_grows_old_on_screen_while_one_looks(scene, fake):
    fake.company.now += timedelta(minutes=40)
    scene.do(lambda: scene.page.changed(Changes(sync=True)))

    assert scene.page.model.row(0).cells[4] == "41 min"
    assert scene.page.fact.words() == "7 waiting, the oldest 47 min"
