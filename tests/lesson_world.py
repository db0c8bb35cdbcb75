"""The practice floor without a database: lessons are played in a company kept in a dictionary."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from app import engine
from app.boot import demo_company
from app.boot.divisions import load_gazetteer
from app.command import Command, Facts, Refs, Refusal, with_settings
from app.commands.receive import Receive
from app.commands.recheck import Recheck
from app.domain.company import GRANTS
from app.domain.events import Event
from app.domain.order import Order
from app.domain.revision import TYPES as SETTINGS
from app.domain.values import RULES_KEY, Actor, Key, Role, order_key, sku_key, sku_map_key, stock_key
from app.kinds import kind_of
from app.snag import repair_of
from app.sourcing.ways import Ways
from app.training.lesson import Deck, Floor, Lesson, Score, score
from sync.hub.prepare import judged

AT = demo_company.STARTS_AT
TEACHER = {user.role: user.code for user in demo_company.USERS}


@cache
def opening() -> dict[Key, Any]:
    """The demo company as it stands before anybody buys: every row by its key."""
    company = demo_company.company()
    rows: dict[Key, Any] = {sku_key(sku.code): sku for sku in company.skus}
    rows |= {sku_map_key(each.shop, each.ext_sku): each for each in company.sku_maps}
    rows |= {stock_key(each.warehouse, each.sku): each for each in company.opening}
    named = {
        "shop": company.shops, "warehouse": company.warehouses, "user": company.users,
        "customer": company.customers, "price_list": company.price_lists, "shift": company.shifts,
        "holidays": company.holidays, "carrier": company.carriers, "outlet": company.outlets,
    }  # fmt: skip
    rows |= {(table, row.code): row for table, each in named.items() for row in each}
    return rows | {RULES_KEY: company.rules}


@cache
def opening_refs() -> Refs:
    settings = {key: row for key, row in opening().items() if key[0] in {"sku", *SETTINGS}}
    return with_settings(Refs({}, {}, opening()[RULES_KEY], load_gazetteer(), ways=Ways()), settings)


class Ground:
    """One lesson laid out, and whoever plays it."""

    def __init__(self, lesson: Lesson, at: datetime = AT) -> None:
        self.lesson, self.now = lesson, at
        self.rows, self.refs = dict(opening()), opening_refs()
        self.deck = Deck(lesson.code, "test", at, self.rows.get)
        self.touched: set[Key] = set()
        self.refusals: list[str] = []
        for command, by in lesson.lay(self.deck):
            done = self.give(command, by)
            assert not isinstance(done, Refusal) or done.code == "unchanged", f"{command}: {done}"

    def facts(self, command: Command, by: Role) -> Facts:
        """What a decision may look at."""
        loaded: dict[Key, Any] = {}
        while missing := engine.follow(command, loaded, self.refs, at_hub=True) - loaded.keys():
            loaded |= {key: self.rows.get(key) for key in missing}
        who = Actor(TEACHER.get(by, f"{by.value}"), by, GRANTS[by])
        return Facts(loaded, self.refs, who, self.now, at_hub=True)

    def give(self, command: Command, by: Role | None = None) -> list[Event] | Refusal:
        """Decide a command of whoever's work it is, and keep what followed."""
        if isinstance(command, Receive):
            command = judged(command, self.refs.gazetteer)
        known = self.facts(command, by or self.lesson.role)
        done = engine.apply(command, known)
        if isinstance(done, Refusal):
            self.refusals.append(done.code)
            return done
        self._keep(known)
        self._look_again()
        return done

    def _keep(self, known: Facts) -> None:
        self.rows |= known.changed
        self.touched |= known.changed.keys()
        self.refs = known.refs

    def _look_again(self) -> None:
        """Do what the hub's worker does within seconds: look at whatever waited for what has changed."""
        orders = [row for key in self.touched if isinstance(row := self.rows[key], Order)]
        for order in sorted(orders, key=lambda one: one.received_at):
            if order.snags:
                known = self.facts(Recheck(order=order.id), Role.WORKER)
                if not isinstance(engine.apply(Recheck(order=order.id), known), Refusal):
                    self._keep(known)

    def must(self, command: Command | None, by: Role | None = None) -> None:
        """Give a command that has to pass."""
        assert command is not None
        done = self.give(command, by)
        assert not isinstance(done, Refusal), done

    def wait(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    def after(self, **by: float) -> datetime:
        """The time so much later."""
        return self.now + timedelta(**by)

    def order(self, name: str) -> Order:
        """An order of the deck as it is now."""
        row = self.rows[order_key(self.deck.id(name))]
        assert isinstance(row, Order)
        return row

    def repair(self, name: str, kind: str, code: str) -> None:
        """Press the key of a repair on the card of an exception."""
        order = self.order(name)
        assert order.snag(kind) is not None, f"{name} has {[snag.kind for snag in order.snags]}"
        repair = repair_of(kind_of(kind), code)
        assert repair is not None
        self.must(repair.build(order, self.facts(Recheck(order=order.id), self.lesson.role)))

    def form(self, form: Any, subject: Any, **answers: str) -> None:
        """Fill a guide in as a person does: what it begins with, then these answers, then its command."""
        facts = self.facts(Recheck(order=getattr(subject, "id", "")), self.lesson.role)
        given = form.start(subject, facts) | answers
        rows = dict(facts.rows)
        facts.rows = rows
        while missing := form.needs(given, subject, facts) - rows.keys():
            rows |= {key: self.rows.get(key) for key in missing}
        self.must(form.build(subject, given, facts))

    @property
    def floor(self) -> Floor:
        """What goals may look at."""
        return Floor(self.deck, {key: self.rows[key] for key in self.touched}, self.now)

    def score(self) -> Score:
        """How it went so far."""
        return score(self.lesson, self.floor)

    def missed(self) -> set[str]:
        """The codes of the goals that are missed."""
        return set(self.score().faults)
