"""Who practises, how lessons went and who works alone, read off rows and the journal of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, func, select

from app.commands.note_help import SPEC as HELP
from app.commands.note_help import NoteHelp
from app.domain.attempt import Attempt, Beat
from app.domain.company import DUTY_GRANTS, User
from app.domain.kind_names import called_now
from app.domain.snag_events import CLEARED
from app.domain.values import Role
from app.figures import Cohort, Learner, TrainingReport
from app.insight.independence import FIRST, SETTLED, Episode, cohorts
from app.insight.lessons import by_lesson, spent
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.review_tables import learner
from sync.tables import command, event, micros, ref
from sync.wire import HistoryEntry

HEARD_FOR = timedelta(seconds=90)
"""So long somebody is shown who says nothing more: three beats."""
BEGAN_WITHIN = timedelta(days=366)
"""Cohorts of one year."""
NEWEST = 500
"""Attempts that are listed."""
UNDO = "undo"
WORKED_ON = CLEARED.partition("{")[0]
"""Stands in the body of every entry that ended something; what has it not need not be read."""
LEADERS = frozenset({Role.TRAINER, Role.LEAD, Role.ADMIN})
STEPS_IN = frozenset({"escalate", "recall"})
_LEARNERS = Into(learner, ("user_code", "beat", "heard_at"), replaces=("beat", "heard_at"))
_entry = msgspec.json.Decoder(HistoryEntry)
_help = msgspec.json.Decoder(NoteHelp)
Journals = Mapping[str, list[HistoryEntry]]


def note_beat(engine: Engine, feed_id: int, user: str, beat: Beat, now: datetime) -> None:
    """Keep where somebody is; it stands in no journal and reaches no desk but a trainer's that asks."""
    row = (user, msgspec.json.encode(beat).decode(), micros(now))
    with writing(engine) as db:
        _LEARNERS.write(db, feed_id, [row])


def who_works_alone(engine: Engine, feed_id: int, zone: ZoneInfo, now: datetime) -> tuple[Cohort, ...]:
    """Return the figures of everybody who began within a year, by month; it reads all they ever ended."""
    with reading(engine) as db:
        users = _users(db, feed_id)
        episodes, began = _episodes(db, feed_id, users, now)
        tried = _attempts(db, feed_id)
    for one in tried:
        began[one.user] = min(began.get(one.user, one.at), one.at)
    began = {user: at for user, at in began.items() if user in users and at >= now - BEGAN_WITHIN}
    return cohorts(episodes, began, now, zone)


def training_report(
    engine: Engine,
    feed_id: int,
    since: datetime,
    until: datetime,
    alone: tuple[Cohort, ...],
    zone: ZoneInfo,
    now: datetime,
    only: str = "",
) -> TrainingReport:
    """Return who practises and how lessons went, by name, or of one person; and who works alone."""
    with reading(engine) as db:
        learners = tuple(one for one in _learners(db, feed_id, now) if only in ("", one.user))
        tried = [one for one in _attempts(db, feed_id) if only in ("", one.user)]
    lately = [one for one in tried if since <= one.at < until]
    hours = spent(lately)
    return TrainingReport(
        since=since,
        until=until,
        zone=zone.key,
        as_of=now,
        learners=learners,
        attempts=tuple(sorted(lately, key=lambda one: (one.at, one.id), reverse=True)[:NEWEST]),
        lessons=by_lesson(lately),
        cohorts=alone,
        seconds=hours,
        seconds_all=sum(hours.values()),
        people=len({*hours, *(one.user for one in learners)}),
        is_own=bool(only),
    )


def _learners(db: Connection, feed_id: int, now: datetime) -> tuple[Learner, ...]:
    c = learner.c
    heard = select(c.user_code, c.beat, c.heard_at).where(c.feed_id == feed_id, c.heard_at > now - HEARD_FOR)
    rows = db.execute(heard.order_by(c.user_code)).all()
    found = [
        Learner(user=row.user_code, heard_at=row.heard_at, beat=msgspec.json.decode(row.beat, type=Beat))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (not one.beat.asks, one.user)))


def _attempts(db: Connection, feed_id: int) -> list[Attempt]:
    docs = select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "attempt").order_by(ref.c.pk)
    return [msgspec.json.decode(doc, type=Attempt) for doc in db.execute(docs).scalars()]


def _users(db: Connection, feed_id: int) -> dict[str, User]:
    docs = select(ref.c.pk, ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "user")
    return {pk: msgspec.json.decode(doc, type=User) for pk, doc in db.execute(docs)}


def _episodes(
    db: Connection, feed_id: int, users: Mapping[str, User], now: datetime
) -> tuple[list[Episode], dict[str, datetime]]:
    """Return what people who began lately ended, and when each of them did anything first."""
    j = event.c
    starts = select(j.by, func.min(j.at)).where(j.feed_id == feed_id).group_by(j.by)
    began = {by: at for by, at in db.execute(starts).all() if by in users}
    new = sorted(user for user, at in began.items() if at >= now - BEGAN_WITHIN)
    ended = _ended_by(db, feed_id, new)
    orders = sorted({entry.order for entries in ended.values() for entry in entries})
    journals, helps = _journals(db, feed_id, orders), _helps(db, feed_id, new)
    return [
        _episode(user, entry, journals[entry.order], helps, users)
        for user, entries in ended.items()
        for entry in entries
    ], began


def _ended_by(db: Connection, feed_id: int, people: Sequence[str]) -> dict[str, list[HistoryEntry]]:
    """Return by whom exceptions were ended for the first time, as many of each type as count."""
    j = event.c
    rows = select(j.by, j.body).where(j.feed_id == feed_id, j.by.in_(people))
    ended: dict[str, dict[str, dict[str, HistoryEntry]]] = {}
    for user, body in db.execute(rows.order_by(j.at, j.order_id, j.seq, j.i)):
        if WORKED_ON not in body:
            continue
        entry = _entry.decode(body)
        kind = called_now(entry.because)
        theirs = ended.setdefault(user, {}).setdefault(kind, {})
        if _ends(entry) and kind and kind != UNDO and len(theirs) < FIRST:
            theirs.setdefault(entry.order, entry)
    return {
        user: [entry for theirs in kinds.values() for entry in theirs.values()]
        for user, kinds in ended.items()
    }


def _ends(entry: HistoryEntry) -> bool:
    return any(text.message == CLEARED for text in entry.texts)


def _journals(db: Connection, feed_id: int, orders: list[str]) -> Journals:
    j, found = event.c, dict[str, list[HistoryEntry]]()
    for at in range(0, len(orders), 500):
        some = select(j.order_id, j.body).where(j.feed_id == feed_id, j.order_id.in_(orders[at : at + 500]))
        rows = db.execute(some.order_by(j.order_id, j.seq, j.i)).all()
        for order, part in groupby(rows, key=lambda row: str(row.order_id)):
            found[order] = [_entry.decode(row.body) for row in part]
    return found


def _helps(db: Connection, feed_id: int, people: list[str]) -> dict[tuple[str, str], datetime]:
    """Return when each person first opened help with an order before them."""
    c, found = command.c, dict[tuple[str, str], datetime]()
    asked = select(c.user_code, c.args, c.hub_at).where(
        c.feed_id == feed_id, c.name == HELP.code, c.status == "applied", c.user_code.in_(people)
    )
    for user, args, at in db.execute(asked.order_by(c.hub_at.desc())):
        found[user, _help.decode(args).order] = at
    return found


def _episode(
    user: str,
    ended: HistoryEntry,
    journal: list[HistoryEntry],
    helps: Mapping[tuple[str, str], datetime],
    users: Mapping[str, User],
) -> Episode:
    kind, at, order = called_now(ended.because), ended.at, ended.order
    before = [one for one in journal if one.at <= at and called_now(one.because) == kind]
    steps = [one for one in journal if one.at <= at and one.command in STEPS_IN]
    others = [one for one in before if one.by != user and one.command not in DUTY_GRANTS]
    leaders = [one for one in others if one.by in users and users[one.by].role in LEADERS]
    later = [one for one in journal if at < one.at <= at + SETTLED]
    helped = helps.get((user, order))
    return Episode(
        user=user,
        kind=kind,
        order=order,
        at=at,
        helped=helped is not None and helped <= at,
        led=bool(steps or leaders),
        corrected=any(one.because == UNDO or called_now(one.because) == kind for one in later),
    )
