"""Two desks without a network sell what they hold, and nothing more: at the hub, on screen and on paper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from builders import NOW, SHOPS, line, stock
from hub_world import HubWorld, bought
from lease_world import SKU, LeaseDesk, expire, sale

from app import leases, printing
from app.commands.recheck import Recheck
from app.desk import Desk
from app.domain.paper import Paper, Slip
from app.domain.rules import Rules
from app.domain.values import Role
from app.ports import Link
from app.presenters.order import OrderSheet
from sync import tables
from sync.hub.asking import Worker
from sync.hub.jobs import open_worker
from sync.hub.leases import WORKER, expire_page
from sync.replica.clock import HubClock, wall_clock
from sync.replica.store import Store

TEN = {
    "shops": (msgspec.structs.replace(SHOPS["TM1"], warehouses=("SZ",)),),
    "opening": (stock("SZ", SKU, 10),),
    "rules": Rules(lease_share_pct=100, lease_from_pieces=1),
}


class Direct:
    """A lane without a thread."""

    async def run(self, work, *args, **kwargs):
        return work(*args, **kwargs)


def later(**more: float) -> Callable[[], datetime]:
    """Return a wall clock that saw so much more time pass than this program did."""
    return lambda: wall_clock() + timedelta(**more)


class Line:
    """How the desk stands to its hub, as the test says."""

    def __init__(self, state: str = "online", waiting: int = 0) -> None:
        self.state, self.waiting = state, waiting

    def link(self) -> Link:
        return Link(state=self.state, since=NOW, waiting=self.waiting)


def seated(desk: LeaseDesk, line: Line | None = None) -> Desk:
    lanes = {"read": Direct(), "store": Direct(), "push": Direct()}
    made = Desk(views=desk.views, replica=desk.store, hub=line or Line(), tell=lambda _changes: None, **lanes)
    made._login = desk.login
    return made


@pytest.fixture
def hub(make_hub: Callable[..., HubWorld]) -> HubWorld:
    return make_hub(**TEN)


@pytest.fixture
def desks(hub: HubWorld, tmp_path: Path) -> Iterator[tuple[LeaseDesk, LeaseDesk]]:
    two = LeaseDesk(hub, tmp_path, "A"), LeaseDesk(hub, tmp_path, "B", Role.LEAD)
    yield two
    for desk in two:
        desk.close()


def shown(desk: LeaseDesk, id: str) -> str:
    """What the order sheet says beside the number."""
    sheet = OrderSheet(seated(desk))
    asyncio.run(sheet.open(id))
    return sheet.state.word


def slip(desk: LeaseDesk, id: str) -> Slip:
    made = asyncio.run(printing.content(seated(desk), Paper.SLIP, [id]))
    assert isinstance(made, Slip)
    return made


def holding(desks: tuple[LeaseDesk, LeaseDesk]) -> tuple[LeaseDesk, LeaseDesk]:
    one, two = desks
    assert (one.hold(6), two.hold(4)) == (6, 4)
    one.pull()
    return one, two


def test_two_offline_desks_sell_six_and_four_of_the_last_ten_and_the_seventh_waits(hub, desks):
    one, two = holding(desks)

    kept = [one.sell(f"a{n}", 1) for n in range(1, 7)] + [two.sell(f"b{n}", 2) for n in (1, 2)]
    seventh = one.sell("a7", 1)

    assert [order.by_lease for order in (*kept, seventh)] == [True] * 8 + [False]
    assert [shown(one, "a6"), shown(one, "a7"), shown(two, "b2")] == ["by_lease", "to_confirm", "by_lease"]
    assert [slip(one, "a6").is_unconfirmed, slip(one, "a7").is_unconfirmed] == [False, True]

    for desk in (one, two, one):
        desk.level()
    orders = {order.id: hub.order(order.id) for order in (*kept, seventh)}
    promised = {one: sum(item.qty for item in order.reserved) for one, order in orders.items()}
    assert sum(promised.values()) == 10
    assert promised["a7"] == 0
    assert [snag.kind for snag in orders["a7"].snags if snag.kind != "duplicate_suspect"] == ["short_stock"]
    assert (shown(one, "a6"), shown(one, "a7")) == ("", "")
    assert slip(one, "a6").is_unconfirmed is False
    assert hub.verify().ok


def test_what_a_larger_sale_may_use_up_is_confirmed_to_nobody_else(hub, desks):
    desk, _ = desks
    assert desk.hold(3) == 3
    hub.channel.must(bought("c1", lines=(line(qty=5),)))
    desk.pull()

    larger, smaller = desk.sell("a1", 5), desk.sell("a2", 3)
    desk.level()

    assert (larger.by_lease, smaller.by_lease) == (False, False)
    assert [sum(item.qty for item in hub.order(one).reserved) for one in ("a1", "a2")] == [5, 0]
    assert "lease_exceeded" not in {snag.kind for snag in hub.order("a2").snags}


def test_looking_again_leaves_a_lease_to_what_is_confirmed_out_of_it(hub, desks):
    desk, _ = desks
    assert desk.hold(3) == 3
    hub.channel.must(bought("c1", lines=(line(qty=5),)), bought("c2", lines=(line(qty=4),)))
    desk.pull()

    desk.store.submit(Recheck(order="c2"), desk.login, "", None)
    sold = desk.sell("a1", 3)
    desk.level()

    assert sold.by_lease
    assert [sum(item.qty for item in hub.order(one).reserved) for one in ("c2", "a1")] == [0, 3]
    assert hub.verify().ok


def test_what_a_desk_holds_is_in_the_figures_of_every_screen(hub, desks):
    one, two = holding(desks)
    one.sell("a1", 2)

    (mine,), (other,) = one.views.stock(), two.views.stock()
    assert (mine.on_hand, mine.reserved, mine.leased, mine.available, mine.mine) == (10, 2, 4, 4, 4)
    assert (other.on_hand, other.reserved, other.leased, other.available, other.mine) == (10, 0, 6, 4, 4)
    assert one.views.skus(SKU)[0][2] == 4
    rows = hub.rows(tables.reservation, kind="lease")
    assert {(row.owner, row.qty, row.state) for row in rows} == {("A", 6, "open"), ("B", 4, "open")}


def test_a_desk_that_was_away_for_too_long_is_decided_against_what_is_free(hub, desks):
    one, _ = holding(desks)
    one.sell("a1", 6)
    hub.clock.move(hours=8, minutes=30)
    assert expire(hub) == 0
    hub.clock.move(minutes=31)
    assert expire(hub) == 2
    assert expire(hub) == 0
    hub.channel.must(bought("o1", lines=(line(qty=7),)))

    one.level()

    late = hub.order("a1")
    assert late.reserved == ()
    assert [snag.kind for snag in late.snags if snag.kind != "duplicate_suspect"] == ["lease_exceeded"]
    assert one.order("a1").by_lease is False
    assert hub.verify().ok


def test_late_but_free_goes_through(hub, desks):
    one, _ = holding(desks)
    one.sell("a1", 6)
    hub.clock.move(hours=9, seconds=1)
    assert expire(hub) == 2

    one.level()

    assert hub.order("a1").fully_reserved
    assert hub.verify().ok


def test_within_the_grace_what_was_sold_in_time_is_still_covered(hub, desks):
    one, two = holding(desks)
    one.sell("a1", 6)
    hub.clock.move(hours=8, minutes=59)
    expire(hub)
    two.sell("b1", 1)

    two.level()
    one.level()

    assert hub.order("a1").fully_reserved
    assert not hub.order("b1").by_lease


def test_after_its_time_a_desk_confirms_nothing(hub, desks):
    one, _ = holding(desks)
    hub.clock.move(hours=8)

    assert one.sell("a1", 1).by_lease is False


def test_a_pc_that_was_off_over_night_confirms_nothing(hub, desks):
    """Nothing was given back and nobody heard the hub since: only the wall clock saw the night."""
    one, _ = holding(desks)
    one.store.close()
    hub.clock.move(hours=14)

    one.store = Store(one.store.folder)
    one.store.clock = HubClock(*one.store.outbox.last_time(), wall=later(hours=14))

    assert one.store.submit(sale("a1", 1), one.login, "", None).refusal is None
    assert one.order("a1").by_lease is False


def test_a_desk_that_is_closed_gives_back(hub, desks):
    one, two = holding(desks)
    one.sell("a1", 2)

    one.give_back()
    two.pull()

    assert hub.rows(tables.stock)[0].reserved == 6
    assert two.stock().available_to("B") == 8
    assert one.sell("a2", 1).by_lease is False
    assert hub.verify().ok


def test_a_copy_of_a_desk_holds_nothing(hub, desks):
    one, _ = holding(desks)
    one.sell("a1", 2)

    one.store.become_new()

    assert one.order("a1").by_lease is False
    assert one.stock().leased_to(one.store.desk) == 0


def test_verify_tells_a_shelf_that_forgot_a_lease(hub, desks):
    holding(desks)
    hub.sql("UPDATE reservation SET qty = 5 WHERE owner = 'A'")

    found = [finding for finding in hub.verify().findings if finding.invariant == "I4"]

    assert {finding.subject for finding in found} == {f"SZ/{SKU}", f"SZ/{SKU}/A"}


def test_two_hubs_end_a_lease_once(hub, desks):
    holding(desks)
    hub.clock.move(hours=9, seconds=1)
    info = open_worker(hub.engine, 1, WORKER, hub.clock())
    worker = Worker(hub.engine, 1, hub.writer, info)

    assert [expire_page(worker, hub.clock()) for _ in range(2)] == [2, 0]
    assert {row.state for row in hub.rows(tables.reservation, kind="lease")} == {"released"}


# --- what a desk asks for by itself -------------------------------------------------------------------


def test_a_desk_asks_for_what_its_people_type_most_and_renews_it(hub, desks):
    one, _ = desks
    assert asyncio.run(leases.tend(seated(one))) is False
    for n in range(3):
        one.sell(f"a{n}", 1 + n % 2)
    one.level()

    assert asyncio.run(leases.tend(seated(one))) is True
    one.level()
    assert one.stock().leased_to("A") == 4
    assert asyncio.run(leases.tend(seated(one))) is False

    hub.clock.move(hours=1, seconds=1)
    one.store.clock.hear(hub.clock())
    assert asyncio.run(leases.tend(seated(one))) is True
    one.level()
    assert one.stock().leases[0].until - hub.clock() > timedelta(hours=7, minutes=59)


@pytest.mark.parametrize(
    "line", [Line("offline"), Line("weak"), Line(waiting=1)], ids=["off", "weak", "waits"]
)
def test_nothing_is_asked_or_given_back_while_the_line_is_not_good(hub, desks, line):
    one, _ = desks
    one.sell("a1", 1)
    one.level()

    assert asyncio.run(leases.tend(seated(one, line))) is False
    one.hold(2)
    assert asyncio.run(leases.give_back(seated(one, line))) is False


def test_leaving_gives_back_what_is_held(hub, desks):
    one, _ = holding(desks)

    assert asyncio.run(leases.give_back(seated(one))) is True
    one.level()

    assert one.views.own_leases() == []
    assert asyncio.run(leases.give_back(seated(one))) is False


def test_no_share_no_lease(make_hub, tmp_path):
    hub = make_hub(**(TEN | {"rules": Rules(lease_share_pct=0)}))
    one = LeaseDesk(hub, tmp_path, "A")
    one.sell("a1", 1)
    one.level()

    assert one.views.lease_asks() == []
    assert one.hold(3) == 0
    one.close()
