"""Amazon India's seller report: one row per line; the article is known only by category and size."""

from __future__ import annotations

from app.commands.receive import Receive
from app.domain.company import Shop
from app.domain.order import ChannelState, Line
from app.domain.values import Receiver, Region
from app.text import N_, Text
from sync.channel import Channel, Numbered, Unreadable, count, instant, money, name

DATES = ("%m/%d/%y", "%m-%d-%y", "%m/%d/%Y", "%m-%d-%Y")
NUMBER, DATE, STATUS, COURIER = "Order ID", "Date", "Status", "Courier Status"
CATEGORY, SIZE, QTY, AMOUNT = "Category", "Size", "Qty", "Amount"
CITY, STATE, POSTCODE = "ship-city", "ship-state", "ship-postal-code"

STATES = {
    "Shipped": ChannelState.SHIPPED,
    "Picked Up": ChannelState.SHIPPED,
    "Out for Delivery": ChannelState.SHIPPED,
    "Lost in Transit": ChannelState.SHIPPED,
    "Delivered to Buyer": ChannelState.DELIVERED,
    "Cancelled": ChannelState.CANCELLED,
    "Returned to Seller": ChannelState.CLOSED_REFUNDED,
    "Returning to Seller": ChannelState.CLOSED_REFUNDED,
    "Rejected by Buyer": ChannelState.CLOSED_REFUNDED,
    "Pending": ChannelState.TO_SHIP,
    "Waiting for Pick Up": ChannelState.TO_SHIP,
}


def draft(rows: tuple[Numbered, ...], shop: Shop) -> Receive:
    """Read one order of one or more lines. Amounts are of the line, not of a piece.

    Source: channels.md 1.3 (Amazon: item price is the line amount).
    """
    first = rows[0].cells
    ordered_at = instant(first, DATE, DATES, shop.zone)
    if ordered_at is None:
        raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": DATE}))
    amounts = [money(row.cells, AMOUNT) for row in rows]
    total = sum(amounts)
    state = _state(rows)
    return Receive(
        order="",
        number="",
        shop=shop.code,
        ext_id=first[NUMBER],
        ext_version="",
        channel_state=state,
        currency=shop.currency,
        total_minor=total,
        payable_minor=total,
        paid_minor=total,
        refunded_minor=0,
        receiver=Receiver(),
        region=Region(
            country=shop.country,
            province=first.get(STATE, ""),
            city=first.get(CITY, ""),
            postcode=first.get(POSTCODE, ""),
        ),
        lines=tuple(
            _line(i, row, amount) for i, (row, amount) in enumerate(zip(rows, amounts, strict=True), 1)
        ),
        ordered_at=ordered_at,
        ship_by_at=None,
    )


def _line(at: int, row: Numbered, amount_minor: int) -> Line:
    cells = row.cells
    qty = count(cells, QTY)
    article = "/".join(filter(None, (name(cells, CATEGORY), name(cells, SIZE))))
    return Line(
        id=str(at),
        ext_sku=article,
        title=article,
        qty=qty,
        unit_price_minor=amount_minor // qty if qty else amount_minor,
    )


def _state(rows: tuple[Numbered, ...]) -> ChannelState:
    """One state for the order; where status and courier contradict each other, nobody guesses.

    Source: capabilities 1, unknown platform status means hold.
    """
    states = {STATES.get(row.cells.get(STATUS, ""), ChannelState.UNKNOWN) for row in rows}
    if len(states) != 1:
        return ChannelState.UNKNOWN
    state = states.pop()
    is_sent = state in (ChannelState.SHIPPED, ChannelState.DELIVERED)
    if is_sent and any(row.cells.get(COURIER) in ("Cancelled", "Unshipped") for row in rows):
        return ChannelState.UNKNOWN
    return state


CHANNEL = Channel(
    code="amazon_india_export",
    title=N_("Amazon India order report"),
    headers=frozenset({NUMBER, DATE, STATUS, COURIER, CATEGORY, SIZE, QTY, AMOUNT, CITY, STATE, POSTCODE}),
    group=NUMBER,
    draft=draft,
    shop=Shop(code="", title="", channel="AZ", currency="INR", zone="Asia/Kolkata", country="IN"),
    kinds={DATE: "time", QTY: "count", AMOUNT: "money"},
    times=DATES,
)
