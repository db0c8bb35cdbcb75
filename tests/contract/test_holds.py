"""Holds at a real hub: causes that vanish without anybody's click."""

from __future__ import annotations

import msgspec
from builders import REGION, line
from hub_world import FEED, HubWorld, bought

from app.commands.new_order import NewOrder
from app.commands.receive_payment import ReceivePayment
from app.commands.receive_stock import ReceiveStock
from app.commands.set_customer import SetCustomer
from app.domain.company import Customer
from app.domain.order import Status
from app.domain.values import Role
from sync import tables
from sync.hub.jobs import WORKER, open_worker, recheck_page


def typed(order: str, customer: str) -> NewOrder:
    return NewOrder(
        order=order, shop="TM1", receiver=bought(order).receiver, region=REGION, customer=customer,
        lines=(line(sku="LN-220", ext_sku=""),), freight_minor=28_000, is_on_account=True,
    )  # fmt: skip


def customer(code: str) -> Customer:
    return Customer(code=code, title=code, credit_minor=100_000, terms_days=30)


def holds(hub: HubWorld, order: str) -> list[str]:
    return [row.gate for row in hub.rows(tables.hold) if row.order_id == order and row.state != "closed"]


def look_again(hub: HubWorld, **after: float) -> None:
    hub.clock.move(**after)
    worker = open_worker(hub.engine, FEED, WORKER, hub.clock())
    while recheck_page(hub.engine, FEED, hub.writer, worker, hub.clock()):
        pass


def test_a_payment_closes_the_hold_within_five_seconds_without_a_click(hub: HubWorld):
    desk = hub.desk(Role.LEAD, "lead")
    desk.must(SetCustomer(customer=customer("LH")), typed("o1", "LH"), typed("o2", "LH"))
    assert holds(hub, "o2") == ["credit"]

    desk.must(ReceivePayment(order="o1", amount_minor=60_000))
    look_again(hub, seconds=5)

    assert (holds(hub, "o2"), hub.order("o2").status) == ([], Status.RELEASED)
    assert hub.verify().ok


def test_goods_that_come_in_close_the_hold_within_five_seconds_without_a_click(hub: HubWorld):
    desk = hub.desk(Role.LEAD, "lead")
    hub.channel.must(bought("o1", lines=(line(qty=11),)))
    assert holds(hub, "o1") == ["stock"]

    desk.must(ReceiveStock(doc="d1", warehouse="SZ", sku="LN-220", qty=1, reference="R1"))
    look_again(hub, seconds=5)

    assert (holds(hub, "o1"), hub.order("o1").status) == ([], Status.RELEASED)


def test_money_that_its_channel_reports_closes_the_hold_at_once(hub: HubWorld):
    hub.channel.must(bought("o1", paid_minor=0))
    assert holds(hub, "o1") == ["payment"]

    hub.channel.must(msgspec.structs.replace(bought("o1"), ext_version="2"))

    assert (holds(hub, "o1"), hub.order("o1").status) == ([], Status.RELEASED)


def test_an_account_that_says_something_else_than_its_orders_is_found(hub: HubWorld):
    desk = hub.desk(Role.LEAD, "lead")
    desk.must(SetCustomer(customer=customer("LH")), typed("o1", "LH"))
    assert hub.verify().ok

    hub.sql("UPDATE ref SET doc = replace(doc, '60000', '50000') WHERE tbl = 'account'")

    said = [(one.subject, one.detail) for one in hub.verify().findings if one.invariant == "I4"]
    assert said == [("account/LH", "credit in use")]
