"""What stands on paper: a label, a packing slip, a pick list, the label of a bin. Who may be read on which.

A buyer is written out on the label alone, as the carrier needs it; every other paper is read by more people
than the one who packs, so it holds masks.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.lot import FromLot
from app.domain.mask import mask_name, mask_phone
from app.domain.order import EDITABLE, Order, Status
from app.domain.place_line import written
from app.domain.values import Receiver, Region
from app.text import N_


class Paper(StrEnum):
    """A kind of paper; a desk has a printer for each."""

    LABEL = "label"
    SLIP = "slip"
    LIST = "list"
    BIN = "bin"
    CONTRACT = "contract"


TITLES: dict[Paper, str] = {
    Paper.LABEL: N_("Shipping label"),
    Paper.SLIP: N_("Packing slip"),
    Paper.LIST: N_("Pick list"),
    Paper.BIN: N_("Bin label"),
    Paper.CONTRACT: N_("Contract"),
}

PRINTABLE: dict[Paper, frozenset[Status]] = {
    Paper.LABEL: frozenset({Status.PACKED, Status.SHIPPED}),
    Paper.SLIP: frozenset({Status.PICKING, Status.PACKED, Status.SHIPPED}),
    Paper.LIST: frozenset({Status.RELEASED, Status.PICKING}),
    Paper.CONTRACT: frozenset(Status),
}
"""When a paper of an order makes sense: a label belongs on a closed parcel, a list to goods on the shelf."""


def is_printable(paper: Paper, order: Order) -> bool:
    """Tell whether a paper of an order makes sense now: who buys over the counter takes the slip along."""
    if paper is Paper.CONTRACT:
        return bool(order.contracts)
    if order.status in PRINTABLE[paper]:
        return True
    is_typed = not order.ext_id and order.makes_good is None and not order.made_from
    return paper is Paper.SLIP and is_typed and order.status in EDITABLE


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line on a paper. Units: `qty` pieces."""

    sku: str
    title: str
    qty: int
    bin: str = ""
    number: str = ""
    """The order it is for, where a list serves several."""
    lots: tuple[FromLot, ...] = ()
    """Which lots to take, or which are in the parcel."""


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """The label on a parcel: the only paper with the receiver in full. Units: `pieces`."""

    number: str
    ext_id: str
    channel: str
    shop: str
    warehouse: str
    receiver: Receiver
    region: Region
    pieces: int
    printed_at: datetime
    zone: str
    carrier: str = ""
    tracking_no: str = ""
    copy: int = 0
    """Which reprint this is; 0 is the first print."""
    is_unconfirmed: bool = False
    """The hub has not answered what this desk did with the order."""

    @property
    def code(self) -> str:
        """What the bars say: the carrier's number, else ours."""
        return self.tracking_no or self.number

    @property
    def place(self) -> str:
        """Where it goes in one line, as it is written there."""
        return written(self.region, self.receiver.street)


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the parcel. `buyer` and `place` are masked: anybody may open a parcel."""

    number: str
    ext_id: str
    channel: str
    shop: str
    buyer: str
    place: str
    items: tuple[Item, ...]
    ordered_at: datetime
    printed_at: datetime
    zone: str
    copy: int = 0
    is_unconfirmed: bool = False


class PickList(msgspec.Struct, frozen=True, kw_only=True):
    """Where to walk, in the order of the bins, for one order or several. No buyer is on it but masked."""

    warehouse: str
    orders: tuple[tuple[str, str, str], ...]
    """(number, masked buyer, province and city)"""
    items: tuple[Item, ...]
    printed_at: datetime
    zone: str
    by: str
    copy: int = 0
    is_unconfirmed: bool = False


class BinLabel(msgspec.Struct, frozen=True, kw_only=True):
    """The label on a shelf: where this is, and what lies here."""

    bin: str
    warehouse: str
    sku: str
    title: str
    barcode: str = ""

    @property
    def code(self) -> str:
        """What the bars say: what a scanner reads when somebody picks from here."""
        return self.barcode or self.sku


class ContractPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A contract as it was sent; `code` tells later what it was an agreement on."""

    number: str
    code: str
    text: str
    printed_at: datetime
    zone: str
    is_unconfirmed: bool = False


Content = Label | Slip | PickList | BinLabel | ContractPaper


def kind_of(content: Content) -> Paper:
    """Tell which paper a content is for."""
    match content:
        case Label():
            return Paper.LABEL
        case Slip():
            return Paper.SLIP
        case PickList():
            return Paper.LIST
        case BinLabel():
            return Paper.BIN
        case ContractPaper():
            return Paper.CONTRACT


def name_of(content: Content) -> str:
    """Name a content as a file would be named."""
    match content:
        case Label(number=number, copy=copy) | Slip(number=number, copy=copy):
            again = f"-copy{copy}" if copy else ""
            return f"{kind_of(content)}-{number}{again}"
        case PickList(orders=orders, warehouse=warehouse):
            return f"list-{orders[0][0] if len(orders) == 1 else warehouse}"
        case BinLabel(bin=bin, sku=sku):
            return f"bin-{bin or sku}"
        case ContractPaper(number=number, code=code):
            return f"contract-{number}-{code[:8]}"


def masked(receiver: Receiver, region: Region) -> tuple[str, str, str]:
    """Return name and phone masked, and no more of the place than province and city."""
    city = region.city if region.city != region.province else ""
    place = " ".join(filter(None, (region.province, city)))
    return mask_name(receiver.name), mask_phone(receiver.phone), place


def is_masked(order: Order) -> bool:
    """Tell whether this desk holds the receiver only masked, as the hub gives it to the floor."""
    return "**" in order.receiver.phone or (not order.receiver.street and "**" in order.receiver.name)
