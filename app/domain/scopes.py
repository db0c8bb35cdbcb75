"""Which rows of the company a person's desk may hold.

Every row that travels stands in one scope, named by the places it belongs to; a person has a reach. Whether a
reach covers a scope is asked by the hub for every page and snapshot, and by the desk for what it holds.
Source: sync.md section 11; DECISIONS 16.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.domain.attempt import Attempt
from app.domain.bell import Bell
from app.domain.company import READS_ALL, READS_SETTINGS, User
from app.domain.drill import Drill
from app.domain.evolve import Case
from app.domain.goods import StockDoc
from app.domain.habit import Habit
from app.domain.handover import Handover
from app.domain.order import Order
from app.domain.revision import Revision
from app.domain.stock import Stock
from app.domain.values import Key, Keys, Role, digest

REF, OFFICE, SETTINGS = "ref", "office", "settings"
"""What everybody knows; what all but the floor know; the history of the settings."""
_SHARED: Mapping[str, str] = {
    "account": OFFICE,
    "customer": OFFICE,
    "price_list": OFFICE,
    "screening": OFFICE,
    "revision": SETTINGS,
}

Code = Annotated[str, Meta(max_length=64)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=500)]


class Sees(StrEnum):
    """Which orders a role works on."""

    ORDERS = "orders"
    """All of its shops, wherever the goods lie."""
    REVIEW = "review"
    """Those of its shops that ever asked for a signature."""
    FLOOR = "floor"
    """Those promised from its warehouses."""


_SEES = {Role.WAREHOUSE: Sees.FLOOR, Role.REVIEWER: Sees.REVIEW}


class Reach(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one person's desk may hold. No `shops`, no `warehouses`: all of them.

    `masked`: names, phones and streets arrive masked, so rows of two such reaches never mix.
    """

    user: Code = ""
    sees: Sees = Sees.ORDERS
    shops: Codes = ()
    warehouses: Codes = ()
    reads_settings: bool = False
    masked: bool = False

    @property
    def rev(self) -> str:
        """Name exactly this reach; what a desk sends as its `scope_rev`."""
        return digest(self)

    @property
    def common(self) -> Reach:
        """What it has in common with others of the same work: all but the person's own rows."""
        return msgspec.structs.replace(self, user="")


def reach_of(user: User, grants: frozenset[str]) -> Reach:
    """Return what a person's desk may hold, by role, rights, and the places they work for."""
    return Reach(
        user=user.code,
        sees=_SEES.get(user.role, Sees.ORDERS),
        shops=tuple(sorted(user.shops)),
        warehouses=tuple(sorted(user.warehouses)),
        reads_settings=not READS_SETTINGS.isdisjoint(grants),
        masked=user.role not in READS_ALL,
    )


# --- where a row stands -----------------------------------------------------------------------------


def order_scope(shop: str, warehouse: str, signatures_needed: int) -> str:
    """Return the scope of an order: its shop, then the warehouse it is promised from, then the review."""
    review = "/review" if signatures_needed else ""
    return f"shop:{shop}/wh:{warehouse}{review}" if warehouse else f"shop:{shop}{review}"


def doc_scope(warehouse: str, target: str) -> str:
    """Return the scope of a stock document; a transfer concerns both ends."""
    return f"wh:{warehouse}/wh:{target}" if target and target != warehouse else f"wh:{warehouse}"


def case_scope(owner: str) -> str:
    """Return the scope of a case: its person, or everybody who may have to read a delivery or to help."""
    return f"user:{owner}" if owner else OFFICE


def small_scope(table: str, pk: str) -> str:
    """Return the scope of a row of the small tables; what hints and skills were before is no secret."""
    if table in {"habit", "bell", "drill", "attempt"}:
        return f"user:{pk.partition('/')[0]}"
    if table == "handover":
        warehouse = pk.partition("/")[0]
        return doc_scope(warehouse, "") if warehouse else OFFICE
    if table == "revision" and pk.startswith(("hint/", "skill/")):
        return REF
    return _SHARED.get(table, REF)


def scope_of(table: str, row: Any) -> str:
    """Return the scope a row stands in. The history of an order stands where the order does."""
    match row:
        case Order():
            return order_scope(row.shop, row.warehouse, row.signatures_needed)
        case Stock():
            return doc_scope(row.warehouse, "")
        case StockDoc():
            return doc_scope(row.warehouse, row.target)
        case Case():
            return case_scope("" if _is_with_lead(row) else row.owner)
        case Attempt() | Habit():
            return small_scope(table, row.user)
        case Bell():
            return small_scope(table, row.person)
        case Drill():
            return small_scope(table, row.person)
        case Handover():
            return small_scope(table, f"{row.warehouse}/")
        case Revision():
            return small_scope(table, f"{row.kind}/{row.code}")
        case _:
            return small_scope(table, "")


def _is_with_lead(case: Case) -> bool:
    return case.snag.escalation is not None


# --- what a reach covers ----------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def holds(reach: Reach, scope: str) -> bool:
    """Tell whether rows of a scope belong on a desk with this reach; a scope nobody knows does not."""
    kind, _, code = scope.partition(":")
    if kind == "shop":
        return _holds_order(reach, scope)
    if kind == "wh":
        return any(_among(reach.warehouses, place[3:]) for place in scope.split("/"))
    if kind == "user":
        return code == reach.user
    if scope == OFFICE:
        return reach.sees is not Sees.FLOOR
    return scope == REF or (scope == SETTINGS and reach.reads_settings)


def _holds_order(reach: Reach, scope: str) -> bool:
    shop, *places = scope.split("/")
    if not _among(reach.shops, shop[5:]):
        return False
    if reach.sees is Sees.FLOOR:
        return any(place.startswith("wh:") and _among(reach.warehouses, place[3:]) for place in places)
    return reach.sees is Sees.ORDERS or "review" in places


def _among(mine: tuple[str, ...], code: str) -> bool:
    return not mine or code in mine


def works_for(reach: Reach, shop: str) -> bool:
    """Tell whether a shop is among those of a person."""
    return _among(reach.shops, shop)


def holds_all_orders(reach: Reach) -> bool:
    """Tell whether no order of the company is outside."""
    return reach.sees is Sees.ORDERS and not reach.shops


def covers(outer: Reach, inner: Reach) -> bool:
    """Tell whether whatever `inner` holds is held by `outer`, and read the same; own rows do not count."""
    return (
        keeps_orders(inner, outer)
        and _within(inner.warehouses, outer.warehouses)
        and (outer.reads_settings or not inner.reads_settings)
        and (outer.sees is not Sees.FLOOR or inner.sees is Sees.FLOOR)
    )


def keeps_orders(was: Reach, now: Reach) -> bool:
    """Tell whether every order held under `was` may stay as it is under `now`."""
    if was.masked != now.masked or not _within(was.shops, now.shops):
        return False
    if now.sees is Sees.ORDERS:
        return True
    return was.sees is now.sees and (now.sees is Sees.REVIEW or _within(was.warehouses, now.warehouses))


def _within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return not outer or (bool(inner) and set(inner) <= set(outer))


def is_outside(reach: Reach, command: Any, needed: Keys, rows: Mapping[Key, Any]) -> bool:
    """Tell whether a command is about an order, a document, a case or a place its author does not work for.

    A transfer concerns two warehouses; who works for one of them may move goods between both.
    """
    shop, warehouse = getattr(command, "shop", ""), getattr(command, "warehouse", "")
    if isinstance(shop, str) and shop and not _among(reach.shops, shop):
        return True
    if isinstance(warehouse, str) and warehouse and not _among(reach.warehouses, warehouse):
        return True
    found = ((key[0], rows.get(key)) for key in needed if key[0] in ("order", "stock_doc", "snag"))
    return any(row is not None and not holds(reach, scope_of(table, row)) for table, row in found)
