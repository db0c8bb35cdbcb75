"""Stock documents and after-sales cases at a real hub: written, published, proved, and waking who waits."""

from __future__ import annotations

import msgspec
import pytest
from builders import line
from hub_world import Asker, HubWorld, bought

from app.commands.accept_return import AcceptReturn
from app.commands.count_bin import CountBin
from app.commands.grade_return import GradeReturn
from app.commands.open_return import OpenReturn
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.receive_stock import ReceiveStock
from app.commands.receive_transfer import ReceiveTransfer
from app.commands.recheck import Recheck
from app.commands.refund_return import RefundReturn
from app.commands.send_replacement import SendReplacement
from app.commands.send_transfer import SendTransfer
from app.commands.ship import Ship
from app.commands.withdraw_replacement import WithdrawReplacement
from app.domain.aftersale import Asked, Grade, Graded, Refunded, ReturnKind
from app.domain.order import Status
from app.domain.values import Role
from sync import tables

RECEIPT = ReceiveStock(doc="d1", warehouse="SZ", sku="LN-220", qty=30, reference="DN-7", bin="A-01")


def shelf(hub: HubWorld, warehouse: str = "SZ", sku: str = "LN-220") -> tuple[int, int]:
    (row,) = hub.rows(tables.stock, warehouse=warehouse, sku=sku)
    return row.on_hand, row.reserved


def shipped(hub: HubWorld, floor: Asker, id: str = "o1") -> None:
    hub.channel.must(bought(id, lines=(line(qty=3), line("2", "A-3", unit_price_minor=12_900))))
    floor.must(
        Pick(order=id, line="1", qty=3),
        Pick(order=id, line="2"),
        Pack(order=id),
        Ship(order=id, carrier="SF", tracking_no=f"SF-{id}"),
    )


def test_received_stock_wakes_an_order_that_waited_for_it(hub: HubWorld):
    hub.channel.must(bought("o1", lines=(line(qty=25),)))
    assert hub.order().snag("short_stock") is not None

    seq = hub.desk(Role.WAREHOUSE).must(RECEIPT)

    (due,) = hub.rows(tables.recheck, cause="stock:LN-220")
    hub.worker.must(Recheck(order=due.order_id))
    assert (hub.order().status, shelf(hub)) == (Status.RELEASED, (40, 25))
    published = {(row.tbl, row.pk) for row in hub.rows(tables.change, seq=seq)}
    assert {("stock", "SZ/LN-220"), ("stock_doc", "d1")} <= published
    assert hub.verify().findings == ()


def test_documents_prove_what_is_on_hand(hub: HubWorld):
    floor, other = hub.desk(Role.WAREHOUSE), hub.desk(Role.LEAD)
    floor.must(
        RECEIPT,
        CountBin(doc="d2", warehouse="SZ", sku="LN-220", counted=41, base=40),
        CountBin(doc="d3", warehouse="WH", sku="LN-220", counted=60, base=10),
        SendTransfer(doc="d4", warehouse="SZ", target="WH", sku="LN-220", qty=20, reference="T-1"),
        SendTransfer(doc="d5", warehouse="SZ", target="WH", sku="CT-180", qty=2),
    )
    hub.restart()
    other.must(
        CountBin(doc="d3", warehouse="WH", sku="LN-220", counted=60, base=10),
        ReceiveTransfer(doc="d4", target="WH", sku="LN-220", arrived=19, reason="crushed"),
    )

    assert (shelf(hub), shelf(hub, "WH"), shelf(hub, "SZ", "CT-180")) == ((21, 0), (79, 0), (8, 0))
    states = {row.id: row.state for row in hub.rows(tables.stock_doc)}
    assert states == {"d1": "done", "d2": "done", "d3": "done", "d4": "done", "d5": "transit"}
    assert hub.verify().findings == ()


OVERPAID = """UPDATE orders SET doc = replace(doc, '"amount_minor":500', '"amount_minor":99999')"""
DISOWNED = """UPDATE orders SET doc = replace(doc, '"opened_by":"clerk"', '"opened_by":""')"""


@pytest.mark.parametrize(
    ("breach", "invariant", "told"),
    [
        (
            "UPDATE stock SET on_hand = on_hand + 1 WHERE warehouse = 'SZ' AND sku = 'LN-220'",
            "I5",
            "on hand: opening +10, received +30, returned +1, shipped -4: 38 for 37",
        ),
        (
            "DELETE FROM stock_doc WHERE id = 'd1'",
            "I5",
            "on hand: opening +10, returned +1, shipped -4: 37 for 7",
        ),
        (
            "UPDATE stock_doc SET state = 'withdrawn' WHERE id = 'd1'",
            "projection",
            "columns differ from the document",
        ),
        ("UPDATE stock SET counting = 'd9' WHERE sku = 'SF-001'", "projection", "the count that asks"),
        (OVERPAID, "refund", "given back: 99999 for <= 12900"),
        (DISOWNED, "return", "nobody owns this case"),
    ],
)
def test_a_drifted_row_is_named(hub: HubWorld, breach: str, invariant: str, told: str):
    floor, clerk, lead = hub.desk(Role.WAREHOUSE), hub.desk(Role.CLERK), hub.desk(Role.LEAD)
    shipped(hub, floor)
    floor.must(RECEIPT)
    hub.channel.must(bought("o2"))
    floor.must(
        Pick(order="o2", line="1"), Pack(order="o2"), Ship(order="o2", carrier="SF", tracking_no="SF-2")
    )
    clerk.must(
        OpenReturn(order="o1", case="c1", kind=ReturnKind.RETURN, asked=(Asked("1", 1),), reason="damaged")
    )
    clerk.must(
        OpenReturn(order="o1", case="c2", kind=ReturnKind.REFUND, asked=(Asked("2", 1),), reason="damaged")
    )
    lead.must(AcceptReturn(order="o1", case="c1"), AcceptReturn(order="o1", case="c2"))
    floor.must(GradeReturn(order="o1", case="c1", warehouse="SZ", grades=(Graded("1", Grade.SELLABLE, 1),)))
    lead.must(RefundReturn(order="o1", case="c2", refunds=(Refunded("2", 500),)))
    assert hub.verify().findings == ()
    if breach is DISOWNED:
        clerk.must(
            OpenReturn(order="o1", case="c3", kind=ReturnKind.RESHIP, asked=(Asked("2", 1),), reason="lost")
        )

    hub.sql(breach)

    found = [finding for finding in hub.verify().findings if finding.invariant == invariant]
    said = [f"{one.detail}: {one.actual} for {one.expected}" for one in found]
    assert any(told in one for one in said), said


def test_an_exchange_ends_in_an_order_that_is_shipped_for_nothing(hub: HubWorld):
    floor, clerk, lead = hub.desk(Role.WAREHOUSE), hub.desk(Role.CLERK), hub.desk(Role.LEAD)
    shipped(hub, floor)
    clerk.must(
        OpenReturn(order="o1", case="c1", kind=ReturnKind.EXCHANGE, asked=(Asked("1", 2),), reason="damaged")
    )
    assert clerk.ask(AcceptReturn(order="o1", case="c1")).refusal.code == "own_case"
    lead.must(AcceptReturn(order="o1", case="c1"))
    floor.must(GradeReturn(order="o1", case="c1", warehouse="WH", grades=(Graded("1", Grade.DEFECT, 2),)))
    send = SendReplacement(order="o1", case="c1", replacement="c1-r1")
    clerk.must(send, WithdrawReplacement(order="o1", case="c1", replacement="c1-r1"))
    assert hub.verify().findings == ()

    clerk.must(msgspec.structs.replace(send, replacement="c1-r2"))

    new = hub.order("c1-r2")
    assert (new.status, new.number, new.receiver) == (Status.RELEASED, "DK-o1-R2", hub.order().receiver)
    assert [row.order_id for row in hub.rows(tables.event, order_id="c1-r2")] == ["c1-r2"]
    floor.must(Pick(order=new.id, line="1", qty=2), Pack(order=new.id))
    floor.must(Ship(order=new.id, carrier="SF", tracking_no="SF-r2"))
    assert (shelf(hub), shelf(hub, "WH")) == ((5, 0), (10, 0))
    assert hub.verify().findings == ()


def test_a_late_return_comes_back_to_the_inbox_by_the_clock(hub: HubWorld):
    floor, clerk, lead = hub.desk(Role.WAREHOUSE), hub.desk(Role.CLERK), hub.desk(Role.LEAD)
    shipped(hub, floor)
    clerk.must(
        OpenReturn(order="o1", case="c1", kind=ReturnKind.RETURN, asked=(Asked("1", 1),), reason="damaged")
    )
    lead.must(AcceptReturn(order="o1", case="c1"))
    assert hub.order().snags == ()

    (due,) = hub.rows(tables.recheck, order_id="o1", cause="time")
    hub.clock.now = due.not_before
    hub.worker.must(Recheck(order="o1"))

    assert [snag.kind for snag in hub.order().snags] == ["return_due"]
