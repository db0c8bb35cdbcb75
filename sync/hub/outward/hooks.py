"""Hooks: where news is sent by itself. A hook is a place in the news, not a row for every piece of it.

Its messages are signed with a secret that follows from a key of the company, so it is told once and not kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, tuple_, update

from app.domain.company import is_code
from app.domain.news import KINDS
from app.domain.systems import Delivery, Hook, MadeHook, NewHook
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub import feed
from sync.hub.database import reading, writing
from sync.hub.kept_secret import secret_of
from sync.hub.outward.addresses import target_of
from sync.hub.outward.keys import publish
from sync.hub.outward.pages import numbers_of
from sync.tables import delivery, hook, news

HOOKS_MOST = 50
LOG_MOST = 200
SECRET = "hooks"  # noqa: S105 - the name of one
NO_HOOK = Text(N_("The hub knows no such hook. Look at the list again."))


def make_hook(
    engine: Engine, feed_id: int, by: str, asked: NewHook, now: datetime, allowed: Collection[str] = ()
) -> MadeHook:
    """Send news to an address from now on; return what its messages are signed with.

    Raises:
        Trouble: bad_hook: what is wrong with it.
    """
    if not is_code(asked.code):
        raise _bad(N_("A name has up to 32 letters and digits, and begins with one."))
    if set(asked.kinds) - set(KINDS):
        raise _bad(N_("There is no such kind of news. See the description."))
    target_of(asked.url, allowed)
    with writing(engine) as db:
        head = feed.lock(db, feed_id)
        known = db.execute(select(hook.c.code).where(hook.c.feed_id == feed_id)).scalars().all()
        if asked.code in known:
            raise _bad(N_("There is a hook called {code}. Choose another name."), code=asked.code)
        if len(known) >= HOOKS_MOST:
            raise _bad(N_("There are {count} hooks already. No more can be made."), count=HOOKS_MOST)
        kinds = msgspec.json.encode(sorted(set(asked.kinds))).decode()
        made = {"code": asked.code, "url": asked.url, "kinds": kinds, "made_by": by, "made_at": now}
        db.execute(insert(hook).values(feed_id=feed_id, **made, seq=head.head, i=2**31 - 1, not_before=now))
        after = {"url": asked.url, "kinds": sorted(set(asked.kinds)), "state": "open"}
        publish(db, feed_id, head, by, asked.code, None, after, now)
        secret = secret_of_hook(db, feed_id, asked.code)
    return MadeHook(code=asked.code, secret=secret)


def secret_of_hook(db: Connection, feed_id: int, code: str) -> str:
    """Return what the messages of a hook are signed with."""
    return hmac.digest(secret_of(db, feed_id, SECRET), code.encode(), "sha256").hex()


def end_hook(engine: Engine, feed_id: int, by: str, code: str, now: datetime) -> None:
    """Send nothing there any more.

    Raises:
        Trouble: no_hook.
    """
    mine = (hook.c.feed_id == feed_id) & (hook.c.code == code)
    with writing(engine) as db:
        head = feed.lock(db, feed_id)
        row = db.execute(select(hook).where(mine)).one_or_none()
        if row is None:
            raise Trouble("no_hook", NO_HOOK)
        if row.ended_at is not None:
            return
        db.execute(update(hook).where(mine).values(ended_at=now, fence=hook.c.fence + 1, lease_until=None))
        about = {"url": row.url, "kinds": msgspec.json.decode(row.kinds)}
        publish(db, feed_id, head, by, code, about | {"state": "open"}, about | {"state": "over"}, now)


def hooks(engine: Engine, feed_id: int) -> list[Hook]:
    """Return every hook there ever was, those that still get news first."""
    with reading(engine) as db:
        rows = db.execute(select(hook).where(hook.c.feed_id == feed_id)).all()
        waiting = {
            row.code: _waiting(db, feed_id, (row.seq, row.i), msgspec.json.decode(row.kinds))
            for row in rows
            if row.ended_at is None
        }
    made = [
        Hook(
            code=row.code,
            url=row.url,
            kinds=tuple(msgspec.json.decode(row.kinds)),
            made_by=row.made_by,
            made_at=row.made_at,
            ended_at=row.ended_at,
            waiting=waiting.get(row.code, 0),
            tries=row.tries,
            again_at=row.not_before if row.tries else None,
            said=row.said,
        )
        for row in rows
    ]
    return sorted(made, key=lambda one: (one.ended_at is not None, one.code))


def _waiting(db: Connection, feed_id: int, place: tuple[int, int], kinds: Sequence[str]) -> int:
    n = news.c
    found = select(func.count()).select_from(news)
    found = found.where(n.feed_id == feed_id, tuple_(n.seq, n.i) > tuple_(*place))
    return int(db.execute(found.where(n.kind.in_(kinds)) if kinds else found).scalar_one())


def deliveries(engine: Engine, feed_id: int, code: str) -> list[Delivery]:
    """Return what a hook got and what not, the newest first; what it did not take stands on top."""
    d, n = delivery.c, news.c
    found = (
        select(delivery, n.kind, n.subject)
        .join(news, (n.feed_id == d.feed_id) & (n.seq == d.seq) & (n.i == d.i))
        .where(d.feed_id == feed_id, d.code == code)
        .order_by(d.state == "sent", d.seq.desc(), d.i.desc())
        .limit(LOG_MOST)
    )
    with reading(engine) as db:
        rows = db.execute(found).all()
    return [
        Delivery(
            hook=code,
            id=f"{row.seq}.{row.i}",
            kind=row.kind,
            subject=row.subject,
            state=row.state,
            tries=row.tries,
            status=row.status,
            at=row.at,
            said=row.said,
        )
        for row in rows
    ]


def send_again(engine: Engine, feed_id: int, code: str, piece: str, now: datetime) -> None:
    """Send one piece of news to a hook once more, under the same id: who has it already knows that.

    Raises:
        Trouble: no_news.
    """
    d, (seq, i) = delivery.c, numbers_of(piece)
    mine = (d.feed_id == feed_id) & (d.code == code) & (d.seq == seq) & (d.i == i)
    here = (hook.c.feed_id == feed_id) & (hook.c.code == code) & hook.c.ended_at.is_(None)
    with writing(engine) as db:
        is_open = db.execute(update(hook).where(here).values(not_before=now)).rowcount == 1
        if not is_open or db.execute(update(delivery).where(mine).values(state="todo")).rowcount != 1:
            message = N_("There is no such piece of news. Look at the list again.")
            raise Trouble("no_news", Text(message))


def _bad(message: str, **params: str | int) -> Trouble:
    return Trouble("bad_hook", Text(message, dict(params)))
