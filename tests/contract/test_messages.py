"""A message to a buyer leaves once, after the time to take it back, and tells a person what they need."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub_world import FEED, SEAL, HubWorld, bought

from app.commands.new_order import NewOrder
from app.commands.receive_payment import ReceivePayment
from app.commands.send_message import SendMessage
from app.commands.withdraw_message import WithdrawMessage
from app.domain.effect import HOLD
from app.domain.values import Role
from app.domain.wording import message_key
from sync import tables
from sync.hub.asking import Worker
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.outgoing_messages import Addressed, Messages
from tests.builders import RECEIVER, REGION, line

HELD_S = HOLD.total_seconds()


class Said:
    """A hub with an order nobody can serve, and the worker that writes messages into a folder."""

    def __init__(self, hub: HubWorld, folder: Path) -> None:
        self.hub, self.folder = hub, folder
        self.clerk = hub.desk(Role.CLERK, "lin")
        info = open_worker(hub.engine, FEED, WORKER, hub.clock())
        worker = Worker(hub.engine, FEED, hub.writer, info)
        way = Messages(folder)
        compose = {"notify": Addressed(hub.engine, FEED, SEAL).compose}
        self.effects = Effects(worker, lambda _shop, _kind: way, hub.clock, ("notify",), compose)

    def message(self, order: str = "o1") -> SendMessage:
        row = self.hub.order(order)
        kind = row.snags[0].kind
        key = message_key(row, kind, "awaited")
        return SendMessage(order=order, kind=kind, template="awaited", key=key)

    def texts(self) -> list[str]:
        return [path.read_text(encoding="utf-8-sig") for path in sorted(self.folder.glob("*.txt"))
                if path.name != "written.txt"]  # fmt: skip


def back(command: SendMessage) -> WithdrawMessage:
    return WithdrawMessage(order=command.order, kind=command.kind, template=command.template, key=command.key)


@pytest.fixture
def said(hub: HubWorld, tmp_path: Path) -> Said:
    hub.channel.must(bought("o1", lines=(line(qty=5_000),)))
    return Said(hub, tmp_path / "outgoing")


def test_it_leaves_after_the_time_to_take_it_back_and_once(said: Said):
    said.clerk.must(said.message())
    said.hub.clock.move(seconds=HELD_S - 2)
    assert said.effects.carry_out() is False
    said.hub.clock.move(seconds=3)

    assert [said.effects.carry_out(), said.effects.carry_out()] == [True, False]

    (text,) = said.texts()
    assert text.splitlines()[:3] == ["shop: TM1", "number: DK-o1", "ext_id: ext-o1"]
    assert RECEIVER.phone not in text
    (outcome,) = said.hub.order().effects
    assert (outcome.kind, outcome.state) == ("notify", "done")
    assert said.hub.order().snags[0].snooze is not None
    assert said.hub.verify().ok


def test_taken_back_in_time_it_never_leaves_and_can_be_sent_after_all(said: Said):
    command = said.message()
    said.clerk.must(command)
    said.hub.clock.move(seconds=5)
    said.clerk.must(back(command))
    said.hub.clock.move(seconds=HELD_S)
    assert (said.effects.carry_out(), said.texts(), said.hub.rows(tables.effect)) == (False, [], [])

    said.clerk.must(command)
    said.hub.clock.move(seconds=HELD_S + 1)
    said.effects.carry_out()

    assert len(said.texts()) == 1


def test_said_and_taken_back_in_one_batch_leaves_nothing(said: Said):
    command = said.message()

    said.clerk.must(command, back(command))

    assert (said.hub.rows(tables.effect), said.hub.order().messages) == ([], ())
    said.clerk.must(command, back(command), command)
    assert [row.state for row in said.hub.rows(tables.effect)] == ["todo"]


def test_after_it_has_left_it_is_not_taken_back(said: Said):
    command = said.message()
    said.clerk.must(command)
    said.hub.clock.move(seconds=HELD_S + 1)
    said.effects.carry_out()

    (answer,) = said.clerk.send(said.clerk.wish(back(command)))

    assert answer.refusal.code == "too_late"


def test_who_came_from_no_channel_is_reached_by_phone_which_stands_in_the_file_only(said: Said):
    typed = NewOrder(
        order="n1", shop="TM1", receiver=RECEIVER, region=REGION,
        lines=(line(ext_sku="", sku="LN-220", qty=5_000),),
    )  # fmt: skip
    said.clerk.must(typed, ReceivePayment(order="n1", amount_minor=5_000 * 32_000))
    said.clerk.must(said.message("n1"))
    said.hub.clock.move(seconds=HELD_S + 1)

    said.effects.carry_out()

    (text,) = said.texts()
    assert f"phone: {RECEIVER.phone}" in text.splitlines()
    (row,) = said.hub.rows(tables.effect)
    assert RECEIVER.phone not in row.payload
