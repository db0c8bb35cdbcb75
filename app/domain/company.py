"""Who and where we are: shops, warehouses, customers, people, shifts."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from app.domain.carrier import Carrier
from app.domain.catalogue import Sku, SkuMap
from app.domain.channels import FETCHES
from app.domain.kind_names import called_now
from app.domain.rules import Rules
from app.domain.source_policy import Policy
from app.domain.stock import Stock
from app.domain.systems import MAKES_KEYS
from app.domain.values import Role
from app.domain.visit import Outlet


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """One shop on one channel; `warehouses` in order of preference.

    `invoicers` are the invoice services it asks, the first one first; none: invoices are made elsewhere. It
    asks `invoiced_when` (`billing.Billed`), for orders from `invoices_from` on; `tax_pct` is in prices.
    `freight_contract` names the fares agreed for it with carriers. Of what a buyer pays the channel keeps
    `commission_bp`, which it gives back with a refund, and for the payment `payment_bp`, which it does not.
    Units: `*_bp` hundredths of a percent;
    `merge_wait_min` minutes a new order waits where its buyer has another one open, 0: it never does;
    `keeps_unpaid_min` minutes an order keeps its goods that is not paid, 0: they are promised at payment.
    """

    code: str
    title: str
    channel: str
    """Two letters on the badge: TM JD PD DY XH AZ SH B2."""
    currency: str = "CNY"
    zone: str = "Asia/Shanghai"
    country: str = "CN"
    warehouses: tuple[str, ...] = ()
    rev: int = 0
    invoicers: tuple[str, ...] = ()
    invoiced_when: str = "shipped"
    invoices_from: date | None = None
    tax_pct: int = 13
    merge_wait_min: int = 10
    freight_contract: str = ""
    keeps_unpaid_min: int = 0
    entity: str = ""
    """The company that sells, as its invoices call it; empty: there is one only."""
    commission_bp: int = 0
    payment_bp: int = 0
    hears: tuple[str, ...] = ()
    """What its channel is told beside shipments, of `HEARS`; the hub notes it when it connects."""


HEARS = ("address", "memo", "number", "rest")
"""Where an order goes, what we wrote to it, and that its tracking number is another one."""


class Warehouse(msgspec.Struct, frozen=True, kw_only=True):
    """One building with stock; `cut_off` is local: what is packed before leaves today.

    `carriers` in order of preference; none named: all of them. `by_cost`: of those that may take a parcel the
    cheapest does, what is late counted in, whatever their order. `is_stopped`: nothing is sent from there for
    now, and what waits there is sent from elsewhere (停发).
    Units: `handling_min` minutes from an order to a closed parcel; `parcels_a_day`, 0: as many as there are.
    """

    code: str
    title: str
    city: str
    zone: str = "Asia/Shanghai"
    cut_off: time = time(17, 0)
    rev: int = 0
    carriers: tuple[str, ...] = ()
    by_cost: bool = False
    handling_min: int = 120
    is_stopped: bool = False
    parcels_a_day: int = 0
    entity: str = ""
    """The company whose goods lie there; empty: it sends for all."""

    def today(self, now: datetime) -> date:
        """Return the date on the walls of the building."""
        return _day(self.zone, now)


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A business we sell to. `terms_days` is how long it may take to pay, 0: it pays before.

    `invoice_title` and `tax_no` are what its invoices say. `dunning` is how often it was reminded of what is
    overdue: from a level of the rules on nothing more goes on account. `kept_by` is the system that says what
    it may owe and how long: then nobody here does.
    Units: `credit_minor` in `currency`, what all its open orders may come to on account.
    """

    code: str
    title: str
    currency: str = "CNY"
    credit_minor: int = 0
    terms_days: int = 0
    price_list: str = ""
    invoice_title: str = ""
    tax_no: str = ""
    active: bool = True
    rev: int = 0
    dunning: int = 0
    kept_by: str = ""


class PriceList(msgspec.Struct, frozen=True, kw_only=True):
    """What some customers pay: a price by article, else `share_pct` of its list price.

    It holds from `since_on` to `until_on`, both days included; without a day it has no end on that side.
    Units: prices in minor units of `currency`; whole percent, 100 is the list price.
    """

    code: str
    title: str
    currency: str = "CNY"
    share_pct: int = 100
    prices: dict[str, int] = {}
    since_on: date | None = None
    until_on: date | None = None
    rev: int = 0

    def holds_on(self, day: date) -> bool:
        """Tell whether somebody pays these prices on a day."""
        is_begun = self.since_on is None or self.since_on <= day
        return is_begun and (self.until_on is None or day <= self.until_on)


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A colleague who may sign in; the password hash never leaves the hub's own table.

    `warehouse` is where their desk stands. `shops` and `warehouses` are those they work for; none named: all.
    `skills` are the types of exceptions they are given, `shifts` those they work in; none named: all.
    `deputy` is told what they do not look at in time.
    """

    code: str
    title: str
    role: Role
    warehouse: str = ""
    shops: tuple[str, ...] = ()
    warehouses: tuple[str, ...] = ()
    active: bool = True
    rev: int = 0
    skills: tuple[str, ...] = ()
    shifts: tuple[str, ...] = ()
    deputy: str = ""

    def __post_init__(self) -> None:
        """Read older names of types as the present ones."""
        if self.skills:
            msgspec.structs.force_setattr(self, "skills", tuple(map(called_now, self.skills)))


class Grants(msgspec.Struct, frozen=True, kw_only=True):
    """Single rights of one person beside the bundle of their role: some more, some fewer."""

    user: str
    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()
    rev: int = 0


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """Working hours; `until` before `since` runs over midnight. Local times of `zone`.

    `days` are weekdays, Monday is 0. `holidays` names the calendar it keeps; `place` the shop or warehouse
    that works by it, all of them when empty.
    """

    code: str
    title: str
    since: time
    until: time
    zone: str = "Asia/Shanghai"
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    holidays: str = ""
    place: str = ""
    active: bool = True
    rev: int = 0


class Holidays(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which nobody works, and days on which one works although it is a day of rest (调休)."""

    code: str
    title: str
    closed: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    rev: int = 0


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """A whole business as it is set up on its first day. `opening` is what lay on the shelves then."""

    title: str
    shops: tuple[Shop, ...]
    warehouses: tuple[Warehouse, ...]
    skus: tuple[Sku, ...]
    sku_maps: tuple[SkuMap, ...] = ()
    users: tuple[User, ...] = ()
    customers: tuple[Customer, ...] = ()
    price_lists: tuple[PriceList, ...] = ()
    shifts: tuple[Shift, ...] = ()
    holidays: tuple[Holidays, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    source_policies: tuple[Policy, ...] = ()
    opening: tuple[Stock, ...] = ()
    rules: Rules = Rules()


LETS_PCS_IN = "approve_pc"
SWITCHES_MODEL = "switch_model"
"""The right to switch the learned check on and off."""
READS_FIGURES = "read_figures"
"""How long everybody's exceptions took and what becomes of suggestions; one's own needs no right."""
READS_BOOKS = "read_books"
"""Vouchers of what was sold and given back."""
DEEDS = frozenset(
    {"import_file", LETS_PCS_IN, READS_FIGURES, READS_BOOKS, MAKES_KEYS, FETCHES, SWITCHES_MODEL}
)
"""Rights that are no commands: the hub is asked to tell, or to do work whose commands it gives itself."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
TITLE_MOST = 60


def is_code(text: str) -> bool:
    """Tell whether something new may be called so: letters and digits that no key and no path trips over."""
    return _CODE.fullmatch(text) is not None


def is_title(text: str) -> bool:
    """Tell whether a name can be shown on one line."""
    return 0 < len(text) <= TITLE_MOST and text.isprintable() and text == text.strip()


def today_of(shop: Shop | None, now: datetime) -> date:
    """Return the date on the walls of a shop: stops, quotas and policies end by it."""
    return _day(shop.zone if shop is not None else "UTC", now)


@lru_cache(maxsize=256)
def _day(zone: str, at: datetime) -> date:
    """Kept for a while: a batch asks for the day of one moment again and again."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_at(shop: Shop | None, at: datetime | None) -> str:
    """Return the date on the walls of a shop, as 2026-06-13; nothing where no moment is named."""
    zone = ZoneInfo(shop.zone if shop is not None else "UTC")
    return at.astimezone(zone).date().isoformat() if at is not None else ""


def is_zone(name: str) -> bool:
    """Tell whether a time zone is known."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return bool(name)


READS_ALL = frozenset({Role.CLERK, Role.REVIEWER, Role.TRAINER, Role.LEAD, Role.ADMIN})
"""Roles that repair and review need the receiver as written; the floor reads a label, not a life."""

DESK_GRANTS = frozenset(
    {
        "recheck",
        "lease_stock",
        "return_lease",
        "note_habit",
        "note_guide",
        "note_attempt",
        "note_help",
        "note_focus",
        "read_notices",
    }
)
AFTERSALE_GRANTS = frozenset({
    "open_return", "withdraw_return", "accept_return", "reject_return", "reopen_return", "refund_return",
    "reverse_refund", "send_replacement", "withdraw_replacement",
})  # fmt: skip
GOODS_GRANTS = frozenset({
    "announce_stock", "receive_stock", "count_bin", "count_sheet", "quarantine",
    "send_transfer", "receive_transfer", "withdraw_stock_doc", "grade_return",
    "undo_grading",
})  # fmt: skip
HANDOVER_GRANTS = frozenset({"leave_shift", "take_shift"})
DUTY_GRANTS = frozenset({"claim", "give_back", "snooze", "wake", "escalate", "recall"})
CLERK_GRANTS = DESK_GRANTS | HANDOVER_GRANTS | AFTERSALE_GRANTS | DUTY_GRANTS | {
    "amend", "fix_address", "match_sku", "hold", "resume", "postpone", "cancel", "restore", "settle",
    "write_memo", "correct_number",
    "reopen", "receive_payment", "let_go", "read_again", "import_file", "redo_effect", "settle_effect",
    "classify", "set_invoice", "resubmit_invoice", "take_address", "choose_carrier", "record_scan",
    "redeliver", "call_back", "send_contract", "sign_contract", "take_contract_back", "restore_terms",
    "plan_visit", "move_visit", "cancel_visit", "finish_visit",
    "print_paper", "read_receiver", "withdraw_effect",
    "send_message", "withdraw_message", "change_warehouse", "take_phone",
    "new_article", "set_article",
    "merge", "split", "put_back", "swap_item", "correct_price", "new_order", "hold_cart",
    "set_kit", "keep_lots", FETCHES,
}  # fmt: skip
WAREHOUSE_GRANTS = DESK_GRANTS | HANDOVER_GRANTS | GOODS_GRANTS | {
    "pick", "pack", "ship", "adjust_stock", "let_go", "print_paper", "choose_carrier", "record_scan",
    "refuse_order", "withdraw_refusal",
}  # fmt: skip
REVIEW_GRANTS = (
    DESK_GRANTS | HANDOVER_GRANTS | {"sign_off", "reject_review", "answer_drill", "let_go", "read_receiver"}
)
SETTINGS_GRANTS = frozenset({
    "set_rules", "set_shop", "set_warehouse", "set_shift", "set_holidays", "set_customer", "set_price_list",
    "set_view", "set_snag_rule", "set_order_class", "set_carrier", "close_lane", "set_template",
    "set_wording", "set_outlet", "set_stock_policy", "set_source_policy", "set_gate_profile", "set_licence",
    "set_sign_policy",
})  # fmt: skip
TRAINING_GRANTS = frozenset({"set_hint", "set_deck", "give_skill", "end_skill", "ask_lessons", READS_FIGURES})
LEAD_GRANTS = CLERK_GRANTS | WAREHOUSE_GRANTS | REVIEW_GRANTS | SETTINGS_GRANTS | TRAINING_GRANTS | {
    "export_orders", "waive", "end_waiver", "watch_buyer", "clear_buyer", "repair_shelf", "set_credit",
    "set_stock", "recall_lot", READS_BOOKS,
}  # fmt: skip
ADMIN_GRANTS = LEAD_GRANTS | {"set_user", "set_grants", LETS_PCS_IN, MAKES_KEYS, SWITCHES_MODEL}
READS_SETTINGS = SETTINGS_GRANTS | {"set_user"}
"""Whoever holds one of them reads who changed the settings, and what they were before."""
RIGHTS_OVER_PEOPLE = frozenset({"set_user", "set_grants"})
"""Somebody always holds both: who lost the last of them could never get them back."""

GRANTS: dict[Role, frozenset[str]] = {
    Role.CLERK: CLERK_GRANTS,
    Role.WAREHOUSE: WAREHOUSE_GRANTS,
    Role.REVIEWER: REVIEW_GRANTS,
    Role.TRAINER: CLERK_GRANTS | TRAINING_GRANTS,
    Role.LEAD: LEAD_GRANTS,
    Role.ADMIN: ADMIN_GRANTS,
    Role.CHANNEL: frozenset({"receive", "hear", "open_case", "withdraw", "hold_cart"}),
    Role.WORKER: frozenset(
        {
            "recheck",
            "open_case",
            "expire_lease",
            "age_lots",
            "record_effect",
            "assign",
            "record_scan",
            "pick",
            "pack",
            "ship",
            "correct_number",
            "refuse_order",
            "split",
            "tell",
            "plant_drill",
            "hear_channel",
        }
    ),
}
"""Which commands each role may give. Source: DECISIONS 4; the hub adds or takes single grants per person."""

LICENSED = ADMIN_GRANTS - DESK_GRANTS - RIGHTS_OVER_PEOPLE - TRAINING_GRANTS - DEEDS - {"set_licence"}
"""Rights that may ask for a pass: not what keeps a desk running, nor what opens a right again."""


def grants_of(user: User, single: Grants | None = None) -> frozenset[str]:
    """Return what a person may do; who is not active may do nothing."""
    if not user.active:
        return frozenset()
    if single is None:
        return GRANTS[user.role]
    return (GRANTS[user.role] | frozenset(single.more)) - frozenset(single.fewer)
