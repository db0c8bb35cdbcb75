"""The rows of effects: leased one by one, put back, doubted, ended. Nothing here calls anybody.

todo → leased → done | rejected | unknown; a lease that ran out is an effect nobody can vouch for: unknown.
Source: sync.md section 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, case, delete, func, literal, or_, select, update

from app.domain.company import HEARS
from app.domain.effect import EffectState
from app.domain.events import EffectAskedAgain, EffectRecorded, EffectWithdrawn
from sync import tables
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.one_clock import reckoned
from sync.hub.turns import PARTS, Lost, renewed
from sync.keeping_tables import life
from sync.tables import micros

LEASE = timedelta(minutes=2)
"""Longer than most providers take to answer; it is renewed while one takes longer."""
CLOCK_SLACK = timedelta(days=1)
"""By so much the clock of a desk may be wrong about when its work was done."""
WAITS_FOR_A_PERSON = datetime(9999, 1, 1, tzinfo=UTC)
"""Not looked at again until somebody has said what to do."""
_FIRST = Into(
    tables.effect,
    ("effect_key", "kind", "order_id", "payload", "state", "not_before", "seq"),
    skips=True,
)
TODO, LEASED, UNKNOWN = EffectState.TODO, EffectState.LEASED, EffectState.UNKNOWN


@dataclass(frozen=True, slots=True)
class Leased:
    """One effect in the hands of one worker. `is_doubtful`: it may have happened already."""

    key: str
    kind: str
    order: str
    payload: str
    fence: int
    tries: int
    seq: int
    is_doubtful: bool


def doubt_expired(engine: Engine, feed_id: int, now: datetime) -> int:
    """Doubt whatever a worker that died had in its hands; return how many."""
    x = tables.effect.c
    out = x.feed_id == feed_id, x.state == LEASED
    with reading(engine) as db:
        over = (*out, x.lease_until <= reckoned(db, now))
        if db.execute(select(x.effect_key).where(*over).limit(1)).one_or_none() is None:
            return 0
    with writing(engine) as db:
        over = (*out, x.lease_until <= reckoned(db, now))
        doubts = update(tables.effect).where(*over).values(state=UNKNOWN, not_before=now, lease_until=None)
        return db.execute(doubts).rowcount


def doubt_all(db: Connection, feed_id: int, now: datetime) -> None:
    """Doubt everything not ended: a hub that was lost may have done it after this copy was made.

    What that hub had just sent out has arrived before anybody looks.
    Source: sync.md section 10, after a hub restore.
    """
    x = tables.effect.c
    db.execute(
        update(tables.effect)
        .where(x.feed_id == feed_id, x.state.in_((TODO, LEASED)))
        .values(state=UNKNOWN, not_before=now + LEASE, lease_until=None, fence=x.fence + 1)
    )


def restored_at(db: Connection, feed_id: int) -> datetime | None:
    """Return when this database was last restored, if ever: what was done before may be forgotten here."""
    return db.execute(select(func.max(life.c.begun_at)).where(life.c.feed_id == feed_id)).scalar()


def doubt_older(db: Connection, feed_id: int, seq: int, asked_at: datetime) -> None:
    """Doubt what a batch has just made of work from before a restore: the hub that was lost may have done it.

    Desks send such work again, and how it ended was lost with that hub. What is held back stays so.
    """
    begun_at = restored_at(db, feed_id)
    if begun_at is None or asked_at > begun_at + CLOCK_SLACK:
        return
    x = tables.effect.c
    looked_at = literal(begun_at + LEASE, x.not_before.type)
    db.execute(
        update(tables.effect)
        .where(x.feed_id == feed_id, x.seq == seq, x.state == TODO)
        .values(state=UNKNOWN, not_before=case((x.not_before > looked_at, x.not_before), else_=looked_at))
    )


def lease(engine: Engine, feed_id: int, kinds: list[str], now: datetime) -> Leased | None:
    """Take the effect that is due for longest; nothing when none is, or others are at all of them."""
    x, due = tables.effect.c, _due(feed_id, kinds, now).with_for_update(skip_locked=True)
    with reading(engine) as db:
        if db.execute(_due(feed_id, kinds, now)).one_or_none() is None:
            return None
    with writing(engine) as db:
        row = db.execute(due).one_or_none()
        if row is None:
            return None
        taken = db.execute(
            update(tables.effect)
            .where(
                x.feed_id == feed_id,
                x.effect_key == row.effect_key,
                x.fence == row.fence,
                x.state == row.state,
            )
            .values(state=LEASED, fence=row.fence + 1, lease_until=reckoned(db, now + LEASE))
        )
        if taken.rowcount != 1:
            return None
    return Leased(
        key=row.effect_key,
        kind=row.kind,
        order=row.order_id,
        payload=row.payload,
        fence=row.fence + 1,
        tries=row.tries,
        seq=row.seq,
        is_doubtful=row.state == UNKNOWN,
    )


@contextmanager
def at_work(engine: Engine, feed_id: int, leased: Leased, clock: Callable[[], datetime]) -> Iterator[None]:
    """Keep an effect while it is sent, however long its channel makes it wait: nobody else sends it too.

    Workers of one hub also doubt each other's: whoever looks doubts whatever ran out.
    """
    x = tables.effect.c

    def renew() -> None:
        with writing(engine) as db:
            mine = x.feed_id == feed_id, x.effect_key == leased.key, *_held(leased.fence)
            longer = update(tables.effect).where(*mine)
            if db.execute(longer.values(lease_until=reckoned(db, clock() + LEASE))).rowcount != 1:
                raise Lost

    with renewed(renew, LEASE / PARTS):
        yield


def _due(feed_id: int, kinds: list[str], now: datetime) -> Select[Any]:
    x = tables.effect.c
    waits = or_(x.state == TODO, x.state == UNKNOWN)
    due = select(tables.effect).where(x.feed_id == feed_id, x.kind.in_(kinds), waits, x.not_before <= now)
    return due.order_by(x.not_before, x.effect_key).limit(1)


def put_back(engine: Engine, feed_id: int, leased: Leased, state: EffectState, not_before: datetime) -> bool:
    """Let go of an effect that has not ended: `todo` if it certainly did not happen, else `unknown`.

    Tells whether the lease was still held.
    """
    x = tables.effect.c
    with writing(engine) as db:
        done = db.execute(
            update(tables.effect)
            .where(x.feed_id == feed_id, x.effect_key == leased.key, *_held(leased.fence))
            .values(state=state, not_before=not_before, lease_until=None, tries=leased.tries + 1)
        )
    return done.rowcount == 1


def wake(db: Connection, feed_id: int, shop: str, now: datetime) -> None:
    """Let what was put back for a shop leave now: there is somebody again who takes it."""
    x, o = tables.effect.c, tables.orders.c
    of_shop = select(o.id).where(o.feed_id == feed_id, o.shop == shop)
    row = x.feed_id == feed_id, x.kind.in_(("confirm", *HEARS)), x.order_id.in_(of_shop)
    put_back_before = x.state == TODO, x.tries > 0, x.not_before > now
    db.execute(update(tables.effect).where(*row, *put_back_before).values(not_before=now))


def wake_figures(db: Connection, feed_id: int, shop: str, now: datetime) -> None:
    """Let stock figures that were put back for a shop leave now."""
    x = tables.effect.c
    of_shop = x.effect_key.startswith(f"stock:{shop}:", autoescape=True)
    put_back_before = x.state == TODO, x.tries > 0, x.not_before > now
    row = x.feed_id == feed_id, x.kind == "stock", of_shop, *put_back_before
    db.execute(update(tables.effect).where(*row).values(not_before=now))


def end_effect(
    db: Connection, feed_id: int, event: EffectRecorded | EffectAskedAgain | EffectWithdrawn, now: datetime
) -> None:
    """Write down what a decision says of an effect; a worker that lost its lease changes nothing.

    What is asked for again leaves when it cannot be taken back any more; what has begun is not withdrawn: it
    tells by itself what became of it.
    """
    x = tables.effect.c
    values: dict[str, Any]
    if isinstance(event, EffectAskedAgain):
        change = update(tables.effect).where(
            x.effect_key == event.key, x.state.in_((EffectState.REJECTED, UNKNOWN))
        )
        again = case((x.state == UNKNOWN, UNKNOWN.value), else_=TODO.value) if event.looks else TODO
        values = {"state": again, "not_before": event.until or now, "tries": 0}
    elif isinstance(event, EffectWithdrawn):
        change = update(tables.effect).where(x.effect_key == event.outcome.key, x.state.in_((TODO, UNKNOWN)))
        values = {"state": event.outcome.state, "not_before": WAITS_FOR_A_PERSON}
    else:
        outcome = event.outcome
        still = _held(event.fence) if event.fence else (x.state != EffectState.DONE,)
        change = update(tables.effect).where(x.effect_key == outcome.key, *still)
        values = {"state": outcome.state, "provider_ref": outcome.ref, "lease_until": None, "tries": 0}
        if outcome.state is UNKNOWN:
            values["not_before"] = WAITS_FOR_A_PERSON
    db.execute(change.where(x.feed_id == feed_id).values(**values))


def drop_effect(db: Connection, feed_id: int, key: str) -> None:
    """Forget what was taken back before anybody began with it: it shall not happen at all."""
    x = tables.effect.c
    here = (x.feed_id == feed_id, x.effect_key == key, x.state == TODO)
    db.execute(delete(tables.effect).where(*here))


def wish_latest(
    db: Connection, feed_id: int, key: str, kind: str, payload: str, seq: int, now: datetime
) -> None:
    """Ask for a figure that counts only as long as it is the newest: one effect per key, whatever it was.

    One in somebody's hands only learns of it: `end_latest` sends it on its way again. A figure may change
    without the feed, by the calendar.
    """
    x = tables.effect.c
    here = (x.feed_id == feed_id, x.effect_key == key)
    asked = select(x.payload, x.seq, x.state).where(*here).with_for_update()
    known = db.execute(asked).one_or_none()
    if known is None:  # unless another hub is just writing the first one
        _FIRST.write(db, feed_id, [(key, kind, "", "", TODO, micros(now), 0)])
        known = db.execute(asked).one()
    if known.seq < seq or (known.seq == seq and known.payload != payload):
        is_same = known.payload == payload and known.state == EffectState.DONE
        again = {} if is_same or known.state == LEASED else {"state": TODO, "not_before": now, "tries": 0}
        db.execute(update(tables.effect).where(*here).values(payload=payload, seq=seq, **again))


def end_latest(engine: Engine, feed_id: int, leased: Leased, ref: str, now: datetime) -> bool:
    """Write down that a figure arrived; a newer one that came meanwhile is due at once.

    Tells whether the lease was still held.
    """
    x = tables.effect.c
    with writing(engine) as db:
        done = db.execute(
            update(tables.effect)
            .where(x.feed_id == feed_id, x.effect_key == leased.key, *_held(leased.fence))
            .values(
                state=case((x.payload == leased.payload, EffectState.DONE.value), else_=TODO.value),
                not_before=now,
                lease_until=None,
                tries=0,
                provider_ref=ref,
            )
        )
    return done.rowcount == 1


def _held(fence: int) -> tuple[Any, ...]:
    x = tables.effect.c
    return x.state == LEASED, x.fence == fence
