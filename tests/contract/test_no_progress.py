"""A hub that answers, and nothing moves: said, rested on, and gone round."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest
from fake_hub import FakeHub
from line_world import Desk

from app.commands.hold import Hold
from app.domain.values import Actor, Role
from app.trouble import Trouble
from sync.replica.answering import ASIDE
from sync.replica.entries import Entry
from sync.replica.loop import FULL
from sync.replica.parcels import TOO_LARGE
from sync.transport import Stopped, Transport
from sync.wire import PUSH_BYTES, Push, PushReply, Stop


@pytest.fixture
def hub():
    made = FakeHub()
    made.receive("o1")
    made.receive("o2")
    return made


@pytest.fixture
def desk(tmp_path: Path, hub: FakeHub):
    with hub.serve() as url:
        made = Desk(tmp_path / "desk", url)
        made.sign_in()
        made.level()
        yield made
        made.close()


def says(monkeypatch: pytest.MonkeyPatch, stop: Stop) -> None:
    """Let the hub say the same no to whatever is sent."""

    def push(_self: Transport, _push: Push) -> PushReply:
        raise Stopped(stop)

    monkeypatch.setattr(Transport, "push", push)


def test_a_hub_that_repeats_itself_is_a_line_that_does_not_move(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers, so nothing fails; but only the first time is there anything to go on with."""
    n = desk.hold()
    says(monkeypatch, Stop(code="gap", expect=n))
    assert desk.push() == 0.0
    with pytest.raises(Trouble) as trouble:
        desk.push()

    assert (trouble.value.code, trouble.value.retry) == ("no_progress", True)
    assert desk.loop.after("push", trouble.value) > 0
    assert desk.loop._rebuild is None
    desk.loop.lanes["push"].moved_s -= 61
    desk.loop.after("push", trouble.value)
    assert desk.loop._rebuild == desk.store.mark.epoch
    assert desk.link.link().note.params["why"] == trouble.value.hint

    monkeypatch.undo()
    desk.pull()
    assert desk.push() == 0.0
    assert desk.store.waiting.count == 0


def test_a_hub_without_history_and_without_a_copy_is_not_asked_without_rest(desk: Desk, hub: FakeHub) -> None:
    hub.floor = hub.head + 1
    assert desk.pull() == 0.0
    with pytest.raises(Trouble) as trouble:
        desk.pull()
    assert trouble.value.code == "no_progress"


# --- what is too large ------------------------------------------------------------------------------


def large(desk: Desk, number: int = 1) -> None:
    """Keep a command no hub takes, as an older Docket did."""
    now = desk.store.clock.now()
    args = msgspec.json.encode(Hold(order="o9", reason="x" * 1_200_000))
    desk.store.outbox.add(
        Entry(
            id=f"large-{number}", name="hold", rev=1, args=args, login=desk.login.login_id, subject="o9",
            actor=Actor("lead", Role.LEAD, desk.login.grants), saved_at=now, wall_at=now,
        )
    )  # fmt: skip
    desk.store._renew_overlay()


def test_the_desk_refuses_what_the_hub_would_never_take(desk: Desk) -> None:
    done = desk.store.submit(Hold(order="o1", reason="x" * 1_200_000), desk.login, "", None)
    assert (done.refusal.code, done.n) == ("too_large", 0)
    done = desk.store.submit(Hold(order="o1", reason="x"), desk.login, "because " * 90, None)
    assert (done.refusal.code, desk.store.waiting.count) == ("unsendable", 0)


def test_one_command_too_large_is_put_aside_and_the_rest_goes_on(
    desk: Desk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, expect_log
) -> None:
    desk.hold("o1")
    large(desk)
    desk.hold("o2")
    pushed = Transport.push

    def push(self: Transport, push: Push) -> PushReply:
        if len(msgspec.json.encode(push)) > PUSH_BYTES + 65_536:
            raise Stopped(Stop(code="too_large"))
        return pushed(self, push)

    monkeypatch.setattr(Transport, "push", push)
    for _ in range(4):
        desk.push()
    expect_log("put aside")

    assert desk.store.waiting.count == 0
    assert hub.pushes == [[1], [2]]
    assert desk.link.link().note == ASIDE
    (row,) = [row for row in desk.views.outbox() if row.n < 1]
    assert (row.state, row.error) == ("refused", TOO_LARGE.text)


def test_a_small_command_that_is_called_too_large_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, expect_log
) -> None:
    """A proxy that takes nothing at all is no reason to give work up."""
    desk.hold()
    says(monkeypatch, Stop(code="too_large"))
    assert desk.push() > 1
    expect_log("too_large")
    assert desk.store.waiting.count == 1


def test_a_line_that_takes_little_gets_less_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.hold("o1")
    desk.hold("o2")
    sizes: list[int] = []
    pushed = Transport.push

    def push(self: Transport, push: Push) -> PushReply:
        sizes.append(len(push.commands))
        if len(push.commands) > 1:
            raise Stopped(Stop(code="too_many"))
        return pushed(self, push)

    monkeypatch.setattr(Transport, "push", push)
    while desk.store.waiting.count:
        assert desk.push() == 0.0
    assert sizes == [2, 1, 1]


# --- the desk's own disk and mistakes ---------------------------------------------------------------


def test_a_full_disk_under_the_rows_is_called_full(desk: Desk, expect_log) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    desk.loop._last_wait_s = 0.0
    faults = [full]

    def step(_transport: Transport) -> float:
        if faults:
            raise faults.pop()
        desk.loop._stopping.set()
        return 0.0

    desk.loop._run("pull", step)
    expect_log("the pull lane failed")
    assert desk.link.link().note == FULL


def test_a_mistake_while_showing_does_not_take_back_what_was_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, expect_log
) -> None:
    def lay(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(desk.store._overlay, "lay", lay)
    n = desk.hold()
    expect_log("is kept, but cannot be shown")
    assert [wish.n for wish in desk.store.outbox.unsent()] == [n]
    monkeypatch.undo()
    assert desk.push() == 0.0
