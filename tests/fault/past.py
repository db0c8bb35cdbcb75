"""What has happened before a verb is given: a company, its orders, and what was done to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from builders import line
from hub_world import FEED, HubWorld, bought

from app.command import Command
from app.commands.accept_return import AcceptReturn
from app.commands.grade_return import GradeReturn
from app.commands.open_return import OpenReturn
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.aftersale import Asked, Grade, Graded, ReturnKind
from app.domain.rules import Rules
from app.domain.values import Role
from sync.hub.asking import Worker
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.provider import Provider

GOODS = (line(qty=3), line("2", "A-3", qty=1, unit_price_minor=12_900))
USUAL = Rules()

Ask = Callable[["Past"], Command]


class Past:
    """What has happened before: commands of people and channels, straight to the hub."""

    def __init__(self, hub: HubWorld) -> None:
        self.hub = hub
        self._desks: dict[Role, Any] = {}

    def by(self, role: Role, *commands: Command) -> Past:
        """Let somebody do what has to pass."""
        if role not in self._desks:
            self._desks[role] = self.hub.desk(role, f"past-{role.value}")
        self._desks[role].must(*commands)
        return self

    def sold(self, *orders: str, **changes: Any) -> Past:
        """Let the shop sell."""
        self.hub.channel.must(*(bought(order, **changes) for order in orders))
        return self

    def shipped(self, order: str = "o1") -> Past:
        """Let the floor send an order off."""
        lines = self.hub.order(order).lines
        self.by(Role.WAREHOUSE, *(Pick(order=order, line=one.id, qty=one.qty) for one in lines))
        return self.by(
            Role.WAREHOUSE,
            Pack(order=order, weight_g=900),
            Ship(order=order, carrier="SF", tracking_no=f"T-{order}"),
        )

    def outside(self, provider: Provider) -> Past:
        """Let the hub tell the world outside what it must be told."""
        hub = self.hub
        worker = Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, WORKER, hub.clock()))
        while Effects(worker, lambda _shop, _kind: provider, hub.clock).carry_out():
            pass
        return self

    def returned(self, kind: ReturnKind = ReturnKind.RETURN) -> Past:
        """Let a buyer ask for something after the parcel went off."""
        self.sold("o1", lines=GOODS).shipped()
        asked = OpenReturn(order="o1", case="c1", kind=kind, asked=(Asked("1", 2),), reason="damaged")
        return self.by(Role.CLERK, asked)

    def accepted(self, kind: ReturnKind = ReturnKind.RETURN) -> Past:
        """Let a colleague accept it."""
        return self.returned(kind).by(Role.LEAD, AcceptReturn(order="o1", case="c1"))

    def graded(self, kind: ReturnKind = ReturnKind.RETURN) -> Past:
        """Let the floor grade what came back."""
        grades = (Graded("1", Grade.SELLABLE, 2),)
        return self.accepted(kind).by(
            Role.WAREHOUSE, GradeReturn(order="o1", case="c1", warehouse="WH", grades=grades)
        )


@dataclass(frozen=True, slots=True)
class Example:
    """One verb in a company where it is valid. `rules`: the company's, where the usual ones do not fit.

    `first`: what the same desk did before. `later`: how long it is since all that began.
    """

    by: Role
    before: Callable[[Past], object]
    ask: Ask
    rules: Rules = USUAL
    first: tuple[Command, ...] = ()
    later: timedelta = timedelta(0)
