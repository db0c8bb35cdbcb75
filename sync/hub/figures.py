"""Figures over HTTP: how long exceptions took, how gates were kept, what became of suggestions.

Dear ones are kept a while.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Engine, func, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.attempt import Beat
from app.domain.bell import Told
from app.domain.company import READS_BOOKS, READS_FIGURES, Shop
from app.domain.deck import OwnDeck
from app.domain.gazetteer import Gazetteer
from app.domain.scopes import holds_all_orders
from app.figures import (
    Backlog,
    Cohort,
    GateReport,
    GuideReport,
    ReplanReport,
    Report,
    TrainingReport,
    VoucherReport,
)
from app.insight.handling import Handling, days_before, had_by, reported, without_names
from app.insight.lessons import as_seen_by
from app.insight.people import seen_by
from app.insight.reviewers import seen_by as reviewers_seen_by
from app.people_figures import PeopleReport, RosterReport
from app.review_figures import ReviewReport
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.compliance import gate_report
from sync.hub.database import reading
from sync.hub.doorway import NOT_UNDERSTOOD, Answerer, Doorway
from sync.hub.guide_use import guide_use
from sync.hub.handling import handling
from sync.hub.learning import note_beat, training_report, who_works_alone
from sync.hub.notices import deliveries
from sync.hub.own_decks import own_deck
from sync.hub.pulls import number
from sync.hub.replans import replans_of
from sync.hub.review_figures import review_figures
from sync.hub.roster import roster_of
from sync.hub.stage_time import people_figures
from sync.hub.tokens import Session
from sync.hub.vouchers import vouchers_of
from sync.tables import account, ref, replica

DAYS_MOST = 92
DELIVERIES_MOST = 500
BEAT_BYTES = 2_000
KEPT_FOR = timedelta(minutes=3)
"""So long the same days are answered with the same figures. Units: hub time."""
USUAL_ZONE = "Asia/Shanghai"
Said = OwnDeck | Report | GateReport | GuideReport | ReplanReport | TrainingReport | VoucherReport


def figure_routes(
    engine: Engine, feed_id: int, clock: Callable[[], datetime], door: Doorway, gazetteer: Gazetteer | None
) -> list[Route]:
    """Return the routes of figures."""
    api = _Figures(Books(engine, feed_id, clock, gazetteer), door)
    paths: list[tuple[str, Answerer]] = [
        ("/v1/handling", api.handling),
        ("/v1/people_time", api.people_time),
        ("/v1/reviewers", api.reviewers),
        ("/v1/roster", api.roster),
        ("/v1/gates", api.gates),
        ("/v1/replans", api.replans),
        ("/v1/guide_use", api.guide_use),
        ("/v1/vouchers", api.vouchers),
        ("/v1/notices", api.notices),
        ("/v1/backlog", api.backlog),
        ("/v1/training", api.training),
        ("/v1/own_deck", api.own_deck),
    ]
    beats = Route("/v1/practising", door.guarded(api.practising), methods=["POST"])
    return [*(Route(path, door.guarded(answer), methods=["GET"]) for path, answer in paths), beats]


class _Kept(NamedTuple):
    """What was read off the rows, before anybody's rights are asked."""

    at: datetime
    since: datetime
    until: datetime
    zone: ZoneInfo
    done: Handling


class Books:
    """The figures of one company; asked on one thread, so that two who come together read the rows once."""

    def __init__(
        self,
        engine: Engine,
        feed_id: int,
        clock: Callable[[], datetime],
        gazetteer: Gazetteer | None = None,
    ) -> None:
        self._engine, self._feed_id, self._clock, self._gazetteer = engine, feed_id, clock, gazetteer
        self._kept: dict[int, _Kept] = {}
        self._gates: dict[int, GateReport] = {}
        self._alone: tuple[datetime, tuple[Cohort, ...]] | None = None
        self._people: dict[int, PeopleReport] = {}
        self._roster: RosterReport | None = None

    def handling(self, days: int, who: Session) -> Report:
        """Return how long exceptions took: everybody's for who may read them, else one's own."""
        kept = self._current(days)
        period = (kept.since, kept.until, kept.zone, kept.at)
        if READS_FIGURES in who.grants:
            return without_names(reported(kept.done, *period), who.user.code)
        own = reported(had_by(kept.done, who.user.code), *period)
        return msgspec.structs.replace(own, is_own=True)

    def reviewers(self, days: int, who: Session) -> ReviewReport:
        """Return how well reviewers see: everybody's for who may read them, else one's own."""
        now, zone = self._clock(), self._zone()
        since, until = days_before(now, days, zone)
        told = review_figures(self._engine, self._feed_id, since, until, zone.key, now)
        return reviewers_seen_by(told, who.user.code, reads_all=READS_FIGURES in who.grants)

    def people_time(self, days: int, who: Session) -> PeopleReport:
        """Return where people's time went: everybody's for who may read them, else one's own."""
        now, kept = self._clock(), self._people.get(days)
        if kept is None or not kept.as_of <= now < min(kept.as_of + KEPT_FOR, kept.until):
            zone = self._zone()
            since, until = days_before(now, days, zone)
            kept = self._people[days] = people_figures(self._engine, self._feed_id, since, until, zone, now)
        return seen_by(kept, who.user.code, reads_all=READS_FIGURES in who.grants)

    def roster(self, who: Session) -> RosterReport:
        """Return a roster from the two weeks before today.

        Raises:
            Trouble: not_granted.
        """
        _want_figures(who)
        now, kept, zone = self._clock(), self._roster, self._zone()
        until, _ = days_before(now, 1, zone)
        if kept is None or kept.until != until or kept.zone != zone.key:
            kept = self._roster = roster_of(self._engine, self._feed_id, until, zone, now)
        return kept

    def gates(self, days: int, who: Session) -> GateReport:
        """Return how many orders went to the warehouse with every gate met, and which did not.

        Raises:
            Trouble: not_granted.
        """
        _want_figures(who)
        now, kept = self._clock(), self._gates.get(days)
        if kept is None or not kept.as_of <= now < min(kept.as_of + KEPT_FOR, kept.until):
            zone = self._zone()
            since, until = days_before(now, days, zone)
            kept = self._gates[days] = gate_report(self._engine, self._feed_id, since, until, zone, now)
        return kept

    def replans(self, days: int, who: Session) -> ReplanReport:
        """Return which orders of the person's shops were planned anew.

        Raises:
            Trouble: not_granted.
        """
        _want_figures(who)
        now, zone = self._clock(), self._zone()
        since, until = days_before(now, days, zone)
        found, more = replans_of(self._engine, self._feed_id, since, until, who.user.shops)
        return ReplanReport(since=since, until=until, zone=zone.key, replans=found, more=more, as_of=now)

    def backlog(self) -> Backlog:
        """Return how many deliveries wait; a burst shows here before its orders do."""
        a, r = account.c, replica.c
        same = (r.feed_id == a.feed_id) & (r.replica_id == a.replica_id)
        behind = select(func.sum(a.next_n - 1 - r.last_n)).select_from(account).join(replica, same)
        with reading(self._engine) as db:
            waiting = db.execute(behind.where(a.feed_id == self._feed_id)).scalar_one()
        return Backlog(waiting=int(waiting or 0), as_of=self._clock())

    def notices(self, who: Session) -> list[Told]:
        """Return who was told of which hold and what became of it, the newest first.

        Raises:
            Trouble: not_granted.
        """
        _want_figures(who)
        return deliveries(self._engine, self._feed_id, DELIVERIES_MOST)

    def guide_use(self, days: int, who: Session) -> GuideReport:
        """Return what became of suggestions, step by step; it names nobody.

        Raises:
            Trouble: not_granted.
        """
        _want_figures(who)
        now = self._clock()
        zone = self._zone()
        since, until = days_before(now, days, zone)
        steps = guide_use(self._engine, self._feed_id, since, until)
        return GuideReport(since=since, until=until, zone=zone.key, steps=steps, as_of=now)

    def training(self, days: int, who: Session) -> TrainingReport:
        """Return who practises, how lessons went and who works alone; without that right one's own only."""
        now, zone = self._clock(), self._zone()
        since, until = days_before(now, days, zone)
        if READS_FIGURES not in who.grants:
            return training_report(
                self._engine, self._feed_id, since, until, (), zone, now, only=who.user.code
            )
        if self._alone is None or not self._alone[0] <= now < self._alone[0] + KEPT_FOR:
            self._alone = (now, who_works_alone(self._engine, self._feed_id, zone, now))
        found = training_report(self._engine, self._feed_id, since, until, self._alone[1], zone, now)
        return as_seen_by(found, who.user.role)

    def own_deck(self, days: int, who: Session) -> OwnDeck:
        """Return a deck of the exceptions of the last days, with nobody in it.

        Raises:
            Trouble: not_granted.
        """
        if "set_deck" not in who.grants:
            raise Trouble("not_granted", Text(N_("Trainers make decks. Ask one of them.")))
        now, zone = self._clock(), self._zone()
        since, until = days_before(now, days, zone)
        code = f"{now.astimezone(zone):%Y_%m}"
        if self._gazetteer is None:
            return OwnDeck(code=code)
        return own_deck(self._engine, self._feed_id, since, until, code, self._gazetteer)

    def practising(self, beat: Beat, who: Session) -> None:
        """Keep where somebody is in a lesson, under their own name."""
        note_beat(self._engine, self._feed_id, who.user.code, beat, self._clock())

    def vouchers(self, days: int, who: Session) -> VoucherReport:
        """Return the vouchers of the last days.

        Raises:
            Trouble: not_granted.
        """
        if READS_BOOKS not in who.grants or not holds_all_orders(who.reach):
            raise Trouble("not_granted", Text(N_("Leads of all shops read vouchers. Ask one of them.")))
        now, zone = self._clock(), self._zone()
        since, until = days_before(now, days, zone)
        made = vouchers_of(self._engine, self._feed_id, since, until)
        return VoucherReport(since=since, until=until, zone=zone.key, vouchers=made, as_of=now)

    def _current(self, days: int) -> _Kept:
        now, kept = self._clock(), self._kept.get(days)
        if kept is None or not kept.at <= now < min(kept.at + KEPT_FOR, kept.until):
            zone = self._zone()
            since, until = days_before(now, days, zone)
            done = handling(self._engine, self._feed_id, since, until, now)
            kept = self._kept[days] = _Kept(now, since, until, zone, done)
        return kept

    def _zone(self) -> ZoneInfo:
        """Return whose days are meant: those of the first shop."""
        shops = select(ref.c.doc).where(ref.c.feed_id == self._feed_id, ref.c.tbl == "shop")
        with reading(self._engine) as db:
            doc = db.execute(shops.order_by(ref.c.pk).limit(1)).scalar_one_or_none()
        return ZoneInfo(msgspec.json.decode(doc, type=Shop).zone if doc is not None else USUAL_ZONE)


def _want_figures(who: Session) -> None:
    if READS_FIGURES not in who.grants:
        raise Trouble("not_granted", Text(N_("Trainers and leads read this. Ask one of them.")))


class _Figures:
    """The answers."""

    def __init__(self, books: Books, door: Doorway) -> None:
        self._books, self._door, self._reader = books, door, ThreadPoolExecutor(1, "figures")

    async def handling(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.handling, self._days(request, who), who))

    async def reviewers(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.reviewers, self._days(request, who), who))

    async def people_time(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.people_time, self._days(request, who), who))

    async def roster(self, request: Request) -> Response:
        who = await self._door.session(request)
        self._door.limits.take("dear", who.device_id)
        return await self._say(partial(self._books.roster, who))

    async def gates(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.gates, self._days(request, who), who))

    async def replans(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.replans, self._days(request, who), who))

    async def guide_use(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.guide_use, self._days(request, who), who))

    async def training(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.training, self._days(request, who), who))

    async def own_deck(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.own_deck, self._days(request, who), who))

    async def practising(self, request: Request) -> Response:
        who = await self._door.session(request)
        self._door.limits.take("dear", who.device_id)
        beat = await self._door.message(request, BEAT_BYTES, Beat)
        return self._door.json(await self._door.on(partial(self._books.practising, beat, who), self._reader))

    async def vouchers(self, request: Request) -> Response:
        who = await self._door.session(request)
        return await self._say(partial(self._books.vouchers, self._days(request, who), who))

    async def backlog(self, request: Request) -> Response:
        await self._door.session(request)
        return self._door.json(await self._door.on(self._books.backlog, self._reader))

    async def notices(self, request: Request) -> Response:
        who = await self._door.session(request)
        self._door.limits.take("dear", who.device_id)
        return self._door.json(await self._door.on(partial(self._books.notices, who), self._reader))

    def _days(self, request: Request, who: Session) -> int:
        """Return how many days are asked for; each question is a dear one.

        Raises:
            Trouble: bad_request, or TooMany.
        """
        self._door.limits.take("dear", who.device_id)
        days = number(request.query_params.get("days", "7"))
        if not 1 <= days <= DAYS_MOST:
            raise Trouble("bad_request", Text(NOT_UNDERSTOOD))
        return days

    async def _say(
        self,
        ask: Callable[[], msgspec.Struct],
    ) -> Response:
        return self._door.json(await self._door.on(ask, self._reader))
