"""The exception inbox: what waits, one card with the repair and its effect, one key, undo."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app import bulk
from app.command import Command, Facts
from app.commands.recheck import Recheck
from app.desk import Undo, ver_of, zone_of
from app.domain.order import Order
from app.domain.working_time import calendar_of
from app.duty_acts import DONE, LEAVES, command_of, is_duty, laters, named
from app.engine import spec_of
from app.freeing import others_waiting, undo_of
from app.inbox_reading import InboxReading
from app.kinds import KINDS, kind_of
from app.laid_out import SHOW
from app.once_more import AGAIN, SIDES, redone
from app.ports import Views
from app.snag import repair_of
from app.snag_card import Row, taken_by
from app.text import N_, Text
from app.trouble import Trouble

TITLES = {code: kind.title for code, kind in KINDS.items()}
"""What the types are called."""


class Inbox(InboxReading):
    """Verbs of the inbox page."""

    # --- one exception ------------------------------------------------------------------------------

    async def repair(self, key: str, code: str) -> None:
        """Apply one repair to one exception; the next card is selected, undo is offered."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if row is None:
            return
        if code in AGAIN:
            await self._choose_side(row, code)
            return
        if code == SHOW:
            await self._show_text(row)
            return
        found = await self.desk.look(Views.order, row.snag.id, self.desk.login)
        if found is None:
            await self._let_go(row, code)
            return
        order, facts = found
        repair = repair_of(kind_of(row.snag.kind, facts.refs.snag_rules), code)
        if repair is None:
            return
        if order.snag(row.snag.kind) is None:
            await self._is_over()
            return
        if (taken := taken_by(row.snag, self.desk.login)) is not None:
            self._say(taken)
            return
        command = repair.build(order, facts)
        if command is None:
            self._say(Text(N_("This repair does not fit any more. Choose another.")))
            return
        card = self.state.card
        if card is not None and card.row.key == key and card.commands.get(code, command) != command:
            await self.refresh()
            self._say(Text(N_("It changed while you looked. Read it, then press the key again.")))
            return
        await self._give(row, command, order.number, Text(repair.label), ver_of(command, order), is_left=True)

    async def duty(self, key: str, code: str, *, later: str = "", reason: str = "") -> None:
        """Take it, give it back, put it off, send it to the lead; what needs more words asks for them."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if not is_duty(code):
            return
        if row is None:
            await self._is_over()
            return
        if (code == "snooze" and not later) or (code == "escalate" and not reason):
            await self._ask(row, code)
            return
        chosen = next((each for each in self.state.laters if each.code == later), None)
        command = command_of(code, row.snag, later=chosen, reason=reason)
        if command is None:
            return
        self._claiming.discard(key)
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

    async def _is_over(self) -> None:
        """Say that somebody or something else was faster, and go on to what is open."""
        self.stop_asking()
        await self.refresh()
        self._say(Text(N_("This exception is over already. Nothing was done.")))

    async def _give(
        self, row: Row, command: Command, number: str, said: Text, seen_ver: int | None, *, is_left: bool
    ) -> None:
        """Give a command; where the card is left by it, the next one stands there before the disk answers."""
        because = "" if is_duty(spec_of(command).code) else row.snag.kind
        async with self._by_hand:
            if is_left:
                self.show(msgspec.structs.replace(self._advanced(row.key), asking="", notice=None))
            try:
                others = await others_waiting(self.desk, command)
                done = await self.desk.submit(command, because, seen_ver)
            except Trouble:
                if is_left:
                    await self._back_to(row)
                raise
            if done.refusal is not None:
                self._claiming.discard(row.key)
                if is_left:
                    await self._back_to(row)
                self.show(msgspec.structs.replace(self.state, asking="", notice=done.refusal.text))
                return
            undo = undo_of(done, said, number, others, row.snag.kind)
            self.show(msgspec.structs.replace(self.state, asking="", undo=undo, notice=None))
        await self._load(changes=done.changes)
        if isinstance(command, Recheck) and any(each.key == row.key for each in self.state.rows):
            self._say(Text(N_("{number} stays here until something has changed."), {"number": number}))

    async def _back_to(self, row: Row) -> None:
        """Stand on a card again that was left too early."""
        await self.refresh()
        await self.choose(row.key)

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
        self._ahead, self._news = {}, None
        self._claiming -= {row.key for row in rows}
        if code == "claim":
            self._claiming |= {row.key for row in rows}
        try:
            done = await bulk.apply_to_all(self.desk, rows, build, step, is_repair=not is_duty(code))
        except BaseException:  # whoever gave the key has left, or worse: the page goes on
            self.show(msgspec.structs.replace(self.state, progress=None))
            raise
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
        """Take the last repair back, or all that one key did; one that is being given counts already."""
        async with self._by_hand:
            undo = self.state.undo
            if undo is None:
                return
            self.show(msgspec.structs.replace(self.state, undo=None))
        left, refused = [undo.command, *undo.more], list[Text]()
        self._claiming -= {f"{named(each)}:{getattr(each, 'kind', '')}" for each in left}
        try:
            while left:
                refused += await bulk.take_back(self.desk, left[: bulk.STEP])
                del left[: bulk.STEP]
        except Trouble:  # what is not taken back yet can still be
            rest = msgspec.structs.replace(undo, command=left[0], more=tuple(left[1:]))
            self.show(msgspec.structs.replace(self.state, undo=rest))
            raise
        await self.refresh()
        if not undo.more and not refused:
            await self.choose(f"{named(undo.command)}:{undo.kind}")
        if refused:
            self._say(refused[0])

    def forget_undo(self) -> None:
        """The time to take it back has passed."""
        self.show(msgspec.structs.replace(self.state, undo=None))

    # --- cards --------------------------------------------------------------------------------------

    async def _let_go(self, row: Row, code: str) -> None:
        repair = next((r for r in kind_of(row.snag.kind).case_repairs if r.code == code), None)
        command = repair.build(row.snag.id) if repair is not None else None
        if repair is None or command is None:
            return
        done = await self.desk.submit(command, row.snag.kind)
        state, undo = self.state, None
        if done.refusal is None:
            state = self._advanced(row.key)
        if done.inverse is not None:
            undo = Undo(text=Text(repair.label), number="", command=done.inverse, kind=row.snag.kind)
        notice = done.refusal.text if done.refusal else None
        self.show(msgspec.structs.replace(state, undo=undo or state.undo, notice=notice))
        await self.refresh()

    async def _show_text(self, row: Row) -> None:
        """Show what came and nobody could read, beside its card."""
        try:
            text = await self.desk.ask_hub(lambda hub: hub.raw(row.snag.id))
        except Trouble as trouble:
            self._say(trouble.hint)
            return
        card = self.state.card
        if card is not None and card.row.key == row.key:
            shown = msgspec.structs.replace(card, original=text)
            self.show(msgspec.structs.replace(self.state, card=shown, notice=None))

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
