"""Send news to hooks: each in its own order, so long as it takes, and nobody waits for anybody else.

Whoever has a hook in hand has it alone, by lease and fence. What was sent is written down with the place it
moves to; who dies before that sends the same again, under the same id. So each piece comes at least once, and
its id says where it came before.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, bindparam, delete, select, update

from app.trouble import Trouble
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.outward.addresses import post, target_of
from sync.hub.outward.hooks import secret_of_hook
from sync.hub.outward.once import forget_old
from sync.hub.outward.pages import event_of, later
from sync.hub.provider import Unclear, Unsent
from sync.tables import delivery, hook, micros, news

AT_ONCE = 8
"""Hooks served at the same moment: one that hangs holds nobody up before seven others do."""
PAGE = 50
LEASE = timedelta(minutes=2)
FIRST_WAIT_S, LAST_WAIT_S = 2.0, 60.0
GIVES_UP = timedelta(days=3)
"""After so long without a good answer a piece is put aside, for a person to send again."""
KEPT = timedelta(days=30)
PRUNED = 5_000
REFUSES = frozenset({400, 413, 422})
"""It reached them, and they will not take this one however often it comes."""
GONE = 410
_DELIVERIES = Into(
    delivery, ("code", "seq", "i", "tries", "status", "state", "said", "at"),
    replaces=("tries", "status", "state", "said", "at"),
)  # fmt: skip
_LAST = (
    select(news.c.seq, news.c.i)
    .where(news.c.feed_id == bindparam("feed"))
    .order_by(news.c.seq.desc(), news.c.i.desc())
    .limit(1)
)
"""Asked before what there is to send: what is behind it then has been looked through."""
log = logging.getLogger(__name__)


class _Held(NamedTuple):
    """A hook in our hands."""

    code: str
    url: str
    kinds: tuple[str, ...]
    place: tuple[int, int]
    tries: int
    fence: int
    secret: str


class Posting:
    """One worker; several, in one process or many, never have the same hook in hand."""

    def __init__(
        self, engine: Engine, feed_id: int, clock: Callable[[], datetime], allowed: Collection[str] = ()
    ) -> None:
        self._engine, self._feed_id, self._clock, self._allowed = engine, feed_id, clock, allowed
        self._threads = ThreadPoolExecutor(AT_ONCE, "hook")
        self._busy: dict[str, Future[None]] = {}

    def step(self) -> bool:
        """Begin with every hook that is due and not in hand; nobody waits here."""
        self._busy = {code: one for code, one in self._busy.items() if not one.done()}
        for code in self._due():
            if code not in self._busy and len(self._busy) < AT_ONCE:
                self._busy[code] = self._threads.submit(self._attend, code)
        return False

    def rest(self) -> None:
        """Wait until what was begun is done."""
        for one in list(self._busy.values()):
            one.result()

    def forget(self) -> bool:
        """Let go of news and answers that are old; what a hook still waits for too, after so long."""
        now, n, d = self._clock(), news.c, delivery.c
        forget_old(self._engine, self._feed_id, now)
        old = select(n.seq).where(n.feed_id == self._feed_id, n.at < now - KEPT).order_by(n.seq).limit(PRUNED)
        with writing(self._engine) as db:
            seqs = db.execute(old).scalars().all()
            if seqs:
                db.execute(delete(news).where(n.feed_id == self._feed_id, n.seq <= seqs[-1]))
                db.execute(delete(delivery).where(d.feed_id == self._feed_id, d.seq <= seqs[-1]))
        return len(seqs) >= PRUNED

    def _due(self) -> Sequence[str]:
        h, now = hook.c, self._clock()
        free = h.lease_until.is_(None) | (h.lease_until <= now)
        due = select(h.code).where(
            h.feed_id == self._feed_id, h.ended_at.is_(None), h.not_before <= now, free
        )
        with reading(self._engine) as db:
            return db.execute(due.order_by(h.not_before)).scalars().all()

    def _attend(self, code: str) -> None:
        try:
            while (held := self._take(code)) is not None:
                if not self._send_page(held):
                    return
        except Exception:
            log.exception("hook %s was given up for now", code)

    def _take(self, code: str) -> _Held | None:
        """Take a hook in hand, where there is something for it."""
        h, now = hook.c, self._clock()
        mine = (h.feed_id == self._feed_id) & (h.code == code) & h.ended_at.is_(None)
        with reading(self._engine) as db:
            row = db.execute(select(hook).where(mine)).one_or_none()
            if row is None:
                return None
            last = db.execute(_LAST, {"feed": self._feed_id}).one_or_none()
            has_work = bool(self._work(db, code, (row.seq, row.i), _kinds(row.kinds), 1))
        if not has_work:
            if last is not None and tuple(last) > (row.seq, row.i):
                self._pass_over(row, last)
            return None
        free = h.lease_until.is_(None) | (h.lease_until <= now)
        values = {"fence": row.fence + 1, "lease_until": now + LEASE}
        with writing(self._engine) as db:
            taken = update(hook).where(mine, h.fence == row.fence, free, h.not_before <= now).values(**values)
            if db.execute(taken).rowcount != 1:
                return None
            secret = secret_of_hook(db, self._feed_id, code)
        place = row.seq, row.i
        return _Held(code, row.url, _kinds(row.kinds), place, row.tries, row.fence + 1, secret)

    def _pass_over(self, row: Any, last: Any) -> None:
        """Move on behind news a hook does not listen for: they are not looked through again and again."""
        h = hook.c
        here = (h.feed_id == self._feed_id, h.code == row.code, h.fence == row.fence, h.seq == row.seq)
        with writing(self._engine) as db:
            db.execute(update(hook).where(*here, h.i == row.i).values(seq=last.seq, i=last.i))

    def _work(
        self, db: Connection, code: str, place: tuple[int, int], kinds: Sequence[str], limit: int
    ) -> list[Any]:
        """Return what is to be sent: what somebody wants again first, then what is new."""
        d, n = delivery.c, news.c
        again = select(news).join(delivery, (d.feed_id == n.feed_id) & (d.seq == n.seq) & (d.i == n.i))
        again = again.where(d.feed_id == self._feed_id, d.code == code, d.state == "todo")
        rows = db.execute(again.order_by(n.seq, n.i).limit(limit)).all()
        return [*rows, *db.execute(later(self._feed_id, place, kinds).limit(limit - len(rows))).all()]

    def _send_page(self, held: _Held) -> bool:
        """Send some pieces in order; say whether to go on at once."""
        with reading(self._engine) as db:
            rows = self._work(db, held.code, held.place, held.kinds, PAGE)
        for row in rows:
            status, why = self._post(held, row)
            if 200 <= status < 300:
                kept = self._settle(held, row, "sent", status, "")
            elif status in REFUSES or (status == GONE) or self._is_hopeless(held, row):
                kept = self._settle(held, row, "rejected", status, why)
            else:
                self._later(held, why)
                return False
            if not kept:
                return False
            held = held._replace(place=max(held.place, (row.seq, row.i)), tries=0)
        return self._let_go(held)

    def _post(self, held: _Held, row: Any) -> tuple[int, str]:
        event = event_of(row)
        body = msgspec.json.encode(event)
        sent_at = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Docket",
            "Docket-Delivery": f"{held.code}:{event.id}",
            "Docket-Timestamp": sent_at,
            "Docket-Signature": f"v1={signature(held.secret, sent_at, body)}",
        }
        try:
            status = post(target_of(held.url, self._allowed), body, headers, self._allowed)
        except (Unsent, Unclear) as trouble:
            return 0, str(trouble)
        except Trouble as trouble:
            return 0, trouble.code
        return status, "" if 200 <= status < 300 else f"HTTP {status}"

    def _is_hopeless(self, held: _Held, row: Any) -> bool:
        return held.tries > 0 and row.at < self._clock() - GIVES_UP

    def _settle(self, held: _Held, row: Any, state: str, status: int, why: str) -> bool:
        """Write down what became of a piece, and move on, in one transaction; not where the lease is lost."""
        now, place = self._clock(), max(held.place, (row.seq, row.i))
        moved = {"seq": place[0], "i": place[1], "tries": 0, "said": why, "lease_until": now + LEASE}
        with writing(self._engine) as db:
            if db.execute(update(hook).where(*self._mine(held)).values(**moved)).rowcount != 1:
                return False
            about = (held.code, row.seq, row.i, held.tries + 1, status, state, why, micros(now))
            _DELIVERIES.write(db, self._feed_id, [about])
        return True

    def _later(self, held: _Held, why: str) -> None:
        """Come again in a while: twice as long each time."""
        wait_s = min(FIRST_WAIT_S * 2.0 ** min(held.tries, 16), LAST_WAIT_S)
        now = self._clock()
        values = {"tries": held.tries + 1, "said": why, "not_before": now + timedelta(seconds=wait_s)}
        with writing(self._engine) as db:
            db.execute(update(hook).where(*self._mine(held)).values(**values, lease_until=None))
        log.info("hook %s waits %.0f s: %s", held.code, wait_s, why)

    def _let_go(self, held: _Held) -> bool:
        with writing(self._engine) as db:
            done = db.execute(update(hook).where(*self._mine(held)).values(lease_until=None))
        return done.rowcount == 1

    def _mine(self, held: _Held) -> tuple[Any, ...]:
        h = hook.c
        return h.feed_id == self._feed_id, h.code == held.code, h.fence == held.fence


def signature(secret: str, sent_at: str, body: bytes) -> str:
    """Return the signature of a message: over when it was sent and the very bytes of its body."""
    return hmac.digest(bytes.fromhex(secret), sent_at.encode() + b"." + body, "sha256").hex()


def _kinds(words: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(words))
