"""What may be asked for: a command, the facts it is decided on, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from app.domain.carrier import Carrier
from app.domain.catalogue import Sku, SkuMap
from app.domain.company import Customer, Grants, Holidays, PriceList, Shift, Shop, User, Warehouse
from app.domain.contract import Template
from app.domain.duplicate import Block
from app.domain.effect import HOLD
from app.domain.events import Event, SettingSet
from app.domain.evolve import Case
from app.domain.gate_profile import GateProfile
from app.domain.gazetteer import Gazetteer
from app.domain.goods import StockDoc
from app.domain.habit import Habit
from app.domain.hint import HintText
from app.domain.offering import StockPolicy
from app.domain.order import Order
from app.domain.order_class import OrderClass
from app.domain.order_view import SharedView
from app.domain.pricing import Agreed, agreed_prices
from app.domain.revision import Setting, revised
from app.domain.rules import Rules
from app.domain.serving import serving
from app.domain.sign_policy import SignPolicy
from app.domain.skill import Licence, Skills
from app.domain.snag_rule import SnagRule
from app.domain.source_policy import Policy
from app.domain.stock import Stock
from app.domain.values import (
    RULES_KEY,
    Actor,
    Key,
    Keys,
    block_key,
    habit_key,
    order_key,
    sku_key,
    sku_map_key,
    snag_key,
    stock_doc_key,
    stock_key,
)  # fmt: skip
from app.domain.visit import Outlet
from app.domain.wording import Wording
from app.sourcing.ways import Ways
from app.text import N_, Text

T = TypeVar("T")


class Authority(StrEnum):
    """Who has the last word.

    DESK commands are decided at once on the desk and again by the hub.
    HUB commands are only noted on the desk until the hub answers.
    """

    DESK = "desk"
    HUB = "hub"


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something a person, a channel or a job asks for. Imperative; new ids travel in it."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the person saw: the row's version, a digest of each field the command changes (sync.md 2)."""

    order: str
    ver: int
    fields: dict[str, str] = {}


class Refusal(msgspec.Struct, frozen=True):
    """The business says no: a value, never an exception."""

    code: str
    text: Text


def refuse(code: str, message: str, **params: str | int | Text) -> Refusal:
    """Say no, and what to do instead."""
    return Refusal(code, Text(message, params))


NO_ORDER = refuse("no_order", N_("This order is not here. Look for it again."))
NOT_ALLOWED = refuse("not_allowed", N_("You are not allowed to do this. Ask your lead."))
OVERTAKEN = frozenset({"unchanged", "claimed", "no_snag"})
"""Refusals that ask nobody anything: the world is as wanted, or somebody else sees to it."""
NO_SNAG = refuse("no_snag", N_("This exception is not open any more. Nothing to do."))


class Unnamed(LookupError):
    """`decide` asked for a row that `needs` and `follow` did not name: a bug of the command."""


@dataclass(frozen=True, slots=True)
class Refs:
    """The small tables everybody knows by heart. At a hub `articles`, every article by code, is empty."""

    shops: Mapping[str, Shop]
    warehouses: Mapping[str, Warehouse]
    rules: Rules
    gazetteer: Gazetteer | None = None
    articles: Mapping[str, Sku] = field(default_factory=dict)
    users: Mapping[str, User] = field(default_factory=dict)
    grants: Mapping[str, Grants] = field(default_factory=dict)
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    holidays: Mapping[str, Holidays] = field(default_factory=dict)
    customers: Mapping[str, Customer] = field(default_factory=dict)
    price_lists: Mapping[str, PriceList] = field(default_factory=dict)
    views: Mapping[str, SharedView] = field(default_factory=dict)
    hints: Mapping[str, HintText] = field(default_factory=dict)
    snag_rules: Mapping[str, SnagRule] = field(default_factory=dict)
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    source_policies: Mapping[str, Policy] = field(default_factory=dict)
    gate_profiles: Mapping[str, GateProfile] = field(default_factory=dict)
    order_classes: Mapping[str, OrderClass] = field(default_factory=dict)
    sign_policies: Mapping[str, SignPolicy] = field(default_factory=dict)
    ways: Ways = field(default_factory=Ways)
    stock_policies: Mapping[str, StockPolicy] = field(default_factory=dict)
    licences: Mapping[str, Licence] = field(default_factory=dict)
    skills: Mapping[str, Skills] = field(default_factory=dict)

    def called(self, table: str, code: str) -> str:
        """Return what people call a row, with its code where two are called alike; else its code."""
        rows = getattr(self, TABLES[table])
        if code not in rows:
            return code
        title: str = rows[code].title
        alike = sum(1 for row in rows.values() if row.title == title)
        return title if alike == 1 else f"{title} ({code})"

    def named(self, text: Text) -> Text:
        """Put the names of today in the place of codes: what was said keeps codes, which never change."""
        params: dict[str, str | int | Text] = {}
        for name, value in text.params.items():
            if isinstance(value, Text):
                params[name] = self.named(value)
            else:
                table = _NAMED.get(name, "")
                params[name] = self.called(table, value) if table and isinstance(value, str) else value
        return Text(text.message, params)


_PLACES = ("warehouse", "shop", "carrier", "outlet")
_NAMED = {"target": "warehouse", "by": "user", "who": "user"} | {code: code for code in _PLACES}
"""Which places of a sentence hold the code of what."""
TABLES = {
    "shop": "shops", "warehouse": "warehouses", "sku": "articles", "user": "users", "grants": "grants",
    "shift": "shifts", "holidays": "holidays", "customer": "customers", "price_list": "price_lists",
    "view": "views", "hint": "hints", "snag_rule": "snag_rules", "carrier": "carriers", "outlet": "outlets",
    "template": "templates", "wording": "wordings", "stock_policy": "stock_policies",
    "source_policy": "source_policies", "gate_profile": "gate_profiles", "licence": "licences",
    "sign_policy": "sign_policies", "order_class": "order_classes", "skill": "skills",
}  # fmt: skip


def with_settings(refs: Refs, changed: Mapping[Key, Any]) -> Refs:
    """Return the small tables with these rows in them."""
    fresh: dict[str, Any] = {}
    for key, row in changed.items():
        if key == RULES_KEY:
            fresh["rules"] = row
        elif key[0] in TABLES:
            name = TABLES[key[0]]
            if name not in fresh:
                fresh[name] = dict(getattr(refs, name))
            fresh[name][key[1]] = row
    return replace(refs, **fresh)


@dataclass(slots=True)
class Facts:
    """All that `decide`, snags and gates may look at; time and person come in as facts.

    `rows` are the loaded rows (None: loaded, and not there); `changed` lies over them.
    """

    rows: Mapping[Key, Any]
    refs: Refs
    by: Actor
    now: datetime
    at_hub: bool
    changed: dict[Key, Any] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    """Orders the desk had confirmed out of its lease when it noted the command."""
    because: str = ""
    """The type of exception the author works on; "undo" and other words where it is none."""
    former: str = ""
    """An order of the same buyer that arrived, where a desk has looked for one."""
    cart: str = ""
    """Holds goods for the order that is looked at, see `stock.cart_of`."""
    draw: Callable[[str], int] | None = None
    """Chance of the hub, the same whenever it is asked and known to nobody else: 0 to 9,999 for a name."""

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        return self.refs.rules

    def row(self, key: Key) -> Any:
        """Return a row, or None where there is none.

        Raises:
            Unnamed: nobody named this key.
        """
        if key in self.changed:
            return self.changed[key]
        try:
            return self.rows[key]
        except KeyError:
            raise Unnamed(f"{key[0]} {key[1]}") from None

    def put(self, key: Key, row: Any) -> None:
        """Lay a row over the loaded ones; a setting is in force for whatever is asked next."""
        self.changed[key] = row
        if key == RULES_KEY or key[0] in TABLES:
            self.refs = with_settings(self.refs, {key: row})

    def order(self, id: str) -> Order | None:
        """Return an order."""
        return _typed(self.row(order_key(id)), Order)

    def stock(self, warehouse: str, sku: str) -> Stock | None:
        """Return the stock of an article in a warehouse."""
        return _typed(self.row(stock_key(warehouse, sku)), Stock)

    def free(self, warehouse: str, sku: str) -> int:
        """Return how much whoever asks may have of an article in a warehouse. Units: pieces."""
        stock = self.stock(warehouse, sku)
        return stock.available_to(self.by.desk, self.cart) if stock is not None else 0

    def unheld(self, warehouse: str, sku: str) -> int:
        """Return how much nobody has promised and no other cart or desk holds for itself. Units: pieces."""
        stock = self.stock(warehouse, sku)
        return stock.available_to("", self.cart) if stock is not None else 0

    def leased(self, warehouse: str, sku: str) -> int:
        """Return how much the asking desk may promise by itself, while its lease runs. Units: pieces."""
        stock = self.stock(warehouse, sku)
        lease = stock.lease_of(self.by.desk) if stock is not None else None
        return lease.qty if lease is not None and lease.until > self.now else 0

    def sku(self, code: str) -> Sku | None:
        """Return an article."""
        return _typed(self.row(sku_key(code)), Sku)

    def mapping(self, shop: str, ext_sku: str) -> SkuMap | None:
        """Return what a shop's own code means."""
        return _typed(self.row(sku_map_key(shop, ext_sku)), SkuMap)

    def block(self, key: str) -> Block | None:
        """Return the orders that share a duplicate key; always None on a desk."""
        return _typed(self.row(block_key(key)), Block) if self.at_hub else None

    def case(self, id: str) -> Case | None:
        """Return the case of a delivery or of a command."""
        return _typed(self.row(snag_key(id)), Case)

    def stock_doc(self, id: str) -> StockDoc | None:
        """Return a receipt, a count or a transfer."""
        return _typed(self.row(stock_doc_key(id)), StockDoc)

    def habit(self, user: str) -> Habit | None:
        """Return what somebody's hands know by now."""
        return _typed(self.row(habit_key(user)), Habit)

    def shop_of(self, order: Order) -> Shop | None:
        """Return the shop an order came from."""
        return self.refs.shops.get(order.shop)

    def agreed(self, customer: str, shop: str, at: datetime) -> Agreed:
        """Return what articles cost a customer who orders then, by the shop's clock."""
        known = self.refs.shops.get(shop)
        on = at.astimezone(ZoneInfo(known.zone if known is not None else "UTC")).date()
        return agreed_prices(customer, self.refs.customers, self.refs.price_lists, on)

    def warehouses_of(self, order: Order) -> tuple[str, ...]:
        """Return the warehouses that may serve an order now, best first."""
        refs = self.refs
        return serving(order, self.shop_of(order), refs.warehouses, refs.source_policies, self.now)


def _typed(row: Any, kind: type[T]) -> T | None:
    if row is None or isinstance(row, kind):
        return row
    raise TypeError(f"a {type(row).__name__} where a {kind.__name__} belongs")


Decided = list[Event] | Refusal


class Undo(msgspec.Struct, frozen=True):
    """The verb that takes a command back, by name: verbs do not know each other."""

    code: str
    args: dict[str, Any]


def no_inverse(_command: Any, _facts: Facts) -> Undo | None:
    """Say that the world does not allow taking this back."""
    return None


@dataclass(frozen=True, slots=True)
class Spec:
    """One verb: its wire name, type, the rows it needs, how it is decided and taken back.

    `changes` names the order's fields it overwrites; the hub compares them with what the person saw.
    `inverse` is asked before the command is applied. `touches` is off for the verbs of the warehouse.
    `offline` says whether it may be given while the hub is out of reach; left out, a desk's own decisions may
    and the hub's may not. `concludes` marks the verb that only draws conclusions from what others did.
    `upcasts` turns the arguments of each earlier `rev` into those of the next. `told_as`: its history name.
    """

    code: str
    type: type[Command]
    needs: Callable[[Any], Keys]
    decide: Callable[[Any, Facts], Decided]
    authority: Authority
    changes: tuple[str, ...] = ()
    inverse: Callable[[Any, Facts], Undo | None] = no_inverse
    touches: bool = True
    rev: int = 1
    offline: bool | None = None
    concludes: bool = False
    told_as: str = ""
    upcasts: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)

    @property
    def works_offline(self) -> bool:
        """It may be given now and sent later: a decision of the desk, or something that has happened already.

        Source: capabilities 14.5.
        """
        return self.authority is Authority.DESK if self.offline is None else self.offline

    def leaves_at(self, now: datetime) -> datetime:
        """Return when the world outside hears what it led to: not while somebody may still take it back.

        Source: capabilities 5.3.
        """
        is_final = self.inverse is no_inverse and not self.concludes
        return now if is_final else now + HOLD


def publish(kind: str, code: str, after: Setting, facts: Facts, reason: str = "") -> Decided:
    """Publish a setting under its next revision; `after.rev` is the revision the person started from.

    Refuses: `stale_content`, `unchanged`.
    """
    before = facts.row((kind, code))
    if after.rev != (before.rev if before is not None else 0):
        return refuse("stale_content", N_("Somebody published other values. Read them, then change."))
    if after == before:
        return refuse("unchanged", N_("This is in force already. Nothing to do."))
    return [SettingSet(revision=revised(kind, code, before, after, facts.by.user, facts.now, reason))]


def go_back(verb: str, field_name: str, before: Setting | None) -> Undo | None:
    """Publish what was before under yet another revision; what is new has no earlier values."""
    earlier = before and msgspec.structs.replace(before, rev=before.rev + 1)
    return Undo(verb, {field_name: earlier}) if earlier is not None else None


def no_shelf(facts: Facts, warehouse: str, sku: str) -> Refusal | None:
    """Say that there is no such building or article; None where goods may lie.

    Refuses: `unknown_warehouse`, `unknown_sku`.
    """
    if warehouse not in facts.refs.warehouses:
        return refuse("unknown_warehouse", N_("There is no such warehouse. Choose one from the list."))
    if facts.sku(sku) is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=sku)
    return None


NO_CASE = refuse("no_case", N_("This order has no such case. Look at it again."))
NO_DOC = refuse("no_doc", N_("This stock document is not here. Look at the list again."))


def order_of(command: Any) -> Keys:
    """Name the one order a command is about: the usual `needs`."""
    return frozenset({order_key(command.order)})
