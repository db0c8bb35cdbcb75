"""Put a paper together: what stands on it, and which printer of this desk takes it.

Every screen that prints asks here, so that a print is noted before it happens and a copy says that it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.carrying import carrier_called
from app.command import Facts, Refusal, refuse
from app.commands.print_paper import TOO_SOON, PrintPaper, copies
from app.desk import Desk
from app.domain.order import DEAD, Order
from app.domain.paper import (
    PRINTABLE,
    BinLabel,
    Content,
    ContractPaper,
    Item,
    Label,
    Paper,
    PickList,
    Slip,
    is_masked,
    masked,
)
from app.domain.values import Receiver, Region
from app.labelling import label_number
from app.picking import to_take
from app.ports import Replica, StockRow, Views
from app.text import N_

__all__ = [
    "DPIS", "FOLDERS", "GONE", "SIZES", "TOO_SOON", "TO_FILE", "Job", "Setup", "bin_label", "content",
    "contract", "folder_setting", "label", "note", "pick_list", "setting", "setup", "slip", "trial",
]  # fmt: skip

SIZES: dict[Paper, tuple[str, ...]] = {
    Paper.LABEL: ("100x150", "100x180", "76x130"),
    Paper.SLIP: ("100x150", "A5", "A4"),
    Paper.LIST: ("A4", "A5"),
    Paper.BIN: ("100x50", "60x40"),
    Paper.CONTRACT: ("A4", "A5"),
}
"""Which sizes each paper may have, the usual one first."""

DPIS = (203, 300, 600)
"""Dots per inch of label printers: 203 and 300; an office printer has 600."""

TO_FILE = ""
"""The printer that is always there: a PDF into the folder for papers."""

FOLDERS = ("papers", "exports")
"""Where this desk puts files for people: papers as PDF, and what is exported."""

LIST_ORDERS_MAX = 20
"""As many orders as one walk with a cart takes."""


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """How one paper is printed on this desk. An empty `folder` is the one the system has for documents."""

    paper: Paper
    printer: str = TO_FILE
    size: str
    dpi: int = DPIS[0]
    folder: str = ""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A paper and how to print it."""

    content: Content
    setup: Setup


def setting(paper: Paper, what: str) -> str:
    """Name a choice in the desk's settings: `what` is printer | size | dpi."""
    return f"print/{paper}/{what}"


def folder_setting(what: str) -> str:
    """Name a folder in the desk's settings."""
    return f"folder/{what}"


async def setup(desk: Desk, paper: Paper) -> Setup:
    """Read how this desk prints a paper; what was never chosen is the usual."""
    size = await desk.keep(Replica.setting, setting(paper, "size"), SIZES[paper][0])
    dpi = await desk.keep(Replica.setting, setting(paper, "dpi"), str(DPIS[0]))
    return Setup(
        paper=paper,
        printer=await desk.keep(Replica.setting, setting(paper, "printer"), TO_FILE),
        size=size if size in SIZES[paper] else SIZES[paper][0],
        dpi=int(dpi) if dpi in map(str, DPIS) else DPIS[0],
        folder=await desk.keep(Replica.setting, folder_setting("papers")),
    )


async def content(desk: Desk, paper: Paper, ids: Sequence[str]) -> Content | Refusal:
    """Put a paper of one order, or a list for several, together as it would look now. Nothing is noted."""
    found = await _found(desk, paper, ids)
    if not found:
        return GONE if len(ids) == 1 else NOTHING
    is_unconfirmed = False
    for order, _ in found:
        is_unconfirmed |= not order.by_lease and await desk.look(Views.is_unanswered, order.id)
    order, facts = found[0]
    if paper is Paper.LABEL:
        return label(order, facts, order.receiver, is_unconfirmed=is_unconfirmed)
    if paper is Paper.SLIP:
        return slip(order, facts, is_unconfirmed=is_unconfirmed)
    if paper is Paper.CONTRACT:
        return contract(order, facts, is_unconfirmed=is_unconfirmed)
    return pick_list(found, desk.login.user.title, is_unconfirmed=is_unconfirmed)


async def note(desk: Desk, paper: Paper, ids: Sequence[str]) -> Job | Refusal:
    """Note the print of every order, then return what to print; a desk that holds masks asks the hub first.

    Raises:
        Trouble: the receiver is at the hub alone, and it does not answer.
    """
    made = await content(desk, paper, ids)
    if isinstance(made, Refusal):
        return made
    if isinstance(made, Label):
        found = await desk.look(Views.order, ids[0], desk.login)
        if found is not None and is_masked(found[0]):
            made = msgspec.structs.replace(made, receiver=await desk.receiver(ids[0]))
    for order, _ in await _found(desk, paper, ids):
        done = await desk.submit(PrintPaper(order=order.id, paper=paper), "print")
        if done.refusal is not None:
            return done.refusal
    return Job(content=made, setup=await setup(desk, paper))


async def _found(desk: Desk, paper: Paper, ids: Sequence[str]) -> list[tuple[Order, Facts]]:
    """Read the orders of a paper; of several, those that nobody may pick just now are left out."""
    known = [await desk.look(Views.order, each, desk.login) for each in ids]
    found = [each for each in known if each is not None]
    if len(ids) == 1:
        return found
    may = [each for each in found if each[0].status in PRINTABLE[paper] and each[0].pause is None]
    return [each for each in may if each[0].channel_state not in DEAD]


GONE = refuse("no_order", N_("This order is not here. Look for it again."))
NOTHING = refuse("nothing_to_pick", N_("None of these orders may be picked just now."))


def label(order: Order, facts: Facts, receiver: Receiver, *, is_unconfirmed: bool = False) -> Label:
    """Return the label of a parcel."""
    shop = facts.shop_of(order)
    return Label(
        number=order.number,
        ext_id=order.ext_id,
        channel=shop.channel if shop else "",
        shop=shop.title if shop else order.shop,
        warehouse=_warehouse(order, facts),
        receiver=Receiver(name=receiver.name, phone=receiver.phone, street=receiver.street),
        region=order.region,
        pieces=sum(line.qty for line in order.lines),
        printed_at=facts.now,
        zone=_zone(order, facts),
        carrier=order.carrier or carrier_called(order, facts),
        tracking_no=order.tracking_no or label_number(order),
        copy=copies(order, Paper.LABEL),
        is_unconfirmed=is_unconfirmed,
    )


def slip(order: Order, facts: Facts, *, is_unconfirmed: bool = False) -> Slip:
    """Return what lies in the parcel."""
    shop = facts.shop_of(order)
    buyer, _, place = masked(order.receiver, order.region)
    return Slip(
        number=order.number,
        ext_id=order.ext_id,
        channel=shop.channel if shop else "",
        shop=shop.title if shop else order.shop,
        buyer=buyer,
        place=place,
        items=_items(order, facts),
        ordered_at=order.ordered_at,
        printed_at=facts.now,
        zone=_zone(order, facts),
        copy=copies(order, Paper.SLIP),
        is_unconfirmed=is_unconfirmed,
    )


def contract(order: Order, facts: Facts, *, is_unconfirmed: bool = False) -> ContractPaper | Refusal:
    """Return the newest contract of an order, as it was sent."""
    if not order.contracts:
        return TOO_SOON[Paper.CONTRACT]
    newest = order.contracts[-1]
    return ContractPaper(
        number=order.number,
        code=newest.digest,
        text=newest.text,
        printed_at=facts.now,
        zone=_zone(order, facts),
        is_unconfirmed=is_unconfirmed,
    )


def pick_list(
    found: Sequence[tuple[Order, Facts]], by: str, *, is_unconfirmed: bool = False
) -> PickList | Refusal:
    """Return one walk for orders of one building, in the order of its bins."""
    order, facts = found[0]
    if len(found) > LIST_ORDERS_MAX:
        return refuse("too_many", N_("A list takes {n} orders at most. Choose fewer."), n=LIST_ORDERS_MAX)
    if len({each.warehouse for each, _ in found}) > 1:
        return refuse("two_buildings", N_("These orders lie in different buildings. Choose one building."))
    items = [item for each, known in found for item in _items(each, known, is_to_pick=True)]
    heads = []
    for each, _ in found:
        buyer, _, place = masked(each.receiver, each.region)
        heads.append((each.number, buyer, place))
    return PickList(
        warehouse=_warehouse(order, facts),
        orders=tuple(heads),
        items=tuple(sorted(items, key=lambda item: (item.bin == "", item.bin, item.sku, item.number))),
        printed_at=facts.now,
        zone=_zone(order, facts),
        by=by,
        copy=max(copies(each, Paper.LIST) for each, _ in found),
        is_unconfirmed=is_unconfirmed,
    )


def bin_label(row: StockRow, barcode: str = "") -> BinLabel:
    """Return the label of the shelf where an article lies."""
    return BinLabel(bin=row.bin, warehouse=row.warehouse_title, sku=row.sku, title=row.title, barcode=barcode)


def trial(paper: Paper, now: datetime, zone: str) -> Content:
    """Return the paper of the test page: nobody's order, everything that must be readable."""
    item = Item(sku="TEST-1", title="测试页 Test page", qty=1, bin="A-01-01-1", number="DK-000000")
    match paper:
        case Paper.LABEL:
            return Label(
                number="DK-000000", ext_id="", channel="TM", shop="Docket", warehouse="Docket",
                receiver=Receiver(name="测试 Test", phone="00000000000", street="测试路 1 号 Test Road 1"),
                region=_NOWHERE, pieces=1, printed_at=now, zone=zone,
            )  # fmt: skip
        case Paper.SLIP:
            return Slip(
                number="DK-000000", ext_id="", channel="TM", shop="Docket", buyer="测**", place="",
                items=(item,), ordered_at=now, printed_at=now, zone=zone,
            )  # fmt: skip
        case Paper.LIST:
            return PickList(
                warehouse="Docket", orders=(("DK-000000", "测**", ""),), items=(item,), printed_at=now,
                zone=zone, by="Docket",
            )  # fmt: skip
        case Paper.BIN:
            return BinLabel(bin=item.bin, warehouse="Docket", sku=item.sku, title=item.title)
        case Paper.CONTRACT:
            words = "测试页 Test page\n" * 3
            return ContractPaper(number="DK-000000", code="0" * 16, text=words, printed_at=now, zone=zone)


_NOWHERE = Region(province="测试省", city="测试市")


def _items(order: Order, facts: Facts, *, is_to_pick: bool = False) -> tuple[Item, ...]:
    items = []
    for line in order.lines:
        qty = line.qty - line.picked if is_to_pick else line.qty
        if qty <= 0:
            continue
        sku = facts.sku(line.sku) if line.sku else None
        stock = facts.stock(order.warehouse, line.sku) if line.sku and order.warehouse else None
        items.append(
            Item(
                sku=line.sku or line.ext_sku,
                title=sku.title if sku else line.title or line.ext_sku,
                qty=qty,
                bin=stock.bin if stock else "",
                number=order.number,
                lots=to_take(order, line, facts) if is_to_pick else line.lots,
            )
        )
    return tuple(items)


def _warehouse(order: Order, facts: Facts) -> str:
    known = facts.refs.warehouses.get(order.warehouse)
    return known.title if known else order.warehouse


def _zone(order: Order, facts: Facts) -> str:
    known = facts.refs.warehouses.get(order.warehouse)
    shop = facts.shop_of(order)
    return known.zone if known else shop.zone if shop else "UTC"
