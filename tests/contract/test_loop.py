"""The loops carry work to a hub over real HTTP; whatever breaks, nothing is lost or done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from builders import NOW
from fake_hub import FakeHub
from line_world import Desk

from app.domain.values import Role
from app.ports import HubPort, OrderQuery
from app.text import Text
from app.trouble import Trouble
from sync.replica.loop import LAST_WAIT_S, LONG_S, STALL_S
from sync.transport import CONNECT_S, READ_S, Stopped, Transport
from sync.wire import SCHEMA, Push, Stop, Wish


@pytest.fixture
def hub():
    made = FakeHub()
    made.receive("o1")
    made.receive("o2")
    return made


@pytest.fixture
def address(hub: FakeHub):
    with hub.serve() as url:
        yield url


@pytest.fixture
def desk(tmp_path: Path, address: str):
    made = Desk(tmp_path / "desk", address)
    made.sign_in()
    made.level()
    yield made
    made.close()


def orders(desk: Desk) -> int:
    return desk.views.count_orders(OrderQuery())


# --- the usual day ----------------------------------------------------------------------------------


def test_a_new_desk_signs_in_and_fetches_everything(desk: Desk, hub: FakeHub) -> None:
    assert orders(desk) == 2
    assert desk.store.mark.epoch == "E1"
    assert desk.store.mark.total == f"{hub.total():016x}"
    assert desk.link.link().state == "online"
    port: HubPort = desk.link
    assert port.link().waiting == 0


def test_nobody_signed_in_means_no_exchange(tmp_path: Path, address: str, hub: FakeHub) -> None:
    desk = Desk(tmp_path / "desk", address)
    assert (desk.push(), desk.pull()) == (LONG_S, LONG_S)
    assert hub.tokens == {}
    desk.close()


def test_who_sits_down_does_not_wait_for_the_news_of_the_one_before(
    desk: Desk, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.loop._wait_s = 600
    is_asked, wait_for = threading.Event(), hub.changed.wait_for

    def asked(is_so: Callable[[], bool], wait_s: float) -> bool:
        is_asked.set()
        return wait_for(is_so, wait_s)

    monkeypatch.setattr(hub.changed, "wait_for", asked)
    with ThreadPoolExecutor(1) as lane:
        pulled = lane.submit(desk.pull)
        assert is_asked.wait(20)
        try:
            desk.sign_in(Role.CLERK)
            rest_s = pulled.result(60)
        finally:
            hub.receive("o3")  # lets the hub go on, whatever happened

    assert rest_s == 0
    assert desk.link.link().state == "online"
    desk.level()
    assert orders(desk) == 3


def test_who_sits_down_is_told_where_they_stand_before_a_page_waits_for_news(desk: Desk) -> None:
    assert desk.link.may_wait

    desk.sign_in()
    assert not desk.link.may_wait
    desk.pull()

    assert desk.link.may_wait


def test_work_reaches_the_hub_and_comes_back_as_rows(desk: Desk, hub: FakeHub) -> None:
    assert desk.hold() == 1
    assert desk.link.link().waiting == 1

    desk.push()
    desk.level()

    assert hub.company.order("o1").pause.reason == "buyer asked"
    assert desk.store.mark.last_n == 1
    assert desk.link.link().waiting == 0
    assert desk.push() == LONG_S
    assert desk.views.history("o1")[0].delivery == "accepted"


def test_a_hub_that_came_back_at_another_address_is_found_at_once(desk: Desk, hub: FakeHub) -> None:
    desk.level()
    moved = desk.url.replace("127.0.0.1", "localhost")
    # when
    desk.url = moved
    desk.pull()
    # then
    assert desk.loop.lanes["pull"].transport.url == moved.rstrip("/")


def test_a_long_push_travels_packed(desk: Desk, hub: FakeHub) -> None:
    desk.hold("o1", "a long reason " * 500)
    desk.push()
    assert hub.company.order("o1").pause.reason.startswith("a long reason")
    assert hub.packed == 1


# --- the reply is lost, doubled, late ---------------------------------------------------------------


@pytest.mark.parametrize("fault", ["drop", "void"])
def test_a_lost_request_or_reply_is_sent_again_and_done_once(desk: Desk, hub: FakeHub, fault: str) -> None:
    desk.hold()
    hub.faults.append(fault)
    with pytest.raises(Trouble) as trouble:
        desk.push()
    assert trouble.value.retry

    desk.push()
    desk.level()

    assert len(hub.answers[desk.store.outbox.meta("replica")]) == 1
    assert desk.store.waiting.count == 0
    assert [b'"command":"hold"' in row.doc for row in hub.history] == [True]


def test_rows_that_arrive_before_the_answer_do_not_replace_it(desk: Desk, hub: FakeHub) -> None:
    desk.hold()
    hub.faults.append("void")
    with pytest.raises(Trouble):
        desk.push()
    desk.level()
    assert desk.views.order("o1", desk.login)[0] == hub.company.order("o1")
    assert desk.store.waiting.count == 1
    desk.push()
    assert desk.store.waiting.count == 0
    assert hub.pushes == [[1], [1]]


def test_a_desk_that_dies_after_the_reply_asks_again_and_gets_the_same_answer(
    desk: Desk, hub: FakeHub
) -> None:
    desk.hold()
    (wish,) = desk.store.outbox.unsent()
    desk.push()
    desk.store.outbox._db.execute("UPDATE outbox SET state = 'saved', seq = 0")

    desk.push()

    assert hub.pushes == [[1], [1]]
    assert wish.n == 1
    assert desk.store.waiting.count == 0
    assert len(hub.answers[desk.store.outbox.meta("replica")]) == 1


def test_a_busy_hub_is_asked_again_later(desk: Desk, hub: FakeHub) -> None:
    desk.hold()
    hub.faults.append("busy")
    with pytest.raises(Trouble) as trouble:
        desk.push()
    assert (trouble.value.code, trouble.value.retry) == ("hub_busy", True)
    desk.push()
    assert desk.store.waiting.count == 0


# --- copied, left behind ----------------------------------------------------------------------------


def test_a_line_that_heals_is_used_within_a_minute_whatever_the_desk_waits_for() -> None:
    assert CONNECT_S + READ_S + LAST_WAIT_S < STALL_S


def test_a_copied_desk_goes_on_under_a_new_name(desk: Desk, hub: FakeHub) -> None:
    replica = desk.store.outbox.meta("replica")
    args = msgspec.Raw(b'{"order":"o2","reason":"copy"}')
    wish = Wish(n=1, id="x", name="hold", rev=1, args=args, login="l", at=NOW)
    other = Push(replica=replica, epoch="E1", schema=SCHEMA, commands=desk.link.signed(replica, [wish]))
    hub.push(other, hub.people["lead"])
    desk.hold("o1")

    desk.push()  # fork
    desk.push()
    desk.level()

    assert desk.store.outbox.meta("replica") != replica
    assert hub.company.order("o1").pause.reason == "buyer asked"
    assert desk.store.waiting.count == 0
    assert desk.store.mark.last_n == 1


def test_a_gap_is_filled_from_where_the_hub_expects(desk: Desk, hub: FakeHub) -> None:
    replica = desk.store.outbox.meta("replica")
    desk.hold("o1")
    desk.push()
    desk.hold("o2")
    hub.answers[replica].clear()
    desk.push()  # gap, expect 1
    desk.push()
    assert hub.pushes[-1] == [1, 2]
    assert desk.store.outbox.meta("replica") == replica


def test_a_desk_that_was_away_too_long_starts_over(desk: Desk, hub: FakeHub) -> None:
    desk.hold()
    hub.receive("o3")
    hub.floor = hub.head
    hub.build_snapshot()
    desk.pull()
    desk.level()
    assert orders(desk) == 3
    assert desk.store.waiting.count == 1
    assert desk.views.order("o1", desk.login)[0].pause is not None


def test_a_replica_that_diverged_is_built_anew(desk: Desk, hub: FakeHub, expect_log) -> None:
    hub.receive("o3")
    hub.bends_sums = True
    desk.pull()
    expect_log("replica thrown away")
    hub.bends_sums = False
    desk.level()
    assert orders(desk) == 3
    assert desk.store.mark.total == f"{hub.total():016x}"
    assert desk.loop._witness.diverged == 1


def test_an_old_desk_keeps_its_outbox_and_asks_for_the_update(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_old(_self: Transport, _push: Push) -> None:
        raise Stopped(Stop(code="upgrade"))

    desk.hold()
    monkeypatch.setattr(Transport, "push", too_old)
    assert desk.push() == LONG_S
    assert desk.store.waiting.count == 1
    assert "Update it" in desk.link.link().note.message


# --- snapshots --------------------------------------------------------------------------------------


def test_a_new_desk_starts_from_a_snapshot(tmp_path: Path, hub: FakeHub, address: str) -> None:
    hub.build_snapshot()
    hub.receive("o3")
    desk = Desk(tmp_path / "desk", address)
    desk.sign_in()
    desk.level()
    assert orders(desk) == 3
    assert desk.views.find("季小雨")[0].id == "o3"
    assert list((tmp_path / "desk").glob("snapshot*")) == []
    desk.close()


def test_a_broken_download_goes_on_where_it_stopped(
    tmp_path: Path, hub: FakeHub, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.build_snapshot()
    whole = Transport.download
    starts, cuts = [], [0, 1, 1_000, 1_001, len(hub.snapshot) - 1]

    def breaks(self: Transport, snapshot: object, start: int, *known: object):
        starts.append(start)
        body = b"".join(whole(self, snapshot, start, *known))
        if cuts:
            yield body[: cuts.pop(0) - start]
            raise Trouble("hub_unreachable", None, retry=True)
        yield body

    monkeypatch.setattr(Transport, "download", breaks)
    desk = Desk(tmp_path / "desk", address)
    desk.sign_in()
    for _ in range(5):
        with pytest.raises(Trouble):
            desk.pull()
    desk.level()
    assert starts == [0, 0, 1, 1_000, 1_001, len(hub.snapshot) - 1]
    assert orders(desk) == 2
    desk.close()


def test_a_bent_download_is_thrown_away(
    tmp_path: Path, hub: FakeHub, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.build_snapshot()
    whole = Transport.download
    bent = [True]

    def bends_once(self: Transport, snapshot: object, start: int, *known: object):
        for piece in whole(self, snapshot, start, *known):
            yield bytes(len(piece)) if bent else piece
            bent.clear()

    monkeypatch.setattr(Transport, "download", bends_once)
    desk = Desk(tmp_path / "desk", address)
    desk.sign_in()
    with pytest.raises(Trouble) as trouble:
        desk.pull()
    assert trouble.value.code == "snapshot_broken"
    desk.level()
    assert orders(desk) == 2
    desk.close()


# --- the line ---------------------------------------------------------------------------------------


def test_unsent_work_that_does_not_move_is_said_and_gets_a_fresh_session(desk: Desk) -> None:
    desk.hold()
    desk.push()
    desk.hold("o2")
    before = desk.loop.lanes["push"].transport
    desk.loop._stall_s = 0.0
    desk.loop.after("push", Trouble("hub_unreachable", Text("The hub does not answer."), retry=True))
    note = desk.link.link().note
    assert note.message == "Not syncing since {time}. {why}"
    assert note.params["why"] == Text("The hub does not answer.")
    desk.push()
    assert desk.loop.lanes["push"].transport is not before
    assert desk.link.link().note is None


def test_threads_carry_work_out_and_rows_in_through_faults(
    tmp_path: Path, hub: FakeHub, address: str
) -> None:
    hub.faults.extend(["drop", "void", "busy", "sign_in", "void"])
    with ThreadPoolExecutor(1) as lane:
        on_store = lambda work: lane.submit(work).result()  # noqa: E731
        desk = Desk(tmp_path / "desk", address, on_store, first_wait_s=0.01, last_wait_s=0.05)
        desk.loop._wait_s = 1
        desk.loop.start()
        desk.sign_in()
        desk.wait_for(lambda: desk.store.mark.cursor == hub.head and hub.head > 0)

        for order, reason in (("o1", "one"), ("o2", "two")):
            on_store(lambda order=order, reason=reason: desk.hold(order, reason))
        desk.wait_for(lambda: desk.store.mark.last_n == 2 and desk.store.mark.cursor == hub.head)
        hub.receive("o3")
        desk.wait_for(lambda: desk.store.mark.cursor == hub.head)

        assert hub.company.order("o2").pause.reason == "two"
        assert hub.answers[desk.store.outbox.meta("replica")].keys() == {1, 2}
        desk.loop._stopping.set()
        desk.loop.nudge()
        for thread in desk.loop._threads:
            thread.join(10)
            assert not thread.is_alive()
        desk.close()
