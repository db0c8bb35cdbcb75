"""Invoices, a contract and a visit of the demo company's day, and the invoice service it asks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import select

from app.boot.demo_company import CUSTOMERS, INSTALLED, WHOLESALE
from app.boot.demo_day import Day
from app.boot.opening import FEED_ID, Running
from app.commands.amend import Amend
from app.commands.correct_price import CorrectPrice
from app.commands.new_order import NewOrder
from app.commands.plan_visit import PlanVisit
from app.commands.send_contract import SendContract
from app.commands.set_invoice import SetInvoice
from app.commands.sign_contract import SignContract
from app.domain.billing import FIELDS, Request
from app.domain.effect import HOLD
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.order import Line
from app.domain.values import Receiver, Region
from app.domain.visit import Part
from app.domain.visiting import earliest_on, outlets_for
from app.text import N_, Text
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.effects import WORKER, Effects
from sync.hub.invoices import Invoices
from sync.hub.jobs import open_worker
from sync.hub.provider import Done, Pending, Rejected
from sync.tables import orders

TYPED = 1
"""Orders of the day that somebody typed in."""
LH = CUSTOMERS[0]
NOBODYS = "91350100M000100Y43"
"""A tax number of no customer."""
LOOKED_AT = 80
"""So many orders of the day are asked whether somebody installs them."""
_ID = "01890000-0000-7000-8002-000000000001"


class Service:
    """A made-up invoice service: it knows registered businesses only, and numbers an invoice by its key."""

    takes_keys = True
    can_look_up = False
    settle_s = 0.0

    def send(self, key: str, payload: bytes) -> Done | Rejected | Pending:
        """Make an invoice, or refuse a title that no register knows."""
        asked = msgspec.json.decode(payload, type=Request)
        if asked.colour == "blue" and asked.kind == InvoiceKind.SPECIAL and not asked.title.endswith("公司"):
            text = Text(N_("The invoice was refused: {field}"), {"field": Text(FIELDS["title"])})
            return Rejected(text, "title")
        number = f"2633{int(hashlib.sha256(key.encode()).hexdigest(), 16) % 10**16:016d}"
        return Done(number, Text(N_("Invoice {number} was made"), {"number": number}))

    def look_up(self, _key: str) -> Done | Rejected | Pending | None:
        """Remember nothing: the same key gives the same number."""
        return None


def invoicing(running: Running, ahead: timedelta = timedelta()) -> Effects:
    """Return the worker that asks the made-up service, by a clock that may be a little ahead."""
    hub, service = running.hub, Service()
    info = open_worker(hub.engine, FEED_ID, WORKER, hub.clock())
    worker = Worker(hub.engine, FEED_ID, hub.writer, info)
    compose = {"invoice": Invoices(hub.engine, FEED_ID, hub.seal).compose}
    return Effects(
        worker, lambda _name, _kind: service, lambda: hub.clock() + ahead, kinds=("invoice",), compose=compose
    )


def play(running: Running, day: Day) -> None:
    """Let the clerk do the papers of the day: each of their exceptions is open when one sits down."""
    _bill(running, day)
    _agree(day)
    _visit(running, day)


def _bill(running: Running, day: Day) -> None:
    """Two buyers want an invoice afterwards; one gives a title that is none."""
    shipped = _some(running, "shipped", 2)
    titles = (("临湖酒店用品", NOBODYS), (LH.invoice_title, LH.tax_no))
    day.clerk(
        SetInvoice(order=order, invoice=Invoice(kind=InvoiceKind.SPECIAL, title=title, tax_no=tax_no))
        for order, (title, tax_no) in zip(shipped, titles, strict=False)
    )
    effects = invoicing(running, HOLD + timedelta(seconds=1))  # nobody takes these back
    while effects.carry_out():
        pass


def _agree(day: Day) -> None:
    """A hotel orders by phone and signs; then one price is agreed anew."""
    line = Line(
        id="1", ext_sku="", sku="LN-4W", title="四件套 水洗棉 白 220", qty=20, unit_price_minor=23_800
    )
    day.clerk([
        NewOrder(
            order=_ID, shop=WHOLESALE.code, lines=(line,), customer=LH.code, is_on_account=True,
            receiver=Receiver(name="沈掌柜", phone="10000000018", street="南山路1号临湖酒店"),
            region=Region(province="浙江省", city="杭州市", district="西湖区", postcode="310012"),
            invoice=Invoice(kind=InvoiceKind.SPECIAL, title=LH.invoice_title, tax_no=LH.tax_no),
        ),
    ])  # fmt: skip
    contract = f"{_ID}-c1"
    day.clerk([
        SendContract(order=_ID, contract=contract),
        SignContract(order=_ID, contract=contract, file_sha256="5e" * 32, signed_on=day.today()),
        CorrectPrice(order=_ID, line="1", unit_price_minor=22_900, reason="季度返利"),
    ])  # fmt: skip


def _visit(running: Running, day: Day) -> None:
    """Curtains are put up; the goods come on the very day that was planned."""
    waiting = _some(running, "released", LOOKED_AT)
    facts = day.known(waiting)
    for order in filter(None, map(facts.order, waiting)):
        outlets = outlets_for(order, facts.refs.outlets)
        is_installed = any(line.sku.startswith(INSTALLED) for line in order.lines)
        if order.ship_by_at is None or not (outlets and is_installed):
            continue
        first = on = earliest_on(order, facts.shop_of(order), facts.rules, facts.now)
        while on.weekday() not in outlets[0].days:
            on += timedelta(days=1)
        late = on - first + timedelta(days=1)
        day.clerk([
            PlanVisit(order=order.id, outlet=outlets[0].code, day=on, part=Part.MORNING),
            Amend(order=order.id, ship_by_at=order.ship_by_at + late),
        ])  # fmt: skip
        return


def _some(running: Running, status: str, most: int) -> Sequence[str]:
    """Return the first orders in a state, by id."""
    found = select(orders.c.id).where(orders.c.feed_id == FEED_ID, orders.c.status == status)
    with reading(running.hub.engine) as db:
        return list(
            db.execute(found.where(orders.c.shop == "TM1").order_by(orders.c.id).limit(most)).scalars()
        )
