"""A lesson: a deck that commands lay out, goals on order, stock and money, hints that point at controls.

Goals look at rows and never at how they came to be, so that every right way passes. Pure: whoever runs
a lesson lays its deck, shows its goals and says what the floor looks like.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from app.command import Command
from app.domain.catalogue import SkuMap
from app.domain.goods import StockDoc
from app.domain.order import Order
from app.domain.rules import Rules
from app.domain.stock import Stock
from app.domain.values import RULES_KEY, Key, Role, order_key, sku_map_key, stock_key
from app.text import N_, Text
from app.training.tours import Mark

T = TypeVar("T")
_NAMES = uuid.UUID("0189d0c7-0000-7000-8000-00000000deca")


class Mode(StrEnum):
    """How much help a lesson gives: every step, on demand, none."""

    WATCH = "watch"
    PRACTISE = "practise"
    EXAM = "exam"


MODES: Mapping[Mode, str] = {Mode.WATCH: N_("Watch"), Mode.PRACTISE: N_("Practise"), Mode.EXAM: N_("Exam")}
"""What the screen calls each mode."""


class Given(NamedTuple):
    """One command of a deck and who gives it: a shop of ours, or a colleague of that role."""

    command: Command
    by: Role = Role.CHANNEL


def nothing_before(_key: Key) -> Any:
    """Say that there is no such row."""
    return None


@dataclass(frozen=True, slots=True)
class Deck:
    """One laying out: `tag` keeps its ids apart from those of every other, `at` is when it was laid out.

    `before` returns a row of the practice company as it stands while the deck is laid out.
    """

    lesson: str
    tag: str
    at: datetime
    before: Callable[[Key], Any] = nothing_before

    @property
    def rules(self) -> Rules:
        """The rules in force while it is laid out."""
        found = self.before(RULES_KEY)
        return found if isinstance(found, Rules) else Rules()

    def id(self, name: str) -> str:
        """Return the id of what the lesson calls by this name."""
        return str(uuid.uuid5(_NAMES, f"{self.lesson}/{self.tag}/{name}"))

    def number(self, name: str) -> str:
        """Return the number an order is called by; its first digit is that of no other orders."""
        return f"DK-9{int(self.id(name)[:8], 16) % 10**6:06d}"


@dataclass(frozen=True, slots=True)
class Floor:
    """What goals may look at: rows of the practice company as they are now, never how they came to be.

    `rows` holds every row that was touched since the deck was laid out.
    """

    deck: Deck
    rows: Mapping[Key, Any]
    now: datetime

    def row(self, key: Key, kind: type[T]) -> T | None:
        """Return a row, or None where there is none."""
        found = self.rows.get(key)
        return found if isinstance(found, kind) else None

    def order(self, name: str) -> Order | None:
        """Return an order of the deck."""
        return self.row(order_key(self.deck.id(name)), Order)

    def heirs(self, *names: str) -> tuple[Order, ...]:
        """Return the orders that stand for these now: themselves, or what they were joined or split into."""
        found: dict[str, Order] = {}
        todo = [self.deck.id(name) for name in names]
        while todo:
            order = self.row(order_key(todo.pop(0)), Order)
            if order is None or order.id in found:
                continue
            if order.replaced_by:
                todo += order.replaced_by
            else:
                found[order.id] = order
        return tuple(found.values())

    def typed(self) -> tuple[Order, ...]:
        """Return the orders that were typed in since the deck was laid out, the oldest first."""
        own = (row for row in self.rows.values() if isinstance(row, Order) and not row.ext_id)
        new = (one for one in own if not one.made_from and one.makes_good is None)
        return tuple(sorted((o for o in new if o.received_at >= self.deck.at), key=lambda o: o.received_at))

    def stock(self, warehouse: str, sku: str) -> Stock | None:
        """Return what lies in a warehouse."""
        return self.row(stock_key(warehouse, sku), Stock)

    def docs(self, warehouse: str) -> tuple[StockDoc, ...]:
        """Return receipts, counts and transfers of a warehouse."""
        docs = (row for row in self.rows.values() if isinstance(row, StockDoc))
        return tuple(doc for doc in docs if doc.warehouse == warehouse)

    def article_of(self, shop: str, ext_sku: str) -> str:
        """Return what a shop's own code means; empty where nobody said."""
        known = self.row(sku_map_key(shop, ext_sku), SkuMap)
        return known.sku if known is not None else ""


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing that must hold in the end. `keeps`: it holds from the start and must not be broken."""

    code: str
    says: Text
    met: Callable[[Floor], bool]
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """What helps towards a goal: a real control, with the words the program itself has for it.

    `refused`: the refusals after which it is the one to show.
    """

    goal: str
    mark: Mark
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson. `par_s`: what a practised person needs. `teaches`: exception types, guides and verbs.

    `role` is whose work it is, `page` where it begins. `version` grows when deck or goals change.
    """

    code: str
    title: Text
    brief: Text
    par_s: int
    teaches: tuple[str, ...]
    lay: Callable[[Deck], Iterable[Given]]
    goals: tuple[Goal, ...]
    hints: tuple[Hint, ...]
    page: str
    role: Role = Role.CLERK
    version: int = 1


@dataclass(frozen=True, slots=True)
class Score:
    """How it went: which goals are met, which are missed, in how many seconds."""

    passed: bool
    met: tuple[Goal, ...]
    missed: tuple[Goal, ...]
    seconds: int
    in_par: bool

    @property
    def faults(self) -> tuple[str, ...]:
        """The codes of what was missed."""
        return tuple(goal.code for goal in self.missed)


def score(lesson: Lesson, floor: Floor) -> Score:
    """Say what holds now; nothing but the floor counts."""
    met = tuple(goal for goal in lesson.goals if goal.met(floor))
    missed = tuple(goal for goal in lesson.goals if goal not in met)
    seconds = max(0, int((floor.now - floor.deck.at).total_seconds()))
    return Score(not missed, met, missed, seconds, seconds <= lesson.par_s)


def next_hint(lesson: Lesson, floor: Floor, refused: Sequence[str] = (), shown: int = 0) -> Hint | None:
    """Return what helps now: after the first goal that is missed, and what was refused last.

    `shown` hints of that goal were seen already: the next one follows, the last one stays.
    """
    missed = score(lesson, floor).missed
    if not missed:
        return None
    goal = next((one for one in missed if one.keeps), missed[0])
    ours = [hint for hint in lesson.hints if hint.goal == goal.code]
    after = [hint for hint in ours if refused and refused[-1] in hint.refused]
    if after:
        return after[0]
    return ours[min(shown, len(ours) - 1)] if ours else None
