"""What decks are made of: sales of the demo company's shops, orders typed in, parcels under way, stock.

Names, phones and streets are made up; phones are in a range nobody has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from app.commands.new_order import NewOrder
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.receive import Receive
from app.commands.set_stock import SetStock
from app.commands.ship import Ship
from app.domain.order import ChannelState, Line
from app.domain.reading import ACCEPT
from app.domain.stock import Stock
from app.domain.values import Receiver, Region, Role, stock_key
from app.training.lesson import Deck, Given

SHOP, WHOLESALE, PLACE, CARRIER = "TM1", "B21", "SZ", "山脊快运"
PLACES: Final = ("SZ", "WH", "TJ", "CD", "FS")
"""Every warehouse that may serve the shop."""
HERE: Final = Region(province="浙江省", city="杭州市", district="西湖区", postcode="310012", verdict=ACCEPT)


class Piece(NamedTuple):
    """An article in an order. Units: `price_minor` fen for one."""

    sku: str
    qty: int
    price_minor: int
    ext_sku: str = ""
    """What the shop calls it, where that is not what it always calls it."""
    title: str = ""


def ext_code(sku: str, shop: str = SHOP) -> str:
    """Return what a shop of this company calls an article."""
    return f"{shop[:2]}{sku.replace('-', '')}"


def buyer(deck: Deck, name: str, tail: str, street: str, **more: str) -> Receiver:
    """Return somebody who buys; `tail` are the last four digits of the phone.

    The middle of the phone and the room change with every laying out: nobody is their own duplicate.
    """
    mark = int(deck.id("buyers")[:6], 16)
    phone = f"1000{mark % 1000:03d}{tail}"
    return Receiver(
        name=name, phone=phone, street=f"{street}{mark // 1000 % 28 + 1}0{mark % 4 + 1}室", **more
    )


def sale(
    deck: Deck,
    name: str,
    pieces: Sequence[Piece],
    receiver: Receiver,
    region: Region = HERE,
    *,
    shop: str = SHOP,
    before_min: int = 10,
    **changes: Any,
) -> Given:
    """A paid order of a shop, as its channel tells of it."""
    at = deck.at - timedelta(minutes=before_min)
    lines = tuple(
        Line(
            id=str(n),
            ext_sku=piece.ext_sku or ext_code(piece.sku, shop),
            title=piece.title or piece.sku,
            qty=piece.qty,
            unit_price_minor=piece.price_minor,
        )
        for n, piece in enumerate(pieces, 1)
    )
    total_minor = sum(line.qty * line.unit_price_minor for line in lines)
    place = f"{region.province}{region.city if region.city != region.province else ''}{region.district}"
    told: dict[str, Any] = {
        "order": deck.id(name),
        "number": deck.number(name),
        "shop": shop,
        "ext_id": f"{shop}-{deck.id(name)[:18]}",
        "ext_version": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "channel_state": ChannelState.TO_SHIP,
        "currency": "CNY",
        "total_minor": total_minor,
        "payable_minor": total_minor,
        "paid_minor": changes.get("payable_minor", total_minor),
        "receiver": receiver if receiver.raw else _with_raw(receiver, f"{place}{receiver.street}"),
        "region": region,
        "lines": lines,
        "ordered_at": at,
        "ship_by_at": deck.at + timedelta(hours=24),
    }
    return Given(Receive(**(told | changes)))


def _with_raw(receiver: Receiver, raw: str) -> Receiver:
    return Receiver(
        name=receiver.name, phone=receiver.phone, street=receiver.street, raw=raw, note=receiver.note,
        account=receiver.account,
    )  # fmt: skip


def order_lines(pieces: Sequence[Piece]) -> tuple[Line, ...]:
    """Return the lines of an order that a person types in."""
    return tuple(
        Line(id=str(n), ext_sku="", sku=piece.sku, qty=piece.qty, unit_price_minor=piece.price_minor)
        for n, piece in enumerate(pieces, 1)
    )


def typed(
    deck: Deck, name: str, pieces: Sequence[Piece], receiver: Receiver, customer: str, by: Role = Role.LEAD
) -> Given:
    """An order on account that a colleague typed in."""
    return Given(
        NewOrder(
            order=deck.id(name), shop=WHOLESALE, lines=order_lines(pieces), customer=customer,
            is_on_account=True, receiver=receiver, region=HERE,
        ),
        by,
    )  # fmt: skip


def lies(deck: Deck, sku: str, free: int, **more: int) -> Iterator[Given]:
    """So many pieces are free in every warehouse, whatever lay there. `more` says where it differs."""
    for place in PLACES:
        shelf = deck.before(stock_key(place, sku))
        was, promised = (shelf.on_hand, shelf.reserved) if isinstance(shelf, Stock) else (0, 0)
        on_hand = promised + more.get(place, free)
        if on_hand == was:
            continue
        yield Given(SetStock(warehouse=place, sku=sku, on_hand=on_hand, reason="练习"), Role.LEAD)


def packed(deck: Deck, name: str, pieces: Sequence[Piece]) -> Iterator[Given]:
    """The warehouse has picked and packed it."""
    for n, piece in enumerate(pieces, 1):
        yield Given(Pick(order=deck.id(name), line=str(n), qty=piece.qty), Role.WAREHOUSE)
    yield Given(Pack(order=deck.id(name), weight_g=0), Role.WAREHOUSE)


def shipped(deck: Deck, name: str, pieces: Sequence[Piece]) -> Iterator[Given]:
    """A carrier has it."""
    yield from packed(deck, name, pieces)
    label = f"SJ{int(deck.id(name)[:8], 16):010d}"
    yield Given(Ship(order=deck.id(name), carrier=CARRIER, tracking_no=label), Role.WAREHOUSE)
