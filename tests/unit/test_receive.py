"""What a channel says, for the first time and again."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.restore import Restore
from app.domain import events as e
from app.domain.order import ChannelState, Status
from app.domain.values import Role
from tests.builders import NOW, RECEIVER, REGION, Company, line, pick_all, receive, ship_it


def test_a_good_order_is_released_without_a_person():
    company = Company()

    order = company.receive()

    assert order.status is Status.RELEASED
    assert (order.warehouse, order.lines[0].sku, order.touched) == ("SZ", "LN-220", False)
    assert (order.released_at, order.holds, order.snags) == (NOW, (), ())
    assert company.stock().reserved == 1


def test_unknown_goods_wait_to_be_checked():
    company = Company()

    order = company.receive(lines=(line(ext_sku="?"),))

    assert order.status is Status.TO_CHECK
    assert [snag.kind for snag in order.snags] == ["sku_unmapped"]


def test_a_file_of_whole_orders_waits_for_its_lines_and_its_address():
    company = Company()
    region = msgspec.structs.replace(REGION, verdict="fix")

    order = company.receive(
        lines=(), region=region, total_minor=100, payable_minor=100, paid_minor=100, ship_by_at=None
    )

    assert order.status is Status.TO_CHECK
    assert sorted(snag.kind for snag in order.snags) == ["address_invalid", "sku_unmapped"]


def test_the_same_version_twice_changes_nothing():
    company = Company()
    company.receive()

    assert company.refused(receive(), Role.CHANNEL) == "unchanged"


def test_an_older_version_changes_nothing():
    company = Company()
    company.receive(ext_version="2")

    assert company.refused(receive(ext_version="1", total_minor=1), Role.CHANNEL) == "stale_version"


def test_a_newer_version_that_says_nothing_new_still_outdates_the_ones_before():
    company = Company()
    company.receive(ext_version="1")

    company.must(receive(ext_version="3"), Role.CHANNEL)

    assert company.refused(receive(ext_version="2", lines=(line(qty=9),)), Role.CHANNEL) == "stale_version"


def test_versions_in_any_order_end_in_the_same_order():
    versions = [receive(ext_version=str(n), lines=(line(qty=n),)) for n in (1, 2, 3)]
    ends = []
    for delivered in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1, 2, 0)):
        company = Company()
        for i in delivered:
            company.do(versions[i], Role.CHANNEL)
        order = company.order()
        ends.append(
            (order.lines, order.ext_version, order.total_minor, order.status, company.stock().reserved)
        )

    assert set(ends) == {ends[0]}


def test_a_negative_quantity_is_refused():
    assert Company().refused(receive(lines=(line(qty=-1),)), Role.CHANNEL) == "bad_lines"


def test_only_a_channel_may_say_what_a_channel_says():
    assert Company().refused(receive(), Role.CLERK) == "not_allowed"


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ChannelState.SHIPPED, Status.SHIPPED),
        (ChannelState.DELIVERED, Status.SHIPPED),
        (ChannelState.COMPLETED, Status.COMPLETED),
        (ChannelState.CANCELLED, Status.CANCELLED),
        (ChannelState.CLOSED_REFUNDED, Status.CANCELLED),
    ],
)
def test_what_is_over_on_the_channel_is_over_here_and_no_stock_moves(state, status):
    company = Company()

    first = company.receive("o1", channel_state=state)
    company.receive("o2", ext_version="1")
    later = company.receive("o2", ext_version="2", channel_state=state)

    assert (first.status, later.status) == (status, status)
    assert (company.stock().on_hand, company.stock().reserved) == (10, 0)


def test_a_refund_after_shipping_returns_the_order():
    company = Company()
    company.receive()
    ship_it(company)

    order = company.receive(ext_version="2", channel_state=ChannelState.CLOSED_REFUNDED)

    assert order.status is Status.RETURNED


def test_a_channel_that_revives_an_order_reopens_it():
    company = Company()
    company.receive(ext_version="1", channel_state=ChannelState.CANCELLED)

    order = company.receive(ext_version="2")

    assert (order.status, company.stock().reserved) == (Status.RELEASED, 1)


def test_what_a_clerk_cancelled_stays_cancelled_when_the_channel_repeats_itself():
    company = Company()
    company.receive(ext_version="1")
    company.must(Cancel(order="o1", reason="buyer asked"))

    order = company.receive(ext_version="2", total_minor=1)

    assert order.status is Status.CANCELLED


def test_a_call_off_while_picking_needs_a_person():
    company = Company()
    company.receive(lines=(line(qty=2),))
    pick_all(company)

    order = company.receive(ext_version="2", lines=(line(qty=2),), channel_state=ChannelState.CANCELLED)

    assert order.status is Status.PICKING
    assert [snag.kind for snag in order.snags] == ["refund_requested"]


def test_an_unknown_state_holds():
    company = Company()

    order = company.receive(channel_state=ChannelState.UNKNOWN)

    assert order.status is Status.GATED
    assert [(hold.gate, hold.state) for hold in order.holds] == [("payment", "stops")]
    assert [snag.kind for snag in order.snags] == ["unclassified"]
    assert company.stock().reserved == 0


def test_a_clerks_address_stays_when_the_channel_repeats_its_own():
    company = Company()
    bad = msgspec.structs.replace(REGION, verdict="fix")
    company.receive(ext_version="1", region=bad)
    fixed = msgspec.structs.replace(REGION, district="西湖区")
    company.must(FixAddress(order="o1", receiver=RECEIVER, region=fixed))

    order = company.receive(ext_version="2", region=bad, paid_minor=32_001)

    assert (order.region, order.original, order.paid_minor) == (fixed, bad, 32_001)


def test_an_address_the_channel_changed_wins():
    company = Company()
    company.receive(ext_version="1")
    company.must(
        FixAddress(order="o1", receiver=RECEIVER, region=msgspec.structs.replace(REGION, district="西湖区"))
    )
    moved = msgspec.structs.replace(RECEIVER, street="解放路1号")

    order = company.receive(ext_version="2", receiver=moved)

    assert (order.receiver, order.region, order.original, order.maker) == (moved, REGION, None, "channel")


def test_a_clerks_lines_stay_when_the_channel_repeats_its_own():
    company = Company()
    company.receive(ext_version="1", lines=(line(qty=3),))
    company.must(Amend(order="o1", lines=(line(qty=2, unit_price_minor=32_000),)))

    order = company.receive(ext_version="2", lines=(line(qty=3),), refunded_minor=1, paid_minor=96_001)

    assert (order.lines[0].qty, order.refunded_minor) == (2, 1)


def test_goods_do_not_change_once_the_warehouse_has_begun():
    company = Company()
    company.receive(ext_version="1")
    pick_all(company)

    order = company.receive(ext_version="2", lines=(line(qty=5),), payable_minor=32_000)

    assert (order.lines[0].qty, order.lines[0].picked, order.ext_version) == (1, 1, "2")


def test_goods_that_changed_while_picking_are_taken_over_when_they_are_back():
    company = Company()
    company.receive(ext_version="1")
    pick_all(company)
    company.receive(ext_version="2", lines=(line(qty=2),))
    from app.commands.pick import Pick

    company.must(Pick(order="o1", line="1", qty=-1), Role.WAREHOUSE)

    order = company.receive(ext_version="3", lines=(line(qty=2),))

    assert (order.lines[0].qty, order.lines[0].picked) == (2, 0)


def test_a_restored_order_that_the_channel_cancelled_stays_cancelled():
    company = Company()
    company.receive(channel_state=ChannelState.CANCELLED)

    assert company.refused(Restore(order="o1")) == "called_off"


def test_a_released_order_that_is_no_longer_paid_gives_its_stock_back():
    company = Company()
    company.receive(ext_version="1")

    order = company.receive(ext_version="2", refunded_minor=100)

    assert (order.status, order.reserved, company.stock().reserved) == (Status.GATED, (), 0)
    assert "payment" in {hold.gate for hold in order.holds}


def test_an_unknown_shop_stops_at_the_gates():
    company = Company()

    order = company.receive(shop="XX", lines=(line(sku="LN-220"),))

    assert order.status is Status.TO_CHECK
    assert ("payment", "stops") in {(hold.gate, hold.state) for hold in order.holds}


def test_the_history_of_a_touchless_order_is_short():
    company = Company()
    company.now = NOW + timedelta(minutes=1)

    events = company.must(receive(), Role.CHANNEL)

    assert [type(event) for event in events] == [
        e.OrderReceived,
        e.TwinsNoted,
        e.StockReserved,
        e.StatusChanged,
        e.StatusChanged,
        e.StatusChanged,
    ]
