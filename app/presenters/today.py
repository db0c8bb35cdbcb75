"""Today: what waits for me, by urgency, and how the day stands."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.desk import Desk, Limit, Screen, limit
from app.engine import KINDS
from app.ports import Changes, Counts, CutOff, ShopPulse, SnagRow, Views, touches
from app.text import Text

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
        snags = await self.desk.look(Views.snags)
        items = tuple(
            Item(
                key=f"{s.id}:{s.kind}", snag=s, title=KINDS[s.kind].title, limit=limit(s.opened_at, s.due_at, now)
            )
            for s in snags
        )
        urgent = tuple(i for i in items if i.limit.used_pct >= URGENT_PCT)
        rest = tuple(i for i in items if i.limit.used_pct < URGENT_PCT)
        first = items[0] if items else None
        self.show(
            State(
                now=now,
                first=first,
                first_repair=await self._first_repair(first),
                first_advice=first.snag.text if first else None,
                urgent=tuple(i for i in urgent if i is not first)[:SHOWN],
                waiting=tuple(i for i in rest if i is not first)[:SHOWN],
                more=max(0, len(items) - 1 - min(SHOWN, len(urgent)) - min(SHOWN, len(rest))),
                counts=await self.desk.look(Views.counts, login),
                per_hour=tuple(await self.desk.look(Views.repaired_per_hour, login.user.code)),
                cut_offs=tuple(await self.desk.look(Views.cut_offs)),
                pulses=tuple(await self.desk.look(Views.pulses)),
                is_loaded=True,
            )
        )

    async def _first_repair(self, item: Item | None) -> tuple[str, str] | None:
        if item is None:
            return None
        found = await self.desk.look(Views.order, item.snag.id, self.desk.login)
        if found is None:
            return None
        order, facts = found
        for repair in KINDS[item.snag.kind].repairs:
            if repair.build(order, facts) is not None:
                return (repair.code, repair.label)
        return None
