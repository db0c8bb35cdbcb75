"""The exception inbox: what waits, one card with the repair and its effect, one key, undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from app.command import Facts
from app.compare import SideRow
from app.desk import Act, Desk, Limit, Screen, Undo, limit, zone_of
from app.domain.address import read
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order
from app.engine import KINDS, spec_of
from app.guides import by_hand
from app.once_more import AGAIN, SIDES, form_of, redone, sides_of
from app.ports import Again, Changes, HistoryRow, SnagRow, Views, touches
from app.preview import DiffRow, Effect, Preview, previewed
from app.snag import Kind, Repair
from app.text import N_, Text

SPLITS = ("all", "urgent", "returns", "mine")
RETURNS = frozenset({"return_due", "exchange_due"})
"""Exceptions of after-sales cases: a split of their own."""
URGENT_PCT = 75


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list; carries every id its keys need."""

    key: str
    snag: SnagRow
    title: str
    limit: Limit


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The selected exception, laid out: sentence, diff, effects, evidence, keys."""

    row: Row
    pieces: int = 0
    consequence: str = ""
    preview: Preview | None = None
    others: tuple[tuple[str, str], ...] = ()
    """(severity, title) of the order's other exceptions."""
    history: tuple[HistoryRow, ...] = ()
    original: str = ""
    offending: tuple[str, ...] = ()
    note: str = ""
    evidence: tuple[tuple[str, Text], ...] = ()
    """(mark, sentence)"""
    why: tuple[str, ...] = ()
    detail: Text | None = None
    acts: tuple[Act, ...] = ()
    lines: tuple[tuple[str, int, int], ...] = ()
    """(article, pieces, price of one in minor units)"""
    form: str = ""
    """The guide that `Enter` opens; empty where there is none."""
    sides: tuple[SideRow, ...] = ()
    """A change somebody else was faster with, from all three sides."""
    order: str = ""
    """The order a case is about."""
    zone: str = "UTC"

    @property
    def diff(self) -> tuple[DiffRow, ...]:
        """Fields before and after the first repair."""
        return self.preview.rows if self.preview else ()

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What else the first repair moves."""
        return self.preview.effects if self.preview else ()


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[Row, ...] = ()
    split: str = "all"
    counts: tuple[tuple[str, int], ...] = ()
    text: str = ""
    card: Card | None = None
    undo: Undo | None = None
    notice: Text | None = None
    repaired_today: int = 0
    waiting: int = 0
    now: datetime | None = None
    is_loaded: bool = False


class Inbox(Screen[State]):
    """Verbs of the inbox page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._sides: dict[str, dict[str, str]] = {}
        """Which side was chosen of which part, by case."""

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the list again, keep the selection where it was."""
        if changes is not None and not touches(changes, "order", "case", "sku_map", "stock", "rules"):
            return
        found = await self.desk.look(
            Views.snags, text=self.state.text, is_masked=not self.desk.reads_people()
        )
        now = await self.desk.now()
        rows = tuple(_row(snag, limit(snag.opened_at, snag.due_at, now)) for snag in found)
        shown = tuple(row for row in rows if _in_split(row, self.state.split))
        if not self.state.is_loaded:  # the first list does not wait for its card
            self.show(self._listed(rows, shown, now))
        repaired = await self.desk.look(Views.repaired)
        selected = self._selected(shown)
        card = await self._card(selected) if selected else None
        self.show(msgspec.structs.replace(self._listed(rows, shown, now), card=card, repaired_today=repaired))

    def _listed(self, rows: tuple[Row, ...], shown: tuple[Row, ...], now: datetime) -> State:
        return msgspec.structs.replace(
            self.state,
            rows=shown,
            counts=tuple((s, sum(1 for r in rows if _in_split(r, s))) for s in SPLITS),
            waiting=len(rows),
            now=now,
            is_loaded=True,
        )

    async def choose(self, key: str) -> None:
        """Show another card."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if row is not None:
            self.show(msgspec.structs.replace(self.state, card=await self._card(row), notice=None))

    async def filter(self, text: str) -> None:
        """Narrow the list by type, shop, buyer, number."""
        self.show(msgspec.structs.replace(self.state, text=text))
        await self.refresh()

    async def turn(self, split: str) -> None:
        """Show another part of the list."""
        self.show(msgspec.structs.replace(self.state, split=split))
        await self.refresh()

    async def repair(self, key: str, code: str) -> None:
        """Apply one repair to one exception; the next card is selected, undo is offered."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if row is None:
            return
        if code in AGAIN:
            await self._choose_side(row, code)
            return
        found = await self.desk.look(Views.order, row.snag.id, self.desk.login)
        repair = _repair(KINDS[row.snag.kind], code)
        if found is None or repair is None:
            await self._let_go(row, code)
            return
        order, facts = found
        command = repair.build(order, facts)
        if command is None:
            self._say(Text(N_("This repair does not fit any more. Choose another.")))
            return
        done = await self.desk.submit(command, row.snag.kind, order.ver)
        if done.refusal is not None:
            self._say(done.refusal.text)
            return
        undo = None
        if done.inverse is not None:
            undo = Undo(
                text=Text(repair.label), number=order.number, command=done.inverse, kind=row.snag.kind
            )
        self._advance(key)
        self.show(msgspec.structs.replace(self.state, undo=undo, notice=None))
        await self.refresh()

    async def undo(self) -> None:
        """Take the last repair back."""
        undo = self.state.undo
        if undo is None:
            return
        done = await self.desk.submit(undo.command, "undo")
        await self.refresh()
        if done.refusal is None:
            await self.choose(f"{getattr(undo.command, 'order', '')}:{undo.kind}")
        notice = done.refusal.text if done.refusal else None
        self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))

    def forget_undo(self) -> None:
        """The time to take it back has passed."""
        self.show(msgspec.structs.replace(self.state, undo=None))

    async def _let_go(self, row: Row, code: str) -> None:
        repair = next((r for r in KINDS[row.snag.kind].case_repairs if r.code == code), None)
        if repair is None:
            return
        done = await self.desk.submit(repair.build(row.snag.id), row.snag.kind)
        self._advance(row.key)
        self.show(msgspec.structs.replace(self.state, notice=done.refusal.text if done.refusal else None))
        await self.refresh()

    def _say(self, text: Text) -> None:
        self.show(msgspec.structs.replace(self.state, notice=text))

    def _selected(self, rows: tuple[Row, ...]) -> Row | None:
        key = self.state.card.row.key if self.state.card else ""
        return next((row for row in rows if row.key == key), rows[0] if rows else None)

    def _advance(self, key: str) -> None:
        rows = self.state.rows
        at = next((i for i, row in enumerate(rows) if row.key == key), 0)
        left = rows[:at] + rows[at + 1 :]
        card = Card(row=left[min(at, len(left) - 1)]) if left else None
        self.show(msgspec.structs.replace(self.state, rows=left, card=card))

    async def _card(self, row: Row) -> Card:
        kind = KINDS[row.snag.kind]
        found = await self.desk.look(Views.order, row.snag.id, self.desk.login)
        if found is None:
            return await self._case(row, kind)
        order, facts = found
        history = await self.desk.look(Views.history, order.id)
        commands = [repair.build(order, facts) for repair in kind.repairs]
        shown = [
            await previewed(self.desk, command, order) if command is not None else None
            for command in commands
        ]
        offs = [self.desk.off(spec_of(c).code) if c is not None else None for c in commands]
        return _card(row, kind, order, facts, shown, offs, tuple(history), self.desk.may)

    async def _case(self, row: Row, kind: Kind) -> Card:
        """A delivery, or a command of this desk that was refused: what was asked, and how to go on."""
        case = await self.desk.look(Views.case, row.snag.id)
        again = await self.desk.look(Views.again, row.snag.id)
        detail = case[1] if case else None
        chosen = self._sides.get(row.snag.id, {})
        sides: tuple[SideRow, ...] = ()
        if again is not None and again.order is not None and again.parts:
            refs = await self.desk.look(Views.refs)
            zone = zone_of(refs, again.order.shop)
            sides = sides_of(again, chosen, zone, is_masked=not self.desk.reads_people())
        acts = _case_acts(kind, again, sides, self.desk)
        order = again.order.id if again is not None and again.order is not None else ""
        form = next((act.form for act in acts if act.form), "")
        return Card(
            row=row, consequence=kind.hint, detail=detail, acts=acts, sides=sides, order=order, form=form
        )

    async def _choose_side(self, row: Row, code: str) -> None:
        """Take one side of the part that is asked first; when none is open any more, do it again."""
        case = row.snag.id
        again = await self.desk.look(Views.again, case)
        if again is None:
            return
        chosen = self._sides.setdefault(case, {})
        waiting = [part for part in again.parts if part not in chosen]
        if waiting and code in SIDES:
            chosen[waiting[0]] = code
            if len(waiting) > 1:
                self.show(msgspec.structs.replace(self.state, card=await self._card(row), notice=None))
                return
        del self._sides[case]
        command = redone(again, tuple(part for part, side in chosen.items() if side == "theirs"))
        if command is not None:
            done = await self.desk.submit(command, "again", again.order.ver if again.order else None)
            if done.refusal is not None and done.refusal.code != "unchanged":
                self._say(done.refusal.text)
                return
        await self._let_go(row, "let_go")


def _case_acts(kind: Kind, again: Again | None, sides: tuple[SideRow, ...], desk: Desk) -> tuple[Act, ...]:
    """Say how a case goes on: choose a side, do it again, type something else, or let it go."""
    acts: list[Act] = []
    off = desk.off(spec_of(again.command).code) if again is not None else None
    if any(side.is_disputed for side in sides):
        acts.append(Act(code="mine", label=N_("Keep mine"), key="1", is_ready=off is None, reason=off))
        acts.append(Act(code="theirs", label=N_("Keep theirs"), key="2"))
    elif again is not None:
        acts.append(Act(code="again", label=N_("Do it again"), key="1", is_ready=off is None, reason=off))
    if again is not None and (form := form_of(again)):
        acts.append(Act(code="guide", label=N_("Type another"), key="Enter", form=form))
    first = len([act for act in acts if act.key.isdigit()]) + 1
    acts += [Act(code=r.code, label=r.label, key=str(i)) for i, r in enumerate(kind.case_repairs, first)]
    ready = next((i for i, act in enumerate(acts) if act.is_ready), None)
    if ready is not None:
        acts[ready] = msgspec.structs.replace(acts[ready], kind="primary")
    return tuple(acts)


def _row(snag: SnagRow, left: Limit) -> Row:
    return Row(key=f"{snag.id}:{snag.kind}", snag=snag, title=KINDS[snag.kind].title, limit=left)


def _in_split(row: Row, split: str) -> bool:
    if split == "urgent":
        return row.limit.used_pct >= URGENT_PCT
    if split == "returns":
        return row.snag.kind in RETURNS
    if split == "mine":
        return row.snag.pending
    return True


def _repair(kind: Kind, code: str) -> Repair | None:
    return next((r for r in kind.repairs if r.code == code), None)


def _card(
    row: Row,
    kind: Kind,
    order: Order,
    facts: Facts,
    previews: Sequence[Preview | None],
    offs: Sequence[Text | None],
    history: tuple[HistoryRow, ...],
    may: Callable[[str], bool],
) -> Card:
    acts: list[Act] = []
    first: Preview | None = None
    for i, (repair, shown, off) in enumerate(zip(kind.repairs, previews, offs, strict=True), 1):
        refusal = off or (shown.refusal.text if shown and shown.refusal else None)
        if shown is None:
            refusal = Text(repair.off)
        if first is None and shown is not None and shown.refusal is None:
            first = shown
        is_primary = refusal is None and not any(a.kind == "primary" for a in acts)
        acts.append(
            Act(
                code=repair.code,
                label=repair.label,
                key=str(i),
                kind="primary" if is_primary else "plain",
                is_ready=refusal is None,
                reason=refusal,
            )
        )
    guide = by_hand(kind.form, order, facts, may) if kind.form else ""
    if guide:
        acts.append(Act(code="guide", label=guide, key="Enter", form=kind.form))
    original, offending, evidence = (
        _reading(order, facts) if kind.code == "address_unparsed" else ("", (), ())
    )
    return Card(
        row=row,
        pieces=sum(line.qty for line in order.lines),
        consequence=kind.hint,
        preview=first,
        others=tuple((s.severity, KINDS[s.kind].title) for s in order.snags if s.kind != kind.code),
        history=history,
        original=original or order.receiver.note,
        offending=offending,
        note=order.receiver.note,
        evidence=evidence,
        why=tuple(r.why for r in kind.repairs if r.why),
        acts=tuple(acts),
        form=kind.form if guide else "",
        lines=tuple((ln.title or ln.ext_sku, ln.qty, ln.unit_price_minor) for ln in order.lines),
        zone=zone_of(facts.refs, order.shop),
    )


def _reading(order: Order, facts: Facts) -> tuple[str, tuple[str, ...], tuple[tuple[str, Text], ...]]:
    receiver, region = order.receiver, order.region
    written = receiver.raw or " ".join(
        filter(None, (region.province, region.city, region.district, receiver.street))
    )
    shown = f"{written} {mask_name(receiver.name)} {mask_phone(receiver.phone)}".strip()
    if facts.refs.gazetteer is None or region.country != "CN":
        return shown, (), ()
    reading = read(
        written,
        facts.refs.gazetteer,
        province=region.province,
        city=region.city,
        district=region.district,
        postcode=region.postcode,
        phone=receiver.phone,
    )
    marks = {"kept": "met", "added": "waits", "replaced": "waits", "doubtful": "stops"}
    evidence = tuple((marks[p.verdict], p.reason) for p in reading.parts if p.reason.message)
    replaced = tuple(p.before for p in reading.parts if p.verdict == "replaced")
    return shown, (*reading.offending, *replaced), evidence
