"""What a clerk does next: a real command for what stands in the replica, chosen by seeded dice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from app.command import Command
from app.commands.adjust_stock import AdjustStock
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.let_go import LetGo
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.recheck import Recheck
from app.commands.reject_review import RejectReview
from app.commands.resume import Resume
from app.commands.set_grants import SetGrants
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.domain.company import GRANTS, Grants
from app.domain.order import EDITABLE, Order
from app.engine import spec_of
from app.kinds import KINDS
from app.ports import Login, OrderQuery
from sync.replica.views import Views

PAGE = 40
HANGZHOU = {
    "province": "浙江省",
    "city": "杭州市",
    "district": "拱墅区",
    "postcode": "310014",
    "verdict": "accept",
}


@dataclass(slots=True)
class Clerk:
    """One person's hands. `serial` makes tracking numbers nobody else uses."""

    views: Views
    login: Login
    rng: random.Random
    serial: str
    count: int = 0
    often: tuple[str, ...] = ("floor", "floor")
    """What they think of more often than of anything else."""

    def next(self) -> Command | None:
        """Choose; None when there is nothing to do."""
        tries = self.tries()
        names = (*tries, *self.often)
        for name in self.rng.sample(names, len(names)):
            command = tries[name]()
            if command is not None and spec_of(command).code in self.login.grants:
                self.count += 1
                return command
        order = self._some_order()
        return Recheck(order=order.id) if order else None

    def tries(self) -> dict[str, Callable[[], Command | None]]:
        """Return what this person may think of."""
        return {
            "repair": self._repair,
            "address": self._address,
            "pause": self._pause,
            "cancel": self._cancel,
            "let_go": self._let_go,
            "floor": self._floor,
            "count": self._count_stock,
            "sign": self._sign,
            "rights": self._rights,
        }

    def own_work(self) -> Iterator[Command]:
        """Change every order that waits for review, then sign it as if it were somebody else's."""
        for row in self.views.order_page(OrderQuery(status="gated"), 0, PAGE):
            order = self._order(row.id)
            if order is None or not order.signatures_needed:
                continue
            yield self._moved(order)
            changed = self._order(row.id)
            if changed is not None:
                yield SignOff(order=changed.id, content_hash=changed.content_hash)

    def _some_order(self, status: str = "") -> Order | None:
        rows = self.views.order_page(OrderQuery(status=status), 0, PAGE)
        return self._order(self.rng.choice(rows).id) if rows else None

    def _order(self, id: str) -> Order | None:
        found = self.views.order(id, self.login)
        return found[0] if found else None

    def _repair(self) -> Command | None:
        rows = [row for row in self.views.snags(limit=PAGE) if row.subject == "order"]
        if not rows:
            return None
        row = self.rng.choice(rows)
        found = self.views.order(row.id, self.login)
        if found is None:
            return None
        made = [command for one in KINDS[row.kind].repairs if (command := one.build(*found)) is not None]
        return self.rng.choice(made) if made else None

    def _address(self) -> Command | None:
        order = self._some_order()
        return self._moved(order) if order is not None and order.status in EDITABLE else None

    def _moved(self, order: Order) -> FixAddress:
        street = f"文晖路{self.rng.randrange(1, 900)}号1幢101"
        return FixAddress(
            order=order.id,
            receiver=msgspec.structs.replace(order.receiver, street=street),
            region=msgspec.structs.replace(order.region, **HANGZHOU),
        )

    def _pause(self) -> Command | None:
        order = self._some_order()
        if order is None:
            return None
        return Resume(order=order.id) if order.pause else Hold(order=order.id, reason="等买家回话")

    def _cancel(self) -> Command | None:
        order = self._some_order() if self.rng.random() < 0.1 else None
        return Cancel(order=order.id, reason="买家不要了") if order else None

    def _let_go(self) -> Command | None:
        cases = [row for row in self.views.snags(kind="refused_command", limit=PAGE) if row.id]
        return LetGo(case=self.rng.choice(cases).id) if cases else None

    def _floor(self) -> Command | None:
        status = self.rng.choice(("released", "picking", "packed"))
        rows = self.views.floor(self.login.user.warehouse, status, PAGE)
        order = self._order(self.rng.choice(rows).id) if rows else None
        if order is None:
            return None
        if status == "packed":
            return Ship(order=order.id, carrier="山脊快运", tracking_no=f"{self.serial}{self.count:06d}")
        open_ = [line for line in order.lines if line.picked < line.qty]
        if not open_:
            return Pack(order=order.id, weight_g=self.rng.randrange(100, 3000))
        line = self.rng.choice(open_)
        return Pick(order=order.id, line=line.id, qty=line.qty - line.picked)

    def _count_stock(self) -> Command | None:
        rows = self.views.stock(warehouse=self.login.user.warehouse, limit=PAGE)
        if not rows:
            return None
        row = self.rng.choice(rows)
        delta = self.rng.choice((-3, -2, -1, 1, 2, 4))
        return AdjustStock(warehouse=row.warehouse, sku=row.sku, delta=delta, reason="盘点")

    def _sign(self) -> Command | None:
        rows = self.views.reviews(self.login)
        order = self._order(self.rng.choice(rows).id) if rows else None
        if order is None or self.rng.random() < 0.3:
            order = self._some_order("gated")  # anybody tries to sign anything, own work too
        if order is None:
            return None
        if self.rng.random() < 0.1:
            return RejectReview(order=order.id, content_hash=order.content_hash, reason="金额不对")
        return SignOff(order=order.id, content_hash=order.content_hash)

    def _rights(self) -> Command | None:
        """Take a colleague one right, or give everything back."""
        refs = self.views.refs()
        others = [one for one in sorted(refs.users) if one != self.login.user.code]
        user = refs.users[self.rng.choice(others)] if others else None
        if user is None:
            return None
        had = refs.grants.get(user.code) or Grants(user=user.code)
        fewer = () if had.fewer else (self.rng.choice(sorted(GRANTS[user.role])),)
        return SetGrants(grants=msgspec.structs.replace(had, fewer=fewer))
