"""Plan together: the orders that leave next, sourced as one; one key moves those that others need."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from app import engine
from app.bulk import take_back
from app.command import Facts
from app.commands.change_warehouse import ChangeWarehouse
from app.desk import Act, Desk, Screen, Undo, zone_of
from app.domain.order import Order
from app.domain.values import Key, order_key
from app.lanes import Lane
from app.ports import Changes, Given, Submitted, Views, Wanted
from app.text import N_, Text
from app.together import LeftS, Move, Stay, Together, planned

MOST = 300
"""Orders that are planned together, those that must leave first."""
SECONDS = 10.0
"""The best plan found by then is shown."""
PLANNED, ASKED, MOVED, LEFT, BACK = "planned", "asked", "moved", "left", "back"
_VERB = "change_warehouse"
_DONE, _FAILED = frozenset({"accepted", "protected"}), frozenset({"refused", "conflict", "closed"})
_LOOKS = engine.SPECS["recheck"].type
_CHANGED = Text(N_("It has changed since. Plan again."))
_NO_RIGHT = Text(N_("You may look. Who may send orders from elsewhere moves them."))


def _unhurried(_seconds: float) -> LeftS:
    return lambda: math.inf


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One move and what became of it. `state`: planned | asked | moved | left (`said` why) | back."""

    move: Move
    state: str = PLANNED
    said: Text | None = None
    n: int = 0


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[Row, ...] = ()
    stays: tuple[Stay, ...] = ()
    count: int = 0
    """How many were planned together."""
    is_all: bool = True
    saved: tuple[tuple[str, int], ...] = ()
    """What all moves save, by currency. Units: minor units."""
    titles: Mapping[str, str] = {}
    """What warehouses are called."""
    here: str = ""
    acts: tuple[Act, ...] = ()
    undo: Undo | None = None
    planned_at: datetime | None = None
    zone: str = "UTC"
    is_planning: bool = True
    notice: Text | None = None

    @property
    def current(self) -> Row | None:
        """The move under the keys."""
        return next((row for row in self.rows if row.move.order == self.here), None)

    @property
    def staying(self) -> Stay | None:
        """The order under the keys that was left out."""
        return next((one for one in self.stays if one.order == self.here), None)

    @property
    def is_begun(self) -> bool:
        """The key was pressed: what stands here is what became of it."""
        return any(row.state != PLANNED for row in self.rows)


class Wave(Screen[State]):
    """Verbs of the page."""

    def __init__(self, desk: Desk, lane: Lane, within: Callable[[float], LeftS] = _unhurried) -> None:
        """`lane` does the sums; `within` begins to count seconds down."""
        super().__init__(desk, State())
        self._lane, self._within = lane, within

    async def refresh(self, changes: Changes | None = None) -> None:
        """Plan when the page comes up; afterwards see what became of what was asked."""
        if changes is None and not self.state.is_begun:
            await self.plan()
        elif self.state.is_begun:
            await self._look_after()

    async def plan(self) -> None:
        """Source the orders that leave next anew, all together."""
        self._show(msgspec.structs.replace(self.state, is_planning=True, notice=None))
        rows = await self.desk.look(Views.floor, "", "released", MOST + 1)
        facts = await self._facts([row.id for row in rows[:MOST]])
        orders = [order for row in rows[:MOST] if (order := facts.order(row.id)) is not None]
        plan: Together = await self._lane.run(planned, orders, facts, self._within(SECONDS))
        refs = facts.refs
        self._show(
            State(
                rows=tuple(Row(move=move) for move in plan.moves),
                stays=plan.stays,
                count=plan.count,
                is_all=len(rows) <= MOST,
                saved=tuple(sorted(plan.saved.items())),
                titles={code: place.title for code, place in refs.warehouses.items()},
                here=self.state.here,
                planned_at=facts.now,
                zone=zone_of(refs),
                is_planning=False,
            )
        )

    async def _facts(self, ids: Sequence[str]) -> Facts:
        """Load the orders and all they are decided on, round by round."""
        login = self.desk.login
        keys = frozenset(map(order_key, ids))
        while True:
            facts = await self.desk.look(Views.known, keys, login)
            more = await self._lane.run(_pointed_to, ids, facts)
            if more <= keys:
                return facts
            keys |= more

    def choose(self, key: str) -> None:
        """Look at another line."""
        if key != self.state.here:
            self._show(msgspec.structs.replace(self.state, here=key))

    async def confirm(self, reason: str) -> None:
        """Ask for every move as a command of its own, all under one reason; what has changed is left out.

        Raises:
            Trouble: `disk_full`; nothing of it was kept.
        """
        rows = self.state.rows
        if self.state.is_begun or not rows or not self.desk.may(_VERB):
            return
        answers = await self.desk.submit_each([_wanted(row.move, reason) for row in rows])
        done = tuple(_answered(row, answer) for row, answer in zip(rows, answers, strict=True))
        back = [
            a.inverse for a in answers if isinstance(a, Submitted) and a.inverse is not None and not a.refusal
        ]
        undo = None
        if back:
            text = Text(N_("{count} sent from elsewhere"), {"count": len(back)})
            undo = Undo(text=text, number="", command=back[-1], more=tuple(reversed(back[:-1])))
        self._show(msgspec.structs.replace(self.state, rows=done, undo=undo))
        await self._look_after()

    async def undo(self) -> None:
        """Send all of them from where they were, the last one first."""
        undo = self.state.undo
        if undo is None:
            return
        said = await take_back(self.desk, (undo.command, *undo.more))
        if said:
            self._show(msgspec.structs.replace(self.state, undo=None, notice=said[0]))
            return
        rows = tuple(
            msgspec.structs.replace(row, state=BACK, n=0) if row.state in {ASKED, MOVED} else row
            for row in self.state.rows
        )
        self._show(msgspec.structs.replace(self.state, rows=rows, undo=None))

    async def _look_after(self) -> None:
        """See what the hub has answered by now."""
        asked = {row.n for row in self.state.rows if row.state == ASKED}
        if not asked:
            self._show(self.state)
            return
        told = {one.n: one for one in await self.desk.look(Views.outbox) if one.n in asked}
        keys = frozenset(order_key(row.move.order) for row in self.state.rows if row.n in asked)
        facts = await self.desk.look(Views.known, keys, self.desk.login)

        def now(row: Row) -> Row:
            one, order = told.get(row.n), facts.order(row.move.order)
            if row.state != ASKED:
                return row
            if one is not None and one.state in _FAILED:
                return msgspec.structs.replace(row, state=LEFT, said=one.error)
            is_there = order is not None and order.warehouse == row.move.after
            if is_there or (one is not None and one.state in _DONE):
                return msgspec.structs.replace(row, state=MOVED)
            return row

        self._show(msgspec.structs.replace(self.state, rows=tuple(now(row) for row in self.state.rows)))

    def _show(self, state: State) -> None:
        acts: list[Act] = []
        off = self.desk.off(_VERB) if self.desk.may(_VERB) else _NO_RIGHT
        if state.rows and not state.is_begun and not state.is_planning:
            acts.append(
                Act(
                    code="confirm",
                    label=N_("Move them"),
                    key="1",
                    kind="primary",
                    is_ready=off is None,
                    reason=off,
                )
            )
        if not state.is_planning:
            acts.append(Act(code="plan", label=N_("Plan again"), key="R"))
        if state.here:
            acts.append(Act(code="open", label=N_("Open order"), key="Enter"))
        self.show(msgspec.structs.replace(state, acts=tuple(acts)))


def _pointed_to(ids: Sequence[str], facts: Facts) -> frozenset[Key]:
    """Name what deciding about these orders looks at, as far as it is loaded."""
    found = frozenset[Key]()
    for order in ids:
        found |= engine.follow(_LOOKS(order=order), facts.rows, facts.refs, at_hub=False)
    return found


def _wanted(move: Move, reason: str) -> Wanted:
    """Ask for a move of the order that was seen; of another version of it nothing."""

    def make(found: tuple[Order, Facts] | None) -> Given | Text:
        if found is None or found[0].ver != move.ver:
            return _CHANGED
        command = ChangeWarehouse(order=move.order, warehouse=move.after, reason=reason)
        return Given(command, "wave", move.ver)

    return Wanted(move.order, make)


def _answered(row: Row, answer: Submitted | Text) -> Row:
    if isinstance(answer, Text):
        return msgspec.structs.replace(row, state=LEFT, said=answer)
    if answer.refusal is not None:
        return msgspec.structs.replace(row, state=LEFT, said=answer.refusal.text)
    return msgspec.structs.replace(row, state=ASKED, n=answer.n)
