"""The review board: two different people put their names under what they saw, not under each other."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

import msgspec

from app.command import Facts
from app.commands.reject_review import RejectReview
from app.commands.sign_off import SignOff
from app.desk import Desk, Screen
from app.domain import review
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order
from app.domain.usual import Finding, Usual, unusual
from app.engine import GATES, measures
from app.kinds import kind_of
from app.ports import Changes, HistoryRow, OrderRow, Views, touches
from app.text import N_, Text

KEYED_FIRST = Text(N_("Something of this line is unusual: key its pieces first."))


class Blind(msgspec.Struct, frozen=True, kw_only=True):
    """One value the reviewer keys from the left side before the right side opens."""

    code: str
    label: Text
    value: str = ""
    is_right: bool = False


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer asked beside what will ship."""

    row: OrderRow
    order: Order
    asked: tuple[tuple[str, str], ...] = ()
    ships: tuple[tuple[str, str, bool], ...] = ()
    """(label, value, hidden until keyed)"""
    words: str = ""
    checks: tuple[tuple[str, str, Text], ...] = ()
    """(mark, title, sentence) of the automatic checks, what needs a look first."""
    blinds: tuple[Blind, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    seal: str = ""
    """The digest of the content, as two short words."""
    slot: int = 1
    slots: int = 2
    signed_at: tuple[datetime, ...] = ()
    """When the valid signatures were given; whose they are stays hidden from the next reviewer."""
    maker: str = ""
    """Who changed the content last, by name."""
    zone: str = "Asia/Shanghai"
    why_not: Text | None = None
    """Why this person may not sign."""

    @property
    def open_blinds(self) -> int:
        """How many values are still to be keyed."""
        return sum(1 for blind in self.blinds if not blind.is_right)


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[OrderRow, ...] = ()
    sheet: Sheet | None = None
    signed_now: int = 0
    sent_back_now: int = 0
    may_sign: bool = False
    now: datetime | None = None
    notice: Text | None = None
    is_loaded: bool = False


class Review(Screen[State]):
    """Verbs of the review board."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._login_id = ""
        self._keyed: dict[str, dict[str, str]] = {}

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load what waits for a second pair of eyes."""
        if changes is not None and not touches(changes, "order", "rules"):
            return
        self._forget_others()
        rows = tuple(await self.desk.look(Views.reviews, self.desk.login))
        row = self._current(rows)
        sheet = await self._sheet(row) if row else None
        now = await self.desk.now()
        may = self.desk.may("sign_off")
        self.show(
            msgspec.structs.replace(self.state, rows=rows, sheet=sheet, may_sign=may, now=now, is_loaded=True)
        )

    def _forget_others(self) -> None:
        """What one person keyed blind is not there for the next one to read."""
        login_id = self.desk.login.login_id
        if login_id != self._login_id:
            self._login_id, self._keyed = login_id, {}
            self.show(msgspec.structs.replace(self.state, signed_now=0, sent_back_now=0, notice=None))

    def _current(self, rows: tuple[OrderRow, ...]) -> OrderRow | None:
        """The order that was shown, or the one that took its place in the list."""
        current = self.state.sheet.row.id if self.state.sheet else ""
        at = next((i for i, row in enumerate(self.state.rows) if row.id == current), 0)
        here = next((row for row in rows if row.id == current), None)
        return here or (rows[min(at, len(rows) - 1)] if rows else None)

    async def choose(self, id: str) -> None:
        """Show another order."""
        if self.state.sheet is not None and self.state.sheet.row.id == id:
            return
        row = next((r for r in self.state.rows if r.id == id), None)
        if row is not None:
            chosen = await self._sheet(row)
            self.show(msgspec.structs.replace(self.state, sheet=chosen, notice=None))

    async def key(self, code: str, value: str) -> None:
        """Take a value keyed blind; when it is right, the other side opens."""
        sheet = self.state.sheet
        if sheet is None:
            return
        self._keyed.setdefault(sheet.order.id, {})[code] = value
        opened = await self._sheet(sheet.row)
        self.show(msgspec.structs.replace(self.state, sheet=opened))

    async def pass_(self) -> None:
        """Sign exactly the content that was shown."""
        sheet = self.state.sheet
        if sheet is None or sheet.open_blinds or sheet.why_not is not None:
            return
        command = SignOff(order=sheet.order.id, content_hash=sheet.order.content_hash)
        done = await self.desk.submit(command, "review", sheet.order.ver)
        signed = self.state.signed_now + (1 if done.refusal is None else 0)
        notice = done.refusal.text if done.refusal else None
        self.show(msgspec.structs.replace(self.state, notice=notice, signed_now=signed))
        await self.refresh()

    async def send_back(self, reason: str) -> None:
        """Send the order back to the clerks, with the reason."""
        sheet = self.state.sheet
        if sheet is None:
            return
        if not reason.strip():
            self.show(
                msgspec.structs.replace(self.state, notice=Text(N_("Write what is wrong, one sentence.")))
            )
            return
        command = RejectReview(
            order=sheet.order.id, content_hash=sheet.order.content_hash, reason=reason.strip()
        )
        done = await self.desk.submit(command, "review", sheet.order.ver)
        sent = self.state.sent_back_now + (1 if done.refusal is None else 0)
        notice = done.refusal.text if done.refusal else None
        self.show(msgspec.structs.replace(self.state, notice=notice, sent_back_now=sent))
        await self.refresh()

    async def _sheet(self, row: OrderRow) -> Sheet | None:
        found = await self.desk.look(Views.order, row.id, self.desk.login)
        if found is None:
            return None
        order, facts = found
        history = tuple(await self.desk.look(Views.history, order.id))
        people = {user.code: user.title for user in await self.desk.look(Views.people)}
        shop = facts.shop_of(order)
        keyed = self._keyed.get(order.id, {})
        blinds = tuple(
            Blind(
                code=line.id,
                label=Text(N_("Pieces of {article}"), {"article": line.title or line.ext_sku}),
                value=keyed.get(line.id, ""),
                is_right=keyed.get(line.id, "").strip() == str(line.qty),
            )
            for line in order.lines[:3]
        )
        right = {b.code for b in blinds if b.is_right}
        digest = order.content_hash.upper()
        return Sheet(
            row=row,
            order=order,
            asked=_asked(order),
            ships=_ships(order, facts, right, {b.code for b in blinds}),
            words=order.receiver.note,
            checks=(
                *_unusual(order, await self.desk.look(Views.usual), {b.code for b in blinds} - right),
                *_checks(order, facts),
            ),
            blinds=blinds,
            history=history,
            seal=f"{digest[:4]} {digest[4:8]}",
            slot=len(set(review.valid_signers(order))) + 1,
            slots=order.signatures_needed,
            signed_at=tuple(s.at for s in order.signatures if s.content_hash == order.content_hash),
            maker=people.get(order.maker) or (shop.title if shop else order.maker),
            zone=shop.zone if shop else "Asia/Shanghai",
            why_not=_why_not(order, self.desk.login.user.code),
        )


def pieces(sku: str, qty: int) -> str:
    """An article and how many of it; the number never stands alone on a line."""
    return f"{sku} ×\u00a0{qty}".strip()


def _asked(order: Order) -> tuple[tuple[str, str], ...]:
    lines = tuple((line.title or line.ext_sku, pieces("", line.qty)) for line in order.lines)
    return (*lines, (N_("Ship to"), order.receiver.raw or order.receiver.street))


def _ships(order: Order, facts: Facts, right: set[str], blind: set[str]) -> tuple[tuple[str, str, bool], ...]:
    region = order.region
    place = " ".join(filter(None, (region.province, region.city, region.district, order.receiver.street)))
    lines = []
    for line in reversed(order.lines):
        sku = facts.sku(line.sku) if line.sku else None
        is_hidden = line.id in blind and line.id not in right
        lines.append((sku.title if sku else line.sku, pieces(line.sku, line.qty), is_hidden))
    to = (N_("Ship to"), place, False)
    who = (N_("Receiver"), f"{mask_name(order.receiver.name)} {mask_phone(order.receiver.phone)}", False)
    return (to, who, *lines)


def _unusual(order: Order, usual: Usual, covered: AbstractSet[str]) -> tuple[tuple[str, str, Text], ...]:
    """Return what is unusual; of a line whose pieces are still to be keyed, only that something is."""
    return tuple(
        ("waits", one.by, KEYED_FIRST if one.line in covered else _said(one)) for one in unusual(order, usual)
    )


def _said(finding: Finding) -> Text:
    return Text(N_("{said}. {why}"), {"said": finding.said, "why": finding.because})


def _checks(order: Order, facts: Facts) -> tuple[tuple[str, str, Text], ...]:
    gates = [
        ("waits" if measure.is_waived else str(measure.state), GATES[code].title, measure.text)
        for code, measure in measures(order, facts).items()
        if code != "review"
    ]
    decided = Text(N_("A person decided this one"))
    answered = [("waits", kind_of(s.kind, facts.refs.snag_rules).title, decided) for s in order.settled]
    return tuple(sorted(answered + gates, key=lambda check: check[0] == "met"))


def _why_not(order: Order, user: str) -> Text | None:
    if user == order.maker:
        return Text(N_("You changed this order last; another person must sign."))
    if user in review.valid_signers(order):
        return Text(N_("You signed already; a second person must sign."))
    return None
