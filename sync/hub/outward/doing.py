"""What other systems say: orders, carts, stock. Each becomes a command like anybody's, under their name.

What is done is found again by names that follow from the `Idempotency-Key`: the id of the command, the number
of the receipt. So whatever died in between, asking again finds it and does nothing twice.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlalchemy import Engine, select

from app.command import OVERTAKEN, Command, Refusal
from app.commands.announce_stock import AnnounceStock
from app.commands.hold_cart import HoldCart, Wanted
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.receive import Receive
from app.commands.receive_stock import ReceiveStock
from app.commands.set_customer import SetCustomer
from app.commands.set_stock import SetStock
from app.commands.ship import Ship
from app.domain.company import Customer, Shop
from app.domain.order import ChannelState, Line, Order, Status
from app.domain.stock import cart_of
from app.domain.values import Receiver, Region, digest
from app.engine import spec_of
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Draft
from sync.hub.database import reading, writing
from sync.hub.intake import open_account, take_in, version_of
from sync.hub.outward.keys import Caller
from sync.hub.outward.once import Said
from sync.hub.outward.pages import NO_ORDER
from sync.hub.outward.problems import Problematic, problem_of
from sync.hub.seal import Seal, open_document
from sync.hub.writer import Fork, Gap, Job, ReplicaInfo, Writer
from sync.outward_wire import (
    ArrivalIn,
    Booked,
    CartHeld,
    CartIn,
    CartOut,
    CreditIn,
    OrderIn,
    ParcelIn,
    ReceiptIn,
    StockIn,
    Taken,
)
from sync.tables import command, orders, receipt, ref, replica, reservation
from sync.wire import Wish, id_of

TRIES_MOST = 20
"""Numbers another hub may take before ours are free."""
REFUSED = 409
_orders = msgspec.json.Decoder(Order)


@dataclass(frozen=True, slots=True)
class Doing:
    """Does it for one hub. `drain` hands the receipts of one account to the writer."""

    engine: Engine
    feed_id: int
    seal: Seal
    writer: Writer
    clock: Callable[[], datetime]
    drain: Callable[[str], int]
    _turn: threading.Lock = field(default_factory=threading.Lock)
    """One at a time takes numbers here; other hubs may be at it all the same."""

    # --- orders -------------------------------------------------------------------------------------

    def bring(self, caller: Caller, asked: OrderIn) -> Said:
        """Take an order in by the way every channel's orders go."""
        shop, now = self._shop(asked.shop), self.clock()
        draft = Draft(receive=_receive(asked, shop), rows=())
        with writing(self.engine) as db:
            open_account(db, self.feed_id, caller.actor, now)
        take_in(
            self.engine, self.feed_id, self.seal, caller.actor, shop, "", caller.actor, [draft], now,
            via="webhook",
        )  # fmt: skip
        with self._turn:
            self.drain(caller.actor)
        r, version = receipt.c, version_of(draft.receive, shop, self.seal)
        named = zip((r.channel, r.shop, r.ext_id, r.version), version, strict=True)
        found = select(r.order_id, r.replica_id, r.n).where(
            r.feed_id == self.feed_id, *(column == value for column, value in named)
        )
        with reading(self.engine) as db:
            row = db.execute(found).one()
        refusal = self._refusal_of(row.replica_id, row.n)
        if refusal is not None and refusal.code not in OVERTAKEN:
            return refused(refusal)
        return _said(201, Taken(id=row.order_id, shop=shop.code, ext_id=asked.ext_id))

    def _shop(self, code: str) -> Shop:
        found = select(ref.c.doc).where(ref.c.feed_id == self.feed_id, ref.c.tbl == "shop", ref.c.pk == code)
        with reading(self.engine) as db:
            doc = db.execute(found).scalar_one_or_none()
        if doc is None:
            raise Problematic(422, "no_shop", N_("There is no shop {shop}. Set it up first."), shop=code)
        return msgspec.json.decode(doc, type=Shop)

    def _refusal_of(self, account: str, n: int) -> Refusal | None:
        c = command.c
        found = select(c.refusal).where(
            c.feed_id == self.feed_id, c.replica_id == account, c.n == n, c.status == "refused"
        )
        with reading(self.engine) as db:
            words = db.execute(found).scalar_one_or_none()
        return msgspec.json.decode(words, type=Refusal) if words else None

    # --- parcels and stock --------------------------------------------------------------------------

    def ship(self, caller: Caller, *, name: str, order: str, asked: ParcelIn) -> Said:
        """Note that a parcel left; what its warehouse did before is booked with it, in one transaction."""
        found = select(orders.c.doc).where(orders.c.feed_id == self.feed_id, orders.c.id == order)
        with reading(self.engine) as db:
            doc = db.execute(found).scalar_one_or_none()
        if doc is None:
            raise Problematic(404, "no_order", NO_ORDER)
        known = _orders.decode(open_document(doc.encode(), None))
        before: list[Command] = []
        if known.status in (Status.RELEASED, Status.PICKING):
            left = [(line.id, line.qty - line.picked) for line in known.lines]
            before = [Pick(order=order, line=line, qty=qty) for line, qty in left if qty]
            before.append(Pack(order=order))
        ship = Ship(order=order, carrier=asked.carrier, tracking_no=asked.tracking_no)
        return self._ask(caller, name, [*before, ship])

    def set_stock(self, caller: Caller, name: str, warehouse: str, sku: str, asked: StockIn) -> Said:
        """Take over how much lies there."""
        counted = SetStock(warehouse=warehouse, sku=sku, on_hand=asked.on_hand, reason=asked.reason)
        return self._ask(caller, name, [counted])

    def hold_cart(self, caller: Caller, *, name: str, shop: str, ext_id: str, asked: CartIn) -> Said:
        """Hold what an order will want before it is there, under the id it will have."""
        known = self._shop(shop)
        chance = self.seal.order_chance(known.channel, known.code, ext_id)
        order = id_of(asked.ordered_at, chance)
        wanted = [Wanted(ext_sku=line.ext_sku, qty=line.qty) for line in asked.lines]
        gone = [Wanted(sku=sku, qty=0) for sku in sorted({held.sku for held in self._cart(order).items})]
        if wanted or gone:
            said = self._ask(caller, name, [HoldCart(cart=order, shop=shop, lines=(*wanted, *gone))])
            if said.status != 200:
                return said
        return _said(200, self._cart(order))

    def _cart(self, order: str) -> CartOut:
        r = reservation.c
        found = select(r.warehouse, r.sku, r.qty, r.expires_at).where(
            r.feed_id == self.feed_id, r.owner == cart_of(order), r.state == "open"
        )
        with reading(self.engine) as db:
            rows = db.execute(found.order_by(r.warehouse, r.sku)).all()
        held = [CartHeld(warehouse=row.warehouse, sku=row.sku, qty=row.qty) for row in rows]
        ends = [row.expires_at for row in rows if row.expires_at is not None]
        return CartOut(order=order, items=held, until=min(ends, default=None))

    def receive_stock(self, caller: Caller, name: str, asked: ReceiptIn) -> Said:
        """Book goods that came in, as the document that follows from the key."""
        came = ReceiveStock(
            doc=_id_of(caller, name),
            warehouse=asked.warehouse,
            sku=asked.sku,
            qty=asked.qty,
            reference=asked.reference,
        )
        return self._ask(caller, name, [came])

    def announce_stock(
        self, caller: Caller, *, name: str, where: tuple[str, str], reference: str, asked: ArrivalIn
    ) -> Said:
        """Announce what a purchase brings, as the document its number, article and place name."""
        warehouse, sku = where
        comes = AnnounceStock(
            doc=f"a-{digest(warehouse, sku, reference)}",
            warehouse=warehouse,
            sku=sku,
            qty=asked.qty,
            due_on=asked.due_on,
            reference=reference,
        )
        return self._ask(caller, name, [comes])

    def keep_credit(self, caller: Caller, name: str, code: str, asked: CreditIn) -> Said:
        """Publish what a customer may owe, where this system is the one that says so.

        Raises:
            Problematic: nobody knows the customer, or somebody else keeps it.
        """
        known = self._answer(_id_of(caller, name))
        if known is not None:
            return known
        found = select(ref.c.doc).where(
            ref.c.feed_id == self.feed_id, ref.c.tbl == "customer", ref.c.pk == code
        )
        with reading(self.engine) as db:
            doc = db.execute(found).scalar_one_or_none()
        if doc is None:
            raise Problematic(
                404, "no_customer", N_("There is no customer {customer}. Set it up first."), customer=code
            )
        customer = msgspec.json.decode(doc, type=Customer)
        if customer.kept_by != caller.code:
            raise Problematic(
                409, "kept_elsewhere", N_("You do not keep this customer. Have it named so in the settings.")
            )
        after = msgspec.structs.replace(
            customer, credit_minor=asked.credit_minor, terms_days=asked.terms_days
        )
        return self._ask(caller, name, [SetCustomer(customer=after)])

    def _ask(self, caller: Caller, name: str, commands: Sequence[Command]) -> Said:
        """Ask for commands under the next numbers of a system; the last one is what it is about.

        Raises:
            Trouble: busy: others take the numbers.
        """
        info = ReplicaInfo(f"{caller.actor}/reports", "worker", caller.actor)
        last = _id_of(caller, name)
        ids = [*(f"{last}/{i}" for i in range(len(commands) - 1)), last]
        with self._turn:
            for _ in range(TRIES_MOST):
                known = self._answer(last)
                if known is not None:
                    return known
                try:
                    self.writer.submit(Job(info, self._wishes(info, ids, commands))).result()
                except (Gap, Fork):
                    continue
        raise Trouble("busy", Text(N_("The hub is busy. Try again.")), retry=True)

    def _wishes(self, info: ReplicaInfo, ids: Sequence[str], commands: Sequence[Command]) -> list[Wish]:
        mine = replica.c.feed_id == self.feed_id, replica.c.replica_id == info.replica_id
        with reading(self.engine) as db:
            last_n = db.execute(select(replica.c.last_n).where(*mine)).scalar() or 0
        return [
            Wish(
                n=last_n + 1 + i,
                id=called,
                name=spec_of(asked).code,
                rev=spec_of(asked).rev,
                args=msgspec.Raw(msgspec.json.encode(asked)),
                login="",
                at=self.clock(),
            )
            for i, (called, asked) in enumerate(zip(ids, commands, strict=True))
        ]

    def _answer(self, id: str) -> Said | None:
        """Return what a command of that name was answered; what is as wanted already counts as done."""
        c = command.c
        found = select(c.status, c.refusal, c.seq).where(c.feed_id == self.feed_id, c.cmd_id == id)
        with reading(self.engine) as db:
            row = db.execute(found).one_or_none()
        if row is None:
            return None
        refusal = msgspec.json.decode(row.refusal, type=Refusal) if row.refusal else None
        if refusal is not None and refusal.code not in OVERTAKEN:
            return refused(refusal)
        return _said(200, Booked(done=refusal is None, seq=row.seq))


def refused(refusal: Refusal) -> Said:
    """Return the answer that the business says no; kept like any other."""
    status = 403 if refusal.code in ("not_allowed", "revoked") else REFUSED
    return _said(status, problem_of(status, refusal.code, refusal.text))


def _said(status: int, answer: msgspec.Struct) -> Said:
    return Said(status, msgspec.json.encode(answer).decode())


def _id_of(caller: Caller, name: str) -> str:
    """Name what follows from a key: the same again finds it, nobody else's is called so."""
    return f"{caller.actor}/{hashlib.sha256(name.encode()).hexdigest()[:40]}"


def _receive(asked: OrderIn, shop: Shop) -> Receive:
    who, region = asked.receiver, asked.region
    return Receive(
        order="",
        number=asked.number,
        shop=shop.code,
        ext_id=asked.ext_id,
        ext_version=asked.version,
        channel_state=ChannelState(asked.state),
        currency=asked.currency or shop.currency,
        total_minor=asked.total_minor,
        payable_minor=asked.payable_minor,
        paid_minor=asked.paid_minor,
        refunded_minor=asked.refunded_minor,
        receiver=Receiver(
            name=who.name, phone=who.phone, street=who.street, raw=who.raw, note=who.note, account=who.account
        ),
        region=Region(
            country=region.country,
            province=region.province,
            city=region.city,
            district=region.district,
            postcode=region.postcode,
        ),
        lines=tuple(
            Line(
                id=f"{i + 1}",
                ext_sku=line.ext_sku,
                title=line.title,
                qty=line.qty,
                unit_price_minor=line.unit_price_minor,
            )
            for i, line in enumerate(asked.lines)
        ),
        ordered_at=asked.ordered_at,
        ship_by_at=asked.ship_by_at,
        customer=asked.customer,
    )
