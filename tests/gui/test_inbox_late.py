"""The inbox with answers that come late: the hand, the list and what was done belong to each other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from builders import NOW, line
from desk_fake import FakeDesk
from late_lane import LateLane, play, rest

from app import bulk
from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.receive_payment import ReceivePayment
from app.domain.order import ChannelState
from app.domain.values import Receiver, Role
from app.presenters.inbox import Inbox
from app.text import Text
from app.trouble import Trouble
from tests.builders import receive


def unpaid(n):
    """An order of a buyer of its own that was not paid in time."""
    receiver = Receiver(name="季小雨", phone=f"1380000{n:04}", street=f"文晖路{n}号{n}幢")
    long_ago = NOW - timedelta(hours=2)
    waits = ChannelState.AWAITING_PAYMENT
    return receive(f"o{n}", receiver=receiver, paid_minor=0, channel_state=waits, ordered_at=long_ago)


def key(n):
    return f"o{n}:payment_failed"


@pytest.fixture
def fake():
    """Five orders that were not paid, and a desk whose answers can be held back."""
    fake = FakeDesk()
    for n in range(1, 6):
        fake.company.must(unpaid(n), Role.CHANNEL)
    fake.lane = fake.desk._read = fake.desk._store = LateLane()
    return fake


async def opened(fake):
    inbox = Inbox(fake.desk)
    await inbox.refresh()
    return inbox


def test_a_card_chosen_while_the_list_is_read_stays(fake):
    async def script():
        inbox = await opened(fake)
        history = fake.lane.hold("history")
        reading = asyncio.create_task(inbox.refresh())
        await rest()

        await inbox.choose(key(3))
        history.set()
        await reading

        assert inbox.state.here == key(3)

    play(script)


def test_a_split_chosen_while_the_list_is_read_stays(fake):
    async def script():
        inbox = await opened(fake)
        history = fake.lane.hold("history")
        reading = asyncio.create_task(inbox.refresh())
        await rest()

        turning = asyncio.create_task(inbox.turn("waiting"))
        await rest()
        history.set()
        await asyncio.gather(reading, turning)

        assert (inbox.state.split, inbox.state.rows) == ("waiting", ())

    play(script)


def test_words_of_the_filter_are_never_overtaken_by_an_older_list(fake):
    async def script():
        inbox = await opened(fake)
        counts = fake.lane.hold("snag_counts")
        reading = asyncio.create_task(inbox.refresh())
        await rest()

        filtering = asyncio.create_task(inbox.filter("DK-o4"))
        await rest()
        counts.set()
        await asyncio.gather(reading, filtering)

        assert [row.key for row in inbox.state.rows] == [key(4)]

    play(script)


def test_what_is_done_while_something_is_taken_back_can_be_taken_back_too(fake):
    async def script():
        inbox = await opened(fake)
        await inbox.repair(key(1), "cancel_order")
        history = fake.lane.hold("history")
        taking = asyncio.create_task(inbox.undo())
        await rest()

        repairing = asyncio.create_task(inbox.repair(key(2), "cancel_order"))
        await rest()
        history.set()
        await asyncio.gather(taking, repairing)

        assert inbox.state.undo is not None
        assert inbox.state.undo.command.order == "o2"

    play(script)


def fail_at(fake, number):
    """A disk that is full when many are written for this time."""
    submit_each, tries = fake.submit_each, []

    def failing(*args):
        tries.append(args)
        if len(tries) == number:
            raise Trouble("disk_full", Text("The disk is full."))
        return submit_each(*args)

    failing.__name__ = "submit_each"
    fake.submit_each = failing


def test_a_disk_that_fails_amid_many_leaves_the_page_at_work_and_the_undo_whole(fake, monkeypatch):
    monkeypatch.setattr(bulk, "STEP", 2)

    async def script():
        inbox = await opened(fake)
        fail_at(fake, 2)
        await inbox.for_all([key(n) for n in range(1, 6)], "cancel_order")

        assert inbox.state.progress is None
        assert [command.order for command in fake.given] == ["o1", "o2", "o5"]
        full = Text("The disk is full.")
        assert inbox.state.reasons == ((key(3), full), (key(4), full))
        assert len((inbox.state.undo.command, *inbox.state.undo.more)) == 3

    play(script)


def test_who_signs_out_amid_many_leaves_the_next_person_a_page_that_works(fake, monkeypatch):
    monkeypatch.setattr(bulk, "STEP", 1)

    async def script():
        inbox = await opened(fake)
        first = fake.lane.hold("submit_each")
        working = asyncio.create_task(inbox.for_all([key(1), key(2)], "cancel_order"))
        await rest()
        fake.desk.sign_out()
        first.set()
        with pytest.raises(LookupError):
            await working

        fake.sit("shen")
        await inbox.refresh()

        assert inbox.state.progress is None
        assert [row.key for row in inbox.state.rows] == [key(n) for n in range(2, 6)]

    play(script)


def test_what_is_left_of_an_undo_that_failed_can_still_be_taken_back(fake, monkeypatch):
    monkeypatch.setattr(bulk, "STEP", 1)

    async def script():
        inbox = await opened(fake)
        await inbox.for_all([key(n) for n in range(1, 4)], "cancel_order")
        fail_at(fake, 2)
        with pytest.raises(Trouble):
            await inbox.undo()
        await inbox.undo()

        assert [row.key for row in inbox.state.rows] == [key(n) for n in range(1, 6)]
        assert inbox.state.undo is None

    play(script)


def test_an_exception_that_is_over_is_repaired_no_more(fake):
    """The money came in; the row is still on screen and the hand is already on its key."""

    async def script():
        inbox, other = await opened(fake), await opened(fake)
        fake.company.must(ReceivePayment(order="o1", amount_minor=32_000))
        fake.company.must(ReceivePayment(order="o2", amount_minor=32_000))

        await inbox.repair(key(1), "cancel_order")
        await other.for_all([key(2)], "cancel_order")

        assert fake.given == []
        assert inbox.state.notice.message == "This exception is over already. Nothing was done."
        assert key(1) not in [row.key for row in inbox.state.rows]

    play(script)


def test_an_answer_holds_for_what_was_on_screen_and_for_nothing_else(fake):
    """A colleague lowered the price further while it was looked at."""

    async def script():
        fake.company.receive("p1", lines=(line(unit_price_minor=100),))
        inbox = await opened(fake)
        await inbox.choose("p1:price_anomaly")
        order = fake.company.order("p1")
        cheaper = tuple(msgspec.structs.replace(one, unit_price_minor=1) for one in order.lines)
        fake.company.must(Amend(order="p1", lines=cheaper), Role.LEAD)

        await inbox.repair("p1:price_anomaly", "accept_price")
        assert fake.given == []
        assert inbox.state.notice.message.startswith("It changed while you looked.")

        await inbox.repair("p1:price_anomaly", "accept_price")
        assert len(fake.given) == 1

    play(script)


def test_words_for_the_lead_never_land_on_another_exception(fake):
    async def script():
        inbox = await opened(fake)
        await inbox.duty(key(1), "escalate")
        fake.company.must(Cancel(order="o1", reason="x"), Role.LEAD)
        await inbox.refresh()

        assert (inbox.state.asking, inbox.state.here) == ("escalate", key(1))
        await inbox.duty(inbox.state.here, "escalate", reason="the buyer is angry")

        assert fake.given == []
        assert (inbox.state.asking, inbox.state.here) == ("", key(2))
        assert inbox.state.notice.message == "This exception is over already. Nothing was done."

    play(script)


def test_a_claim_taken_back_before_the_hub_spoke_was_lost_to_nobody(fake):
    async def script():
        order = fake.company.order("o1")
        handed = msgspec.structs.replace(order.snag("payment_failed"), owner="shen")
        fake.company.rows["order", "o1"] = msgspec.structs.replace(order, snags=(handed,))
        inbox = await opened(fake)
        await inbox.turn("group")
        fake.link_state = "offline"
        await inbox.duty(key(1), "claim")
        await inbox.undo()
        fake.waiting.clear()

        await inbox.refresh()

        assert fake.company.order("o1").snag("payment_failed").owner == "shen"
        assert (inbox.state.notice, inbox.state.here) == (None, key(1))

    play(script)


def test_what_others_settle_leaves_the_hand_where_it_was(fake):
    async def script():
        inbox = await opened(fake)
        await inbox.choose(key(3))
        fake.company.must(Cancel(order="o3", reason="x"), Role.LEAD)
        await inbox.refresh()
        assert inbox.state.here == key(4)

        await inbox.choose(key(5))
        fake.company.must(Cancel(order="o5", reason="x"), Role.LEAD)
        await inbox.refresh()
        assert inbox.state.here == key(4)

        await inbox.filter("DK-o2")
        assert inbox.state.here == key(2)

    play(script)
