"""The Tmall seller centre's order report: one row per order, no lines, no address below the province."""

from __future__ import annotations

from app.commands.receive import Receive
from app.domain.company import Shop
from app.domain.order import ChannelState
from app.domain.values import Receiver, Region
from app.text import N_, Text
from sync.channel import Channel, Numbered, Unreadable, instant, money

TIMES = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
NUMBER, TOTAL, PAID, PLACE = "订单编号", "总金额", "买家实际支付金额", "收货地址"
ORDERED, PAID_AT, REFUND = "订单创建时间", "订单付款时间", "退款金额"


def draft(rows: tuple[Numbered, ...], shop: Shop) -> Receive:
    """Read one order. A paid order owes what the buyer really paid: coupons are in the difference.

    Source: channels.md 1.1 (states); README of the report's columns.
    """
    if len(rows) > 1:
        raise Unreadable(Text(N_("{column} stands twice in this file."), {"column": NUMBER}))
    cells = rows[0].cells
    total, paid, refunded = money(cells, TOTAL), money(cells, PAID), money(cells, REFUND)
    ordered_at = instant(cells, ORDERED, TIMES, shop.zone)
    if ordered_at is None:
        raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": ORDERED}))
    is_paid = instant(cells, PAID_AT, TIMES, shop.zone) is not None
    kept = max(paid, refunded) if is_paid else 0
    state = ChannelState.TO_SHIP
    if not is_paid:
        state = ChannelState.AWAITING_PAYMENT
    elif refunded and refunded >= kept:
        state = ChannelState.CLOSED_REFUNDED
    place = cells.get(PLACE, "")
    return Receive(
        order="",
        number="",
        shop=shop.code,
        ext_id=cells[NUMBER],
        ext_version="",
        channel_state=state,
        currency=shop.currency,
        total_minor=total,
        payable_minor=kept if is_paid else total,
        paid_minor=kept,
        refunded_minor=refunded,
        receiver=Receiver(raw=place),
        region=Region(country=shop.country, province=place),
        lines=(),
        ordered_at=ordered_at,
        ship_by_at=None,
    )


CHANNEL = Channel(
    code="tmall_export",
    title=N_("Tmall order report"),
    headers=frozenset({NUMBER, TOTAL, PAID, PLACE, ORDERED, PAID_AT, REFUND}),
    group=NUMBER,
    draft=draft,
    shop=Shop(code="", title="", channel="TM"),
    kinds={TOTAL: "money", PAID: "money", REFUND: "money", ORDERED: "time", PAID_AT: "time"},
    times=TIMES,
)
