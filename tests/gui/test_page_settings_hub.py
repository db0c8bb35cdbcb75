"""Hub and outbox: the line, the way to the outbox, and how everything is taken off this PC."""

from __future__ import annotations

from datetime import timedelta

import builders
import pytest
from desk_fake import FakeDesk
from settings_scene import settings_scene

from app.ports import Changes, OutboxRow
from widgets import words


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(user="lin")


@pytest.fixture
def scene(qtbot, aio, fake):
    return settings_scene(qtbot, aio, fake, "settings_hub")


def test_a_newer_state_of_the_line_is_drawn_while_the_section_is_in_front(scene, fake):
    fake.link_state = "offline"
    scene.do(lambda: scene.page.changed(Changes(sync=True)))

    assert scene.page.section().link.accessibleName() == "Offline"


def test_the_way_to_the_outbox(scene):
    scene.do(scene.page.section().outbox.click)

    assert scene.went[-1] == ("outbox", {})


def test_a_desk_is_cleared_only_after_it_was_said_what_does_not_come_back(scene, fake):
    fake.drafts["amend/o1"] = {"qty": "2"}
    section = scene.page.section()
    scene.do(section.clear.click)
    assert "drafts and views do not come back" in section.cleared.words()
    assert fake.drafts

    scene.do(section.keep.click)
    assert section.clear.text() == "Clear this desk"
    scene.do(section.clear.click)
    scene.do(section.clear.click)
    assert fake.drafts == {}


def test_nothing_is_cleared_while_something_is_only_saved_here(scene, fake):
    fake.waiting = [
        OutboxRow(
            n=2,
            name="hold",
            subject="DK-1",
            who="lin",
            saved_at=builders.NOW - timedelta(minutes=41),
            state="saved",
        )
    ]
    fake.drafts["amend/o1"] = {"qty": "2"}
    scene.do(lambda: scene.page.changed(Changes(sync=True)))
    section = scene.page.section()

    assert section.why.words() == "1 are only saved here and would be lost"
    scene.do(section.clear.click)
    scene.do(section.clear.click)
    assert fake.drafts
    assert not section.presenter.state.is_asked


def test_where_the_hub_makes_no_copies_it_is_said_what_goes_with_this_desk(scene, fake):
    fake.line = {"unprotected": 3, "makes_copies": False}
    scene.do(lambda: scene.page.changed(Changes(sync=True)))
    section = scene.page.section()
    scene.do(section.clear.click)
    assert "This hub makes no backups: 3 would be lost with its disk." in section.cleared.words()

    fake.line = {"makes_copies": False}
    scene.do(lambda: scene.page.changed(Changes(sync=True)))
    assert "no backups" not in section.cleared.words()


def test_where_the_hub_makes_copies_clearing_waits_for_the_next(scene, fake):
    fake.line = {"unprotected": 3}
    scene.do(lambda: scene.page.changed(Changes(sync=True)))
    section = scene.page.section()

    assert section.why.words() == "3 have no second copy yet: wait for the hub's next backup"
    scene.do(section.clear.click)
    assert not section.presenter.state.is_asked
