"""The hub hands exceptions out: to whoever is on shift, once, and takes back what nobody claimed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import msgspec
import pytest
from builders import NOW, RECEIVER, line
from hub_world import FEED, SEAL, HubWorld, bought, company

from app.commands.claim import Claim
from app.commands.give_back import GiveBack
from app.commands.open_return import OpenReturn
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.record_scan import RecordScan
from app.commands.set_order_class import SetOrderClass
from app.commands.set_snag_rule import SetSnagRule
from app.commands.set_user import SetUser
from app.commands.ship import Ship
from app.domain.aftersale import Asked, ReturnKind
from app.domain.clock import account
from app.domain.company import Shift, User
from app.domain.order import ChannelState
from app.domain.order_class import OrderClass
from app.domain.scan import Scan, ScanKind
from app.domain.snag_rule import Clause, SnagRule
from app.domain.values import Role
from app.domain.working_time import Calendar
from sync import tables
from sync.hub.asking import Worker
from sync.hub.jobs import open_worker
from sync.hub.routing import WORKER, Routing
from sync.hub.writer import Writer

SHORT = "short_stock"
LATE_SHIFT = Shift(code="late", title="Late", since=time(20), until=time(22))
"""20:00 to 22:00 in Shanghai; the world begins at 20:30."""
TWO = (*company().users, User(code="mei", title="Mei", role=Role.CLERK))


def routing(hub: HubWorld, writer: Writer | None = None) -> Routing:
    info = open_worker(hub.engine, FEED, WORKER, hub.clock())
    return Routing(Worker(hub.engine, FEED, writer or hub.writer, info))


def short(hub: HubWorld, *orders: str) -> None:
    hub.channel.must(*(bought(order, lines=(line(qty=99),)) for order in orders))


def owners(hub: HubWorld) -> dict[str, str]:
    return {row.subject_id: row.owner for row in hub.rows(tables.snag) if row.kind == SHORT}


def test_what_opens_has_an_owner_after_one_step(make_hub):
    hub = make_hub(users=TWO)
    short(hub, *"abcd")

    assert routing(hub).step(hub.clock()) is False

    assert sorted(owners(hub).values()) == ["clerk", "clerk", "mei", "mei"]
    assert {hub.order(order).snag(SHORT).claimed_at for order in "abcd"} == {None}
    assert hub.verify().findings == ()
    head = hub.head()
    routing(hub).step(hub.clock())
    assert hub.head() == head, "who has work keeps it"


def test_exceptions_of_a_class_are_handed_to_its_queue(make_hub):
    hub = make_hub(users=(*TWO, User(code="wu", title="Wu", role=Role.LEAD)))
    lead = hub.desk(Role.LEAD, "boss")
    many = OrderClass(
        code="MANY", title="Many", rank=1, clauses=(Clause("pieces", "at_least", "50"),), queue="lead"
    )
    lead.must(SetOrderClass(row=many), SetOrderClass(row=OrderClass(code="REST", title="Rest")))
    short(hub, "a")
    hub.channel.must(bought("b", lines=(line(qty=40),)))
    routing(hub).step(hub.clock())

    assert {row.subject_id: row.owner in {"wu", "lead"} for row in hub.rows(tables.snag)} == {
        "a": True,
        "b": False,
    }
    assert [hub.order(order).classed.code for order in "ab"] == ["MANY", "REST"]


def test_a_type_for_leads_is_handed_to_a_lead_and_to_nobody_else(make_hub):
    hub = make_hub(users=(*TWO, User(code="wu", title="Wu", role=Role.LEAD)))
    mine = SnagRule(code="BIG", title="Large", clauses=(Clause("pieces", "at_least", "9"),), group="lead")
    hub.desk(Role.LEAD).must(SetSnagRule(rule=mine))
    short(hub, "a")

    routing(hub).step(hub.clock())

    owner = {row.kind: row.owner for row in hub.rows(tables.snag)}
    assert owner["rule-BIG"] in ("lead", "wu")
    assert owner[SHORT] in ("clerk", "mei")


def test_a_row_that_says_another_owner_than_its_order_is_found(hub: HubWorld):
    short(hub, "a")
    routing(hub).step(hub.clock())
    hub.sql("UPDATE snag SET owner = 'somebody'")

    (found,) = hub.verify().findings

    assert (found.invariant, found.subject) == ("projection", "a/short_stock")


def test_two_hubs_hand_each_out_once(make_hub):
    """Both look at once; whoever comes second is refused or had its numbers taken, and changes nothing."""
    hub = make_hub(users=TWO)
    orders = [f"o{n}" for n in range(20)]
    short(hub, *orders)
    other = Writer(hub.engine, FEED, SEAL, hub.clock)
    other.start()
    both = routing(hub), routing(hub, other)

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda one: one.step(hub.clock()), both))
    for one in both:
        one.step(hub.clock())
    other.stop()

    handed = [row for row in hub.rows(tables.command) if row.name == "assign" and row.status == "applied"]
    assert len(handed) == len(orders)
    assert sorted(owners(hub).values()) == ["clerk"] * 10 + ["mei"] * 10
    assert hub.verify().findings == ()


def test_who_goes_off_shift_keeps_only_what_was_claimed(make_hub):
    hub = make_hub(shifts=(LATE_SHIFT,))
    short(hub, "a", "b")
    routing(hub).step(hub.clock())
    hub.desk().must(Claim(order="a", kind=SHORT))
    hub.clock.move(hours=2)

    routing(hub).step(hub.clock())

    assert owners(hub) == {"a": "clerk", "b": ""}
    assert hub.order("b").snag(SHORT).escalation.why == "nobody"
    head = hub.head()
    routing(hub).step(hub.clock())
    assert hub.head() == head

    hub.clock.move(hours=22)
    routing(hub).step(hub.clock())

    assert owners(hub) == {"a": "clerk", "b": "clerk"}
    assert hub.order("b").snag(SHORT).escalation.why == "late", "its time is over: the lead still looks"


def test_what_the_only_clerk_gave_back_goes_before_the_lead(hub: HubWorld):
    short(hub, "a")
    routing(hub).step(hub.clock())

    hub.desk().must(Claim(order="a", kind=SHORT), GiveBack(order="a", kind=SHORT))
    routing(hub).step(hub.clock())

    found = hub.order("a").snag(SHORT)
    assert (found.owner, found.escalation.why) == ("", "nobody")


def test_a_new_skill_counts_at_once(make_hub):
    hub = make_hub(users=TWO)
    hands_out = routing(hub)
    hands_out.step(hub.clock())
    admin = hub.desk(Role.ADMIN)
    only_notes = msgspec.structs.replace(TWO[-1], skills=("note_request",))
    admin.must(SetUser(user=only_notes))
    short(hub, "a", "b")

    hands_out.step(hub.clock() + timedelta(seconds=1))

    assert set(owners(hub).values()) == {"clerk"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_eight_kinds_of_trouble_are_typed_owned_and_their_clock_runs_within_two_seconds(make_hub):
    """Source: capabilities 5.1. A step is taken every second."""
    hub = make_hub(users=TWO)
    hands_out, floor = routing(hub), hub.desk(Role.WAREHOUSE)
    other = msgspec.structs.replace(RECEIVER, street="湖墅南路9号")
    unpaid = {"paid_minor": 0, "channel_state": ChannelState.AWAITING_PAYMENT}
    hub.channel.must(*(bought(one) for one in "fghi"), bought("c", receiver=RECEIVER))
    floor.must(Pick(order="g", line="1", qty=1))
    for one in "hi":
        floor.must(Pick(order=one, line="1", qty=1), Pack(order=one))
        floor.must(Ship(order=one, carrier="SF", tracking_no=one))
    hands_out.step(hub.clock())
    began = hub.clock.now

    hub.channel.must(
        bought("a", lines=(line(qty=99),)),
        bought("b", lines=(line(unit_price_minor=9_900),)),
        bought("d", receiver=RECEIVER),
        bought("e", ordered_at=NOW - timedelta(hours=1), **unpaid),
        bought("f", ext_version="2", refunded_minor=20_000),
        bought("g", ext_version="2", receiver=other),
    )
    hub.desk(Role.CLERK).must(
        RecordScan(order="h", scan=Scan(kind=ScanKind.FAILED, at=NOW, reason="not_home")),
        OpenReturn(order="i", case="i-1", kind=ReturnKind.RETURN, asked=(Asked("1", 1),), reason="damaged"),
    )
    hub.clock.move(seconds=1)
    hands_out.step(hub.clock())

    open_now = {row.subject_id: row for row in hub.rows(tables.snag) if row.state == "open"}
    assert {order: row.kind for order, row in open_now.items()} == {
        "a": "short_stock", "b": "price_anomaly", "d": "duplicate_suspect", "e": "payment_failed",
        "f": "refund_requested", "g": "address_changed", "h": "delivery_failed", "i": "return_due",
    }  # fmt: skip
    assert all(row.owner in ("clerk", "mei") for row in open_now.values())
    for order, row in open_now.items():
        snag = hub.order(order).snag(row.kind)
        used = account(Calendar(), snag.opened_at, snag.stops, hub.clock())
        assert began <= snag.opened_at < snag.warn_at < snag.due_at
        assert (used.worked, used.waited) == (hub.clock() - snag.opened_at, {})
        assert hub.clock() - snag.opened_at <= timedelta(seconds=2)
