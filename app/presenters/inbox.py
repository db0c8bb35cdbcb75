"""The exception inbox: what waits, one card with the repair and its effect, one key, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from app import bulk
from app.command import Command, Facts
from app.desk import Desk, Screen, Undo, ver_of, zone_of
from app.domain.order import Order
from app.domain.working_time import calendar_of
from app.duty_acts import DONE, LEAVES, Later, command_of, is_duty, laters, named
from app.engine import spec_of
from app.kinds import KINDS, kind_of
from app.laid_out import lay_out
from app.once_more import AGAIN, SIDES, redone
from app.ports import Changes, Login, Views, touches
from app.snag import repair_of
from app.snag_card import Card, Row, row_of, taken_by
from app.text import N_, Text

AHEAD = 2
"""So many cards are laid out before they are asked for."""
TITLES = {code: kind.title for code, kind in KINDS.items()}
"""What the types are called."""
ROWS, STEP, BEHIND = 200, 100, 150
"""Rows loaded at first, so many more where a hand comes near their end, and kept behind it."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[Row, ...] = ()
    """Those around the card; `start` of the split stand above them, and `has_more` says that some follow."""
    start: int = 0
    has_more: bool = False
    split: str = ""
    """One of `SPLITS`; empty until it is known whether anything is this person's own."""
    counts: tuple[tuple[str, int], ...] = ()
    text: str = ""
    card: Card | None = None
    undo: Undo | None = None
    notice: Text | None = None
    repaired_today: int = 0
    waiting: int = 0
    now: datetime | None = None
    is_loaded: bool = False
    asking: str = ""
    """What the bar asks before it can go on: snooze (until when) | escalate (why)."""
    laters: tuple[Later, ...] = ()
    reasons: tuple[tuple[str, Text], ...] = ()
    """(key, why) of those for which a key given for many did nothing; they stay chosen."""
    zone: str = "UTC"
    progress: tuple[int, int] | None = None
    """(done, all) while one key works for many."""


class Inbox(Screen[State]):
    """Verbs of the inbox page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._sides: dict[str, dict[str, str]] = {}
        """Which side was chosen of which part, by case."""
        self._ahead: dict[str, Card] = {}
        """Cards laid out before they are asked for; every change begins it anew."""
        self._left: Card | None = None
        self._seated = ""
        self._claiming: set[str] = set()
        """What was claimed here and the hub has not said yet whose it is."""
        self._size = ROWS
        self._titles: Mapping[str, str] = {}

    def called(self, titles: Mapping[str, str]) -> None:
        """Hear what the types are called in the language of the screen, so that the filter finds them."""
        self._titles = titles

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the list again, keep the selection where it was."""
        if changes is not None and not touches(changes, "order", "case", "sku_map", "stock", "rules", "user"):
            return
        if self.state.progress is not None:
            return
        await self._load()

    async def _load(self, place: int = 0) -> None:
        """Load what is around the card, or the beginning (-1) or the end (1) of the split."""
        login = self.desk.login
        self._sit_down(login)
        words: dict[str, Any] = {"text": self.state.text, "titles": self._titles}
        words["is_masked"] = not self.desk.reads_people()
        counts = await self.desk.look(Views.snag_counts, login, **words)
        split = self.state.split or ("mine" if counts["mine"] else "group")
        if place:
            self._size = ROWS
        start = max(0, min(self.state.start, counts[split] - self._size)) if not place else 0
        start = max(0, counts[split] - ROWS) if place > 0 else start
        part: dict[str, Any] = {"split": split, "start": start, "limit": self._size}
        found = await self.desk.look(Views.snags, login=login, **part, **words)
        now, zone = await self.desk.now(), zone_of(await self.desk.look(Views.refs))
        rows = tuple(row_of(snag, now) for snag in found)
        self._ahead, self._left = {}, None
        listed: dict[str, Any] = {"rows": rows, "split": split, "counts": tuple(counts.items())}
        listed |= {"start": start, "has_more": start + len(rows) < counts[split]}
        listed |= {"waiting": counts["group"], "now": now, "zone": zone, "is_loaded": True}
        if not self.state.is_loaded:  # the first list does not wait for its card
            self.show(msgspec.structs.replace(self.state, **listed))
        repaired, lost = await self.desk.look(Views.repaired), await self._lost()
        selected = self._selected(rows, lost[0] if lost is not None else "")
        if place and rows:
            selected = rows[-1 if place > 0 else 0]
        card = await self._card(selected) if selected else None
        here = {row.key for row in rows}
        listed |= {"reasons": tuple(each for each in self.state.reasons if each[0] in here)}
        if lost is not None:
            listed["notice"] = lost[1]
        self.show(msgspec.structs.replace(self.state, **listed, card=card, repaired_today=repaired))

    def _sit_down(self, login: Login) -> None:
        """Begin with what is this person's own, whoever sat here before."""
        if login.login_id != self._seated:
            self._seated = login.login_id
            self._claiming.clear()
            self._size = ROWS
            self.show(msgspec.structs.replace(self.state, split="", start=0, asking="", reasons=()))

    async def choose(self, key: str) -> None:
        """Show another card; one that was laid out beforehand is there at once."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if row is not None:
            card = self._ahead.get(key) or await self._card(row)
            if key not in {r.key for r in self.state.rows}:
                return  # the list went elsewhere meanwhile
            self._left = self.state.card
            self.show(msgspec.structs.replace(self.state, card=card, notice=None, asking=""))

    async def prepare(self) -> None:
        """Lay out the cards that come next, so that a key finds them ready."""
        keys = [row.key for row in self.state.rows]
        here = self.state.card.row.key if self.state.card is not None else ""
        if here not in keys:
            return
        at, ahead = keys.index(here), self._ahead
        near = (*self.state.rows[at + 1 : at + 1 + AHEAD], *self.state.rows[max(at - 1, 0) : at])
        for key in ahead.keys() - {row.key for row in near} - {here}:
            del ahead[key]
        if self._left is not None:  # the way back is as short
            ahead.setdefault(self._left.row.key, self._left)
        for row in near:
            if row.key not in ahead:
                card = await self._card(row)
                if ahead is not self._ahead:  # something changed meanwhile
                    return
                ahead[row.key] = card

    async def filter(self, text: str) -> None:
        """Narrow the list by type, shop and channel, buyer, owner, number."""
        self._size = ROWS
        self.show(msgspec.structs.replace(self.state, text=text, start=0))
        await self.refresh()

    async def further(self, way: int, *, keeps: bool) -> None:
        """Load more below (1) or above (-1); what lies far behind goes, unless it `keeps` what is chosen."""
        state = self.state
        keys = [row.key for row in state.rows]
        here = state.card.row.key if state.card is not None else ""
        at = state.start + (keys.index(here) if here in keys else 0)
        start, end = state.start, state.start + len(keys)
        if way > 0:
            end, start = end + STEP, start if keeps else max(start, at - BEHIND)
        else:
            start, end = max(0, start - STEP), end if keeps else min(end, at + BEHIND)
        self._size = end - start
        self.show(msgspec.structs.replace(state, start=start))
        await self.refresh()

    async def jump(self, way: int) -> None:
        """Go to the end (1) or to the beginning (-1) of the split."""
        await self._load(way)

    async def turn(self, split: str) -> None:
        """Show another part of the list."""
        self._size = ROWS
        self.show(msgspec.structs.replace(self.state, split=split, start=0, asking=""))
        await self.refresh()

    # --- one exception ------------------------------------------------------------------------------

    async def repair(self, key: str, code: str) -> None:
        """Apply one repair to one exception; the next card is selected, undo is offered."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if row is None:
            return
        if code in AGAIN:
            await self._choose_side(row, code)
            return
        found = await self.desk.look(Views.order, row.snag.id, self.desk.login)
        if found is None:
            await self._let_go(row, code)
            return
        order, facts = found
        repair = repair_of(kind_of(row.snag.kind, facts.refs.snag_rules), code)
        if repair is None:
            return
        if (taken := taken_by(row.snag, self.desk.login)) is not None:
            self._say(taken)
            return
        command = repair.build(order, facts)
        if command is None:
            self._say(Text(N_("This repair does not fit any more. Choose another.")))
            return
        await self._give(row, command, order.number, Text(repair.label), ver_of(command, order), is_left=True)

    async def duty(self, key: str, code: str, *, later: str = "", reason: str = "") -> None:
        """Take it, give it back, put it off, send it to the lead; what needs more words asks for them."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if row is None or not is_duty(code):
            return
        if (code == "snooze" and not later) or (code == "escalate" and not reason):
            await self._ask(row, code)
            return
        chosen = next((each for each in self.state.laters if each.code == later), None)
        command = command_of(code, row.snag, later=chosen, reason=reason)
        if command is None:
            return
        self.show(msgspec.structs.replace(self.state, asking=""))
        if code == "claim":
            self._claiming.add(key)
        is_left = code in LEAVES or code == "wake"
        await self._give(row, command, row.snag.number, Text(DONE[code]), None, is_left=is_left)

    async def _ask(self, row: Row, code: str) -> None:
        card = self.state.card
        refs = await self.desk.look(Views.refs)
        calendar = calendar_of(row.snag.shop, refs.shifts.values(), refs.holidays)
        duty = card.duty if card is not None and card.row.key == row.key else None
        found = laters(duty, await self.desk.now(), calendar, zone_of(refs, row.snag.shop))
        self.show(msgspec.structs.replace(self.state, asking=code, laters=found, notice=None))

    def stop_asking(self) -> None:
        """Go back to the keys of the card."""
        self.show(msgspec.structs.replace(self.state, asking=""))

    async def _give(
        self, row: Row, command: Command, number: str, said: Text, seen_ver: int | None, *, is_left: bool
    ) -> None:
        because = "" if is_duty(spec_of(command).code) else row.snag.kind
        done = await self.desk.submit(command, because, seen_ver)
        if done.refusal is not None:
            self._claiming.discard(row.key)
            self._say(done.refusal.text)
            return
        undo = None
        if done.inverse is not None:
            undo = Undo(text=said, number=number, command=done.inverse, kind=row.snag.kind)
        if is_left:
            self._advance(row.key)
        self.show(msgspec.structs.replace(self.state, undo=undo, notice=None))
        await self.refresh()

    async def _lost(self) -> tuple[str, Text] | None:
        """Return what was claimed here and somebody else has, who was faster. Source: capabilities 5.4."""
        me, lost = self.desk.login.user.code, None
        for key in sorted(self._claiming):
            id_, _, kind = key.rpartition(":")
            row = await self.desk.look(Views.snag, id_, kind)
            is_open = await self.desk.look(Views.is_unanswered, id_)
            if is_open or (row is not None and not row.owner):
                continue  # the hub has not said, or what it said is on its way
            self._claiming.discard(key)
            if row is not None and row.owner != me:
                who: dict[str, str | int | Text] = {"who": row.owner_title, "number": row.number or row.id}
                lost = key, Text(N_("{who} was faster with {number}."), who)
        return lost

    # --- many at once -------------------------------------------------------------------------------

    async def for_all(self, keys: Sequence[str], code: str, *, later: str = "", reason: str = "") -> None:
        """Give one key for many: each answers by itself, those it does not fit stay chosen and say why."""
        rows = [row for row in self.state.rows if row.key in set(keys)]
        if not rows:
            return
        if (code == "snooze" and not later) or (code == "escalate" and not reason):
            await self._ask(rows[0], code)
            return
        chosen = next((each for each in self.state.laters if each.code == later), None)

        def build(row: Row, found: tuple[Order, Facts] | None) -> Command | None:
            if is_duty(code):
                return command_of(code, row.snag, later=chosen, reason=reason)
            if found is None:
                return None
            order, facts = found
            repair = repair_of(kind_of(row.snag.kind, facts.refs.snag_rules), code)
            return repair.build(order, facts) if repair is not None else None

        def step(done: int) -> None:
            self.show(msgspec.structs.replace(self.state, progress=(done, len(rows)), asking=""))

        step(0)
        self._ahead = {}
        if code == "claim":
            self._claiming |= {row.key for row in rows}
        done = await bulk.apply_to_all(self.desk, rows, build, step, is_repair=not is_duty(code))
        self._claiming -= {key for key, _ in done.failed}
        self.show(
            msgspec.structs.replace(
                self.state,
                progress=None,
                undo=bulk.undo_of(done),
                reasons=done.failed,
                notice=bulk.said(done),
            )
        )
        await self.refresh()

    # --- taking back --------------------------------------------------------------------------------

    async def undo(self) -> None:
        """Take the last repair back, or all that one key did."""
        undo = self.state.undo
        if undo is None:
            return
        refused = []
        for command in (undo.command, *undo.more):
            done = await self.desk.submit(command, "undo")
            refused += [done.refusal.text] if done.refusal is not None else []
        await self.refresh()
        if not undo.more and not refused:
            await self.choose(f"{named(undo.command)}:{undo.kind}")
        notice = refused[0] if refused else None
        self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))

    def forget_undo(self) -> None:
        """The time to take it back has passed."""
        self.show(msgspec.structs.replace(self.state, undo=None))

    # --- cards --------------------------------------------------------------------------------------

    async def _let_go(self, row: Row, code: str) -> None:
        repair = next((r for r in kind_of(row.snag.kind).case_repairs if r.code == code), None)
        if repair is None:
            return
        done = await self.desk.submit(repair.build(row.snag.id), row.snag.kind)
        if done.refusal is None:
            self._advance(row.key)
        self.show(msgspec.structs.replace(self.state, notice=done.refusal.text if done.refusal else None))
        await self.refresh()

    def _say(self, text: Text) -> None:
        self.show(msgspec.structs.replace(self.state, notice=text))

    def _selected(self, rows: tuple[Row, ...], lost: str = "") -> Row | None:
        """Return the row of the card; where it was lost to somebody else, the one after it."""
        key = self.state.card.row.key if self.state.card else ""
        if key and key == lost:
            before = [row.key for row in self.state.rows]
            after = before[before.index(key) + 1 :] if key in before else []
            return next((row for row in rows if row.key in after), rows[0] if rows else None)
        return next((row for row in rows if row.key == key), rows[0] if rows else None)

    def _advance(self, key: str) -> None:
        rows = self.state.rows
        at = next((i for i, row in enumerate(rows) if row.key == key), 0)
        left = rows[:at] + rows[at + 1 :]
        row = left[min(at, len(left) - 1)] if left else None
        card = (self._ahead.get(row.key) or Card(row=row)) if row is not None else None
        self.show(msgspec.structs.replace(self.state, rows=left, card=card))

    async def _card(self, row: Row) -> Card:
        return await lay_out(self.desk, row, self._sides.get(row.snag.id, {}))

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
                card = await self._card(row)
                self.show(msgspec.structs.replace(self.state, card=card, notice=None))
                return
        del self._sides[case]
        command = redone(again, tuple(part for part, side in chosen.items() if side == "theirs"))
        if command is not None:
            done = await self.desk.submit(command, "again", again.order.ver if again.order else None)
            if done.refusal is not None and done.refusal.code != "unchanged":
                self._say(done.refusal.text)
                return
        await self._let_go(row, "let_go")
