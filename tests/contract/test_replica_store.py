"""The replica is the hub's rows with pending work decided over them, whatever arrives in what order."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import NOW, line
from desk_world import World, contents, login

from app.commands.hold import Hold
from app.commands.let_go import LetGo
from app.commands.match_sku import MatchSku
from app.commands.recheck import Recheck
from app.commands.resume import Resume
from app.domain.order import Status
from app.domain.values import Role
from app.ports import Given, OrderQuery, Submitted, Wanted
from app.text import Text
from app.trouble import Trouble
from sync.replica.news import Diverged
from sync.replica.overlay import Overlay
from sync.replica.slices import slices
from sync.replica.store import Store


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    made.hub.receive("o1")
    made.hub.receive("o2", lines=(line(ext_sku="unknown-1"),))
    made.pull_all()
    yield made
    made.close()


def hold(order: str = "o1", reason: str = "buyer asked") -> Hold:
    return Hold(order=order, reason=reason)


def test_a_pull_brings_orders_exceptions_stock_and_small_tables(world: World) -> None:
    assert world.order("o1").status is Status.RELEASED
    assert [row.kind for row in world.views.snags()] == ["sku_unmapped"]
    assert world.store.mark.cursor == world.hub.head
    assert set(world.views.refs().shops) == {"TM1", "DY1"}
    assert len(world.views.refs().articles) == 3


def test_after_a_power_cut_no_number_of_a_former_name_stands_for_one_of_ours(world: World) -> None:
    world.must(hold("o1"))
    world.push()
    world.pull_all()
    before = world.store._db.serialize()
    world.store.become_new()
    world.store.submit(hold("o2"), login(), "", None)
    path = world.store.path
    world.store.close()
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)
    path.write_bytes(before)

    world.store = Store(world.folder)

    assert world.store.mark.last_n == 0
    assert [entry.subject for entry in world.store._pending(world.store.mark)] == ["o1", "o2"]


def test_what_a_person_does_shows_at_once_and_is_kept(world: World) -> None:
    done = world.must(hold())

    assert done.n == 1
    assert done.inverse == Resume(order="o1")
    assert ("order", "o1") in done.changes.keys
    assert world.order("o1").pause.reason == "buyer asked"
    assert world.store.waiting.count == 1
    (row,) = [r for r in world.views.order_page(OrderQuery(), 0, 10) if r.id == "o1"]
    assert row.pending


def test_a_refused_command_is_not_kept(world: World) -> None:
    done = world.submit(hold(reason=" "))

    assert done.refusal is not None
    assert done.refusal.code == "no_reason"
    assert world.store.outbox.unsent() == []
    assert world.order("o1").pause is None


def test_a_person_without_the_grant_is_refused_on_the_desk(world: World) -> None:
    done = world.submit(hold(), login(Role.WAREHOUSE))
    assert done.refusal is not None
    assert done.refusal.code == "not_allowed"
    assert world.store.waiting.count == 0


def test_a_command_of_the_hub_is_only_noted(world: World) -> None:
    before = contents(world.store)
    done = world.must(Recheck(order="o1"))
    assert done.n == 1
    assert contents(world.store) == before
    assert world.store.waiting.count == 1


def test_accepted_work_stops_being_pending_when_its_rows_arrive(world: World) -> None:
    world.must(hold())
    world.push()
    assert world.store.waiting.count == 0
    assert contents(world.store)["before"] != []

    world.pull_all()

    assert contents(world.store)["before"] == []
    assert world.order("o1").pause.reason == "buyer asked"
    assert world.store.mark.last_n == 1


def test_pending_work_survives_a_restart(world: World) -> None:
    world.must(hold())
    world.must(hold("o2"))
    before = contents(world.store)
    world.restart()
    assert contents(world.store) == before
    assert world.store.waiting.count == 2


def test_pending_work_is_decided_again_over_what_the_hub_says(world: World) -> None:
    world.must(hold())
    world.hub.publish({("order", "o1"): None})
    world.pull_all()
    assert world.order("o1") is None

    world.hub.receive("o3")
    world.pull_all()
    assert world.store.waiting.count == 1


def told(said: Any) -> Any:
    """What a screen is told, but for the time that passes while a test looks."""
    if isinstance(said, tuple):
        return (told(said[0]), *said[1:])
    return msgspec.structs.replace(said, left_s=0)


def test_a_refusal_of_the_hub_is_lifted_and_stands_in_the_inbox(world: World) -> None:
    world.must(hold())
    world.hub.company.must(hold(reason="the lead was first"))

    world.push()

    assert world.order("o1").pause is None
    (row,) = [r for r in world.views.snags() if r.kind == "refused_command"]
    asked = Text("Held until somebody resumes it: {reason}", {"reason": Text("buyer asked")})
    assert (row.id, row.subject, row.number) == (f"{world.replica}/1", "command", "DK-o1")
    assert told(world.views.case(row.id)) == (told(row), asked)

    world.pull_all()
    (pulled,) = [r for r in world.views.snags() if r.kind == "refused_command"]
    assert told(pulled) == told(row)
    assert told(world.views.case(row.id)) == (told(row), asked)

    world.must(LetGo(case=row.id))
    assert [r.kind for r in world.views.snags()] == ["sku_unmapped"]
    assert world.views.case(row.id) is None
    world.push()
    world.pull_all()
    assert [r.kind for r in world.views.snags()] == ["sku_unmapped"]


def test_a_refusal_because_it_is_so_already_asks_nobody(world: World) -> None:
    match = MatchSku(shop="TM1", ext_sku="unknown-1", sku="LN-220")
    world.must(match)
    world.hub.company.must(match)

    world.push()

    assert [row.state for row in world.views.outbox()] == ["closed"]
    assert [r.kind for r in world.views.snags()] == ["sku_unmapped"]


def test_what_changed_while_a_person_looked_is_said_at_once(world: World) -> None:
    fix = MatchSku(order="o2", shop="TM1", ext_sku="unknown-1", sku="LN-220")
    ver = world.order("o2").ver
    world.hub.company.must(MatchSku(order="o2", shop="TM1", ext_sku="unknown-1", sku="SF-001"))
    world.hub.publish({("order", "o2"): world.hub.company.order("o2")})
    world.pull_all()

    done = world.submit(fix, seen_ver=ver)

    assert done.refusal is not None
    assert done.refusal.code == "conflict"
    assert world.store.waiting.count == 0


def test_a_page_in_slices_ends_where_the_page_ends(world: World) -> None:
    for number in range(10, 40):
        world.hub.receive(f"o{number}")
    world.pull(limit=25, slice_rows=7)
    first = world.store.mark
    assert first.cursor < world.hub.head
    while world.store.mark.cursor < world.hub.head:
        world.pull(limit=25, slice_rows=7)
    assert world.views.count_orders(OrderQuery()) == 32
    assert world.store.mark.total == f"{world.hub.total():016x}"


def test_rows_pulled_twice_change_nothing(world: World) -> None:
    world.must(hold())
    before = contents(world.store)
    mark = world.store.mark
    world.store.mark = type(mark)(**{f: getattr(mark, f) for f in mark.__struct_fields__} | {"cursor": 0})
    world.pull_all()
    assert contents(world.store) == before
    assert world.store.mark.total == f"{world.hub.total():016x}"


def test_what_was_kept_is_promised_although_the_disk_fills_up_before_it_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def fail(*_any: object) -> None:
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(Overlay, "lay", fail)
        promised = world.submit(hold())

    assert promised.n == 1
    assert world.store.waiting.count == 1
    world.push()
    world.pull_all()
    assert world.order().pause is not None


def want(command: Any, order: str = "") -> Wanted:
    return Wanted(order, lambda _found: Given(command))


def test_many_are_kept_as_one_and_each_is_made_over_those_before(world: World) -> None:
    paused, commits = [], list[str]()

    def resumed(found: Any) -> Given:
        paused.append(found[0].pause.reason)
        return Given(Resume(order="o1"))

    world.store.outbox._db.set_trace_callback(lambda said: commits.append(said) if said == "COMMIT" else None)
    done = world.store.submit_each(
        [
            want(hold()),
            Wanted("o1", resumed),
            Wanted("o2", lambda _found: Text("Not this one.")),
            want(hold("o2")),
        ],
        login(),
    )

    assert [each.n for each in done if isinstance(each, Submitted)] == [1, 2, 3]
    assert done[2] == Text("Not this one.")
    assert paused == ["buyer asked"]
    assert (world.order("o1").pause, world.order("o2").pause.reason) == (None, "buyer asked")
    assert (world.store.waiting.count, len(commits)) == (3, 1)


def test_of_many_none_is_kept_where_the_disk_is_full(world: World) -> None:
    world.must(hold("o2"))
    before, mark, outbox = contents(world.store), world.store.mark, world.store.outbox
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count = {pages}")
    many = [want(command) for _ in range(60) for command in (hold(reason="x" * 200), Resume(order="o1"))]

    with pytest.raises(Trouble) as trouble:
        world.store.submit_each(many, login())

    outbox._db.execute("PRAGMA max_page_count = 1073741823")
    assert trouble.value.code == "disk_full"
    assert (contents(world.store), world.store.mark, world.store.waiting.count) == (before, mark, 1)
    assert world.must(hold()).n == 2
    world.push()
    world.pull_all()
    assert world.order("o1").pause.reason == "buyer asked"


def test_of_many_none_is_kept_where_the_rows_had_no_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, is_full = contents(world.store), sqlite3.OperationalError("database or disk is full")
    is_full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def full(_overlay: Overlay, db: sqlite3.Connection, *_given: object) -> None:
        db.execute("ROLLBACK")  # as SQLite does by itself
        raise is_full

    with monkeypatch.context() as patch:
        patch.setattr(Overlay, "lay", full)
        with pytest.raises(Trouble):
            world.store.submit_each([want(hold()), want(hold("o2"))], login())

    assert (contents(world.store), world.store.waiting.count) == (before, 0)
    assert world.must(hold()).n == 1


def test_many_that_are_kept_and_could_not_be_shown_are_shown_with_the_next_page(
    world: World, monkeypatch: pytest.MonkeyPatch, expect_log: Any
) -> None:
    together = world.store.outbox.together

    @contextmanager
    def lost() -> Iterator[None]:
        with together():
            yield
        world.store._db.execute("ROLLBACK")

    with monkeypatch.context() as patch:
        patch.setattr(world.store.outbox, "together", lost)
        done = world.store.submit_each([want(hold()), want(hold("o2"))], login())

    expect_log("2 commands are kept, but cannot be shown")
    assert [each.n for each in done if isinstance(each, Submitted)] == [1, 2]
    assert (world.order("o1").pause, world.store.waiting.count) == (None, 2)
    world.push()
    world.pull_all()
    assert [world.order(order).pause.reason for order in ("o1", "o2")] == ["buyer asked", "buyer asked"]


def test_a_page_asked_for_under_an_older_name_says_nothing_about_the_new_numbers(world: World) -> None:
    world.must(Hold(order="o1", reason="ask"))
    world.push()
    asked = {
        "cursor": str(world.store.mark.cursor),
        "epoch": "E1",
        "limit": "500",
        "wait": "0",
        "last_n": "0",
    }
    late = world.hub.pull(world.replica, asked)
    world.store.become_new()
    world.must(Hold(order="o2", reason="ask"))

    for part in slices(late):
        world.store.apply(part)

    assert world.store.mark.last_n == 0
    assert world.order("o2").pause is not None


def test_a_replica_that_is_not_the_hubs_is_noticed(world: World) -> None:
    world.hub.receive("o9")
    world.hub.bends_sums = True
    mark = world.store.mark
    with pytest.raises(Diverged):
        world.pull_all()
    assert world.store.mark == mark


def test_a_snapshot_takes_the_place_of_the_replica_under_the_outbox(world: World, tmp_path: Path) -> None:
    world.must(hold())
    for number in range(10, 30):
        world.hub.receive(f"o{number}")
    world.hub.build_snapshot()
    file = tmp_path / "arrived.db"
    file.write_bytes(gzip.decompress(world.hub.snapshot or b""))

    world.store.adopt(file)

    assert world.views.count_orders(OrderQuery()) == 22
    assert world.order("o1").pause.reason == "buyer asked"
    assert world.store.mark.cursor == world.hub.head
    world.hub.receive("o30")
    world.pull_all()
    assert world.store.mark.total == f"{world.hub.total():016x}"
    world.restart()
    assert world.views.count_orders(OrderQuery()) == 23


def test_hub_time_goes_on_from_what_was_last_known(world: World) -> None:
    world.must(hold())
    world.restart()
    assert 0 <= (world.store.clock.now() - NOW).total_seconds() < 60
