"""Today: what waits for me, by urgency, and how the day stands."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import msgspec

from app.command import Command, Facts, Refs
from app.desk import Desk, Screen, Undo, zone_of
from app.domain.order import Order
from app.domain.routing import shift_of
from app.domain.said_time import day_said
from app.domain.skill import endings
from app.figures import Figures
from app.kinds import kind_of
from app.ports import Changes, Counts, CutOff, Login, ShopPulse, Views, touches
from app.preview import previewed
from app.snag_card import Row, row_of
from app.text import N_, Text
from app.trouble import Trouble
from app.verb_names import VERBS

URGENT_PCT = 75
SHOWS = ("order", "case", "stock", "shop", "warehouse", "user", "shift", "skill", "licence")
"""Tables whose rows are seen here."""
SHOWN = 7
MEDIANS_EVERY = timedelta(minutes=3)
"""So long the hub keeps the figures of a day; asked sooner it says the same."""


class Medians(msgspec.Struct, frozen=True, kw_only=True):
    """What the exceptions took that ended today, as the hub told `login` at some time."""

    login: str
    closed: Figures
    at: datetime
    is_own: bool = False


BACKLOG_LEAST = 100
"""Fewer deliveries are decided within a second."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    now: datetime | None = None
    first: Row | None = None
    first_repair: tuple[str, str] | None = None
    """(code, label) of the one-key repair of the first item."""
    first_advice: Text | None = None
    urgent: tuple[Row, ...] = ()
    waiting: tuple[Row, ...] = ()
    asleep: tuple[Row, ...] = ()
    """Put off until a time or until somebody has done something; their clocks stand still."""
    asleep_all: int = 0
    is_mine: bool = False
    """What waits is this person's own; else everybody's, as nothing has been given out."""
    counts: Counts = Counts()
    per_hour: tuple[tuple[int, int], ...] = ()
    medians: Medians | None = None
    """None while the hub has not said."""
    goal_min: int = 0
    """What an exception may take that has no goal of its own."""
    cut_offs: tuple[CutOff, ...] = ()
    pulses: tuple[ShopPulse, ...] = ()
    shift: str = ""
    shift_ends_at: datetime | None = None
    zone: str = "UTC"
    zones: tuple[tuple[str, str], ...] = ()
    """(warehouse, time zone)"""
    all: int = 0
    late: int = 0
    """Exceptions that wait, and those of them with three quarters of their time used."""
    backlog: int = 0
    """Deliveries of shops that have come and are not decided yet, where they are many."""
    lessons: tuple[Text, ...] = ()
    """What this person shall pass by when, and which right is closed to them soon."""
    undo: Undo | None = None
    notice: Text | None = None
    is_loaded: bool = False


def due(login: Login, refs: Refs, now: datetime) -> tuple[Text, ...]:
    """Say which lessons somebody shall pass, the nearest first, and which rights are over soon."""
    skills = refs.skills.get(login.user.code)
    if skills is None:
        return ()
    said = []
    for task in sorted(skills.tasks, key=lambda task: (task.due_on, task.lesson))[:SHOWN]:
        is_late = task.due_on < now.date()
        words = N_("“{lesson}” was due on {day}: F12") if is_late else N_("“{lesson}” until {day}: F12")
        said.append(Text(words, {"lesson": Text(task.title), "day": day_said(task.due_on)}))
    for one in endings(login.user.role, skills, refs.licences, now):
        if one.right not in login.grants:
            continue
        right = Text(VERBS.get(one.right, one.right))
        words = N_("{right} is closed from {day} without a new pass: F12")
        said.append(Text(words, {"right": right, "day": day_said(one.on)}))
    return tuple(said)


class Today(Screen[State]):
    """Verbs of the Today page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._asked: tuple[str, datetime] | None = None
        """For which login the medians were asked last, and when."""

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the day again."""
        if changes is not None and not touches(changes, *SHOWS):
            return
        login = self.desk.login
        now = await self.desk.now()
        standing = await self.desk.look(Views.snag_counts, login)
        split = "mine" if standing["mine"] else "group"
        found = await self.desk.look(Views.snags, split=split, login=login)
        items = tuple(row_of(snag, now) for snag in found)
        asleep = await self.desk.look(Views.snags, split="waiting", login=login, limit=SHOWN)
        urgent = tuple(i for i in items if _is_urgent(i))
        rest = tuple(i for i in items if not _is_urgent(i))
        first = items[0] if items else None
        refs = await self.desk.look(Views.refs)
        at_work = shift_of(login.user, refs.shifts, refs.holidays, now)
        first_repair = await self._first_repair(first)
        counts = await self.desk.look(Views.counts, login)
        per_hour = tuple(await self.desk.look(Views.repaired_per_hour, login.user.code))
        cut_offs = tuple(await self.desk.look(Views.cut_offs))
        pulses = tuple(await self.desk.look(Views.pulses))
        self.show(
            State(
                undo=self.state.undo,
                notice=self.state.notice,
                medians=self._medians(login),
                backlog=self.state.backlog,
                goal_min=refs.rules.snag_goal_min,
                lessons=due(login, refs, now),
                zone=zone_of(refs),
                zones=tuple((code, place.zone) for code, place in refs.warehouses.items()),
                all=standing[split],
                is_mine=split == "mine",
                asleep=tuple(row_of(snag, now) for snag in asleep),
                asleep_all=standing["waiting"],
                shift=at_work[0].title if at_work is not None else "",
                shift_ends_at=at_work[1] if at_work is not None else None,
                late=len(urgent),
                now=now,
                first=first,
                first_repair=first_repair,
                first_advice=Text(kind_of(first.snag.kind, refs.snag_rules).hint) if first else None,
                urgent=tuple(i for i in urgent if i is not first)[:SHOWN],
                waiting=tuple(i for i in rest if i is not first)[:SHOWN],
                counts=counts,
                per_hour=per_hour,
                cut_offs=cut_offs,
                pulses=pulses,
                is_loaded=True,
            )
        )

    async def look_at_medians(self) -> None:
        """Ask the hub what the exceptions of today took, every few minutes; without it the last ones stay."""
        login, now, asked = self.desk.login.login_id, await self.desk.now(), self._asked
        is_fresh = asked is not None and asked[0] == login and timedelta() <= now - asked[1] < MEDIANS_EVERY
        if is_fresh or self.desk.link().state == "offline":
            return
        self._asked = login, now
        with suppress(Trouble):  # nobody asked for it; the page says as of when its figures are
            told = await self.desk.handling(1)
            medians = Medians(login=login, closed=told.closed, at=told.as_of, is_own=told.is_own)
            self.show(msgspec.structs.replace(self.state, medians=medians))

    async def look_at_backlog(self) -> None:
        """Ask the hub whether a burst of orders waits; a few that wait are nobody's concern."""
        waiting = 0
        if self.desk.link().state != "offline":
            with suppress(Trouble):  # nobody asked for it
                waiting = (await self.desk.backlog()).waiting
        self.show(msgspec.structs.replace(self.state, backlog=waiting if waiting >= BACKLOG_LEAST else 0))

    def _medians(self, login: Login) -> Medians | None:
        """Return what is known; nobody sees the figures of whoever sat here before."""
        known = self.state.medians
        return known if known is not None and known.login == login.login_id else None

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

    async def _first_repair(self, item: Row | None) -> tuple[str, str] | None:
        if item is None:
            return None
        found = await self.desk.look(Views.order, item.snag.id, self.desk.login)
        if found is None:
            return None
        order, facts = found
        for repair in kind_of(item.snag.kind, facts.refs.snag_rules).repairs:
            command = repair.build(order, facts)
            if command is not None and (await previewed(self.desk, command, order)).refusal is None:
                return (repair.code, repair.label)
        return None


def _is_urgent(item: Row) -> bool:
    return item.limit.used_pct >= URGENT_PCT and not item.limit.is_stopped


def _built(item: Row, code: str, order: Order, facts: Facts) -> Command | None:
    kind = kind_of(item.snag.kind, facts.refs.snag_rules)
    repairs = (r for r in kind.repairs if r.code == code)
    return next((r.build(order, facts) for r in repairs), None)
