"""The review board: two different people put their names under what they saw, not under each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from app.colleagues import beside, submit_beside
from app.command import Command, Facts, Refusal
from app.commands.answer_drill import AnswerDrill
from app.commands.reject_review import RejectReview
from app.commands.sign_off import SignOff
from app.desk import Desk, Screen
from app.domain import review
from app.domain.drill import ARTICLE, PIECES, PLACE, PRICE, Drill, drill_key
from app.domain.fatigue import Pace
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order
from app.domain.place_line import written
from app.ports import Changes, HistoryRow, Login, OrderRow, Views, touches
from app.review_checks import Learned, gates_of, unusual_of
from app.reviewing import may_not_sign
from app.screening.standing import SCREENING_KEY
from app.text import N_, Text

READ_MOST_MS = 86_400_000
SHOWN_TESTS = 3
Field = TypeVar("Field")


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
    """The how many-th verdict this one would be; what the earlier ones say is not on this PC."""
    slots: int = 2
    maker: str = ""
    """Who changed the content last, by name."""
    zone: str = "Asia/Shanghai"
    opened_at: datetime | None = None
    """Since when it is on this screen."""
    why_not: Text | None = None
    """Why this person may not sign."""
    drill: Drill | None = None
    """The test it is; nothing on the screen tells."""

    @property
    def open_blinds(self) -> int:
        """How many values are still to be keyed."""
        return sum(1 for blind in self.blinds if not blind.is_right)


class Reveal(msgspec.Struct, frozen=True, kw_only=True):
    """What an order that was a test had in it."""

    number: str
    is_found: bool
    text: Text


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[OrderRow, ...] = ()
    sheet: Sheet | None = None
    signed_now: int = 0
    sent_back_now: int = 0
    may_sign: bool = False
    now: datetime | None = None
    notice: Text | None = None
    told: tuple[Reveal, ...] = ()
    """Tests of this sitting, the newest first, each with what it was."""
    advice: Text | None = None
    """What their own pace says of a pause."""
    beside: tuple[tuple[str, str], ...] = ()
    """(person, name) of those who may sign on this screen with a PIN or a badge."""
    guest: str = ""
    """Who of them looks now; empty while it is whoever is signed in."""
    is_loaded: bool = False


class Review(Screen[State]):
    """Verbs of the review board."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._login_id = ""
        self._guests: dict[str, Login] = {}
        self._keyed: dict[str, dict[str, str]] = {}
        self._opened: dict[tuple[str, int], datetime] = {}
        """Since when each content is on this screen."""
        self._pace = Pace()
        self._tests: list[str] = []
        """Tests answered in this sitting, the newest first."""

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load what waits for a second pair of eyes."""
        if changes is not None and not touches(changes, "order", "rules", "drill"):
            return
        self._forget_others()
        refs = await self.desk.look(Views.refs)
        others = beside(refs, self.desk.login.user.code, "sign_off")
        self._guests = {login.user.code: login for login in others}
        rows = tuple(await self.desk.look(Views.reviews, self._who))
        row = self._current(rows)
        sheet = await self._sheet(row) if row else None
        now = await self.desk.now()
        may, told = "sign_off" in self._who.grants, await self._told()
        named = tuple((code, login.user.title) for code, login in self._guests.items())
        known = msgspec.structs.replace(self.state, rows=rows, sheet=sheet, told=told, beside=named)
        self.show(msgspec.structs.replace(known, may_sign=may, now=now, is_loaded=True))

    @property
    def _who(self) -> Login:
        """Whoever looks: a colleague beside, else whoever is signed in."""
        return self._guests.get(self.state.guest) or self.desk.login

    async def look_as(self, guest: str) -> None:
        """Give the screen to a colleague beside, who has not seen the sheet yet, or back."""
        if guest == self.state.guest:
            return
        self._keyed, self._opened = {}, {}
        self.show(msgspec.structs.replace(self.state, guest=guest, sheet=None, notice=None))
        await self.refresh()

    def _forget_others(self) -> None:
        """What one person keyed blind is not there for the next one to read."""
        login_id = self.desk.login.login_id
        if login_id != self._login_id:
            self._login_id, self._keyed, self._opened, self._pace = login_id, {}, {}, Pace()
            self._tests = []
            fresh = msgspec.structs.replace(self.state, signed_now=0, sent_back_now=0, notice=None)
            self.show(msgspec.structs.replace(fresh, advice=None, guest=""))

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

    async def pass_(self, secret: str = "") -> None:
        """Say yes to exactly the content that was shown; `secret`: the PIN or badge of whoever is beside."""
        sheet = self.state.sheet
        if sheet is None or sheet.open_blinds or sheet.why_not is not None:
            return
        read_ms = await self._read_ms(sheet.order)
        seen = sheet.order
        command: Command = SignOff(
            order=seen.id, content_hash=seen.content_hash, revision=seen.reviewed.revision, read_ms=read_ms
        )
        if sheet.drill is not None:
            command = _answer(sheet.drill, read_ms, is_pass=True)
        refused = await self._give(command, sheet, secret)
        notice = refused.text if refused else None
        if refused is None and 0 < read_ms < review.UNREAD_BELOW_MS:
            notice = Text(N_("Passed within two seconds: it counts as unread. Read it, then pass."))
        elif refused is None:
            await self._note_pace(read_ms)
        signed = self.state.signed_now + (1 if notice is None and not self.state.guest else 0)
        self.show(msgspec.structs.replace(self.state, notice=notice, signed_now=signed))
        await self.refresh()

    async def send_back(self, reason: str, secret: str = "") -> bool:
        """Say no, with the reason; tell whether it was said."""
        sheet = self.state.sheet
        if sheet is None:
            return False
        if not reason.strip():
            self.show(
                msgspec.structs.replace(self.state, notice=Text(N_("Write what is wrong, one sentence.")))
            )
            return False
        read_ms = await self._read_ms(sheet.order)
        seen = sheet.order
        command: Command = RejectReview(
            order=seen.id,
            content_hash=seen.content_hash,
            reason=reason.strip(),
            revision=seen.reviewed.revision,
            read_ms=read_ms,
        )
        if sheet.drill is not None:
            command = _answer(sheet.drill, read_ms, is_pass=False)
        refused = await self._give(command, sheet, secret)
        if refused is None:
            await self._note_pace(read_ms)
        sent = self.state.sent_back_now + (1 if refused is None and not self.state.guest else 0)
        notice = refused.text if refused else None
        self.show(msgspec.structs.replace(self.state, notice=notice, sent_back_now=sent))
        await self.refresh()
        return refused is None

    async def _give(self, command: Command, sheet: Sheet, secret: str) -> Refusal | None:
        if self.state.guest:
            about = self.state.guest, secret, "review", sheet.order.ver
            return (await submit_beside(self.desk, command, *about)).refusal
        refused = (await self.desk.submit(command, "review", sheet.order.ver)).refusal
        if refused is None and sheet.drill is not None:
            self._tests.insert(0, sheet.drill.id)
        return refused

    async def _told(self) -> tuple[Reveal, ...]:
        """Return what the tests of this sitting were, as far as the hub has said so."""
        if self.state.guest:
            return ()
        me = self.desk.login.user.code
        keys = [drill_key(me, test) for test in self._tests[:SHOWN_TESTS]]
        if not keys:
            return ()
        facts = await self.desk.look(Views.known, frozenset(keys), self.desk.login)
        found = [drill for key in keys if (drill := facts.row(key)) is not None]
        return tuple(reveal_of(drill) for drill in found if drill.told is not None)

    async def _learned(self) -> Learned:
        """Return what this desk and the hub learned from orders before."""
        known = await self.desk.look(Views.known, frozenset({SCREENING_KEY}), self.desk.login)
        usual, now = await self.desk.look(Views.usual), await self.desk.now()
        return Learned(usual, known.row(SCREENING_KEY), now)

    async def _read_ms(self, order: Order) -> int:
        """Return for how long this content was on the screen."""
        now = await self.desk.now()
        since = self._opened.get((order.id, order.reviewed.revision), now)
        return min(max(round((now - since).total_seconds() * 1_000), 0), READ_MOST_MS)

    async def _note_pace(self, read_ms: int) -> None:
        if self.state.guest:
            return
        self._pace = self._pace.with_one(read_ms, await self.desk.now())
        self.show(msgspec.structs.replace(self.state, advice=self._pace.advice()))

    async def _sheet(self, row: OrderRow) -> Sheet | None:
        key = drill_key(self._who.user.code, row.id)
        known = await self.desk.look(Views.known, frozenset({key}), self.desk.login)
        drill: Drill | None = known.row(key)
        if drill is None:
            found = await self.desk.look(Views.order, row.id, self._who)
            if found is None:
                return None
            order, facts = found
        else:
            order, facts = msgspec.structs.replace(drill.shown, id=drill.id), known
        self._opened.setdefault((order.id, order.reviewed.revision), await self.desk.now())
        history = tuple(await self.desk.look(Views.history, order.id))
        people = {user.code: user.title for user in await self.desk.look(Views.people)}
        shop, asked = facts.shop_of(order), drill.asked if drill is not None else order
        keyed = self._keyed.get(order.id, {})
        blinds = tuple(
            Blind(
                code=line.id,
                label=Text(N_("Pieces of {article}"), {"article": line.title or line.ext_sku}),
                value=keyed.get(line.id, ""),
                is_right=keyed.get(line.id, "").strip() == str(line.qty),
            )
            for line in asked.lines[:3]
        )
        right = {b.code for b in blinds if b.is_right}
        digest = order.content_hash.upper()
        return Sheet(
            row=row,
            order=order,
            asked=_turned(_asked(asked), review.said_so_far(order)),
            ships=_turned(_ships(order, facts, right, {b.code for b in blinds}), review.said_so_far(order)),
            words=asked.receiver.note,
            drill=drill,
            checks=(
                *unusual_of(order, await self._learned(), {b.code for b in blinds} - right),
                *(drill.checks if drill is not None else gates_of(order, facts)),
            ),
            blinds=blinds,
            history=history,
            seal=f"{digest[:4]} {digest[4:8]}",
            slot=review.said_so_far(order) + 1,
            slots=review.asked_now(order),
            maker=people.get(order.maker) or (shop.title if shop else order.maker),
            opened_at=self._opened[order.id, order.reviewed.revision],
            zone=shop.zone if shop else "Asia/Shanghai",
            why_not=self.desk.locked("sign_off", self._who.user) or _why_not(order, facts),
        )


FAULTS: Mapping[str, str] = {
    PLACE: N_("another town than the buyer wrote"),
    ARTICLE: N_("another article than the buyer ordered"),
    PIECES: N_("other pieces than the buyer ordered"),
    PRICE: N_("another price than was agreed"),
}


def reveal_of(drill: Drill) -> Reveal:
    """Say what a test was, and whether it was seen. Source: capabilities 10.3."""
    told = drill.told
    if told is None:
        raise ValueError(drill.id)
    said = N_("A test, seen: {what}.") if told.is_found else N_("A test, missed: {what}.")
    text = Text(said, {"what": Text(FAULTS.get(told.fault, told.fault))})
    return Reveal(number=drill.shown.number, is_found=told.is_found, text=text)


def _answer(drill: Drill, read_ms: int, *, is_pass: bool) -> AnswerDrill:
    return AnswerDrill(
        person=drill.person, drill=drill.id, mistake=drill.mistake, is_pass=is_pass, read_ms=read_ms
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
    if region.country != "CN":
        place = written(region, order.receiver.street)
    lines = []
    for line in reversed(order.lines):
        sku = facts.refs.articles.get(line.sku)
        is_hidden = line.id in blind and line.id not in right
        lines.append((sku.title if sku else line.sku, pieces(line.sku, line.qty), is_hidden))
    to = (N_("Ship to"), place, False)
    who = (N_("Receiver"), f"{mask_name(order.receiver.name)} {mask_phone(order.receiver.phone)}", False)
    return (to, who, *lines)


def _turned(fields: tuple[Field, ...], by: int) -> tuple[Field, ...]:
    """Begin elsewhere for each further reviewer: no two read the fields in the same order."""
    at = by % len(fields) if fields else 0
    return (*fields[at:], *fields[:at])


def _why_not(order: Order, facts: Facts) -> Text | None:
    if facts.by.user == order.maker:
        return Text(N_("You changed this order last; another person must sign."))
    if facts.by.user in review.reviewed_by(order):
        return Text(N_("You looked already; another person must look too."))
    stop = may_not_sign(order, facts)
    return stop.text if stop is not None else None
