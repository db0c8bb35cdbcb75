"""Vouchers of whole days for a bookkeeping system: each asked for once, looked up where nobody answered.

A day is booked when it has been over for two hours where the shop is, days the hub slept through too. What is
refused stands before somebody as a case: it is sent again when they say so, and once a day by itself; nothing
is booked twice. What a hub that was lost may have booked is looked up before it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, select, update

from app.commands.open_case import OpenCase
from app.commands.read_again import VOUCHER as REFUSED
from app.domain.company import Shop
from app.domain.effect import EffectState
from app.domain.evolve import Case
from app.domain.voucher import CODES, Account, Voucher
from app.text import N_, Text
from sync.hub.asking import Worker
from sync.hub.bulk import Into
from sync.hub.database import reading, writing
from sync.hub.effect_rows import Leased, at_work, doubt_expired, end_latest, lease, put_back, restored_at
from sync.hub.effects import LAST_WAIT_S, RECORDS_MOST, wait_s
from sync.hub.provider import Done, Provider, Rejected, Unclear, Unsent
from sync.hub.vouchers import vouchers_of
from sync.tables import effect, micros, ref, snag

KIND = "voucher"
SETTLED = timedelta(hours=2)
AGAIN_S = 86_400.0
BOOKS, BY_HAND = "worker:books", "by hand"
DAYS_MOST = 31
"""So many days back are caught up with; a shop that was never booked begins with the last one."""
_ROWS = Into(effect, ("effect_key", "kind", "order_id", "payload", "state", "not_before", "seq"), skips=True)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Book:
    """Where a shop is booked, and by whose codes."""

    provider: Provider
    number: str
    accounts: Mapping[Account, str]


@dataclass(frozen=True, slots=True)
class Booking:
    """Books the shops it has a book for."""

    engine: Engine
    feed_id: int
    books: Mapping[str, Book]
    clock: Callable[[], datetime]
    worker: Worker
    """Who puts what was refused before somebody."""

    def step(self) -> bool:
        """Ask for the vouchers of days that are over, send one; tell whether there was anything."""
        doubt_expired(self.engine, self.feed_id, self.clock())
        self._decided()
        noted = 0
        for shop in self._shops():
            noted += self._note(shop) if shop.code in self.books else 0
        leased = lease(self.engine, self.feed_id, [KIND], self.clock())
        if leased is None:
            return bool(noted)
        book = self.books.get(leased.key.split(":")[1])
        with at_work(self.engine, self.feed_id, leased, self.clock):
            state, later_s = self._sent(book, leased) if book is not None else (EffectState.TODO, AGAIN_S)
        if state is not None:
            not_before = self.clock() + timedelta(seconds=later_s)
            put_back(self.engine, self.feed_id, leased, state, not_before)
        return True

    def _sent(self, book: Book, leased: Leased) -> tuple[EffectState | None, float]:
        """Send it, or look it up first; return how it is put back, None where it is done."""
        provider = book.provider
        doubtful = EffectState.UNKNOWN if leased.is_doubtful else EffectState.TODO
        try:
            known = provider.look_up(leased.key) if leased.is_doubtful else None
            outcome = known if known is not None else provider.send(leased.key, leased.payload.encode())
        except Unsent as trouble:
            return doubtful, max(trouble.retry_after_s, wait_s(leased.tries))
        except Unclear:
            return EffectState.UNKNOWN, max(provider.settle_s, wait_s(leased.tries))
        if isinstance(outcome, Done):
            end_latest(self.engine, self.feed_id, leased, outcome.ref, self.clock())
            self._tell(leased.key, refused=False)
            return None, 0.0
        if isinstance(outcome, Rejected):
            log.info("the voucher %s was not taken", leased.key)
            self._tell(leased.key, refused=True)
            return EffectState.TODO, AGAIN_S
        return EffectState.UNKNOWN, outcome.retry_after_s

    def _tell(self, key: str, *, refused: bool) -> None:
        """Put a refused voucher before somebody, once; or say that nobody need look any more."""
        cases = [row for row in self._cases() if row.subject_id == key]
        opened = next((row.id for row in cases if row.state == "open"), "")
        about: dict[str, Any] = {"kind": REFUSED, "subject_id": key}
        if refused and not opened:
            _, shop, day, currency = key.split(":")
            said = {"shop": shop, "day": f"{day[:4]}-{day[4:6]}-{day[6:]}", "currency": currency}
            words = Text(N_("The books did not take the voucher of {shop} for {day} in {currency}"), {**said})
            asked = OpenCase(case=f"{key}/{len(cases) + 1}", text=words, **about)
        elif opened and not refused:
            asked = OpenCase(case=opened, text=Text(N_("It is booked now")), over=True, **about)
        else:
            return
        for _ in range(RECORDS_MOST):
            if self.worker.ask([asked], self.clock(), "voucher"):
                return

    def _decided(self) -> None:
        """Follow what somebody decided of a refused voucher: it is sent at once, or not any more."""
        x, now = effect.c, self.clock()
        newest = {row.subject_id: row for row in self._cases()}
        found = select(x.effect_key, x.state, x.tries, x.not_before).where(
            x.feed_id == self.feed_id, x.effect_key.in_(list(newest))
        )
        with reading(self.engine) as db:
            booked = db.execute(found).all() if newest else []
        for voucher in booked:
            case, waits = newest[voucher.effect_key], voucher.state == EffectState.TODO and voucher.tries
            if case.state == "open" and voucher.state == EffectState.DONE:
                self._tell(voucher.effect_key, refused=False)
            elif case.state != "open" and waits:
                done = {"state": EffectState.DONE, "provider_ref": BY_HAND, "not_before": now}
                self._change(voucher.effect_key, done)
            elif case.asleep and waits and _is_wanted(case, voucher.not_before, now):
                self._change(voucher.effect_key, {"not_before": now})

    def _change(self, key: str, values: dict[str, Any]) -> None:
        x = effect.c
        here = x.feed_id == self.feed_id, x.effect_key == key, x.state == EffectState.TODO
        with writing(self.engine) as db:
            db.execute(update(effect).where(*here).values(**values))

    def _cases(self) -> Sequence[Any]:
        """Return the cases there ever were of refused vouchers, the oldest first."""
        s = snag.c
        found = select(s.id, s.subject_id, s.state, s.asleep, s.doc).where(
            s.feed_id == self.feed_id, s.kind == REFUSED
        )
        with reading(self.engine) as db:
            rows = db.execute(found).all()
        return sorted(rows, key=lambda row: (row.subject_id, int(row.id.rpartition("/")[2])))

    def _note(self, shop: Shop) -> int:
        """Write down the vouchers of days that are over, each day once; return of how many days."""
        zone = ZoneInfo(shop.zone)
        last = (self.clock().astimezone(zone) - SETTLED).date() - timedelta(days=1)
        days = [last - timedelta(days=back) for back in range(DAYS_MOST)]
        with reading(self.engine) as db:
            known = next((at for at, day in enumerate(days) if self._is_noted(db, _first(shop, day))), None)
        due = days[:1] if known is None else days[:known]
        for day in reversed(due):
            self._note_day(shop, day, zone)
        return len(due)

    def _note_day(self, shop: Shop, day: date, zone: ZoneInfo) -> None:
        """Write one day down; one without any voucher too."""
        begins = datetime.combine(day, time(), zone)
        ends = datetime.combine(day + timedelta(days=1), time(), zone)
        made = [one for one in vouchers_of(self.engine, self.feed_id, begins, ends) if one.shop == shop.code]
        now, first = micros(self.clock()), _first(shop, day)
        nothing = (f"{first}none", KIND, "", "", "done", now, 0)
        with writing(self.engine) as db:
            lost_at = restored_at(db, self.feed_id)
            state = EffectState.TODO if lost_at is None or lost_at < ends else EffectState.UNKNOWN
            rows = [
                (f"{first}{one.currency}", KIND, "", self._payload(one), state, now, 0)
                for one in made
                if one.entries
            ]
            _ROWS.write(db, self.feed_id, rows or [nothing])

    def _is_noted(self, db: Connection, first: str) -> bool:
        x = effect.c
        mine = x.feed_id == self.feed_id, x.effect_key >= first, x.effect_key < f"{first[:-1]};"
        return db.execute(select(x.effect_key).where(*mine).limit(1)).scalar() is not None

    def _payload(self, voucher: Voucher) -> str:
        book = self.books[voucher.shop]
        entries = [
            {
                "account": book.accounts.get(one.account, CODES[one.account]),
                "debit_minor": one.debit_minor,
                "credit_minor": one.credit_minor,
            }
            for one in voucher.entries
        ]
        about = {"day": f"{voucher.day:%Y-%m-%d}", "currency": voucher.currency, "book": book.number}
        return msgspec.json.encode(about | {"entries": entries}).decode()

    def _shops(self) -> list[Shop]:
        found = select(ref.c.doc).where(ref.c.feed_id == self.feed_id, ref.c.tbl == "shop")
        with reading(self.engine) as db:
            return [msgspec.json.decode(doc, type=Shop) for doc in db.execute(found).scalars()]


def _first(shop: Shop, day: date) -> str:
    """Return what the keys of a day's vouchers begin with."""
    return f"{KIND}:{shop.code}:{day:%Y%m%d}:"


def _is_wanted(case: Any, not_before: datetime, now: datetime) -> bool:
    """Tell whether somebody asked for it after it was refused last; what was not reached waits its time."""
    snooze = msgspec.json.decode(case.doc, type=Case).snag.snooze
    again = timedelta(seconds=AGAIN_S)
    return snooze is not None and now + timedelta(seconds=LAST_WAIT_S) < not_before < snooze.at + again
