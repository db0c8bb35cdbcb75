"""What really was signed: kept beside the hub from every decision, by no rule of the program's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.command import Command, Facts, Refusal
from app.commands.sign_off import SignOff
from app.domain.order import Order, Status

OUT = frozenset({Status.RELEASED, Status.PICKING, Status.PACKED, Status.SHIPPED, Status.COMPLETED})


def on_screen(order: Order) -> tuple[Any, ...]:
    """Return what a reviewer reads of an order."""
    lines = tuple((line.id, line.sku, line.qty, line.unit_price_minor) for line in order.lines)
    return lines, order.receiver, order.region, order.payable_minor, order.currency


def name_of(command: SignOff, who: str) -> tuple[object, ...]:
    """Name one look: of whom, at which order, and what the command says that it was."""
    return who, command.order, command.content_hash, command.revision


@dataclass(slots=True)
class Life:
    """One order as it was watched. `changes` is how often what a reviewer reads was changed, by `maker`."""

    content: tuple[Any, ...]
    maker: str
    changes: int = 0
    yes: dict[str, tuple[int, tuple[Any, ...] | None]] = field(default_factory=dict)
    """Who said yes: to which change of it, and what they had on screen."""


@dataclass(slots=True)
class Watch:
    """Counts what must never be. Desks tell what their person had before them, by the command's own words."""

    lives: dict[str, Life] = field(default_factory=dict)
    self_approved: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)
    released: set[str] = field(default_factory=set)
    seen: dict[tuple[object, ...], tuple[Any, ...]] = field(default_factory=dict)
    """What somebody had on screen when they said yes, by name and by what their command says of it."""

    def around(self, apply: Callable[[Command, Facts], Any]) -> Callable[[Command, Facts], Any]:
        """Return the hub's way to decide, watched."""

        def watched(command: Command, facts: Facts) -> Any:
            done = apply(command, facts)
            if not isinstance(done, Refusal):
                if isinstance(command, SignOff) and command.order in self.lives:
                    life = self.lives[command.order]
                    life.yes[facts.by.user] = life.changes, self.seen.get(name_of(command, facts.by.user))
                for key, row in facts.changed.items():
                    if key[0] == "order":
                        self._note(facts.rows.get(key), row, facts.by.user)
            return done

        return watched

    def _note(self, before: Order | None, after: Order, by: str) -> None:
        life = self.lives.setdefault(after.id, Life(on_screen(after), by))
        if on_screen(after) != life.content:
            life.content, life.maker, life.changes = on_screen(after), by, life.changes + 1
        if after.status in OUT and (before is None or before.status not in OUT) and after.signatures_needed:
            self._judge(after, life)

    def _judge(self, order: Order, life: Life) -> None:
        self.released.add(order.id)
        names = {one.user for one in order.signatures}
        if life.maker in names:
            self.self_approved.add(order.id)
        if len(names) < order.signatures_needed:
            self.short.add(order.id)
        for name in names:
            if life.yes.get(name) != (life.changes, life.content):
                self.stale.add(order.id)
