"""A clerk who does every kind of work: sells out of a lease, prints, merges, splits, asks once more.

Kept apart from `choices`: the simulator's seeds stand on the dice of that one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from choices import HANGZHOU, PAGE, Clerk
from typing_extensions import override

from app.command import Command
from app.commands.lease_stock import LeaseStock
from app.commands.merge import Merge
from app.commands.new_order import NewOrder
from app.commands.print_paper import PrintPaper
from app.commands.put_back import PutBack
from app.commands.redo_effect import RedoEffect
from app.commands.return_lease import ReturnLease
from app.commands.split import Split
from app.commands.withdraw_effect import WithdrawEffect
from app.domain.leasing import LEASES_MOST, Ask
from app.domain.making import Part, why_not_merge, why_not_split
from app.domain.order import Line, Status
from app.domain.paper import PRINTABLE, is_printable
from app.domain.values import Receiver, Region
from app.kinds import KINDS

REGULARS = 6
"""Buyers who come again and again, to every desk: their orders can be merged."""
OUTSIDE = ("effect_unknown", "writeback_failed")
"""What the world outside leaves to a person."""


@dataclass(slots=True)
class Allrounder(Clerk):
    """`fresh_id` names what is new. `is_level`: nothing waits here, and the hub is there."""

    often: tuple[str, ...] = ("floor", "floor", "floor", "count", "sell", "sell", "lease", "lease", "outside")
    fresh_id: Callable[[], str] = field(kw_only=True)
    is_level: Callable[[], bool] = field(kw_only=True)
    takes_leases: bool = True
    _asked: RedoEffect | None = None
    """What was asked for once more, and may still be taken back."""

    @override
    def tries(self) -> dict[str, Callable[[], Command | None]]:
        return Clerk.tries(self) | {
            "sell": self.sell,
            "lease": self._lease,
            "print": self._print,
            "split": self._split,
            "merge": self._merge,
            "put_back": self._put_back,
            "outside": self._outside,
        }

    # --- selling ------------------------------------------------------------------------------------

    def sell(self) -> Command | None:
        """Type a paid order in: out of the own lease where there is one, else out of what lies there."""
        shops = self.views.refs().shops
        shop = shops[self.rng.choice(sorted(shops))]
        held = {one.sku for one in self.views.own_leases() if one.warehouse in shop.warehouses}
        lying = {row.sku for place in shop.warehouses[:1] for row in self.views.stock(warehouse=place)}
        known = sorted(held if held and self.rng.random() < 0.8 else lying)
        if not known:
            return None
        chosen = self.rng.sample(known, min(len(known), self.rng.choice((1, 1, 1, 2))))
        lines = tuple(
            Line(
                id=str(at),
                ext_sku="",
                sku=sku,
                qty=self.rng.choice((1, 1, 2, 3, 6)),
                unit_price_minor=self.rng.randrange(900, 9_000),
            )
            for at, sku in enumerate(chosen, 1)
        )
        who = self.rng.randrange(REGULARS)
        receiver = Receiver(name="季小雨", phone=f"1381111000{who}", street=f"解放路{who + 1}号2幢301")
        paid = sum(line.qty * line.unit_price_minor for line in lines)
        return NewOrder(
            order=self.fresh_id(),
            shop=shop.code,
            lines=lines,
            receiver=receiver,
            region=Region(**HANGZHOU),
            paid_minor=paid,
        )

    def _lease(self) -> Command | None:
        """Hold what this desk sells, as the real desk asks; one that has sold nothing yet guesses."""
        if not (self.takes_leases and self.is_level()):
            return None
        held = self.views.own_leases()
        if held and self.rng.random() < 0.2:
            return ReturnLease(items=tuple(held[:LEASES_MOST]))
        asks = list(self.views.lease_asks())
        if not asks:
            rows = self.views.stock(limit=PAGE)
            chosen = self.rng.sample(rows, min(len(rows), 4))
            asks = [Ask(row.warehouse, row.sku, self.rng.randrange(1, 5)) for row in chosen]
        return LeaseStock(items=tuple(asks[:LEASES_MOST])) if asks else None

    # --- paper --------------------------------------------------------------------------------------

    def _print(self) -> Command | None:
        """Print a paper of an order, most likely once more."""
        paper = self.rng.choice(sorted(PRINTABLE))
        status = self.rng.choice(sorted(PRINTABLE[paper]))
        rows = self.views.floor(self.login.user.warehouse, status, PAGE)
        order = self._order(self.rng.choice(rows[:8]).id) if rows else None
        if order is None or not is_printable(paper, order):
            return None
        return PrintPaper(order=order.id, paper=paper)

    # --- orders made from orders --------------------------------------------------------------------

    def _split(self) -> Command | None:
        """Send an order in two parts, cut through a line where it has only one."""
        order = self._some_order()
        if order is None or sum(line.qty for line in order.lines) < 2:
            return None
        first: list[tuple[str, int]] = []
        second: list[tuple[str, int]] = []
        for line in order.lines:
            here = self.rng.randint(0, line.qty)
            first += [(line.id, here)] if here else []
            second += [(line.id, line.qty - here)] if here < line.qty else []
        parts = (Part(self.fresh_id(), tuple(first)), Part(self.fresh_id(), tuple(second)))
        return Split(order=order.id, parts=parts) if why_not_split(order, parts) is None else None

    def _merge(self) -> Command | None:
        """Send two orders of one buyer as one."""
        order = self._some_order()
        if order is None:
            return None
        for row in self.views.find(order.receiver.phone) if order.receiver.phone else ():
            other = self._order(row.id)
            if other is not None and other.id != order.id and why_not_merge((order, other)) is None:
                return Merge(orders=(order.id, other.id), into=self.fresh_id())
        return None

    def _put_back(self) -> Command | None:
        order = self._some_order(Status.REPLACED)
        return PutBack(order=order.id) if order is not None else None

    # --- the world outside --------------------------------------------------------------------------

    def _outside(self) -> Command | None:
        """Say what became of what nobody knows, ask once more for what was rejected, or take that back."""
        if self._asked is not None and self.rng.random() < 0.4:
            asked, self._asked = self._asked, None
            return WithdrawEffect(order=asked.order, key=asked.key)
        for kind in self.rng.sample(OUTSIDE, len(OUTSIDE)):
            rows = self.views.snags(kind=kind, limit=PAGE)
            found = self.views.order(self.rng.choice(rows).id, self.login) if rows else None
            made = [one.build(*found) for one in KINDS[kind].repairs] if found is not None else []
            possible = [command for command in made if command is not None]
            if possible:
                command = self.rng.choice(possible)
                self._asked = command if isinstance(command, RedoEffect) else None
                return command
        return None
