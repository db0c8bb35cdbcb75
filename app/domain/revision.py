"""The history of what a company is set up with: who published what, when, before and after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app.domain.carrier import Carrier
from app.domain.company import Customer, Grants, Holidays, PriceList, Shift, Shop, User, Warehouse
from app.domain.contract import Template
from app.domain.deck import OwnDeck
from app.domain.gate_profile import GateProfile
from app.domain.hint import HintText
from app.domain.offering import StockPolicy
from app.domain.order_class import OrderClass
from app.domain.order_view import SharedView
from app.domain.rules import Rules
from app.domain.sign_policy import SignPolicy
from app.domain.skill import Licence, Skills
from app.domain.snag_rule import SnagRule
from app.domain.source_policy import Policy
from app.domain.values import Key
from app.domain.visit import Outlet
from app.domain.wording import Wording
from app.text import N_, Text

Setting = (
    Shop
    | Warehouse
    | User
    | Grants
    | Shift
    | Holidays
    | Rules
    | Customer
    | PriceList
    | SharedView
    | HintText
    | SnagRule
    | OrderClass
    | Carrier
    | Template
    | Wording
    | Outlet
    | StockPolicy
    | Policy
    | GateProfile
    | SignPolicy
    | Licence
    | OwnDeck
    | Skills
)
"""What is published as a whole, under a revision of its own."""

TYPES: dict[str, type[Setting]] = {
    "shop": Shop,
    "warehouse": Warehouse,
    "user": User,
    "grants": Grants,
    "shift": Shift,
    "holidays": Holidays,
    "rules": Rules,
    "customer": Customer,
    "price_list": PriceList,
    "view": SharedView,
    "hint": HintText,
    "snag_rule": SnagRule,
    "order_class": OrderClass,
    "carrier": Carrier,
    "template": Template,
    "wording": Wording,
    "outlet": Outlet,
    "stock_policy": StockPolicy,
    "source_policy": Policy,
    "gate_profile": GateProfile,
    "sign_policy": SignPolicy,
    "licence": Licence,
    "deck": OwnDeck,
    "skill": Skills,
}
PASSWORD = "password"  # noqa: S105 - the kind of a revision that says that somebody got a new one
PC = "pc"
"""The kind of a revision that says that a PC was let in or put out."""
MODEL = "model"
"""The kind of a revision that says that the learned check has a new version, or was switched on or off."""
SYSTEM = "system"
"""The kind of a revision that says that another system was let in, told news, or put out."""
TITLES = {
    "shop": N_("Shop"),
    "warehouse": N_("Warehouse"),
    "user": N_("Person"),
    "grants": N_("Rights"),
    "shift": N_("Shift"),
    "holidays": N_("Holidays"),
    "rules": N_("Rules"),
    "customer": N_("Customer"),
    "price_list": N_("Price list"),
    "view": N_("View"),
    "hint": N_("Hint"),
    "snag_rule": N_("Exception type"),
    "order_class": N_("Class of orders"),
    "carrier": N_("Carrier"),
    "template": N_("Contract text"),
    "wording": N_("Message"),
    "outlet": N_("Outlet"),
    "stock_policy": N_("Stock policy"),
    "source_policy": N_("Policy of sourcing"),
    "gate_profile": N_("Gate profile"),
    "sign_policy": N_("Who may sign"),
    "licence": N_("Lessons before a right"),
    "deck": N_("Lesson of our own"),
    "skill": N_("Skills"),
    PASSWORD: N_("Password"),
    PC: N_("PC"),
    MODEL: N_("Learned check"),
    SYSTEM: N_("Other system"),
}


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One publication. `before` and `after` are the values of a `Setting`; nothing before: it is new.

    `reason` is what its author says of it, where they were asked.
    """

    kind: str
    code: str
    rev: int
    by: str
    at: datetime
    after: dict[str, Any]
    before: dict[str, Any] | None = None
    reason: str = ""


class Changed(msgspec.Struct, frozen=True):
    """One field of a publication, as stored; a field that was not there before has None."""

    name: str
    before: Any
    after: Any


def revised(
    kind: str, code: str, before: Setting | None, after: Setting, by: str, at: datetime, reason: str = ""
) -> Revision:
    """Return the publication that follows `before`."""
    if before is None and isinstance(after, Grants):
        before = Grants(user=after.user)  # nobody is without single rights: there are none of them at first
    published = msgspec.structs.replace(after, rev=after.rev + 1)
    return Revision(
        kind=kind,
        code=code,
        rev=published.rev,
        by=by,
        at=at,
        before=_plain(before) if before is not None else None,
        after=_plain(published),
        reason=reason,
    )


def setting_of(revision: Revision) -> Setting:
    """Return the row as it is after a publication."""
    return msgspec.convert(revision.after, TYPES[revision.kind])


def earlier(revision: Revision) -> Setting | None:
    """Return the row as it was before a publication, ready to be published after it."""
    if revision.before is None or revision.kind not in TYPES:
        return None
    row = msgspec.convert(revision.before, TYPES[revision.kind])
    return msgspec.structs.replace(row, rev=revision.rev)


def changed(revision: Revision) -> tuple[Changed, ...]:
    """Return the fields that a publication changed, in the order of the struct."""
    before = revision.before or {}
    return tuple(
        Changed(name, before.get(name), value)
        for name, value in revision.after.items()
        if name not in ("rev", "code", "user") and before.get(name) != value
    )


def revision_key(kind: str, code: str, rev: int) -> Key:
    """Name the row of one publication."""
    return ("revision", f"{kind}/{code}/{rev}")


def what(revision: Revision) -> Text:
    """Say which thing was published, as a title of the history."""
    kind = Text(TITLES[revision.kind])
    if revision.kind == "rules":
        return Text(N_("Rules {rev} published"), {"rev": revision.rev})
    if revision.kind == PASSWORD:
        return Text(N_("New first password for {code}"), {"code": revision.code})
    if revision.kind == PC:
        is_in = revision.after.get("state") == "approved"
        said = N_("PC {title} ({code}) let in") if is_in else N_("PC {title} ({code}) put out")
        return Text(said, {"title": str(revision.after.get("title")), "code": revision.code})
    if revision.kind == SYSTEM and revision.after.get("state") == "over":
        return Text(N_("{kind} {code} is out"), {"kind": kind, "code": revision.code})
    if revision.kind == MODEL:
        is_on = bool(revision.after.get("active"))
        said = (
            N_("Learned check, version {version}, on")
            if is_on
            else N_("Learned check, version {version}, off")
        )
        return Text(said, {"version": str(revision.after.get("version"))})
    if revision.before is None:
        return Text(N_("{kind} {code} is new"), {"kind": kind, "code": revision.code})
    if revision.reason:
        return Text(
            N_("{kind} {code} changed: {reason}"),
            {"kind": kind, "code": revision.code, "reason": revision.reason},
        )
    return Text(N_("{kind} {code} changed"), {"kind": kind, "code": revision.code})


def _plain(row: Setting) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(row))
    return plain
