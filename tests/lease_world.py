"""Real desks before a real hub, without a wire: each exchange is a call, in the order a test wants."""

from __future__ import annotations

from pathlib import Path

from builders import RECEIVER, REGION
from hub_world import ALL, FEED, SEAL, HubWorld

from app.commands.lease_stock import LeaseStock
from app.commands.new_order import NewOrder
from app.commands.return_lease import ReturnLease
from app.domain.company import GRANTS, User
from app.domain.leasing import Ask
from app.domain.order import Line, Order
from app.domain.stock import Stock
from app.domain.values import Role, stock_key
from app.ports import Changes, Login
from sync.hub.asking import Worker
from sync.hub.jobs import open_worker
from sync.hub.leases import WORKER, expire_page
from sync.hub.pages import Pages
from sync.hub.writer import Job, ReplicaInfo
from sync.replica.slices import slices
from sync.replica.store import Store
from sync.replica.views import Views

SKU, WAREHOUSE = "LN-220", "SZ"


class LeaseDesk:
    """One PC with its files; `is_online` is up to the test: nobody calls what cannot be reached."""

    def __init__(self, hub: HubWorld, folder: Path, name: str, role: Role = Role.CLERK) -> None:
        self.hub, self.name = hub, name
        hub.desk(role, name)
        self.user = User(code=role.value, title=role.value, role=role)
        self.login = Login(login_id=f"login-{name}", user=self.user, grants=GRANTS[role])
        self.store = Store(folder / name)
        self.store.outbox.set_meta(replica=name)
        self.store.outbox.remember_login(role.value, "", b"{}", hub.clock())
        self.store._renew_overlay()
        self.views = Views(self.store)
        self.pull()

    def close(self) -> None:
        self.views.close()
        self.store.close()

    def push(self) -> None:
        """Send what waits and write the answers down."""
        while wishes := self.store.outbox.unsent():
            job = Job(ReplicaInfo(self.name, "desk"), wishes)
            self.store.answered(self.hub.writer.submit(job).result(60))

    def pull(self) -> Changes:
        """Fetch everything the hub has."""
        pages, told = Pages(self.hub.engine, FEED, SEAL), Changes()
        while True:
            page, _ = pages.read(self.name, self.store.mark.cursor, 500, ALL)
            reply = pages.opened(page, 500, ALL, self.hub.clock())
            for part in slices(reply):
                told |= self.store.apply(part)
            if not reply.more:
                return told

    def level(self) -> None:
        self.push()
        self.pull()

    def hold(self, qty: int) -> int:
        """Hold so much of the one article; online."""
        self.store.submit(LeaseStock(items=(Ask(WAREHOUSE, SKU, qty),)), self.login, "lease", None)
        self.level()
        return self.stock().leased_to(self.name)

    def give_back(self) -> None:
        """Leave properly; online."""
        self.level()
        held = tuple(self.views.own_leases())
        if held:
            self.store.submit(ReturnLease(items=held), self.login, "leave", None)
            self.level()

    def sell(self, id: str, qty: int) -> Order:
        """Type a paid order in; the hub need not be there."""
        self.store.clock.hear(self.hub.clock())
        done = self.store.submit(sale(id, qty), self.login, "", None)
        assert done.refusal is None, done.refusal
        return self.order(id)

    def order(self, id: str) -> Order:
        found = self.views.order(id, self.login)
        assert found is not None
        return found[0]

    def stock(self) -> Stock:
        key = stock_key(WAREHOUSE, SKU)
        row: Stock = self.views.known(frozenset({key}), self.login).rows[key]
        return row


def sale(id: str, qty: int) -> NewOrder:
    """An order somebody pays over the counter."""
    goods = (Line(id="1", ext_sku="", sku=SKU, qty=qty, unit_price_minor=32_000),)
    return NewOrder(
        order=id, shop="TM1", lines=goods, receiver=RECEIVER, region=REGION, paid_minor=qty * 32_000
    )


def expire(hub: HubWorld) -> int:
    """Let the hub end what has run out."""
    info = open_worker(hub.engine, FEED, WORKER, hub.clock())
    return expire_page(Worker(hub.engine, FEED, hub.writer, info), hub.clock())
