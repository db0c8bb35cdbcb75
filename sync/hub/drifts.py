"""Find shelves whose counters are not what their papers come to, and put each before the leads.

Looked at every few minutes, and at once after a count or where somebody bends a shelf that drifted already.
A shelf that agrees with its papers by now is looked at too: its case is over. Source: capabilities 3.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, select, tuple_

from app.command import Command
from app.commands.open_case import OpenCase
from app.commands.recheck import Recheck
from app.domain.drift import KIND as DRIFT
from app.text import N_, Text
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.finding import Finding
from sync.hub.trail import trail_of
from sync.hub.verify_goods import Papers, shelves_by_papers
from sync.hub.verify_lots import Shelf
from sync.tables import snag, stock, stock_doc

DRIFTS = "worker:drifts"
ROUND = timedelta(minutes=10)
CASES_MOST = 50
"""More at once is no drift of single shelves: somebody looks at the first ones."""
STEPS = 3


class Drifts:
    """One worker; where several hubs look, a case is opened once: its name says which drift it is."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._looked_at: datetime | None = None
        self._counted = -1
        self._open: frozenset[Shelf] = frozenset()
        self._kept: dict[Shelf, tuple[int, Papers]] = {}

    def step(self, now: datetime) -> bool:
        """Look where it is time to; say that nothing more is to be done."""
        counted, kept = self._newest_count(), self._counters()
        is_due = self._looked_at is None or now >= self._looked_at + ROUND
        is_bent = any(self._is_bent(shelf, row) for shelf, row in kept.items())
        self._kept = kept
        if not is_due and not is_bent and counted == self._counted:
            return False
        self._looked_at, self._counted = now, counted
        commands = self._found()
        if commands:
            self._worker.ask(commands, now, "drift")
        return False

    def _newest_count(self) -> int:
        d = stock_doc.c
        mine = select(func.max(d.seq)).where(d.feed_id == self._worker.feed_id, d.kind == "count")
        with reading(self._worker.engine) as db:
            return db.execute(mine).scalar() or 0

    def _counters(self) -> dict[Shelf, tuple[int, Papers]]:
        """Return what the shelves of open cases hold, each with the number of its last change by the hub."""
        if not self._open:
            return {}
        s = stock.c
        mine = select(s.warehouse, s.sku, s.seq, s.on_hand, s.reserved).where(
            s.feed_id == self._worker.feed_id, tuple_(s.warehouse, s.sku).in_(sorted(self._open))
        )
        with reading(self._worker.engine) as db:
            rows = db.execute(mine).all()
        return {(row.warehouse, row.sku): (row.seq, Papers(row.on_hand, row.reserved)) for row in rows}

    def _is_bent(self, shelf: Shelf, row: tuple[int, Papers]) -> bool:
        """Tell whether a counter changed although the hub itself has left it alone."""
        was = self._kept.get(shelf)
        return was is not None and was[0] == row[0] and was[1] != row[1]

    def _found(self) -> list[Command]:
        """Open a case for each shelf that drifted, and have those looked at that agree by now."""
        feed_id = self._worker.feed_id
        with reading(self._worker.engine) as db:
            known = self._known(db)
            drifted = {_shelf(subject) for subject, (opened, _) in known.items() if opened}
            commands: list[Command] = []
            for shelf, (kept, papers) in shelves_by_papers(db, feed_id):
                subject = "/".join(shelf)
                opened, cases = known.get(subject, ("", 0))
                if len(commands) >= CASES_MOST or bool(opened) != (kept == papers):
                    continue
                if opened:
                    commands.append(Recheck(case=opened))
                    continue
                drifted.add(shelf)
                case = f"drift/{subject}/{cases + 1}"
                told = said(subject, kept, papers, trail_of(db, feed_id, Finding("I5", subject, "")))
                commands.append(OpenCase(case=case, kind=DRIFT, subject_id=subject, text=told))
        self._open = frozenset(drifted)
        return commands

    def _known(self, db: Connection) -> dict[str, tuple[str, int]]:
        """Return for each shelf which case is open, and how many there ever were."""
        s = snag.c
        rows = db.execute(
            select(s.id, s.subject_id, s.state).where(s.feed_id == self._worker.feed_id, s.kind == DRIFT)
        )
        known: dict[str, tuple[str, int]] = {}
        for case, subject, state in rows:
            opened, cases = known.get(subject, ("", 0))
            known[subject] = (case if state == "open" else opened, cases + 1)
        return known


def unasked(engine: Engine, feed_id: int, findings: Iterable[Finding]) -> list[Finding]:
    """Return what nobody is asked about yet: a counter with an open case was moved by no copy."""
    s = snag.c
    asked = select(s.subject_id).where(s.feed_id == feed_id, s.kind == DRIFT, s.state == "open")
    with reading(engine) as db:
        known = set(db.execute(asked).scalars())
    return [one for one in findings if one.subject.removeprefix("stock/") not in known]


def _shelf(subject: str) -> Shelf:
    warehouse, _, sku = subject.partition("/")
    return warehouse, sku


def said(shelf: str, kept: Papers, papers: Papers, trail: tuple[str, ...]) -> Text:
    """Say what the counter holds, what the papers come to, and who touched the shelf last."""
    warehouse, _, sku = shelf.partition("/")
    if kept.on_hand != papers.on_hand:
        message = N_("{sku} in {warehouse}: {kept} on the counter, {papers} by its papers{trail}")
        figures = (kept.on_hand, papers.on_hand)
    else:
        message = N_("{sku} in {warehouse}: {kept} promised, {papers} held by orders{trail}")
        figures = (kept.reserved, papers.reserved)
    steps = "; ".join(re.sub(r"\s+", " ", step) for step in trail[:STEPS])
    last = Text(N_(". Last: {steps}"), {"steps": steps}) if steps else Text("")
    values: dict[str, str | int | Text] = {"sku": sku, "warehouse": warehouse, "trail": last}
    counters = {"on_hand": kept.on_hand - papers.on_hand, "reserved": kept.reserved - papers.reserved}
    return Text(message, values | {"kept": figures[0], "papers": figures[1]} | counters)
