"""A guide whose answers come late: nothing of one order ever gets into the guide of another."""

from __future__ import annotations

import asyncio

import pytest
from desk_fake import FakeDesk
from late_lane import LateLane, play, rest

from app.presenters.guide import Guide


@pytest.fixture
def fake():
    """Two orders, and a desk whose answers can be held back."""
    fake = FakeDesk()
    for order in ("o1", "o2"):
        fake.company.receive(order)
    fake.lane = fake.desk._read = fake.desk._store = LateLane()
    return fake


async def to_the_end(guide):
    for _ in guide.state.steps:
        await guide.next()


def test_what_is_typed_while_the_next_guide_opens_is_no_draft_of_it(fake):
    async def script():
        guide = Guide(fake.desk)
        await guide.open("hold", "o1")
        await guide.fill("reason", "about the first")
        draft = fake.lane.hold("draft")
        opening = asyncio.create_task(guide.open("hold", "o2"))
        await rest()

        await guide.fill("reason", "still about the first")
        draft.set()
        await opening

        assert fake.drafts["hold/o1"]["reason"] == "about the first"
        assert "hold/o2" not in fake.drafts
        assert guide.state.fields[0].value == ""

    play(script)


def test_a_guide_that_is_still_being_read_gives_no_command_of_the_one_before(fake):
    async def script():
        guide = Guide(fake.desk)
        await guide.open("hold", "o1")
        await guide.fill("reason", "about the first")
        draft = fake.lane.hold("draft")
        opening = asyncio.create_task(guide.open("hold", "o2"))
        await rest()

        for _ in range(3):
            await guide.next()
        draft.set()
        await opening

        assert fake.given == []

    play(script)


def test_an_order_that_is_not_here_leaves_nothing_of_the_one_before(fake):
    async def script():
        guide = Guide(fake.desk)
        await guide.open("hold", "o1")
        await guide.fill("reason", "about the first")
        await guide.open("hold", "gone")

        for _ in range(3):
            await guide.next()

        assert fake.given == []
        assert guide.state.notice.message == "This order is not on this desk."

    play(script)


def test_news_of_the_order_before_do_not_become_the_subject_of_this_guide(fake):
    async def script():
        guide = Guide(fake.desk)
        await guide.open("hold", "o1")
        order = fake.lane.hold("order")
        looking = asyncio.create_task(guide.refresh())
        await rest()

        await guide.open("hold", "o2")
        order.set()
        await looking

        assert guide.state.subject.id == "o2"

    play(script)


def test_an_older_picture_never_covers_a_newer_answer(fake):
    async def script():
        guide = Guide(fake.desk)
        await guide.open("hold", "o1")
        await guide.fill("reason", "wrong")
        facts = fake.lane.hold("facts")
        looking = asyncio.create_task(guide.refresh())
        await rest()

        await guide.fill("reason", "")
        facts.set()
        await looking

        assert guide.state.fields[0].value == ""
        assert guide.state.problems == 1

    play(script)


def test_what_is_typed_after_the_command_was_given_is_no_draft(fake):
    """A draft that outlives its guide would bring the ids of what it made back into the next one."""

    async def script():
        guide = Guide(fake.desk)
        await guide.open("hold", "o1")
        await guide.fill("reason", "about the first")
        await to_the_end(guide)
        assert len(fake.given) == 1

        await guide.fill("reason", "about the first, and more")

        assert fake.drafts == {}

    play(script)
