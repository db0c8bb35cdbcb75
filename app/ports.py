"""What the desk needs from outside: rows to show, commands kept, the state of the link. sync fills these in.

Row structs are plain values ready to draw: lists come from indexed columns, never from decoded documents.
Units: `*_minor` minor units of `currency`; `*_s` seconds; `qty` pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

import msgspec

from app.command import Command, Facts, Refs, Refusal
from app.domain.bell import Told
from app.domain.channels import Channels
from app.domain.company import User
from app.domain.connecting import Begun, Platforms, ShopKeys, Tried
from app.domain.evidence import Place
from app.domain.goods import StockDoc
from app.domain.handover import Handover, Open
from app.domain.leasing import Ask, Shelf
from app.domain.mending import AskMending, Mending
from app.domain.order import Order
from app.domain.order_class import OrderClass
from app.domain.outbound import AskService, OutServices, SaidService
from app.domain.own_address import NewAddress, OwnAddress, OwnAddresses
from app.domain.presence import AskPresence, KeepSigner, Present, SignerState
from app.domain.revision import Revision
from app.domain.snag_rule import SnagRule
from app.domain.systems import Delivery, Hook, MadeHook, MadeKey, NewHook, NewKey, SystemKey
from app.domain.usual import Usual
from app.domain.values import Key, Keys, Receiver
from app.figures import Answers
from app.rows import SPLITS, HistoryRow, Holder, OrderRow, OutboxRow, SnagRow, StockRow
from app.text import Text

NO_TITLES: Mapping[str, str] = MappingProxyType({})
"""Nobody said what the types of exceptions are called on the screen."""


class Changes(msgspec.Struct, frozen=True):
    """Which rows changed; a screen refreshes when it shows one of them."""

    keys: Keys = frozenset()
    sync: bool = False
    """The link or the outbox changed: the sync line redraws."""
    line: bool = False
    """The hub went out of reach or came back: what may be done now differs, so every screen looks again."""

    def __or__(self, other: Changes) -> Changes:
        return Changes(self.keys | other.keys, self.sync or other.sync, self.line or other.line)

    def touches(self, table: str) -> bool:
        """Tell whether a screen that shows rows of `table` must look again."""
        return self.line or any(key[0] == table for key in self.keys)


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits at the desk now, as the hub confirmed it."""

    login_id: str
    user: User
    grants: frozenset[str]


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command on this desk: a refusal (nothing kept), or its number in the outbox."""

    refusal: Refusal | None = None
    n: int = 0
    inverse: Command | None = None
    changes: Changes = Changes()


class Given(msgspec.Struct, frozen=True):
    """A command as a person gives it; see `Desk.submit`."""

    command: Command
    because: str = ""
    seen_ver: int | None = None


class Wanted(msgspec.Struct, frozen=True):
    """One of many: what is given for an order as it stands when its turn comes, or why nothing is.

    `make` is pure; it hears None where `order` is empty or gone.
    """

    order: str
    make: Callable[[tuple[Order, Facts] | None], Given | Text]


class OrderQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What the orders page shows: words as typed, and filters; empty means all.

    Units: `least_minor`, `most_minor` in minor units of whatever currency an order has. `since` is inside the
    period, `until` is not. `sort`: received | ordered | ship_by | amount.
    """

    text: str = ""
    status: str = ""
    shop: str = ""
    kind: str = ""
    warehouse: str = ""
    held: str = ""
    """yes | no | empty: either."""
    touched: str = ""
    after_sales: str = ""
    """A stage of `aftersale.STAGES`."""
    since: datetime | None = None
    until: datetime | None = None
    least_minor: int | None = None
    most_minor: int | None = None
    sort: str = "received"
    is_rising: bool = False
    is_masked: bool = False
    """Whoever asks reads names, phones and streets masked, and finds nothing by what is hidden."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets an order, in full: for a protected export, never for a list."""

    name: str = ""
    phone: str = ""
    street: str = ""
    note: str = ""


Batches = Generator[Sequence[tuple[OrderRow, Person | None]], None, None]
"""Orders of one moment, some hundreds at a time, each with its person where that was asked for."""
Value = str | int | float
"""What a cell of a file may hold."""


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """A refused command of this desk, to be done again: what was asked, and the order from all three sides.

    `parts` are those somebody else changed first. `before` and `mine` are the order as it is now with what
    the person saw, and with what they made of it.
    """

    command: Command
    order: Order | None = None
    before: Order | None = None
    mine: Order | None = None
    parts: tuple[str, ...] = ()


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """How the desk stands to its hub. `state`: online | weak | offline | starting."""

    state: str
    since: datetime
    waiting: int = 0
    oldest_s: int = 0
    unprotected: int = 0
    """How much the hub has accepted and holds in one place only."""
    makes_copies: bool = True
    """The hub has ever had a second copy of anything; if not, waiting for one helps nobody."""
    updated_s: int = 0
    is_filling: bool = False
    """Rows of whoever sits here are still being fetched: what is not here yet may only not have come."""
    note: Text | None = None

    @property
    def is_protected(self) -> bool:
        """All that was accepted has a second copy."""
        return not self.unprotected


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for somebody: the figures of the rail, cheap enough to be asked after every change."""

    snags: int = 0
    reviews: int = 0
    to_pick: int = 0


class Pc(msgspec.Struct, frozen=True, kw_only=True):
    """A PC that asked to work with the hub. `code` is read aloud; `state`: waits | approved | revoked.

    `alarm_at`: when somebody else came with a token of it.
    """

    id: str
    title: str
    code: str
    state: str
    asked_by: str
    asked_at: datetime
    approved_by: str = ""
    last_at: datetime | None = None
    alarm_at: datetime | None = None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of the day, for Today."""

    snags: int = 0
    urgent: int = 0
    reviews: int = 0
    to_pick: int = 0
    received: int = 0
    touchless: int = 0
    fixed_of_day: int = 0
    """Of those received today: somebody touched them, and they have no exception now."""
    open_of_day: int = 0
    """Of those received today: they did not go straight through, and have an exception now."""
    repaired: int = 0
    released: int = 0
    shipped: int = 0


class ShopPulse(msgspec.Struct, frozen=True, kw_only=True):
    """When a shop last sent something."""

    code: str
    channel: str
    title: str
    last_at: datetime | None
    orders: int


class CutOff(msgspec.Struct, frozen=True, kw_only=True):
    """What a warehouse must still send today. Units: `left_s` seconds, negative when past."""

    warehouse: str
    title: str
    at: datetime
    left_s: int
    waiting: int


class Views(Protocol):
    """Questions a screen may ask of the replica; called on the `read` lane only."""

    def refs(self) -> Refs: ...
    def now(self) -> datetime: ...
    def snags(
        self,
        *,
        kind: str = "",
        text: str = "",
        limit: int = 500,
        is_masked: bool = False,
        split: str = "",
        login: Login | None = None,
        start: int = 0,
        titles: Mapping[str, str] = NO_TITLES,
    ) -> Sequence[SnagRow]: ...
    def snag_counts(
        self, login: Login, *, text: str = "", is_masked: bool = False, titles: Mapping[str, str] = NO_TITLES
    ) -> dict[str, int]: ...
    def snag(self, id: str, kind: str) -> SnagRow | None: ...
    def case(self, id: str) -> tuple[SnagRow, Text | None] | None: ...
    def again(self, id: str) -> Again | None: ...
    def order(self, id: str, login: Login) -> tuple[Order, Facts] | None: ...
    def facts(self, command: Command, login: Login) -> Facts: ...
    def known(self, keys: Keys, login: Login) -> Facts: ...
    def history(self, order: str) -> Sequence[HistoryRow]: ...
    def is_unanswered(self, order: str) -> bool: ...
    def count_orders(self, query: OrderQuery) -> int: ...
    def order_page(self, query: OrderQuery, start: int, size: int) -> Sequence[OrderRow]: ...
    def order_batches(self, query: OrderQuery, *, with_people: bool) -> Batches: ...
    def interrupt(self) -> None: ...
    def find(self, text: str, limit: int = 10, *, is_masked: bool = False) -> Sequence[OrderRow]: ...
    def reviews(self, login: Login) -> Sequence[OrderRow]: ...
    def floor(self, warehouse: str, status: str, limit: int = 200) -> Sequence[OrderRow]: ...
    def by_scan(self, code: str, warehouse: str) -> tuple[str, str]: ...
    def stock(
        self, *, text: str = "", warehouse: str = "", limit: int = 500, expires: bool = False
    ) -> Sequence[StockRow]: ...
    def stock_docs(self, warehouse: str, sku: str, limit: int = 8) -> Sequence[StockDoc]: ...
    def holders(self, warehouse: str, sku: str, limit: int) -> Sequence[Holder]: ...
    def lease_asks(self) -> Sequence[Ask]: ...
    def own_leases(self) -> Sequence[Shelf]: ...
    def skus(self, text: str, limit: int = 20) -> Sequence[tuple[str, str, int]]: ...
    def outbox(self) -> Sequence[OutboxRow]: ...
    def waiting(self, login: Login) -> Waiting: ...
    def repaired(self) -> int: ...
    def counts(self, login: Login) -> Counts: ...
    def repaired_per_hour(self, user: str) -> Sequence[tuple[int, int]]: ...
    def pulses(self) -> Sequence[ShopPulse]: ...
    def cut_offs(self) -> Sequence[CutOff]: ...
    def people(self) -> Sequence[User]: ...
    def snagged_by(self, key: str) -> int: ...
    def delivered(self, street: str) -> Mapping[Place, int]: ...
    def usual(self) -> Usual: ...
    def revisions(self, limit: int = 500) -> Sequence[Revision]: ...
    def open_work(self, warehouse: str) -> Sequence[Open]: ...
    def handovers(self, warehouse: str, limit: int = 30) -> Sequence[Handover]: ...
    def costing_more(self, than_minor: int) -> tuple[int, int]: ...
    def judged_by(self, rule: SnagRule, most: int) -> tuple[int, int, int]: ...
    def classed_by(self, classes: tuple[OrderClass, ...], code: str, most: int) -> tuple[int, int, int]: ...


class Replica(Protocol):
    """Keeps what the person did; called on the `store` lane only."""

    def submit(self, command: Command, login: Login, because: str, seen_ver: int | None) -> Submitted: ...
    def submit_each(self, wanted: Sequence[Wanted], login: Login) -> list[Submitted | Text]: ...
    def save_draft(self, key: str, answers: dict[str, str]) -> None: ...
    def draft(self, key: str) -> dict[str, str]: ...
    def drop_draft(self, key: str) -> None: ...
    def fresh_id(self) -> str: ...
    def setting(self, key: str, default: str = "") -> str: ...
    def set_setting(self, key: str, value: str) -> None: ...
    def write_unsent(self, path: str) -> int: ...
    def clear(self) -> Changes: ...


class Sheet(Protocol):
    """A file being written, row by row; called on one lane only. Texts stay texts, numbers numbers."""

    def write(self, rows: Sequence[Sequence[Value]]) -> None: ...
    def close(self) -> None: ...
    def drop(self) -> None: ...


class Sheets(Protocol):
    """Makes files a spreadsheet opens; the ending of `path` says which kind. May raise Trouble."""

    def open(self, path: str, titles: Sequence[str]) -> Sheet: ...


class HubPort(Answers, Protocol):
    """Questions to the hub itself; each may raise Trouble. Called on the `push` lane."""

    def sign_in(self, user: str, password: str, new_password: str = "") -> Login: ...
    def first_password(self, user: str) -> str: ...
    def enrolment(self) -> str: ...
    def switch_model(self, *, is_on: bool) -> None: ...
    def signer(self) -> SignerState: ...
    def keep_signer(self, asked: KeepSigner) -> None: ...
    def present(self, asked: AskPresence) -> Present: ...
    def pcs(self) -> Sequence[Pc]: ...
    def approve_pc(self, id: str) -> None: ...
    def revoke_pc(self, id: str) -> None: ...
    def addresses(self) -> OwnAddresses: ...
    def keep_address(self, asked: NewAddress) -> OwnAddress: ...
    def try_address(self, id: str) -> None: ...
    def end_address(self, id: str) -> None: ...
    def keys(self) -> Sequence[SystemKey]: ...
    def make_key(self, asked: NewKey) -> MadeKey: ...
    def revoke_key(self, code: str) -> None: ...
    def hooks(self) -> Sequence[Hook]: ...
    def make_hook(self, asked: NewHook) -> MadeHook: ...
    def end_hook(self, code: str) -> None: ...
    def hook_news(self, hook: str) -> Sequence[Delivery]: ...
    def send_again(self, hook: str, news: str) -> None: ...
    def services(self) -> OutServices: ...
    def ask_service(self, name: str, asked: AskService) -> SaidService: ...
    def shops(self) -> Channels: ...
    def platforms(self, shop: str) -> Platforms: ...
    def try_shop(self, shop: str, keys: ShopKeys) -> Tried: ...
    def connect_shop(self, shop: str, keys: ShopKeys) -> Begun: ...
    def mending(self, shop: str, asked: AskMending | None = None) -> Mending: ...
    def keep_mending(self, shop: str, asked: AskMending) -> Mending: ...
    def shop_rests(self, shop: str, *, rests: bool) -> None: ...
    def read_shop_again(self, shop: str) -> None: ...
    def fetch_order(self, order: str) -> None: ...
    def sign_out(self) -> None: ...
    def try_now(self) -> None: ...
    def receiver(self, order: str) -> Receiver: ...
    def raw(self, case: str) -> str: ...
    def deliveries(self) -> Sequence[Told]: ...
    def link(self) -> Link: ...


def order_keys(keys: Keys) -> frozenset[str]:
    """Return the ids of the orders among `keys`."""
    return frozenset(pk for table, pk in keys if table == "order")


def touches(changes: Changes, *tables: str) -> bool:
    """Tell whether any of `tables` changed."""
    return any(changes.touches(table) for table in tables)


__all__ = [
    "NO_TITLES", "SPLITS", "Again", "Batches", "Changes", "Counts", "CutOff", "HistoryRow", "Holder",
    "HubPort", "Key", "Link", "Login", "OrderQuery", "OrderRow", "OutboxRow", "Pc", "Person", "Replica",
    "Sheet", "Sheets", "ShopPulse", "SnagRow", "StockRow", "Submitted", "Value", "Views", "Waiting",
    "order_keys", "touches",
]  # fmt: skip
