"""What else goes wrong on a day of the demo company: one of each type that no ordinary order brings.

Trainers and newcomers find every exception type there is, but for faults of the program itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import time, timedelta
from typing import Any

import msgspec
from sqlalchemy import select, update

from app.boot.demo_company import CUSTOMERS, WHOLESALE, company, ext_code
from app.boot.demo_day import Day
from app.boot.demo_orders import orders as sales
from app.boot.opening import FEED_ID, Running
from app.command import Command
from app.commands.accept_return import AcceptReturn
from app.commands.cancel import Cancel
from app.commands.correct_price import CorrectPrice
from app.commands.new_order import NewOrder
from app.commands.open_case import OpenCase
from app.commands.open_return import OpenReturn
from app.commands.pick import Pick
from app.commands.receive import Receive
from app.commands.record_scan import RecordScan
from app.commands.redeliver import Redeliver
from app.commands.refuse_order import RefuseOrder
from app.commands.reject_review import RejectReview
from app.commands.set_invoice import SetInvoice
from app.commands.set_rules import SetRules
from app.commands.sign_off import SignOff
from app.commands.watch_buyer import WatchBuyer
from app.domain.aftersale import Asked, ReturnKind
from app.domain.duplicate import KIND as DUPLICATE
from app.domain.effect import HOLD
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.order import ChannelState, Line, Order
from app.domain.rules import Rules
from app.domain.scan import Scan, ScanKind
from app.domain.values import Receiver, Region
from app.kinds import kind_of
from app.text import N_, Text
from sync.hub.asking import Worker
from sync.hub.database import reading, writing
from sync.hub.drifts import DRIFTS, Drifts
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.provider import Rejected, Unclear
from sync.tables import orders, snag, stock

MADE = 6
"""Orders beside those of the day: four that somebody typed in, one a shop brought, and two merged to one."""
SHOP, NEIGHBOUR = "DY1", "PD1"
DRIFTED = ("TJ", "TC-1O")
"""Nobody knows where three pieces on the counter of this shelf come from."""
_ID = "01890000-0000-7000-8003-0000001{:05d}"
_HERE = Region(province="浙江省", city="杭州市", district="西湖区", postcode="310012", verdict="accept")
_replace = msgspec.structs.replace


class _Elsewhere:
    """A channel that does not take a confirmation, and a carrier of which nobody knows what it did."""

    takes_keys = False
    can_look_up = False
    settle_s = 0.0

    def send(self, key: str, _payload: bytes) -> Rejected:
        """Refuse, or answer nothing."""
        if not key.startswith("confirm:"):
            raise Unclear("no answer came")
        return Rejected(Text(N_("They refused it: {reason}"), {"reason": "订单状态不允许发货"}))

    def look_up(self, _key: str) -> None:
        """Remember nothing."""


def play(running: Running, day: Day, deliver: Callable[[list[Receive]], None]) -> None:
    """Let each of them happen; `deliver` brings what the shops say."""
    told = {sale.ext_id: sale for sale in sales(company())}
    _speak(running, day, told, deliver)
    _type_in(day)
    _review(day)
    _come_back(running, day)
    _outside(running)


def _speak(
    running: Running, day: Day, told: Mapping[str, Receive], deliver: Callable[[list[Receive]], None]
) -> None:
    """The shops change their minds: the order is locked, unknown, paid back, goes elsewhere."""
    day.by("lin", _joined(running, day))
    locked, odd, refunded, called, moved, refused, listed, billed = _some(running, day, "released", SHOP, 8)

    def again(order: Order, **changes: Any) -> Receive:
        known = told[order.ext_id]
        return _replace(known, order=order.id, ext_version=f"{known.ext_version}+", **changes)

    day.by(
        "qiao",
        [Pick(order=moved.id, line=moved.lines[0].id, qty=1), RefuseOrder(order=refused.id, why="damaged")],
    )
    day.by("zhou", [WatchBuyer(order=listed.id, what="refused", reason="三次拒收到付件")])
    wrong = Invoice(kind=InvoiceKind.SPECIAL, title=CUSTOMERS[1].invoice_title, tax_no="12345")
    day.by("lin", [SetInvoice(order=billed.id, invoice=wrong)])
    (first,) = _some(running, day, "released", NEIGHBOUR, 1)
    (made,) = _some(running, day, "replaced", "", 1)
    deliver([
        again(locked, channel_state=ChannelState.ON_HOLD),
        again(odd, channel_state=ChannelState.UNKNOWN),
        again(refunded, refunded_minor=refunded.payable_minor),
        again(called, receiver=_replace(told[called.ext_id].receiver, phone="1234567")),
        again(moved, receiver=_elsewhere(told[moved.ext_id].receiver)),
        again(made, receiver=_elsewhere(told[made.ext_id].receiver)),
        _also(told[first.ext_id], running),
    ])  # fmt: skip


def _elsewhere(receiver: Receiver) -> Receiver:
    return _replace(receiver, street=f"{receiver.street}（请放物业）", raw=f"{receiver.raw}（请放物业）")


def _also(sale: Receive, running: Running) -> Receive:
    """The same buyer wants something else a little later."""
    now, price_minor = running.hub.clock(), 7_900
    code = ext_code(sale.shop, "TC-1W")
    line = Line(id="1", ext_sku=code, title="桌布 棉麻 白 90×140", qty=1, unit_price_minor=price_minor)
    return _replace(
        sale,
        order=_ID.format(99),
        number="DK-119001",
        ext_id=f"{sale.shop}{now:%y%m%d}000000009901",
        ext_version=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        total_minor=price_minor,
        payable_minor=price_minor,
        paid_minor=price_minor,
        lines=(line,),
        ordered_at=now,
        ship_by_at=now + timedelta(hours=24),
    )


def _joined(running: Running, day: Day) -> Sequence[Command]:
    """Merge one of the pairs that look like one purchase."""
    pairs = select(snag.c.subject_id).where(
        snag.c.feed_id == FEED_ID, snag.c.kind == DUPLICATE, snag.c.state == "open"
    )
    with reading(running.hub.engine) as db:
        ids = list(db.execute(pairs.order_by(snag.c.subject_id)).scalars())
    facts = day.known(ids)
    merge = next(repair for repair in kind_of(DUPLICATE).repairs if repair.code == "merge")
    found = (merge.build(order, facts) for order in map(facts.order, ids) if order is not None)
    return [command for command in found if command is not None][-1:]


def _type_in(day: Day) -> None:
    """A care home buys more than its credit, and a desk sells what is not there."""
    goods = (_goods("1", "DV-4W", 40, 95_900), _goods("2", "MT-2W", 20, 161_900))
    day.by("lin", [
        _typed(1, "QZ", *goods),
        CorrectPrice(order=_ID.format(1), line="2", unit_price_minor=215_000, reason="加厚款"),
    ])  # fmt: skip
    day.by("lin", [_typed(2, "LH", _goods("1", "LP-2T", 800, 15_900))], confirmed=(_ID.format(2),))


def _typed(at: int, customer: str, *lines: Line) -> NewOrder:
    street = f"曙光路{at}号"
    buyer = Receiver(name="周前台", phone=f"1000000010{at}", street=street, raw=f"浙江省杭州市西湖区{street}")
    return NewOrder(
        order=_ID.format(at), shop=WHOLESALE.code, lines=lines, customer=customer, is_on_account=True,
        receiver=buyer, region=_HERE,
    )  # fmt: skip


def _goods(id: str, sku: str, qty: int, price_minor: int) -> Line:
    return Line(id=id, ext_sku="", sku=sku, qty=qty, unit_price_minor=price_minor)


def _review(day: Day) -> None:
    """The night review begins early for two orders: reviewers disagree about one, and send the other back."""
    early = Rules(review_from=time(20, 0))
    day.by("zhou", [SetRules(rules=early)])
    day.by("lin", [_typed(3, "LH", _goods("1", "TW-2W", 30, 3_900))])
    day.by("lin", [_typed(4, "YJ", _goods("1", "TW-2W", 28, 3_900))])
    found = map(day.known((_ID.format(3), _ID.format(4))).order, (_ID.format(3), _ID.format(4)))
    hashes = {order.id: order.content_hash for order in found if order is not None}
    split = _ID.format(3)
    why = "客户平时每次只要十条，请再确认"
    noes = [RejectReview(order=one, content_hash=seen, reason=why) for one, seen in hashes.items()]
    day.by(
        "gu", [SignOff(order=split, content_hash=hashes[split]), *(no for no in noes if no.order != split)]
    )
    day.by("zhou", [*noes, SetRules(rules=Rules(rev=1))])


def _come_back(running: Running, day: Day) -> None:
    """One buyer sends something back, one waits for a piece that was lost; a hand was too late."""
    back, lost, gone, away = _some(running, day, "shipped", NEIGHBOUR, 4)
    day.by("lin", [
        _opened(back, ReturnKind.RETURN, "damaged"),
        _opened(lost, ReturnKind.RESHIP, "lost"),
        Cancel(order=gone.id, reason="asked"),
        RecordScan(
            order=away.id,
            scan=Scan(kind=ScanKind.FAILED, at=running.hub.clock() - timedelta(hours=1), reason="not_home"),
        ),
        Redeliver(order=away.id, receiver=away.receiver, region=away.region),
    ])  # fmt: skip
    day.by("zhou", [AcceptReturn(order=lost.id, case=f"{lost.id}-r")])


def _opened(order: Order, kind: ReturnKind, reason: str) -> OpenReturn:
    asked = (Asked(order.lines[0].id, 1),)
    return OpenReturn(order=order.id, case=f"{order.id}-r", kind=kind, asked=asked, reason=reason)


def _outside(running: Running) -> None:
    """A channel says no, a carrier does not answer, a file cannot be read, a counter has drifted."""
    hub = running.hub
    for kind in ("confirm", "redeliver", "redeliver"):
        Effects(
            _worker(running, WORKER), lambda _shop, _kind: _Elsewhere(),
            lambda: hub.clock() + HOLD + timedelta(seconds=1), kinds=(kind,),
        ).carry_out()  # fmt: skip
    drifts = _worker(running, DRIFTS)
    reason = Text(
        N_("{column} is not an amount. Write it like {form}."), {"column": "实收", "form": "128.50"}
    )
    params: dict[str, str | int | Text] = {"count": 2, "file": "抖音 6-13.xlsx", "reasons": reason}
    text = Text(N_("{count} rows of {file} were not taken. {reasons}"), params)
    case = OpenCase(case=f"demo:{SHOP}/file", kind="unreadable_order", subject_id=_ID.format(98), text=text)
    drifts.ask([case], hub.clock())
    s, (warehouse, sku) = stock.c, DRIFTED
    bent = update(stock).where(s.feed_id == FEED_ID, s.warehouse == warehouse, s.sku == sku)
    with writing(hub.engine) as db:
        db.execute(bent.values(opening=s.opening - 3))
    Drifts(drifts).step(hub.clock())


def _worker(running: Running, name: str) -> Worker:
    hub = running.hub
    return Worker(hub.engine, FEED_ID, hub.writer, open_worker(hub.engine, FEED_ID, name, hub.clock()))


def _some(running: Running, day: Day, status: str, shop: str, most: int) -> tuple[Order, ...]:
    """Return the last orders in a state, of one shop or of any."""
    o = orders.c
    found = select(o.id).where(o.feed_id == FEED_ID, o.status == status, o.ext_id != "")
    found = found.where(o.shop == shop) if shop else found
    with reading(running.hub.engine) as db:
        ids = list(db.execute(found.order_by(o.id.desc()).limit(most)).scalars())
    facts = day.known(ids)
    return tuple(order for order in map(facts.order, ids) if order is not None)
