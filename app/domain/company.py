"""Who and where we are: shops, warehouses, customers, people, shifts."""

from __future__ import annotations

from datetime import time

import msgspec

from app.domain.catalogue import Sku, SkuMap
from app.domain.rules import Rules
from app.domain.stock import Stock
from app.domain.values import Role


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """One shop on one channel; `warehouses` in order of preference."""

    code: str
    title: str
    channel: str
    """Two letters on the badge: TM JD PD DY XH AZ SH B2."""
    currency: str = "CNY"
    zone: str = "Asia/Shanghai"
    country: str = "CN"
    warehouses: tuple[str, ...] = ()


class Warehouse(msgspec.Struct, frozen=True, kw_only=True):
    """One building with stock; `cut_off` is local: what is packed before leaves today."""

    code: str
    title: str
    city: str
    zone: str = "Asia/Shanghai"
    cut_off: time = time(17, 0)


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A business we sell to on terms. Units: `credit_minor` in `currency`."""

    code: str
    title: str
    currency: str = "CNY"
    credit_minor: int = 0
    terms_days: int = 0


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A colleague who may sign in; the password hash never leaves the hub's own table."""

    code: str
    title: str
    role: Role
    warehouse: str = ""
    active: bool = True


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """Working hours; `until` before `since` runs over midnight. Local times of `zone`."""

    code: str
    title: str
    since: time
    until: time
    zone: str = "Asia/Shanghai"


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """A whole business as it is set up on its first day. `opening` is what lay on the shelves then."""

    title: str
    shops: tuple[Shop, ...]
    warehouses: tuple[Warehouse, ...]
    skus: tuple[Sku, ...]
    sku_maps: tuple[SkuMap, ...] = ()
    users: tuple[User, ...] = ()
    customers: tuple[Customer, ...] = ()
    shifts: tuple[Shift, ...] = ()
    opening: tuple[Stock, ...] = ()
    rules: Rules = Rules()


DEEDS = frozenset({"import_file"})
"""Rights that are no commands: the hub is asked to do a piece of work, whose commands it gives itself."""

DESK_GRANTS = frozenset({"recheck"})
CLERK_GRANTS = DESK_GRANTS | {
    "amend", "fix_address", "match_sku", "hold", "resume", "cancel", "restore", "settle", "reopen",
    "receive_payment", "let_go", "import_file",
    "print_paper",
}  # fmt: skip
WAREHOUSE_GRANTS = DESK_GRANTS | {"pick", "pack", "ship", "adjust_stock", "let_go", "print_paper"}
REVIEW_GRANTS = DESK_GRANTS | {"sign_off", "reject_review", "let_go"}
LEAD_GRANTS = CLERK_GRANTS | WAREHOUSE_GRANTS | REVIEW_GRANTS | {"set_rules"}

GRANTS: dict[Role, frozenset[str]] = {
    Role.CLERK: CLERK_GRANTS,
    Role.WAREHOUSE: WAREHOUSE_GRANTS,
    Role.REVIEWER: REVIEW_GRANTS,
    Role.TRAINER: CLERK_GRANTS,
    Role.LEAD: LEAD_GRANTS,
    Role.ADMIN: LEAD_GRANTS,
    Role.CHANNEL: frozenset({"receive", "open_case"}),
    Role.WORKER: frozenset({"recheck", "open_case"}),
}
"""Which commands each role may give. Source: DECISIONS 4; the hub adds or takes single grants per person."""
