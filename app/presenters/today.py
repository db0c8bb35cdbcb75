"""Today: what waits for me, by urgency, and how the day stands."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.command import Command, Facts
from app.desk import Desk, Limit, Screen, Undo, zone_of
from app.domain.order import Order
from app.engine import KINDS
from app.ports import Changes, Counts, CutOff, ShopPulse, SnagRow, Views, touches
from app.preview import previewed
from app.snag_card import limit_of
from app.text import N_, Text

URGENT_PCT = 75
SHOWN = 7


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One exception as a line of Today."""

    key: str
    snag: SnagRow
    title: str
    limit: Limit


class State(msgspec.Struct, frozen=True, kw_only=True):
    now: datetime | None = None
    first: Item | None = None
    first_repair: tuple[str, str] | None = None
    """(code, label) of the one-key repair of the first item."""
    first_advice: Text | None = None
    urgent: tuple[Item, ...] = ()
    waiting: tuple[Item, ...] = ()
    more: int = 0
    counts: Counts = Counts()
    per_hour: tuple[tuple[int, int], ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    pulses: tuple[ShopPulse, ...] = ()
    zone: str = "UTC"
    zones: tuple[tuple[str, str], ...] = ()
    """(warehouse, time zone)"""
    all: int = 0
    late: int = 0
    """Exceptions that wait, and those of them with three quarters of their time used."""
    undo: Undo | None = None
    notice: Text | None = None
    is_loaded: bool = False


class Today(Screen[State]):
    """Verbs of the Today page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the day again."""
        if changes is not None and not touches(changes, "order", "case", "stock", "shop", "warehouse"):
            return
        login = self.desk.login
        now = await self.desk.now()
        snags = await self.desk.look(Views.snags, split="group")
        items = tuple(
            Item(
                key=f"{s.id}:{s.kind}",
                snag=s,
                title=KINDS[s.kind].title,
                limit=limit_of(s, now),
            )
            for s in snags
        )
        urgent = tuple(i for i in items if _is_urgent(i))
        rest = tuple(i for i in items if not _is_urgent(i))
        first = items[0] if items else None
        refs = await self.desk.look(Views.refs)
        first_repair = await self._first_repair(first)
        counts = await self.desk.look(Views.counts, login)
        per_hour = tuple(await self.desk.look(Views.repaired_per_hour, login.user.code))
        cut_offs = tuple(await self.desk.look(Views.cut_offs))
        pulses = tuple(await self.desk.look(Views.pulses))
        self.show(
            State(
                undo=self.state.undo,
                notice=self.state.notice,
                zone=zone_of(refs),
                zones=tuple((code, place.zone) for code, place in refs.warehouses.items()),
                all=len(items),
                late=len(urgent),
                now=now,
                first=first,
                first_repair=first_repair,
                first_advice=Text(KINDS[first.snag.kind].hint) if first else None,
                urgent=tuple(i for i in urgent if i is not first)[:SHOWN],
                waiting=tuple(i for i in rest if i is not first)[:SHOWN],
                more=max(0, sum(1 for i in rest if i is not first) - SHOWN),
                counts=counts,
                per_hour=per_hour,
                cut_offs=cut_offs,
                pulses=pulses,
                is_loaded=True,
            )
        )

    async def repair(self) -> None:
        """Apply the one-key repair of the first item; undo is offered."""
        first, repair = self.state.first, self.state.first_repair
        if first is None or repair is None:
            return
        found = await self.desk.look(Views.order, first.snag.id, self.desk.login)
        built = _built(first, repair[0], *found) if found is not None else None
        if found is None or built is None:
            self._say(Text(N_("This repair does not fit any more. Open it and choose another.")), None)
            await self.refresh()
            return
        done = await self.desk.submit(built, first.snag.kind, found[0].ver)
        undo = None
        if done.inverse is not None:
            undo = Undo(
                text=Text(repair[1]), number=found[0].number, command=done.inverse, kind=first.snag.kind
            )
        self._say(done.refusal.text if done.refusal else None, undo)
        await self.refresh()

    async def undo(self) -> None:
        """Take the repair back."""
        undo = self.state.undo
        if undo is not None:
            done = await self.desk.submit(undo.command, "undo")
            self._say(done.refusal.text if done.refusal else None, None)
            await self.refresh()

    def _say(self, notice: Text | None, undo: Undo | None) -> None:
        self.show(msgspec.structs.replace(self.state, notice=notice, undo=undo))

    async def _first_repair(self, item: Item | None) -> tuple[str, str] | None:
        if item is None:
            return None
        found = await self.desk.look(Views.order, item.snag.id, self.desk.login)
        if found is None:
            return None
        order, facts = found
        for repair in KINDS[item.snag.kind].repairs:
            command = repair.build(order, facts)
            if command is not None and (await previewed(self.desk, command, order)).refusal is None:
                return (repair.code, repair.label)
        return None


def _is_urgent(item: Item) -> bool:
    return item.limit.used_pct >= URGENT_PCT and not item.limit.is_stopped


def _built(item: Item, code: str, order: Order, facts: Facts) -> Command | None:
    repairs = (r for r in KINDS[item.snag.kind].repairs if r.code == code)
    return next((r.build(order, facts) for r in repairs), None)
