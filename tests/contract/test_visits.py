"""Slots of outlets at a real hub: many book at once, and an outlet that changes has its orders looked at."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from builders import NOW
from hub_world import FEED, HubWorld, bought

from app.commands.cancel import Cancel
from app.commands.plan_visit import PlanVisit
from app.commands.set_outlet import SetOutlet
from app.domain.values import Role
from app.domain.visit import Area, Bookings, Outlet, Part
from sync import tables
from sync.hub.jobs import WORKER, open_worker, recheck_page

HZ = Outlet(code="HZ1", title="拱墅安装点", areas=(Area(province="浙江省"),), per_part=3)
DAY = (NOW + timedelta(days=7)).date()


def plan(order: str) -> PlanVisit:
    return PlanVisit(order=order, outlet="HZ1", day=DAY, part=Part.MORNING)


def bookings(hub: HubWorld) -> Bookings:
    (row,) = [row for row in hub.rows(tables.ref) if row.tbl == "bookings"]
    return msgspec.json.decode(row.doc, type=Bookings)


def look_again(hub: HubWorld) -> None:
    hub.clock.move(seconds=1)
    worker = open_worker(hub.engine, FEED, WORKER, hub.clock())
    while recheck_page(hub.engine, FEED, hub.writer, worker, hub.clock()):
        pass


def test_of_fifty_bookings_at_once_as_many_pass_as_there_are_places(hub: HubWorld):
    hub.desk(Role.LEAD, "lead").must(SetOutlet(outlet=HZ))
    orders = [f"o{n:02d}" for n in range(50)]
    hub.channel.must(*map(bought, orders))
    clerks = [hub.desk(Role.CLERK, f"clerk-{n}") for n in range(5)]

    answers = [
        answer
        for n, clerk in enumerate(clerks)
        for answer in clerk.send(*(clerk.wish(plan(order)) for order in orders[n::5]))
    ]

    assert (
        sorted(one.refusal.code if one.refusal else "booked" for one in answers)
        == ["booked"] * 3 + ["full"] * 47
    )
    assert len(bookings(hub).slots[f"{DAY}/am"]) == 3
    assert hub.verify().ok


def test_an_outlet_that_takes_fewer_has_its_orders_looked_at_and_a_cancelled_one_makes_room(hub: HubWorld):
    lead = hub.desk(Role.LEAD, "lead")
    lead.must(SetOutlet(outlet=HZ))
    hub.channel.must(bought("o1"), bought("o2"))
    lead.must(plan("o1"), plan("o2"))
    lead.must(SetOutlet(outlet=msgspec.structs.replace(HZ, per_part=1, rev=1)))
    look_again(hub)
    assert hub.order("o1").snag("install_conflict") is None
    assert hub.order("o2").snag("install_conflict") is not None
    assert hub.verify().ok

    lead.must(Cancel(order="o1", reason="asked"))
    lead.must(SetOutlet(outlet=msgspec.structs.replace(HZ, per_part=1, title="拱墅", rev=2)))
    look_again(hub)

    assert bookings(hub).slots == {f"{DAY}/am": ("o2",)}
    assert hub.order("o2").snag("install_conflict") is None
    assert hub.verify().ok
