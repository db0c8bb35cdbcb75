"""Where the time of orders and people went, read off the journal, the exceptions, and what desks noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, select

from app.commands.note_focus import SPEC, NoteFocus
from app.domain.attempt import Attempt
from app.domain.company import Holidays, Shift, User
from app.domain.review import is_night
from app.domain.routing import shift_of
from app.domain.rules import Rules
from app.insight.people import Noted, people_report
from app.insight.stage_time import Entry, Focus, Visit, life, once, repairs, visits
from app.people_figures import PeopleReport
from app.training.teaching import passed_first
from sync.hub.database import reading
from sync.hub.handling import decoded, handling
from sync.tables import command, event, orders, ref
from sync.wire import HistoryEntry

_noted = msgspec.json.Decoder(NoteFocus)
_attempt = msgspec.json.Decoder(Attempt)
_entry = msgspec.json.Decoder(HistoryEntry)
AT_ONCE = 500
"""So many orders' journals are held together."""


class People(msgspec.Struct, frozen=True):
    """Who works here and when."""

    users: Mapping[str, User]
    shifts: Mapping[str, Shift]
    holidays: Mapping[str, Holidays]
    rules: Rules


def people_figures(
    engine: Engine, feed_id: int, since: datetime, until: datetime, zone: ZoneInfo, now: datetime
) -> PeopleReport:
    """Return the figures of some days, compared with as many days before them."""
    return people_report(noted_of(engine, feed_id, since, until, zone, now), since, until, zone.key, now)


def noted_of(
    engine: Engine, feed_id: int, since: datetime, until: datetime, zone: ZoneInfo, now: datetime
) -> Noted:
    """Return every visit of some days and as many before them, with whoever was at it."""
    before = since - (until - since)
    done = handling(engine, feed_id, before, until, now)
    with reading(engine) as db:
        people = people_of(db, feed_id)
        focus = _focus(db, feed_id, before, until)
        attempts = select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "attempt")
        passed = passed_first(map(_attempt.decode, db.execute(attempts).scalars()))
        flow, logged = list[Visit](), 0.0
        posts, ends = dict[str, str](), min(until, now)
        for order, post, journal in _journals(db, feed_id, before, until):
            posts[order] = post
            logged += life(journal, since, ends)
            flow += visits(order, journal, focus.get(order, ()), frozenset(people.users), post)
    found = [*flow, *repairs((*done.closed, *done.open), focus, posts)]
    inside = [one for one in chain.from_iterable(focus.values()) if since <= one.since < until]
    placed = [one for visit in flow for one in visit.focus if since <= one.since < until]
    return Noted(
        visits=[_told(one, people, zone.key) for one in found],
        logged_s=logged,
        focus_s=sum(one.touch_s for one in inside),
        placed_s=sum(one.touch_s for one in set(placed)),
        passed=passed,
    )


def _told(one: Visit, people: People, zone: str) -> Visit:
    """Say in which shift a visit was ended, and whether by night."""
    at = one.until
    if at is None:
        return one
    owner, shift = people.users.get(one.by), one.shift
    if owner is not None and not shift:
        here = shift_of(owner, people.shifts, people.holidays, at)
        shift = here[0].title if here is not None else ""
    return one._replace(shift=shift, is_night=is_night(at, zone, people.rules))


def people_of(db: Connection, feed_id: int) -> People:
    """Return who works here and when, as it is set now."""
    docs = select(ref.c.tbl, ref.c.pk, ref.c.doc).where(ref.c.feed_id == feed_id)
    rows = db.execute(docs.where(ref.c.tbl.in_(("shift", "holidays", "user", "rules")))).all()
    rules = decoded(rows, "rules", Rules)
    return People(
        decoded(rows, "user", User),
        decoded(rows, "shift", Shift),
        decoded(rows, "holidays", Holidays),
        next(iter(rules.values()), Rules()),
    )


def _focus(db: Connection, feed_id: int, since: datetime, until: datetime) -> Mapping[str, list[Focus]]:
    """Return what desks noted, by order."""
    c = command.c
    kept = select(c.user_code, c.args).where(
        c.feed_id == feed_id, c.name == SPEC.code, c.status == "applied", c.hub_at >= since
    )
    noted = once(
        Focus(row.user_code, one.subject, one.kind, one.since, one.until, one.touch_s)
        for row in db.execute(kept)
        for one in _noted.decode(row.args).spans
        if one.until > since and one.since < until
    )
    found: dict[str, list[Focus]] = {}
    for one in noted:
        found.setdefault(one.subject, []).append(one)
    return found


def _journals(
    db: Connection, feed_id: int, since: datetime, until: datetime
) -> Iterable[tuple[str, str, Sequence[Entry]]]:
    """Yield the whole journal of every order that was in the house within a time, and its warehouse."""
    j, o = event.c, orders.c
    here = select(o.id, o.warehouse).where(o.feed_id == feed_id, o.received_at < until)
    moved = select(j.order_id).where(j.feed_id == feed_id, j.at >= since)
    still = o.status.in_(("received", "to_check", "gated", "released", "picking", "packed"))
    rows = db.execute(here.where(still | o.id.in_(moved)).order_by(o.id)).all()
    for at in range(0, len(rows), AT_ONCE):
        some = {row.id: row.warehouse for row in rows[at : at + AT_ONCE]}
        told = select(j.order_id, j.body).where(j.feed_id == feed_id, j.order_id.in_(some))
        journals: dict[str, list[Entry]] = {}
        for order, body in db.execute(told.order_by(j.order_id, j.seq, j.i)):
            entry = _entry.decode(body)
            journals.setdefault(order, []).append(Entry(entry.at, entry.by, entry.texts))
        for order, journal in journals.items():
            yield order, some[order], journal
