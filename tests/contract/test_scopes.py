"""A desk holds what its person may see and nothing else: through grants, revocations and rows that move."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import NIGHT, line
from hub_world import HubWorld
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scope_world import ScopeWorld, Seat, leaked_bytes, leaked_files, leaks, may_hold

from app.commands.cancel import Cancel
from app.commands.hold import Hold
from app.commands.receive_stock import ReceiveStock
from app.commands.recheck import Recheck
from app.domain.rules import Rules
from app.domain.values import Role
from app.trouble import Trouble
from sync.replica.slices import slices

REVIEWED = Rules(review_above_minor=50_000, review_signatures=1)
SHORT = (line(qty=12, unit_price_minor=320),)


@pytest.fixture
def world(make_hub, tmp_path: Path) -> Iterator[ScopeWorld]:
    made = ScopeWorld(make_hub(rules=REVIEWED), tmp_path)
    made.receive("tm")
    made.receive("dy", shop="DY1")
    made.receive("short", lines=SHORT)
    yield made
    made.close()


def at(world: ScopeWorld, user: str, name: str = "pc") -> Seat:
    seat = world.seat(name)
    seat.sit(user)
    seat.level()
    return seat


def clean(world: ScopeWorld, seat: Seat) -> None:
    """Nothing is here that may not be, everything that may."""
    user = world.user(seat.user)
    assert leaks(world, seat) == []
    assert leaked_bytes(world, seat) == []
    company = world.orders()
    assert seat.orders().keys() == {one for one, order in company.items() if may_hold(user, order)}
    if user.role is not Role.WAREHOUSE:
        assert all(order == company[one] for one, order in seat.orders().items())
    history = {one for (one,) in seat.store._db.execute("SELECT DISTINCT order_id FROM history")}
    assert history == seat.orders().keys()


def test_each_role_finds_its_orders_and_no_others(world: ScopeWorld):
    held = {}
    for role in ("clerk", "warehouse", "reviewer", "lead"):
        seat = at(world, role, role)
        clean(world, seat)
        held[role] = set(seat.orders())

    assert held == {
        "clerk": {"tm", "dy", "short"}, "warehouse": {"tm", "dy"}, "reviewer": set(),
        "lead": {"tm", "dy", "short"},
    }  # fmt: skip
    assert leaked_files(world) == []


def test_an_order_comes_to_the_floor_with_its_history_when_it_is_promised(world: ScopeWorld):
    floor = at(world, "warehouse")
    assert "short" not in floor.orders()

    world.hub.desk(Role.LEAD).must(
        ReceiveStock(doc="d1", warehouse="SZ", sku="LN-220", qty=20, reference="PO-1")
    )
    world.hub.worker.must(Recheck(order="short"))
    floor.level()

    assert floor.orders()["short"].warehouse == "SZ"
    clean(world, floor)
    assert [row.text.message for row in floor.views.history("short")][-1]
    assert world.hub.verify().findings == ()


def test_an_order_leaves_the_floor_with_its_history(world: ScopeWorld):
    floor, clerk = at(world, "warehouse", "floor"), at(world, "clerk", "office")

    world.hub.desk(Role.LEAD).must(Cancel(order="tm", reason="asked"))
    floor.level()
    clerk.level()

    assert "tm" not in floor.orders()
    assert "tm" in clerk.orders()
    clean(world, floor)
    clean(world, clerk)
    assert world.hub.verify().findings == ()


def test_a_lost_shop_is_gone_at_once_and_said(world: ScopeWorld):
    seat = at(world, "clerk")
    assert "dy" in seat.orders()

    assert world.set("clerk", shops=("TM1",)) == "applied"
    seat.pull()

    assert "dy" not in seat.orders()
    assert seat.link.shrunk == [world.reach("clerk")]
    seat.level()
    clean(world, seat)
    assert set(seat.orders()) == {"tm", "short"}


def test_a_shop_that_is_given_comes_beside_what_is_there(world: ScopeWorld):
    world.set("clerk", shops=("TM1",))
    seat = at(world, "clerk")
    path = seat.store.path
    world.set("clerk", shops=())

    seat.level()

    assert seat.store.path == path
    assert seat.link.shrunk == []
    clean(world, seat)
    assert "dy" in seat.orders()
    assert leaked_files(world) == []


def test_what_another_desk_gained_before_is_too_old_for_one_that_stands_behind_it(world: ScopeWorld):
    world.set("clerk", shops=("TM1",))
    earlier, later = at(world, "clerk", "pc-1"), at(world, "clerk", "pc-2")
    world.set("clerk", shops=())
    earlier.level()  # what it lacked is a file now, and the hub keeps it
    world.set("clerk", shops=("TM1",))
    assert world.hub.desk(Role.LEAD).ask(Hold(order="dy", reason="等买家")).status == "applied"
    later.level()
    path = later.store.path
    world.set("clerk", shops=())

    later.level()

    assert later.store.path == path  # else it was not what the hub has, and thrown away
    clean(world, later)


def test_a_warehouse_less_takes_its_shelves_and_leaves_the_orders(world: ScopeWorld):
    seat = at(world, "clerk")
    path = seat.store.path

    world.set("clerk", warehouses=("WH",))
    seat.level()

    assert seat.store.path == path
    clean(world, seat)
    assert {row[0] for row in seat.store._db.execute("SELECT warehouse FROM stock")} == {"WH"}


def test_unsent_work_outlives_a_revocation(world: ScopeWorld):
    seat = at(world, "clerk")
    done = seat.store.submit(Hold(order="tm", reason="buyer asked"), seat.login(), "", None)
    assert done.refusal is None

    world.set("clerk", shops=("TM1",))
    seat.level()

    assert [entry.subject for entry in seat.store.outbox.pending(0, 0)] == ["tm"]
    assert seat.views.order("tm", seat.login())[0].pause.reason == "buyer asked"


def test_the_next_person_reads_nothing_of_the_one_before(world: ScopeWorld):
    seat = at(world, "clerk")
    world.hub.desk(Role.CLERK, "elsewhere").ask(Hold(order="nowhere", reason="ask"))
    seat.level()
    assert [row.id for row in seat.views.snags() if row.kind == "refused_command"] == ["elsewhere/1"]

    seat.sit("warehouse")
    assert leaks(world, seat) == []
    seat.level()
    clean(world, seat)

    seat.sit("trainer")
    assert leaks(world, seat) == []
    seat.level()
    clean(world, seat)
    assert [row.id for row in seat.views.snags() if row.kind == "refused_command"] == []

    seat.sit("clerk")
    seat.level()
    clean(world, seat)
    assert [row.id for row in seat.views.snags() if row.kind == "refused_command"] == ["elsewhere/1"]


def test_work_that_waits_of_a_clerk_shows_the_floor_no_more_than_it_may_read(world: ScopeWorld):
    seat = at(world, "clerk")
    assert seat.store.submit(Hold(order="tm", reason="ask"), seat.login(), "", None).refusal is None
    assert seat.store.submit(Hold(order="short", reason="ask"), seat.login(), "", None).refusal is None

    seat.sit("warehouse")
    seat.level()

    assert leaks(world, seat) == []
    assert leaked_bytes(world, seat) == []
    assert [entry.subject for entry in seat.store.outbox.pending(0, 0)] == ["tm", "short"]


def test_who_comes_back_finds_the_replica_they_left(world: ScopeWorld):
    seat = at(world, "clerk")
    mine = seat.store.path
    seat.sit("warehouse")
    seat.level()
    world.receive("later")

    seat.sit("clerk")
    assert seat.store.path == mine
    seat.level()

    clean(world, seat)
    assert "later" in seat.orders()


def test_whoever_sits_down_is_told_that_rows_are_still_on_their_way(world: ScopeWorld):
    seat = at(world, "clerk")
    before = seat.store.mark.is_filling
    seat.sit("warehouse")
    is_told = seat.store.mark.is_filling and not seat.orders()
    seat.level()

    assert (before, is_told, seat.store.mark.is_filling) == (False, True, False)
    assert seat.orders()


def test_a_pull_of_the_one_before_is_not_taken_in(world: ScopeWorld):
    """It was under way while they changed places."""
    seat = at(world, "clerk")
    world.receive("later")
    mark = seat.store.mark
    late = seat.wire.pull(cursor=mark.cursor, limit=500, scope_rev=mark.reach.rev, own=False)
    seat.sit("warehouse")
    seat.level()
    for part in slices(late):
        seat.store.apply(part)

    clean(world, seat)


def test_nobody_changes_what_lies_outside(world: ScopeWorld):
    world.set("clerk", shops=("DY1",))
    clerk = world.hub.desk()

    answer = clerk.ask(Hold(order="tm", reason="ask"))

    assert (answer.status, answer.refusal.code) == ("refused", "outside")
    assert world.hub.order("tm").pause is None


def test_a_download_goes_on_wherever_it_was_cut(world: ScopeWorld):
    seat = world.seat("pc")
    seat.sit("clerk")
    seat.wire.cuts = [7, 0, 1, 4_000, 13]
    for _ in range(5):
        with pytest.raises(Trouble):
            seat.pull()
    world.receive("later")

    seat.level()

    clean(world, seat)
    assert list(seat.folder.glob("snapshot*")) == []


def test_a_page_that_is_empty_for_a_desk_moves_its_cursor(world: ScopeWorld):
    world.set("clerk", shops=("DY1",), warehouses=("WH",))
    seat = at(world, "clerk")
    before = seat.store.mark.cursor

    world.receive("tm2")
    seat.pull()

    assert seat.store.mark.cursor == world.hub.head() > before
    assert seat.orders().keys() == {"dy"}


def test_only_desks_whose_scopes_moved_have_anything_to_learn(world: ScopeWorld):
    world.set("clerk", shops=("DY1",), warehouses=("WH",))
    head = world.hub.head()
    world.receive("tm2")

    moved = world.pages.moved(head, world.hub.head())

    assert not moved.concerns(world.reach("clerk"), "pc")
    assert moved.concerns(world.reach("lead"), "pc")
    assert moved.concerns(world.reach("clerk"), "file:TM1")


# --- at random --------------------------------------------------------------------------------------

PEOPLE = ("clerk", "warehouse", "reviewer", "lead", "trainer")
ROLES = (Role.TRAINER, Role.WAREHOUSE, Role.LEAD)
SOME_SHOPS, SOME_HOUSES = st.sampled_from([(), ("TM1",), ("DY1",)]), st.sampled_from([(), ("SZ",), ("WH",)])
STEPS = st.one_of(
    st.tuples(st.just("receive"), st.sampled_from(["TM1", "DY1"]), st.sampled_from([1, 2, 9])),
    st.tuples(st.just("stock"), st.sampled_from(["SZ", "WH"]), st.integers(5, 30)),
    st.tuples(st.just("cancel"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("places"), st.sampled_from(PEOPLE[:3]), st.tuples(SOME_SHOPS, SOME_HOUSES)),
    st.tuples(st.just("role"), st.just("trainer"), st.sampled_from(ROLES)),
    st.tuples(st.just("sit"), st.sampled_from(["a", "b"]), st.sampled_from(PEOPLE)),
    st.tuples(st.just("pull"), st.sampled_from(["a", "b"]), st.just(0)),
    st.tuples(st.just("refused"), st.sampled_from(PEOPLE[:3]), st.just(0)),
)  # fmt: skip


class Script:
    """Plays steps at one company."""

    def __init__(self, folder: Path) -> None:
        self.hub = HubWorld(f"sqlite:///{folder / 'hub.db'}", rules=REVIEWED)
        self.hub.clock.now = NIGHT
        self.world = ScopeWorld(self.hub, folder)
        self.lead = self.hub.desk(Role.LEAD, "pc-of-lead")
        self.askers = {name: self.hub.desk(Role(name), f"pc-of-{name}") for name in PEOPLE[:3]}
        self.count = 0

    def play(self, verb: str, what: Any, how: Any) -> None:
        self.count += 1
        getattr(self, verb)(what, how)

    def receive(self, shop: str, pieces: int) -> None:
        self.world.receive(f"o{self.count}", shop=shop, lines=(line(qty=pieces),))

    def stock(self, warehouse: str, pieces: int) -> None:
        doc = f"d{self.count}"
        self.lead.must(ReceiveStock(doc=doc, warehouse=warehouse, sku="LN-220", qty=pieces, reference="PO"))
        for one in self.world.orders():
            self.hub.worker.ask(Recheck(order=one))

    def cancel(self, which: int, _how: Any) -> None:
        ids = sorted(self.world.orders())
        if ids:
            self.lead.ask(Cancel(order=ids[which % len(ids)], reason="asked"))

    def places(self, user: str, how: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        self.world.set(user, shops=how[0], warehouses=how[1])

    def role(self, user: str, role: Role) -> None:
        self.world.set(user, role=role)

    def sit(self, name: str, user: str) -> None:
        self.world.seat(name).sit(user)

    def pull(self, name: str, _how: Any) -> None:
        self.world.seat(name).pull()

    def refused(self, user: str, _how: Any) -> None:
        self.askers[user].ask(Hold(order="nowhere", reason="ask"))

    def close(self) -> None:
        self.world.close()
        self.hub.close()


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],
)
@given(steps=st.lists(STEPS, min_size=4, max_size=12))
def test_whatever_happens_no_desk_holds_what_it_may_not(steps: list[tuple[str, object, object]]):
    with tempfile.TemporaryDirectory() as folder:
        script = Script(Path(folder))
        try:
            for name, user in (("a", "clerk"), ("b", "warehouse")):
                script.play("sit", name, user)
            for step in steps:
                script.play(*step)
            for seat in script.world.seats.values():
                seat.level()
                clean(script.world, seat)
            assert leaked_files(script.world) == []
            assert script.hub.verify().findings == ()
        finally:
            script.close()


def test_a_reach_of_the_hub_is_what_the_desk_works_out_itself(world: ScopeWorld):
    seat = at(world, "clerk")

    assert msgspec.json.encode(seat.store.mark.reach) == msgspec.json.encode(world.reach("clerk"))
