"""What the people of the demo company did before you sat down: repaired, picked, packed and shipped."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from app.boot.demo_company import PASSWORD, SEED, SHOPS
from app.boot.divisions import load_atlas
from app.boot.opening import FEED_ID, Running
from app.command import Command, Facts
from app.commands.cancel import Cancel
from app.commands.note_focus import NoteFocus
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.recheck import Recheck
from app.commands.ship import Ship
from app.domain.focus import SPANS_MOST, Span
from app.domain.values import Actor
from app.engine import spec_of
from app.kinds import kind_of
from app.sourcing.ways import Ways
from sync.hub.access import sign_in
from sync.hub.database import reading
from sync.hub.tokens import Session
from sync.hub.working_set import WorkingSet
from sync.hub.writer import Job, ReplicaInfo
from sync.signing import Signer
from sync.tables import feed, orders, replica, snag
from sync.wire import PUSH_LIMIT, Answer, SignIn, Wish, new_id

REPAIRED_AFTER = timedelta(minutes=24)
SHIPPED_AFTER = timedelta(hours=3)
SHIPPED_AT_ONCE = 12
REPAIRED_SHARE = 0.72
OVER_AT_MOST = timedelta(minutes=20)
"""What was due earlier than so long before the end was dealt with: repaired, or called off by its buyer."""
CARRIER = "山脊快运"
TOUCH_S = (25, 90)
"""An exception takes the clerk so long, and up to so much longer."""

WANTED = frozenset({"keep_both", "accept_price"})
"""What the clerks of this company answer first: its buyers mean what they ordered."""
NEEDS_OTHERS = ("short_stock", "payment_failed", "part_paid")
"""Kinds that goods or money must cure: nobody at a desk can."""


class Day:
    """The clerk and the packer of the demo company at work, a little after each delivery."""

    def __init__(self, running: Running, ends_at: datetime) -> None:
        self._running, self._ends_at = running, ends_at
        self._rng = random.Random(SEED)  # noqa: S311 - a made-up day, not secrets
        self._clerk = self._sit_down("lin", "demo-desk-1")
        self._packer = self._sit_down("qiao", "demo-desk-2")
        self._left: set[str] = set()
        self._others: dict[str, Session] = {"lin": self._clerk, "qiao": self._packer}

    def work(self) -> None:
        """Do what is due by the company's clock."""
        now = self._running.hub.clock()
        self._give(self._clerk, self._repairs(now))
        self._give(self._packer, self._shipping(now))

    def clerk(self, commands: Iterable[Command]) -> None:
        """Let the clerk give these."""
        self._give(self._clerk, list(commands))

    def by(self, user: str, commands: Iterable[Command], confirmed: tuple[str, ...] = ()) -> list[Answer]:
        """Let anybody give these, at a desk of their own; `confirmed` was promised to buyers offline."""
        if user not in self._others:
            self._others[user] = self._sit_down(user, f"demo-desk-{user}")
        return self._give(self._others[user], list(commands), confirmed)

    def known(self, orders: Iterable[str]) -> Facts:
        """Read orders and what they stand on, as they are now."""
        return self._look(orders)

    def today(self) -> date:
        """The day on the walls of the company."""
        return self._running.hub.clock().astimezone(ZoneInfo(SHOPS[0].zone)).date()

    def _sit_down(self, user: str, desk: str) -> Session:
        hub = self._running.hub
        signer = Signer(hashlib.sha256(desk.encode()).digest())
        now = hub.clock()
        asked = SignIn(user=user, password=PASSWORD, device=desk, replica=desk, title=desk, told_at=now)
        return sign_in(hub.engine, FEED_ID, signer.sign_in(asked), now, is_trusted=True)[1]

    def _repairs(self, now: datetime) -> list[Command]:
        hub = self._running.hub
        with reading(hub.engine) as db:
            due = db.execute(
                select(snag.c.id, snag.c.subject_id, snag.c.kind, snag.c.due_at)
                .where(
                    snag.c.feed_id == FEED_ID,
                    snag.c.subject == "order",
                    snag.c.state == "open",
                    snag.c.opened_at < now - REPAIRED_AFTER,
                )
                .order_by(snag.c.opened_at, snag.c.id)
            ).all()
        tried: list[tuple[str, str, bool]] = []
        for row in due:
            if row.id in self._left or row.subject_id in {order for order, *_ in tried}:
                continue
            is_old = row.due_at < self._ends_at - OVER_AT_MOST
            if not is_old and self._rng.random() > REPAIRED_SHARE:
                self._left.add(row.id)
            else:
                tried.append((row.subject_id, row.kind, is_old))
        facts = self._look(order for order, *_ in tried)
        commands, seen = list[Command](), list[tuple[str, str]]()
        for order, kind, is_old in tried:
            is_given_up = is_old and kind in NEEDS_OTHERS
            command = None if is_given_up else self._repair(facts, order, kind)
            if command is None and is_old:
                command = Cancel(order=order, reason="asked")
            if command is None:
                self._left.add(f"{order}:{kind}")
            else:
                commands.append(command)
                seen.append((order, kind))
        return [*_noted(seen, now), *commands]

    def _repair(self, facts: Facts, order_id: str, kind: str) -> Command | None:
        order = facts.order(order_id)
        if order is None:
            return None
        repairs = sorted(kind_of(kind).repairs, key=lambda repair: repair.code not in WANTED)
        made = (repair.build(order, facts) for repair in repairs)
        return next((c for c in made if c is not None and spec_of(c).code in self._clerk.grants), None)

    def _look(self, orders: Iterable[str]) -> Facts:
        hub = self._running.hub
        work = WorkingSet(FEED_ID, hub.seal, self._running.gazetteer, Ways(load_atlas))
        with reading(hub.engine) as db:
            head = db.execute(select(feed.c.head, feed.c.ref_rev).where(feed.c.feed_id == FEED_ID)).one()
            work.begin(db, head.head, head.ref_rev)
            work.complete(db, [Recheck(order=order) for order in orders])
        actor = Actor(self._clerk.user.code, self._clerk.user.role, self._clerk.grants)
        return Facts(work.rows, work.refs, actor, hub.clock(), at_hub=True)

    def _shipping(self, now: datetime) -> list[Command]:
        hub = self._running.hub
        with reading(hub.engine) as db:
            due = db.execute(
                select(orders.c.id)
                .where(
                    orders.c.feed_id == FEED_ID,
                    orders.c.status == "released",
                    orders.c.released_at < now - SHIPPED_AFTER,
                )
                .order_by(orders.c.released_at, orders.c.id)
                .limit(SHIPPED_AT_ONCE)
            ).all()
        facts = self._look(row.id for row in due)
        commands: list[Command] = []
        for row in due:
            order = facts.order(row.id)
            if order is None:
                continue
            commands += [Pick(order=order.id, line=line.id, qty=line.qty) for line in order.lines]
            commands.append(Pack(order=order.id, weight_g=0))
            commands.append(Ship(order=order.id, carrier=CARRIER, tracking_no=f"SJ{order.number[3:]:0>9}"))
        return commands

    def _give(
        self, who: Session, commands: Sequence[Command], confirmed: tuple[str, ...] = ()
    ) -> list[Answer]:
        hub = self._running.hub
        answers: list[Answer] = []
        for at in range(0, len(commands), PUSH_LIMIT):
            with reading(hub.engine) as db:
                last_n = db.execute(
                    select(replica.c.last_n).where(
                        replica.c.feed_id == FEED_ID, replica.c.replica_id == who.replica_id
                    )
                ).scalar_one()
            part = commands[at : at + PUSH_LIMIT]
            wishes = [
                _wish(last_n + 1 + i, who, command, hub.clock, confirmed) for i, command in enumerate(part)
            ]
            answers += hub.writer.submit(Job(ReplicaInfo(who.replica_id, "desk"), wishes)).result()
        return answers


def _noted(seen: Sequence[tuple[str, str]], now: datetime) -> list[Command]:
    """Say how long the clerk was at each order, one after the other until now."""
    spans, until = list[Span](), now
    for order, kind in reversed(seen[-SPANS_MOST:]):
        touch = timedelta(seconds=TOUCH_S[0] + hashlib.sha256(order.encode()).digest()[0] % TOUCH_S[1])
        spans.append(
            Span(
                subject=order, kind=kind, since=until - touch, until=until, touch_s=int(touch.total_seconds())
            )
        )
        until -= touch
    return [NoteFocus(spans=tuple(spans))] if spans else []


def _wish(
    n: int, who: Session, command: Command, clock: Callable[[], datetime], confirmed: tuple[str, ...]
) -> Wish:
    spec = spec_of(command)
    return Wish(
        n=n,
        id=new_id(clock()),
        name=spec.code,
        rev=spec.rev,
        args=msgspec.Raw(msgspec.json.encode(command)),
        login=who.login_id,
        at=clock(),
        confirmed=confirmed,
    )
