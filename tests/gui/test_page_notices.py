"""Notices by keys: what is new, what is over, reading, the log of leads; the bell, and what is said."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.boot.counts import Counts
from app.domain.bell import Bell, Notice, Told
from app.ports import Waiting
from app.presenters.notices import Notices
from app.text import Text
from widgets import words
from widgets.cells import words_of
from widgets.pages.notices import NoticesPage

Key = Qt.Key


def notice(order, **changes):
    first = Notice(
        order=order, number=f"DK-{order}", gate="address", said=Text("{n} short", {"n": 2}),
        hint="Compare with the channel's own page. Ship nothing before the money is here.", at=NOW,
    )  # fmt: skip
    return msgspec.structs.replace(first, **changes)


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="wu")
    ring(fake, notice("o1"), notice("o2", instead_of="lin"))
    return fake


def ring(fake, *notices):
    fake.company.rows["bell", "wu"] = Bell(person="wu", notices=notices)


@pytest.fixture
def scene(qtbot, aio, fake):
    return Scene(qtbot, aio, lambda tasks, go: NoticesPage(Notices(fake.desk), tasks, go), "notices")


def rows(scene):
    model = scene.page.model
    return [[words_of(cell) for cell in model.row(at).cells] for at in range(model.rowCount())]


def test_each_says_what_keeps_the_order_what_to_do_and_whose_deputy_one_is(scene):
    assert [row[:4] for row in rows(scene)] == [
        ["DK-o1", "Address", "2 short", "Unread"], ["DK-o2", "Address", "2 short", "Unread"],
    ]  # fmt: skip
    scene.press(Key.Key_J)
    assert [section.heading for section in scene.page.side.sections()] == [
        "DK-o2 · Address", "What to do", "Why you",
    ]  # fmt: skip
    assert unnamed(scene.page) == []


def test_opening_the_order_reads_it_and_a_reads_all(scene, fake):
    scene.press(Key.Key_Return)
    assert scene.went == [("order", {"id": "o1"})]
    assert [row[3] for row in rows(scene)] == ["Held", "Unread"]

    scene.press(Key.Key_A)
    assert [row[3] for row in rows(scene)] == ["Held", "Held"]
    assert fake.company.rows["bell", "wu"].unread == 0


def test_what_is_over_says_so(scene, fake):
    ring(fake, notice("o1", over_at=fake.now()))
    scene.do(lambda: scene.page.opened(None))

    assert rows(scene)[0][3] == "Not held any more"


def test_a_lead_reads_what_became_of_every_notice_and_a_clerk_does_not(scene, fake):
    at = fake.now()
    common = {"order": "o1", "number": "DK-o1", "gate": "credit", "told_at": at}
    fake.told_at_hub = [
        Told(person="lin", state="sent", **common),
        Told(person="wu", state="failed", is_outside=True, **common),
        Told(person="shen", state="sent", read_at=at, **common),
    ]
    scene.press(Key.Key_Tab)

    assert [(row[2], row[3], row[4]) for row in rows(scene)] == [
        ("林小满", "Desk", "Sent"),
        ("吴组长", "Desk and outside", "Failed outside"),
        ("沈知夏", "Desk", "Read"),
    ]  # fmt: skip
    fake.sit("lin")
    scene.do(lambda: scene.page.opened(None))
    assert scene.page.splits.here == "mine"
    assert scene.page.empty.accessibleName().startswith("Nothing waits for you")


def test_the_bell_counts_and_only_what_comes_later_is_said_by_the_system(scene, fake, aio):
    fake.waiting = lambda _login: Waiting(snags=0, reviews=0, to_pick=0)
    counts, said = Counts(scene.shell, fake.desk), []
    counts._tray.say = lambda title, text: said.append((title, text))
    aio(counts.show())
    assert (scene.shell.top_bar.bell.unread, said) == (2, [])

    later = fake.now() + timedelta(minutes=1)
    ring(fake, notice("o3", at=later), notice("o1"), notice("o2", over_at=later))
    aio(counts.show())
    aio(counts.show())

    assert scene.shell.top_bar.bell.accessibleName() == "Notices, 3 unread"
    assert said == [("Held until you do something: 1", "DK-o3, Address: 2 short\nDK-o2, Address: 2 short")]
